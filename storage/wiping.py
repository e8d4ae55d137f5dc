"""Takes a person's words and names out of what was sent, said and prepared: whatever only repeats what they told.

What waits to be sent stays as it is: it is about open matters, or the answer to this very wish.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Text, bindparam, cast, delete, select, update

from domain.messages import Person
from domain.records import ERASED_MESSAGE, MediaState
from domain.vocabulary import TicketNumber
from storage.reply_json import QUEUED
from storage.statements import Statements, Values
from storage.storm_tables import drafts
from storage.tables import inbox, media, message_tickets, outbox, photo_windows, questions

PAGE = 2000
SHORTEST_WORDS = 6
"""修好了 and its like say nothing of anybody."""
LOOKED_FOR = 24
"""Characters of a text that tell it from others."""
_BLANKED = (
    update(outbox)
    .where(outbox.c.community == bindparam("of_community"), outbox.c.id == bindparam("of_id"))
    .values(reply=bindparam("left"), error="")
)


@dataclass(frozen=True, slots=True)
class Wipe:
    """needed: tickets that are still open, and keep what they need. texts: what the person said, as it is stored."""

    person: Person
    name: str
    needed: Collection[TicketNumber]
    texts: tuple[str, ...] = ()

    def needles(self) -> list[str]:
        """As they stand in JSON."""
        words = [_inside(text)[:LOOKED_FOR].rstrip("\\") for text in self.texts if len(text) >= SHORTEST_WORDS]
        return list(dict.fromkeys([*words, *(_quoted(said) for said in (self.person.id, self.name) if said)]))


def _inside(text: str) -> str:
    return _quoted(text)[1:-1]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def carry_out(statements: Statements, community: str, wipe: Wipe) -> None:
    _sent(statements, community, wipe)
    _said(statements, community, wipe)
    _photos(statements, community, wipe)
    _prepared(statements, community, wipe)


def _sent(statements: Statements, community: str, wipe: Wipe) -> None:
    needles, needed = wipe.needles(), set(wipe.needed)
    blank: list[Values] = []
    for id, private, text in _ended(statements, community):
        if private != wipe.person and not any(needle in text for needle in needles):
            continue
        stored = json.loads(text)
        if needed & set(stored.get("tickets", ())):
            continue
        blank.append({"of_community": community, "of_id": id, "left": _left(stored)})
    statements.run_many(_BLANKED, blank)


def _left(stored: dict[str, object]) -> dict[str, object]:
    """That something was sent about these tickets."""
    kept: dict[str, object] = {"template": ERASED_MESSAGE, "params": {}}
    return {**kept, "tickets": stored["tickets"]} if "tickets" in stored else kept


def _ended(statements: Statements, community: str) -> Iterator[tuple[int, Person | None, str]]:
    """What does not wait any more: its number, whose private chat it went to, and what it said."""
    c, after = outbox.c, 0
    columns = select(c.id, c.channel, c.chat, c.private, cast(c.reply, Text).label("said"))
    while True:
        page = columns.where(c.community == community, c.id > after, c.state != QUEUED).order_by(c.id).limit(PAGE)
        rows = statements.rows(page)
        yield from ((row.id, Person(row.channel, row.chat) if row.private else None, row.said) for row in rows)
        if len(rows) < PAGE:
            return
        after = rows[-1].id


def _said(statements: Statements, community: str, wipe: Wipe) -> None:
    """Names and meanings beside texts that are gone, and quotations by others."""
    i, m, person = inbox.c, message_tickets.c, wipe.person
    theirs = (i.community == community, i.channel == person.channel, i.sender == person.id)
    of_open = select(m.external_id).where(
        m.community == community, m.channel == person.channel, m.ticket.in_(list(wipe.needed))
    )
    over = (*theirs, i.handled_at.is_not(None), i.external_id.not_in(of_open))
    ids = [row.external_id for row in statements.rows(select(i.external_id).where(*over))]
    statements.run(
        update(inbox).where(*over).values(sender_name="", verdict=None, error="", media=None, quote_text=None)
    )
    for start in range(0, len(ids), PAGE):
        quoting = (i.community == community, i.channel == person.channel, i.quote_id.in_(ids[start : start + PAGE]))
        statements.run(update(inbox).where(*quoting).values(quote_text=None))


def _photos(statements: Statements, community: str, wipe: Wipe) -> None:
    """Their files are taken off the disk by the housekeeping."""
    c, person = media.c, wipe.person
    theirs = (c.community == community, c.channel == person.channel, c.sender == person.id, c.by_staff.is_(False))
    over = c.ticket.is_(None) | c.ticket.not_in(list(wipe.needed))
    gone = {"handle": "", "name": "", "error": "", "sender": "", "state": MediaState.ERASED.value}
    statements.run(update(media).where(*theirs, over).values(**gone))


def _prepared(statements: Statements, community: str, wipe: Wipe) -> None:
    for table in (questions, photo_windows, drafts):
        c, person = table.c, wipe.person
        theirs = (c.community == community, c.channel == person.channel, c.person == person.id)
        statements.run(delete(table).where(*theirs))
