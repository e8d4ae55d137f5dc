"""The inbox inside a unit of work: the commit that handles a row is what takes it off the queue."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, select, tuple_, update

from domain.messages import Chat
from domain.records import Handled, InboxRow, Outcome
from domain.understanding import Verdict
from storage.columns import literally, padded
from storage.media import SqlMedia
from storage.message_rows import ERASED, WAITING, inbox_row_of
from storage.moments import stored
from storage.people import SqlPeople
from storage.staging import Staged
from storage.statements import Statements, Values
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


class SqlInboxWork:
    def __init__(self, transaction: Transaction, people: SqlPeople, talks: SqlTalks, media: SqlMedia) -> None:
        self._transaction = transaction
        self._people = people
        self._talks = talks
        self._media = media
        self._finished: Staged[int, Values] = Staged(transaction.journal, {})
        self._failed: Staged[int, Values] = Staged(transaction.journal, {})
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
        finished = list(self._finished.changed.values())
        statements.run_many(_FINISH, finished)
        statements.run_many(_FAIL, list(self._failed.changed.values()))
        unread = [values for values in finished if values["left"] == ERASED]
        statements.run_many(_ERASE, [{k: values[k] for k in ("of_community", "of_id")} for values in unread])

    def _key(self, row: InboxRow) -> dict[str, object]:
        return {"of_community": self._transaction.community, "of_id": row.id}
