"""The inbox inside a unit of work: the commit that handles a row is what takes it off the queue."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, select, tuple_, update

from domain.messages import Chat, Incoming
from domain.records import Arrived, Handled, InboxRow, Outcome
from domain.understanding import Verdict
from storage import arrivals
from storage.columns import literally, padded
from storage.media import SqlMedia
from storage.message_rows import ERASED, WAITING, inbox_row_of, message_row, recalled_row
from storage.moments import stored
from storage.people import SqlPeople
from storage.staging import Staged
from storage.statements import Record, Statements, Values
from storage.tables import inbox
from storage.talks import ERASE, SqlTalks
from storage.transaction import Transaction
from storage.verdict_json import verdict_json

_THE_ROW = (inbox.c.community == bindparam("of_community"), inbox.c.id == bindparam("of_id"))
_WAITING = (
    select(inbox)
    .where(inbox.c.community == bindparam("of_community"), literally(inbox.c.state, WAITING))
    .order_by(inbox.c.id)
    .limit(bindparam("most", type_=Integer))
)
_WAITING_ELSEWHERE = _WAITING.where(
    tuple_(inbox.c.channel, inbox.c.chat, inbox.c.private).not_in(bindparam("besides", expanding=True))
)
_FINISH = (
    update(inbox)
    .where(*_THE_ROW)
    .values(
        state=bindparam("outcome"),
        verdict=bindparam("meaning"),
        handled_at=bindparam("at_"),
        trace=bindparam("left"),
    )
)
_FAIL = (
    update(inbox)
    .where(*_THE_ROW)
    .values(
        state=bindparam("outcome"), attempts=bindparam("tries"), error=bindparam("why"), handled_at=bindparam("at_")
    )
)
_JUDGED = update(inbox).where(*_THE_ROW, literally(inbox.c.state, WAITING)).values(verdict=bindparam("meaning"))
_ERASE = update(inbox).where(*_THE_ROW).values(**ERASE)


_BUSY = (
    select(inbox.c.channel, inbox.c.chat, inbox.c.private)
    .where(inbox.c.community == bindparam("of_community"), literally(inbox.c.state, WAITING))
    .order_by(inbox.c.id)
    .limit(bindparam("most", type_=Integer))
)
MOST_BUSY = 200
"""Waiting messages that are looked through for their chats; where there are more, nothing overtakes them."""


class SqlInboxWork:
    def __init__(self, transaction: Transaction, people: SqlPeople, talks: SqlTalks, media: SqlMedia) -> None:
        self._transaction = transaction
        self._people = people
        self._talks = talks
        self._media = media
        self._finished: Staged[int, Values] = Staged(transaction.journal, {})
        self._failed: Staged[int, Values] = Staged(transaction.journal, {})
        self._arrived: Staged[int, Values] = Staged(transaction.journal, {})
        self._last_before = 0
        self._judged: Staged[int, Values] = Staged(transaction.journal, {})

    async def waiting(self, limit: int, besides: Collection[Chat] = ()) -> Sequence[InboxRow]:
        done = {**self._finished.changed, **self._failed.changed}
        which = {"of_community": self._transaction.community, "most": limit + len(done)}
        if besides:
            chats = padded([(chat.channel, chat.id, chat.private) for chat in besides])
            found = await self._transaction.rows(_WAITING_ELSEWHERE, {**which, "besides": chats})
        else:
            found = await self._transaction.rows(_WAITING, which)
        return [inbox_row_of(row, self._transaction.moments) for row in found if row.id not in done][:limit]

    async def arrive(self, messages: Sequence[Incoming], now: datetime) -> Arrived:
        community = self._transaction.community
        assert not self._arrived.changed, "once in a unit of work"

        def look(statements: Statements) -> tuple[int, list[tuple[Incoming, bool]], Sequence[Record]]:
            last = arrivals.last_id(statements, community)
            busy = statements.rows(_BUSY, {"of_community": community, "most": MOST_BUSY})
            return last, arrivals.new(statements, community, messages), busy

        self._last_before, found, busy = await self._transaction.session.glance(look)
        waiting = {(row.channel, row.chat, row.private) for row in busy}
        free: list[InboxRow] = []
        for id, (one, fresh) in enumerate(found, self._last_before + 1):
            row = message_row(one, id, now) if fresh else recalled_row(one, id, now)
            self._arrived.put(id, {"community": community, **row})
            if fresh and len(busy) < MOST_BUSY and (one.channel, one.chat.id, one.chat.private) not in waiting:
                free.append(InboxRow(id, one, 0))
        return Arrived(sum(fresh for _, fresh in found), tuple(free))

    async def preload(self, rows: Sequence[InboxRow]) -> None:
        """Loads what a batch is going to ask for, in a handful of queries. Everything works without, only slower."""
        messages = [row.incoming for row in rows]
        await self._people.preload([message.sender for message in messages])
        await self._talks.preload(
            [(m.channel, m.quote.external_id) for m in messages if m.quote and m.quote.external_id]
        )
        self._media.expect_none([(message.channel, message.external_id) for message in messages])

    async def finish(self, handled: Handled, now: datetime) -> None:
        left = await self._talks.hear(handled)
        self._finished.put(
            handled.row.id,
            {
                **self._key(handled.row),
                "outcome": handled.outcome.value,
                "meaning": verdict_json(handled.verdict) if handled.verdict else None,
                "at_": stored(now),
                "left": left,
            },
        )

    async def fail(self, row: InboxRow, error: str, *, park: bool, now: datetime) -> None:
        outcome, at = (Outcome.PARKED.value, stored(now)) if park else (WAITING, None)
        tries = {"outcome": outcome, "tries": row.attempts + 1, "why": error, "at_": at}
        self._failed.put(row.id, {**self._key(row), **tries})

    async def judged(self, row: InboxRow, verdict: Verdict) -> None:
        self._judged.put(row.id, {**self._key(row), "meaning": verdict_json(verdict)})

    def flush(self, statements: Statements) -> None:
        statements.run_many(_JUDGED, list(self._judged.changed.values()))
        finished = self._finished.changed
        self._flush_arrived(statements)
        statements.run_many(_FINISH, [values for id, values in finished.items() if id not in self._arrived])
        statements.run_many(_FAIL, list(self._failed.changed.values()))
        unread = [values for values in finished.values() if values["left"] == ERASED]
        statements.run_many(_ERASE, [{k: values[k] for k in ("of_community", "of_id")} for values in unread])

    def _flush_arrived(self, statements: Statements) -> None:
        if not self._arrived.changed:
            return
        community = self._transaction.community
        if statements.dialect.optimistic:
            arrivals.check_last(statements, community, self._last_before)
        done = self._finished.changed
        rows = [_as_finished(row, done[id]) if id in done else row for id, row in self._arrived.changed.items()]
        arrivals.add(statements, community, rows, self._last_before)

    def _key(self, row: InboxRow) -> dict[str, object]:
        return {"of_community": self._transaction.community, "of_id": row.id}


def _as_finished(row: Values, done: Values) -> Values:
    return {
        **row, "state": done["outcome"], "verdict": done["meaning"], "handled_at": done["at_"], "trace": done["left"]
    }  # fmt: skip
