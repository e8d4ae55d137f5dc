"""What tickets add up to, on histories that can be counted by hand."""

from dataclasses import replace
from datetime import timedelta

from domain.statistics import Case, PersonFigures, Rate, by_building, by_person, figures
from domain.tickets import Actor, Clocks, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import Kind, Scope, StaffId, Status, TicketNumber, Urgency
from tests.domain.values import COMMUNITY
from tests.moments import NOON

from domain.messages import Chat, Json  # isort: skip
from domain.roster import ServiceTimes  # isort: skip

HERE = replace(COMMUNITY, service_times={urgency: ServiceTimes(1, 10, 45, 120, 10) for urgency in Urgency})
LATER = NOON + timedelta(days=1)


def after(minutes: float):
    return NOON + timedelta(minutes=minutes)


def ticket(number: int, status: Status = Status.REGISTERED, building: str = "3", **clocks: float) -> Ticket:
    times = Clocks(NOON, **{name: after(minutes) for name, minutes in clocks.items()})
    return Ticket(
        TicketNumber(number), status, Kind.LEAK, Scope.HOUSEHOLD, Urgency.URGENT, Location(building), Chat("c", "g3"),
        "漏水", times, NOON, NOON,
    )  # fmt: skip


def event(what: What, minutes: float, staff: str | None = None, **details: Json) -> TicketEvent:
    by = Actor(staff or "r1", None, StaffId(staff) if staff else None)
    return TicketEvent(TicketNumber(1), after(minutes), what, by, "", details)


def came(minutes: float, staff: str) -> TicketEvent:
    return event(What.MOVED, minutes, staff, to=Status.ON_SITE)


def test_nothing_adds_up_to_nothing():
    found = figures([], HERE, NOON)
    assert (found.count, found.accept, found.by_property.percent, found.states) == (0, None, None, {})


def test_medians_are_of_those_that_have_the_clock():
    cases = [Case(ticket(n, Status.ACCEPTED, accepted=m, arrived=2 * m), ()) for n, m in ((1, 2), (2, 4), (3, 30))]
    found = figures([*cases, Case(ticket(4), ())], HERE, LATER)
    assert (found.count, found.still_open, found.accept, found.arrive, found.clear) == (4, 4, 4, 8, None)


def test_who_answered_first_is_the_property_or_the_community():
    by_property = Case(ticket(1), [event(What.OPENED, 0, "sw-limin"), came(3, "rp-wang"), came(4, "sw-limin")])
    by_community = Case(ticket(2), [event(What.PROGRESS, 3, "sw-limin"), came(9, "rp-wang")])
    nobody = Case(ticket(3), [event(What.CHASED, 3)])
    assert figures([by_property, by_community, nobody], HERE, LATER).by_property == Rate(1, 2)


def test_in_time_is_within_the_limit_and_who_is_not_due_yet_does_not_count():
    cases = [Case(ticket(1), [came(10, "rp-wang")]), Case(ticket(2), [came(11, "rp-wang")]), Case(ticket(3), ())]
    assert figures(cases, HERE, after(9)).responded == Rate(1, 2)
    assert figures(cases, HERE, after(11)).responded == Rate(1, 3)


def test_only_the_word_of_who_reported_solves():
    own_word = Case(ticket(1, Status.CLOSED, confirmed=60), ())
    silent = Case(ticket(2, Status.CLOSED), [event(What.ASKED, 90)])
    again = Case(ticket(3, Status.CLOSED, confirmed=99), [event(What.MOVED, 70, to=Status.REOPENED)])
    unhappy = Case(ticket(4, Status.RESOLVED), [event(What.DISSATISFIED, 70)])
    never_asked = Case(ticket(5), ())
    found = figures([own_word, silent, again, unhappy, never_asked], HERE, LATER)
    assert found.solved == Rate(1, 4)  # what had to be opened again was not solved when it was said to be
    assert found.satisfied == Rate(1, 3)


def test_false_alarms_and_merged_ones_are_counted_and_no_more():
    cases = [Case(ticket(1, Status.CANCELLED, accepted=1), [came(1, "rp-wang")]), Case(ticket(2, Status.MERGED), ())]
    found = figures(cases, HERE, LATER)
    assert found.states == {Status.CANCELLED: 1, Status.MERGED: 1}
    assert (found.accept, found.by_property, found.responded) == (None, Rate(0, 0), Rate(0, 0))


def test_by_building_and_by_person():
    cases = [
        Case(ticket(1, building="3"), [came(2, "rp-wang")]),
        Case(ticket(2, building="8"), [came(4, "rp-wang"), came(5, "sw-limin")]),
    ]
    assert {id: len(found) for id, found in by_building(cases).items()} == {"3": 1, "8": 1}
    assert by_person(cases) == [
        PersonFigures(StaffId("rp-wang"), 2, 3, 2), PersonFigures(StaffId("sw-limin"), 0, None, 1),
    ]  # fmt: skip
