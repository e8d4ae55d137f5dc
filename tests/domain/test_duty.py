"""Who is on duty: shifts, words, and what becomes of both; and that whoever is called is called among those."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from domain.duty import UNKNOWN, Duty, DutyWord, Shift, duty_at, shift_of
from domain.roster import Staff
from domain.vocabulary import BuildingId, Role, StaffId
from tests.domain.values import COMMUNITY
from tests.moments import CHINA

ANN, BEN, CAI = StaffId("ann"), StaffId("ben"), StaffId("cai")
DAY = Shift("白班", time(8), time(20), (ANN,))
NIGHT = Shift("夜班", time(20), time(8), (BEN,))
WEEKEND = Shift("周末", time(9), time(17), (CAI,), frozenset({6, 7}))


def at(clock: str, day: int = 23) -> datetime:
    """August 2021; the 23rd is a Monday."""
    return datetime(2021, 8, day, int(clock[:2]), int(clock[3:]), tzinfo=CHINA)


@pytest.mark.parametrize(
    "now, on, off",
    [
        (at("08:00"), {ANN}, {BEN}),
        (at("19:59"), {ANN}, {BEN}),
        (at("20:00"), {BEN}, {ANN}),
        (at("03:00"), {BEN}, {ANN}),
    ],
)
def test_shifts_go_past_midnight(now, on, off):
    assert duty_at([DAY, NIGHT], [], now) == Duty(frozenset(on), frozenset(off))


@pytest.mark.parametrize("now, on", [(at("10:00", 28), True), (at("10:00", 27), False), (at("18:00", 29), False)])
def test_a_shift_has_its_days(now, on):
    assert (CAI in duty_at([WEEKEND], [], now).on) is on


def test_a_night_shift_of_sunday_goes_on_into_monday():
    sunday = replace(NIGHT, days=frozenset({7}))
    assert duty_at([sunday], [], at("07:59", 23)).on == {BEN}
    assert duty_at([sunday], [], at("21:00", 23)).off == {BEN}


def test_a_word_wins_until_the_next_turn():
    early = DutyWord(ANN, False, at("17:00"))
    assert duty_at([DAY], [early], at("17:01")).off == {ANN}
    assert duty_at([DAY], [early], at("08:00", 24)).on == {ANN}
    late = DutyWord(ANN, True, at("20:30"))
    assert duty_at([DAY], [late], at("22:00")).on == {ANN}


def test_a_word_without_shifts_is_not_for_ever():
    word = DutyWord(CAI, True, at("08:00"))
    assert duty_at([], [word], at("23:59")).on == {CAI}
    assert duty_at([], [word], at("00:00", 24)) == UNKNOWN
    assert duty_at([], [DutyWord(CAI, False, at("08:00"))], at("09:00")).off == {CAI}


def test_the_shift_that_somebody_has_now():
    assert shift_of([DAY, NIGHT], BEN, at("21:00")) == (NIGHT, at("08:00", 24))
    assert shift_of([DAY, NIGHT], ANN, at("21:00")) is None


# -- who is called -----------------------------------------------------------------------------------------------


def town(duty: Duty, *people: Staff):
    return replace(COMMUNITY, staff={person.id: person for person in people}, duty=duty)


def worker(id: StaffId, *buildings: str) -> Staff:
    return Staff(id, id, Role.SOCIAL_WORKER, tuple(BuildingId(b) for b in buildings))


@pytest.mark.parametrize(
    "on, off, called",
    [
        ((), (), [ANN, BEN]),
        ((BEN,), (ANN,), [BEN]),
        ((BEN,), (), [BEN]),  # of her it is known, of him not
        ((), (ANN,), [BEN]),
        ((CAI,), (ANN, BEN), [CAI]),  # nobody of the building: who is at work elsewhere
        ((CAI,), (ANN,), [BEN]),
        ((), (ANN, BEN), [ANN, BEN]),  # nobody at all: those it concerns, as ever
    ],
)
def test_among_those_of_a_building_who_is_on_duty_is_called(on, off, called):
    here = town(Duty(frozenset(on), frozenset(off)), worker(ANN, "3"), worker(BEN, "3"), worker(CAI, "8"))
    assert [s.id for s in here.in_charge("3", Role.SOCIAL_WORKER)] == called


def test_nobody_on_duty_empties_no_rung():
    off = Duty(off=frozenset({ANN, BEN}))
    here = town(off, worker(ANN, "3"), replace(worker(BEN, "3"), role=Role.STEWARD))
    assert [[s.id for s in rung] for rung in here.ladder("3")] == [[ANN], [BEN]]


def test_a_word_is_remembered_for_a_night_and_no_longer():
    assert duty_at([], [DutyWord(ANN, True, at("08:00"))], at("08:00") + timedelta(hours=16)) == UNKNOWN
