"""What is watched over while a storm is open."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from domain.duty import Duty, DutyWord
from domain.standby import Answer, Due, Signs, Watch, begun, expected, next_of, not_ready, risen, there, unwalked
from domain.storms import Check, Preparation, Storm, SupplyMove
from domain.vocabulary import StaffId
from tests.domain.values import COMMUNITY, NOW

MINUTE = timedelta(minutes=1)
STORM = Storm(NOW, "黄色", "暴雨黄色", "", id=7)
LI, SUN = StaffId("sw-limin"), StaffId("st-sun")
ALL = Preparation(
    patrol=("地库",), patrol_every={"蓝色": 120 * MINUTE, "橙色": 30 * MINUTE}, answer_within=15 * MINUTE,
    picture_every=60 * MINUTE, card_at=(time(8), time(22)),
)  # fmt: skip


def dues(found: list[Due]) -> dict[Watch, datetime | None]:
    return {due.what: due.due_at for due in found}


def test_only_what_is_configured_is_watched_over():
    assert begun(Preparation(), STORM, NOW) == []
    assert begun(Preparation(patrol_every=ALL.patrol_every), STORM, NOW) == []  # nothing to walk
    assert set(dues(begun(ALL, STORM, NOW))) == set(Watch)


def test_a_higher_level_asks_again_and_patrols_sooner_never_later():
    before = begun(ALL, STORM, NOW)
    later = NOW + 20 * MINUTE
    answered = [d for d in before if d.what is not Watch.ANSWERS]
    changed = dues(risen(answered, ALL, replace(STORM, level="橙色"), later))
    assert changed == {Watch.ANSWERS: later + 15 * MINUTE, Watch.PATROL: later + 30 * MINUTE}
    almost = [replace(d, due_at=later + MINUTE) for d in before]
    assert Watch.PATROL not in dues(risen(almost, ALL, replace(STORM, level="橙色"), later))


@pytest.mark.parametrize(
    "level, minutes", [("蓝色", 120), ("四级", 120), ("黄色", 120), ("橙色", 30), ("红色", 30), ("未知", None)]
)
def test_how_often_a_spot_is_walked(level: str, minutes: int | None):
    assert ALL.patrol_within(level) == (minutes * MINUTE if minutes else None)


@pytest.mark.parametrize(
    "at, then", [("07:59", "23 08:00"), ("08:00", "23 22:00"), ("22:00", "24 08:00"), ("23:30", "24 08:00")]
)
def test_the_next_of_some_times_of_the_day(at: str, then: str):
    now = NOW.replace(day=23, hour=int(at[:2]), minute=int(at[3:]), second=0, microsecond=0)
    found = next_of(ALL.card_at, now)
    assert found is not None
    assert f"{found:%d %H:%M}" == then


def test_times_of_the_day_that_there_are_none_of():
    assert next_of((), NOW) is None


@pytest.mark.parametrize(
    "signs, seen",
    [
        (Signs(), False),
        (Signs(answers=[Answer(7, LI, NOW)]), True),
        (Signs(checks=[Check("地库", "正常", NOW, LI)]), True),
        (Signs(checks=[Check("地库", "正常", NOW - MINUTE, LI)]), False),
        (Signs(moves=[SupplyMove("沙袋", -1, counted=False, at=NOW, by=LI)]), True),
        (Signs(words=[DutyWord(LI, on=True, at=NOW)]), True),
        (Signs(words=[DutyWord(LI, on=False, at=NOW)]), False),
        (Signs(words=[DutyWord(LI, on=True, at=NOW - MINUTE)]), False),
        (Signs(answers=[Answer(7, SUN, NOW)]), False),
    ],
)
def test_what_shows_that_somebody_is_there(signs: Signs, seen: bool):
    assert (LI in there(STORM, signs)) == seen


def test_who_is_off_who_opened_it_and_who_only_runs_the_bot_is_not_waited_for():
    names = {staff.name for staff in expected(COMMUNITY, STORM)}
    someone = next(iter(expected(COMMUNITY, STORM)))
    off = replace(COMMUNITY, duty=Duty(off=frozenset({someone.id})))
    assert {s.name for s in expected(off, STORM)} == names - {someone.name}
    assert {s.name for s in expected(COMMUNITY, replace(STORM, by=someone.name))} == names - {someone.name}


def test_the_last_word_on_an_item_counts():
    steps = ["沙袋", "水泵", "照明"]
    answers = [
        Answer(7, LI, NOW, "沙袋"),
        Answer(7, LI, NOW, "水泵", "坏了", done=False),
        Answer(7, SUN, NOW + MINUTE, "沙袋", "又用完了", done=False),
    ]
    assert not_ready(steps, answers) == [(1, "沙袋"), (2, "水泵"), (3, "照明")]
    assert not_ready(steps, [*answers, Answer(7, SUN, NOW, "水泵")]) == [(1, "沙袋"), (3, "照明")]


def test_a_spot_counts_as_walked_since_a_moment_only():
    checks = [Check("地库", "正常", NOW, LI), Check("东门", "正常", NOW - MINUTE, LI)]
    assert unwalked(["地库", "东门", "西门"], checks, NOW) == ["东门", "西门"]
