"""The last line of a replay: every ticket, and the counts of the story."""

from dataclasses import asdict
from datetime import datetime

from domain.counting import counted
from domain.messages import Json
from domain.ports import ReadModels
from domain.records import TicketSummary
from domain.storms import StormSummary
from domain.tickets import Ticket


async def summary_of(read_models: ReadModels) -> dict[str, Json]:
    summaries = await read_models.summaries()
    unanswered: list[Json] = [item.message for item in await read_models.look_list()]
    tickets: list[Json] = [_ticket(summary) for summary in summaries]
    return {
        "tickets": tickets,
        "storms": [_storm(storm, [s.ticket for s in summaries]) for storm in await read_models.storms()],
        "unanswered": unanswered,
        "counts": {**asdict(counted([s.ticket for s in summaries])), "hotline": await read_models.hotline_orders()},
    }


def _storm(summary: StormSummary, tickets: list[Ticket]) -> Json:
    """tickets: reported while it was open."""
    storm = summary.storm
    reported = [
        t
        for t in tickets
        if storm.opened_at <= t.clocks.reported and (storm.closed_at is None or t.clocks.reported <= storm.closed_at)
    ]
    return {
        "opened_at": storm.opened_at.isoformat(),
        "closed_at": _time(storm.closed_at),
        "level": storm.code,
        "warnings": summary.warnings,
        "tickets": len(reported),
    }


def _ticket(summary: TicketSummary) -> Json:
    ticket = summary.ticket
    where, clocks = ticket.location, ticket.clocks
    reporters: list[Json] = [reporter.person.id for reporter in ticket.reporters]
    return {
        "number": ticket.number,
        "status": ticket.status.value,
        "kind": ticket.kind.value,
        "scope": ticket.scope.value,
        "urgency": ticket.urgency.value,
        "building": where.building,
        "unit": where.unit,
        "room": where.room,
        "floor": where.floor,
        "place": where.place.value if where.place else None,
        "reporters": reporters,
        "incident": ticket.incident,
        "reported_at": _time(clocks.reported),
        "acknowledged_at": _time(clocks.acknowledged),
        "accepted_at": _time(clocks.accepted),
        "arrived_at": _time(clocks.arrived),
        "cleared_at": _time(clocks.cleared),
        "confirmed_at": _time(clocks.confirmed),
        "ruling": ticket.ruling.value if ticket.ruling else None,
        "media": summary.media,
        "events": summary.events,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
