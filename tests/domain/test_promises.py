"""When something falls due about a ticket, and who is told: cases of a day and a night, and what holds for any."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.promises import (
    AWAITED,
    CLOSING,
    DAY,
    HOUR,
    TOLD_ALL,
    called,
    climbed,
    due_at,
    renewed,
)
from domain.roster import Community, ServiceTimes
from domain.tickets import ENDED, MOVES, Awaited, Promise, Ticket, move
from domain.vocabulary import BuildingId, Role, Status, Urgency
from tests.domain.values import COMMUNITY, TICKET, ZONE, _staff

MINUTE = timedelta(minutes=1)
SECRETARY = _staff("sec-chen", "陈向红", Role.SECRETARY, "3", "8")
TOWN = replace(
    COMMUNITY,
    service_times={
        Urgency.EMERGENCY: ServiceTimes(1, 5, 15, 30, 5),
        Urgency.URGENT: ServiceTimes(1, 10, 45, 120, 10),
        Urgency.NORMAL: ServiceTimes(1, 30, 1440, 1440, 30),
    },
    staff={**COMMUNITY.staff, SECRETARY.id: SECRETARY},
)
TEN_AT_NIGHT = datetime(2021, 8, 23, 22, 0, tzinfo=ZONE)
EIGHT = datetime(2021, 8, 24, 8, 0, tzinfo=ZONE)


def fresh(urgency: Urgency = Urgency.URGENT, at: datetime = EIGHT) -> Ticket:
    clocks = replace(TICKET.clocks, reported=at)
    return renewed(replace(TICKET, urgency=urgency, clocks=clocks, since=at, updated=at), TOWN)


def moved(ticket: Ticket, to: Status, at: datetime) -> Ticket:
    return renewed(move(ticket, to, at=at), TOWN)


def due(ticket: Ticket) -> Promise:
    assert ticket.due is not None
    return ticket.due


def ladder(ticket: Ticket, until: datetime, community: Community = TOWN) -> list[tuple[datetime, str]]:
    """When the ladder speaks, and to whom, if nobody does anything."""
    said = []
    while due(ticket).at <= until:
        at = due(ticket).at
        following, steps = climbed(ticket, due(ticket), community, at)
        names = [person.name for person in called(ticket, due(ticket), steps, community)]
        said.append((at, " ".join(names)))
        ticket = renewed(replace(ticket, due=following), community)
    return said


def clock(*said: tuple[datetime, str]) -> list[str]:
    return [f"{at:%H:%M} {names}".replace("李敏 孙洁 陈向红", "全体") for at, names in said]


@pytest.mark.parametrize(
    "urgency, at, said",
    [
        pytest.param(
            Urgency.URGENT, EIGHT,
            ["08:10 孙洁", "08:20 陈向红", "08:30 全体", "09:00 全体", "10:00 全体"],
            id="urgent by day",
        ),
        pytest.param(
            Urgency.URGENT, TEN_AT_NIGHT,
            ["22:10 孙洁", "22:20 陈向红", "22:30 全体", "23:00 全体", "00:00 全体"],
            id="urgent goes on in quiet hours",
        ),
        pytest.param(
            Urgency.EMERGENCY, TEN_AT_NIGHT,
            [
                "22:05 孙洁", "22:10 陈向红", "22:15 全体", "22:30 全体", "23:00 全体",
                "00:00 全体",
            ],
            id="an emergency climbs fast and is never quiet for more than about an hour",
        ),
        pytest.param(
            Urgency.NORMAL, TEN_AT_NIGHT, ["22:30 孙洁"], id="a normal one stops for the night",
        ),
        pytest.param(
            Urgency.NORMAL, TEN_AT_NIGHT + 90 * MINUTE, [], id="a normal one of 23:30 does not begin at night",
        ),
        pytest.param(
            Urgency.NORMAL, EIGHT, ["08:30 孙洁", "09:00 陈向红", "09:30 全体", "10:30 全体"], id="a normal one by day",
        ),
    ],
)  # fmt: skip
def test_nobody_accepts(urgency: Urgency, at: datetime, said: list[str]):
    assert clock(*ladder(fresh(urgency, at), at + 150 * MINUTE)) == said


def test_the_night_is_not_counted_for_a_normal_one():
    late = fresh(Urgency.NORMAL, TEN_AT_NIGHT + 50 * MINUTE)
    assert clock(*ladder(late, EIGHT)) == ["07:20 孙洁", "07:50 陈向红"]
    later = fresh(Urgency.NORMAL, TEN_AT_NIGHT + 90 * MINUTE)
    assert clock(*ladder(later, EIGHT)) == ["07:30 孙洁", "08:00 陈向红"]


@pytest.mark.parametrize(
    "building, administrator, said",
    [
        pytest.param("8", False, ["08:10 陈向红", "08:20 赵蕾 陈向红"], id="no steward"),
        pytest.param("B", False, ["08:10 赵蕾", "08:20 赵蕾"], id="a social worker alone"),
        pytest.param("9", True, ["08:10 周航", "08:20 周航"], id="nobody but whoever runs it all"),
        pytest.param("9", False, ["08:10 ", "08:20 "], id="nobody at all: it is still said"),
    ],
)
def test_it_climbs_where_a_role_is_not_filled(building: str, administrator: bool, said: list[str]):
    boss = _staff("adm", "周航", Role.ADMINISTRATOR)
    town = replace(TOWN, staff={**TOWN.staff, boss.id: boss}) if administrator else TOWN
    ticket = replace(fresh(), location=replace(TICKET.location, building=BuildingId(building)))
    assert clock(*ladder(ticket, EIGHT + 20 * MINUTE, town)) == said


def test_whoever_was_sent_is_named_first():
    sent = replace(fresh(), assignee=next(s.id for s in TOWN.staff.values() if s.name == "王建国"))
    assert clock(*ladder(sent, EIGHT + 10 * MINUTE)) == ["08:10 王建国 孙洁"]


@pytest.mark.parametrize(
    "urgency, accepted_after, minutes",
    [
        pytest.param(Urgency.EMERGENCY, 0, 15, id="counted from the report"),
        pytest.param(Urgency.EMERGENCY, 5, 15, id="accepted at the last moment"),
        pytest.param(Urgency.EMERGENCY, 60, 70, id="accepted late: as long as at the last moment"),
        pytest.param(Urgency.URGENT, 3, 45, id="urgent"),
        pytest.param(Urgency.URGENT, 120, 155, id="urgent, accepted late"),
        pytest.param(Urgency.NORMAL, 5, 1440, id="normal"),
    ],
)
def test_who_accepts_has_so_long_to_come(urgency: Urgency, accepted_after: int, minutes: int):
    accepted = moved(fresh(urgency), Status.ACCEPTED, EIGHT + accepted_after * MINUTE)
    assert (due(accepted).awaits, due(accepted).at) == (Awaited.ARRIVAL, EIGHT + minutes * MINUTE)


def test_a_normal_acceptance_lapses_by_day():
    accepted = moved(fresh(Urgency.NORMAL, TEN_AT_NIGHT + 90 * MINUTE), Status.ACCEPTED, EIGHT)
    assert due(accepted).at == datetime(2021, 8, 25, 7, 30, tzinfo=ZONE)
    at_midnight = fresh(Urgency.NORMAL, TEN_AT_NIGHT + 120 * MINUTE)
    assert due(moved(at_midnight, Status.ACCEPTED, TEN_AT_NIGHT + 121 * MINUTE)).at == EIGHT + 23 * HOUR


def test_the_ladder_goes_on_after_a_lapse_but_not_after_reopening():
    climbing = replace(fresh(), due=replace(due(fresh()), step=2))
    accepted = moved(climbing, Status.ACCEPTED, EIGHT + 15 * MINUTE)
    lapsed = moved(accepted, Status.REGISTERED, EIGHT + 55 * MINUTE)
    assert (due(lapsed).step, due(lapsed).at) == (2, EIGHT + 65 * MINUTE)
    done = moved(accepted, Status.RESOLVED, EIGHT + HOUR)
    reopened = moved(done, Status.REOPENED, EIGHT + 3 * HOUR)
    assert (due(reopened).step, due(reopened).at) == (1, EIGHT + 3 * HOUR + 10 * MINUTE)


def test_after_the_top_of_the_ladder_a_lapse_calls_everybody_again_soon():
    tired = replace(fresh(), due=replace(due(fresh()), step=9))
    lapsed = moved(moved(tired, Status.ACCEPTED, EIGHT), Status.REGISTERED, EIGHT + HOUR)
    assert (due(lapsed).step, due(lapsed).at) == (TOLD_ALL, EIGHT + 70 * MINUTE)


def test_a_reopened_ticket_is_counted_from_there():
    reopened = moved(moved(fresh(), Status.RESOLVED, EIGHT), Status.REOPENED, EIGHT + 5 * HOUR)
    accepted = moved(reopened, Status.ACCEPTED, EIGHT + 5 * HOUR + MINUTE)
    assert due(accepted).at == EIGHT + 5 * HOUR + 45 * MINUTE


@pytest.mark.parametrize("status", [Status.ON_SITE, Status.ASSESSED, Status.REPAIRING])
def test_every_word_to_the_residents_begins_the_silence_anew(status: Status):
    there = moved(fresh(), status, EIGHT + 10 * MINUTE)
    assert (due(there).awaits, due(there).at) == (Awaited.NEWS, EIGHT + 130 * MINUTE)
    told = renewed(replace(there, told_at=EIGHT + HOUR), TOWN)
    assert due(told).at == EIGHT + 3 * HOUR


def test_news_may_wait_for_the_morning_but_not_of_an_emergency():
    for urgency, at in ((Urgency.URGENT, datetime(2021, 8, 24, 7, 0, tzinfo=ZONE)), (Urgency.EMERGENCY, None)):
        there = moved(fresh(urgency, TEN_AT_NIGHT), Status.ON_SITE, TEN_AT_NIGHT + 50 * MINUTE)
        assert due(there).at == (at or TEN_AT_NIGHT + 80 * MINUTE)


def test_a_date_that_somebody_named_is_kept_to_the_minute():
    at = datetime(2021, 8, 24, 6, 0, tzinfo=ZONE)
    waiting = renewed(replace(move(fresh(), Status.WAITING, at=EIGHT), next_at=at), TOWN)
    assert (due(waiting).awaits, due(waiting).at) == (Awaited.NEXT_DATE, at)
    other = renewed(replace(waiting, next_at=EIGHT + DAY), TOWN)
    assert (due(other).step, due(other).at) == (1, EIGHT + DAY)


def test_the_reporter_is_asked_twice_before_silence_closes():
    resolved = moved(fresh(), Status.RESOLVED, EIGHT)
    times = []
    for _ in range(3):
        times.append((due(resolved).step, due(resolved).at - EIGHT))
        following, steps = climbed(resolved, due(resolved), TOWN, due(resolved).at)
        assert steps == (times[-1][0],)
        resolved = renewed(replace(resolved, due=following), TOWN)
    assert times == [(1, DAY), (2, 2 * DAY), (CLOSING, 3 * DAY)]


def test_questions_wait_for_the_morning():
    resolved = moved(fresh(at=TEN_AT_NIGHT), Status.RESOLVED, TEN_AT_NIGHT + 3 * HOUR)
    assert due(resolved).at == datetime(2021, 8, 25, 7, 0, tzinfo=ZONE)


def test_a_late_question_puts_off_the_end():
    """After four days away nobody is asked twice in a minute and then closed."""
    resolved = moved(fresh(), Status.RESOLVED, EIGHT)
    second, _ = climbed(resolved, due(resolved), TOWN, EIGHT + 5 * DAY)
    assert (second.step, second.at) == (2, EIGHT + 6 * DAY)


def test_odd_closing_times_still_ask_first():
    odd = replace(TOWN, closing=replace(TOWN.closing, close_after=HOUR, second_question=2 * HOUR))
    resolved = renewed(move(fresh(), Status.RESOLVED, at=EIGHT), odd)
    times = [due_at(resolved, replace(due(resolved), step=step), odd) - EIGHT for step in (1, 2, 3)]
    assert times == [DAY, 25 * HOUR, 26 * HOUR]


def test_what_ended_and_what_has_no_limits_waits_for_nothing():
    assert set(AWAITED) == set(Status) - ENDED
    assert all(renewed(replace(fresh(), status=status), TOWN).due is None for status in ENDED)
    assert renewed(fresh(), replace(TOWN, service_times={})).due is None


def test_saving_again_changes_nothing():
    ticket = fresh()
    assert renewed(ticket, TOWN) is ticket


def test_worse_news_brings_it_forward():
    ticket = fresh(Urgency.NORMAL)
    assert due(renewed(replace(ticket, urgency=Urgency.EMERGENCY), TOWN)).at == EIGHT + 5 * MINUTE


MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2021, 12, 31)).map(lambda at: at.replace(tzinfo=ZONE))  # noqa: DTZ001  made aware in the same line


@given(st.sampled_from(Urgency), MOMENTS, st.timedeltas(timedelta(), 10 * DAY))
def test_a_downtime_skips_nobody_and_the_next_step_lies_ahead(urgency: Urgency, at: datetime, away: timedelta):
    ticket = fresh(urgency, at)
    now = at + away
    following, steps = climbed(ticket, due(ticket), TOWN, now)
    assert following.at > now
    said = ladder(ticket, now)
    assert len(steps) == len(said)
    everybody = {name for _, names in said for name in names.split()}
    assert {person.name for person in called(ticket, due(ticket), steps, TOWN)} == (everybody if steps else set())


@given(st.sampled_from(Urgency), MOMENTS)
def test_reminders_never_come_thick_and_fast(urgency: Urgency, at: datetime):
    times = [said for said, _ in ladder(fresh(urgency, at), at + 5 * DAY)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    shortest = TOWN.service_times[urgency].escalate_every_minutes * MINUTE
    longest = {Urgency.EMERGENCY: 90 * MINUTE, Urgency.URGENT: 4.5 * HOUR, Urgency.NORMAL: 3 * DAY}[urgency]
    assert times
    assert all(shortest <= gap <= longest for gap in gaps)
    if urgency is Urgency.NORMAL:
        assert not any(TOWN.quiet_hours.holds(said.timetz().replace(tzinfo=None)) for said in times)


WALKS = st.lists(st.tuples(st.sampled_from(Status), st.timedeltas(timedelta(), 2 * DAY)), max_size=12)


@given(st.sampled_from(Urgency), MOMENTS, WALKS)
def test_whatever_happens_an_open_ticket_always_waits_for_something(
    urgency: Urgency, at: datetime, walk: list[tuple[Status, timedelta]]
):
    ticket = fresh(urgency, at)
    for to, span in walk:
        at += span
        while ticket.due is not None and ticket.due.at <= at:
            following, _ = climbed(ticket, ticket.due, TOWN, ticket.due.at)
            ticket = renewed(replace(ticket, due=following), TOWN)
        if to in MOVES[ticket.status]:
            ticket = moved(ticket, to, at)
        assert (ticket.due is None) == (ticket.status in ENDED)
        if ticket.due is not None:
            assert ticket.due.awaits is AWAITED[ticket.status]
            assert ticket.due.at > at - timedelta(microseconds=1)
