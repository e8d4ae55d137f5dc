"""Reads tickets with their reporters."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from domain.tickets import OPEN, Reporter, Ticket
from storage.moments import Moments, stored
from storage.statements import Statements
from storage.tables import ticket_reporters, tickets
from storage.ticket_rows import reporter_of, ticket_of

_OPEN = sorted(status.value for status in OPEN)


def open_or_ended_after(since: datetime) -> ColumnElement[bool]:
    return or_(tickets.c.status.in_(_OPEN), tickets.c.since > stored(since))


def load(statements: Statements, community: str, moments: Moments, *which: ColumnElement[bool]) -> list[Ticket]:
    """By number."""
    wanted = and_(tickets.c.community == community, *which)
    rows = statements.rows(select(tickets).where(wanted).order_by(tickets.c.number))
    if not rows:
        return []
    r = ticket_reporters.c
    same = and_(tickets.c.community == r.community, tickets.c.number == r.ticket)
    of_them = select(ticket_reporters).join(tickets, same).where(wanted).order_by(r.ticket, r.position)
    reporters: dict[int, list[Reporter]] = {}
    for row in statements.rows(of_them):
        reporters.setdefault(row.ticket, []).append(reporter_of(row, moments))
    return [ticket_of(row, reporters.get(row.number, ()), moments) for row in rows]
