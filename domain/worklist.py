"""The open tickets as a paper to carry: for a night without network. Full data, for staff. Pure."""

from collections.abc import Sequence
from datetime import datetime

from domain.messages import Json
from domain.privacy import full_title
from domain.roster import Community
from domain.tickets import STATUS_NAMES, Ticket


def worklist(community: Community, tickets: Sequence[Ticket], now: datetime) -> dict[str, Json]:
    """Parameters of the text "worklist": emergencies first, then marked homes, by building; and whom to call."""
    order = sorted(tickets, key=lambda t: (t.urgency.rank, not t.care, t.location.building or "", t.number))
    lines: list[Json] = [_line(community, ticket, now) for ticket in order]
    people: list[Json] = [
        {"name": staff.name, "role": staff.role.value, "phone": staff.phone}
        for staff in community.staff.values()
        if staff.phone
    ]
    return {
        "community": community.name, "now": now.isoformat(), "lines": lines, "people": people,
        "phone": community.duty_phone,
    }  # fmt: skip


def _line(community: Community, ticket: Ticket, now: datetime) -> Json:
    worker = community.staff.get(ticket.assignee) if ticket.assignee else None
    return {
        "number": ticket.number,
        "title": full_title(community, ticket),
        "urgency": ticket.urgency.value,
        "status": STATUS_NAMES[ticket.status],
        "care": ticket.care or "",
        "words": ticket.words,
        "reporters": "、".join(r.name for r in ticket.reporters),
        "worker": worker.name if worker else "",
        "next_at": ticket.next_at.isoformat() if ticket.next_at else None,
        "minutes": ticket.minutes(now),
    }
