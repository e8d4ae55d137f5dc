from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from domain.errors import IllegalMove, NaiveTime
from domain.messages import Person
from domain.tickets import (
    BOT,
    ENDED,
    MOVES,
    OPEN,
    STATUS_NAMES,
    TAKEN,
    UNTAKEN,
    Clocks,
    TicketEvent,
    What,
    check_move,
    confirm,
    move,
)
from domain.vocabulary import Status
from tests.domain.values import NOW, RESIDENT, TICKET

LATER = NOW + timedelta(minutes=8)
WORK = ("accepted", "on_site", "assessed", "repairing", "waiting", "resolved")
ENDS = ("closed", "cancelled", "merged")
ALLOWED = {
    "registered": {*WORK, *ENDS},
    "accepted": {"registered", *WORK, *ENDS} - {"accepted"},
    "on_site": {"assessed", "repairing", "waiting", "resolved", *ENDS},
    "assessed": {"on_site", "repairing", "waiting", "resolved", *ENDS},
    "repairing": {"on_site", "assessed", "waiting", "resolved", *ENDS},
    "waiting": {*WORK, *ENDS} - {"waiting"},
    "resolved": {"closed", "reopened"},
    "closed": {"reopened"},
    "reopened": {*WORK, *ENDS},
    "cancelled": {"reopened"},
    "merged": set(),
}
"""The policy once more, in words: a change has to be made here as well, knowingly."""


@pytest.mark.parametrize("before, after", [pytest.param(b, a, id=f"{b}-{a}") for b, a in product(Status, Status)])
def test_every_pair_of_states(before: Status, after: Status):
    ticket = replace(TICKET, status=before)
    if after.value in ALLOWED[before.value]:
        moved = move(ticket, after, at=LATER)
        assert (moved.status, moved.since, moved.updated) == (after, LATER, LATER)
        return
    with pytest.raises(IllegalMove, match=f"#12 现在是“{STATUS_NAMES[before]}”，不能改成“{STATUS_NAMES[after]}”"):
        check_move(ticket, after)
    with pytest.raises(IllegalMove):
        move(ticket, after, at=LATER)


def test_every_state_is_named_and_of_one_sort():
    assert set(MOVES) == set(Status)
    assert set(STATUS_NAMES) == set(Status)
    assert all((s in OPEN) + (s in ENDED) + (s is Status.RESOLVED) == 1 for s in Status)
    assert not set(Status) - (UNTAKEN | TAKEN | ENDED)


ALL = Clocks(NOW, NOW, NOW, NOW, NOW, NOW)
FRESH = Clocks(NOW, NOW)
AGAIN = replace(FRESH, reopened=LATER)


@pytest.mark.parametrize(
    "status, to, before, after",
    [
        pytest.param("registered", "accepted", FRESH, replace(FRESH, accepted=LATER), id="accepted"),
        pytest.param(
            "registered", "on_site", FRESH, replace(FRESH, accepted=LATER, arrived=LATER), id="到场 implies 接单"
        ),
        pytest.param(
            "registered",
            "resolved",
            FRESH,
            replace(FRESH, accepted=LATER, cleared=LATER),
            id="完成 leaves arrived empty",
        ),
        pytest.param("registered", "waiting", FRESH, replace(FRESH, accepted=LATER), id="待续 implies 接单"),
        pytest.param("registered", "repairing", FRESH, replace(FRESH, accepted=LATER), id="进展 implies 接单"),
        pytest.param("registered", "cancelled", FRESH, FRESH, id="误报 sets nothing"),
        pytest.param("registered", "merged", FRESH, FRESH, id="合并 sets nothing"),
        pytest.param("registered", "closed", FRESH, FRESH, id="closing in silence confirms nothing"),
        pytest.param("accepted", "registered", replace(FRESH, accepted=NOW), FRESH, id="a lapsed acceptance is empty"),
        pytest.param(
            "waiting", "on_site", replace(ALL, cleared=None), replace(ALL, cleared=None), id="set clocks stay"
        ),
        pytest.param(
            "closed",
            "reopened",
            ALL,
            AGAIN,
            id="reopened starts anew, but was reported and acknowledged",
        ),
        pytest.param("cancelled", "reopened", FRESH, AGAIN, id="a wrong 误报 taken back"),
    ],
)
def test_the_clocks_of_a_move(status: str, to: str, before: Clocks, after: Clocks):
    ticket = replace(TICKET, status=Status(status), clocks=before)
    assert move(ticket, Status(to), at=LATER).clocks == after


def test_a_move_ends_the_wait():
    waiting = replace(TICKET, status=Status.WAITING, next_at=LATER)
    assert move(waiting, Status.ON_SITE, at=LATER).next_at is None


@pytest.mark.parametrize(
    "status, cleared, expected",
    [
        pytest.param("resolved", NOW, NOW, id="after the work: the time of the work stays"),
        pytest.param("registered", None, LATER, id="without any work: dry when the resident says so"),
        pytest.param("reopened", None, LATER, id="after a second round"),
    ],
)
def test_a_reporter_confirms(status: str, cleared: datetime | None, expected: datetime):
    ticket = replace(TICKET, status=Status(status), clocks=replace(FRESH, cleared=cleared))
    closed = confirm(ticket, at=LATER)
    assert closed.status is Status.CLOSED
    assert (closed.clocks.confirmed, closed.clocks.cleared) == (LATER, expected)


@pytest.mark.parametrize("status", ["closed", "cancelled", "merged"])
def test_what_has_ended_cannot_be_confirmed(status: str):
    with pytest.raises(IllegalMove):
        confirm(replace(TICKET, status=Status(status)), at=LATER)


def test_reopening_keeps_who_reported_and_what_was_found():
    closed = replace(TICKET, status=Status.CLOSED, clocks=ALL)
    reopened = move(closed, Status.REOPENED, at=LATER)
    assert reopened.open
    assert (reopened.reporters, reopened.location, reopened.number) == (
        closed.reporters,
        closed.location,
        closed.number,
    )


@pytest.mark.parametrize(
    "seconds, minutes",
    [
        pytest.param(0, 0, id="at once"),
        pytest.param(59, 0, id="whole minutes only"),
        pytest.param(480, 8, id="eight minutes"),
        pytest.param(-90, 0, id="a network's clock that runs ahead"),
    ],
)
def test_minutes_since_the_report(seconds: int, minutes: int):
    assert TICKET.minutes(NOW + timedelta(seconds=seconds)) == minutes


def test_a_reporter_is_known_by_id_and_channel():
    assert TICKET.reported_by(RESIDENT)
    assert not TICKET.reported_by(Person("wechaty", RESIDENT.id))


def test_an_event_without_an_offset_is_refused():
    with pytest.raises(NaiveTime, match=r"TicketEvent\.at"):
        TicketEvent(TICKET.number, datetime(2021, 8, 23), What.OPENED, BOT)  # noqa: DTZ001  the case itself
