"""一房一案: what is known of one home, put together for the paper that household, property and community sign. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from domain.messages import Json
from domain.privacy import KIND_WORDS, full_place
from domain.roster import PLACE_NAMES, Community
from domain.statistics import Case
from domain.tickets import STATUS_NAMES, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import Ruling, Status, TicketNumber

RULING_NAMES: Mapping[str, str] = {
    Ruling.PUBLIC: "公共部位", Ruling.UNALTERED: "未改动", Ruling.ALTERED: "已改动", Ruling.WARRANTY: "质保期内",
}  # fmt: skip
NOTHING = frozenset({Status.CANCELLED, Status.MERGED})
NOBODY_HOME = "家里没人"
"""Why a ticket waits after 无人."""
MOST_BEFORE = 3
Facts = Iterator[tuple[TicketEvent, dict[str, Json]]]
"""Events, with what of each is told."""


def earlier(home: Sequence[Ticket], than: Ticket) -> list[Json]:
    """What this home had before, the latest first: number, when (ISO), what, state."""
    before = [t for t in home if t.status not in NOTHING and t.number != than.number and _begun(t) < _begun(than)]
    return [past(t) for t in sorted(before, key=_begun, reverse=True)[:MOST_BEFORE]]


def _begun(ticket: Ticket) -> tuple[datetime, TicketNumber]:
    return ticket.clocks.reported, ticket.number


def past(ticket: Ticket) -> Json:
    place = ticket.location.place
    return {
        "number": ticket.number,
        "reported": ticket.clocks.reported.isoformat(),
        "what": f"{PLACE_NAMES[place] if place else ''}{KIND_WORDS[ticket.kind]}",
        "status": STATUS_NAMES[ticket.status],
    }


def current_of(cases: Sequence[Case]) -> list[Case]:
    """What the plan is about: all that is not over; where all is, the latest."""
    counted = [case for case in cases if case.ticket.status not in NOTHING]
    return [case for case in counted if case.ticket.status is not Status.CLOSED] or counted[-1:]


def home_plan(community: Community, home: Location, cases: Sequence[Case], now: datetime) -> dict[str, Json]:
    """Parameters of the text "home_plan". cases: all of the home, by number; what is over and done is told in a
    line. What colleagues noted for themselves is not on a paper that the household signs.
    """
    current = current_of(cases)
    over = [c.ticket for c in cases if c.ticket.status not in NOTHING and c not in current]
    return {
        "community": community.name,
        "now": now.isoformat(),
        "home": full_place(community, Location(home.building, home.unit, home.room)),
        "reports": [_report(case.ticket) for case in current],
        "assessed": told(current, assessments),
        "done": told(current, steps),
        "visits": told(current, visits),
        "rulings": told(current, rulings),
        "ruled": current[-1].ticket.ruling if current else None,
        "before": [past(ticket) for ticket in reversed(over)],
        "photos": sum(len(case.ticket.media) for case in current),
    }


def _report(ticket: Ticket) -> Json:
    clocks = ticket.clocks
    times: dict[str, Json] = {
        name: at.isoformat() if at else None
        for name, at in {
            "reported": clocks.reported, "arrived": clocks.arrived, "cleared": clocks.cleared,
            "confirmed": clocks.confirmed, "next_at": ticket.next_at,
        }.items()
    }  # fmt: skip
    facts = past(ticket)
    assert isinstance(facts, dict), "a line of facts"
    return {**facts, "words": ticket.words, "reporters": "、".join(r.name for r in ticket.reporters), **times}


def told(cases: Iterable[Case], of: Callable[[Case], Facts]) -> list[Json]:
    return [
        {"number": event.ticket, "at": event.at.isoformat(), "by": event.by.name, **more}
        for case in cases
        for event, more in of(case)
    ]


def assessments(case: Case) -> Facts:
    for event in case.events:
        if event.details.get("to") == Status.ASSESSED and said(event, "words"):
            yield event, {"words": said(event, "words")}


def steps(case: Case) -> Facts:
    """What was done, and what it waits for; that nobody was at home stands among the visits."""
    for event in case.events:
        to, words = event.details.get("to"), said(event, "words")
        if to == Status.WAITING and said(event, "reason") not in {"", NOBODY_HOME}:
            yield event, {"words": said(event, "reason"), "next_at": event.details.get("next_at")}
        elif (event.what is What.PROGRESS or to == Status.RESOLVED) and words:
            yield event, {"words": words, "next_at": None}


def rulings(case: Case) -> Facts:
    for event in case.events:
        if event.what is What.RULED:
            ruling = said(event, "ruling")
            proposal = event.details.get("proposal") is True
            yield (
                event,
                {"ruling": RULING_NAMES.get(ruling, ruling), "basis": said(event, "basis"), "proposal": proposal},
            )


def visits(case: Case) -> Facts:
    for event in case.events:
        if event.what is What.VISITED:
            met = event.details.get("met") is not False
            attempt, next_at = event.details.get("attempt"), event.details.get("next_at")
            yield event, {"met": met, "attempt": attempt, "words": said(event, "words"), "next_at": next_at}


def notes(case: Case) -> Facts:
    """For colleagues only."""
    for event in case.events:
        if event.what is What.NOTE and said(event, "words"):
            yield event, {"words": said(event, "words")}


def said(event: TicketEvent, name: str) -> str:
    """What somebody said there, "" where it is nothing."""
    words = event.details.get(name)
    return words if isinstance(words, str) else ""
