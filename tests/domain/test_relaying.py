"""What residents are told of warnings: the first of a kind and any rise, nothing twice, nothing that has passed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.editions import TO_RESIDENTS, Edition, Relay, Why
from domain.messages import Chat
from domain.relaying import decide, outdated_keys, relay
from domain.vocabulary import Priority, ReplyKind
from domain.warnings import LASTS, Action, OfficialWarning, Standing, in_force, made_key
from tests.domain.values import COMMUNITY, GROUP, NOW, STAFF_GROUP

HOUR = timedelta(hours=1)
CITY, DISTRICT = "北京市气象台", "朝阳区气象台"


def warning(level: str, action: Action = Action.ALERT, hours: float = 0, **more) -> OfficialWarning:
    at: datetime = NOW + hours * HOUR
    issuer, event = more.pop("issuer", CITY), more.pop("event", "暴雨")
    title = f"{issuer}{at:%d日%H时%M分}{'解除' if action is Action.CANCEL else '发布'}{event}{level}预警信号"
    key = made_key(issuer, event, level, action, at)
    return OfficialWarning(key, issuer, event, level, action, at, title, f"{title}：请注意防范。", **more)


def told(*warnings: OfficialWarning) -> list[Edition]:
    """Each dealt with when it was issued."""
    known: list[Edition] = []
    for one in warnings:
        found = decide(one, known, one.issued_at)
        known.append(Edition(one, one.issued_at, found.relay, found.why, id=len(known) + 1))
    return known


def last(*warnings: OfficialWarning) -> tuple[Relay, Why]:
    edition = told(*warnings)[-1]
    return edition.relay, edition.why


BLUE, YELLOW = warning("蓝色"), warning("黄色", Action.UPDATE, 2)
CASES = [
    ("the first of a kind", [BLUE], Relay.EVERYBODY, Why.FIRST),
    ("a rise", [BLUE, YELLOW], Relay.EVERYBODY, Why.RISE),
    ("the same level within hours", [BLUE, warning("蓝色", Action.UPDATE, 3)], Relay.STAFF, Why.SAME_LEVEL),
    ("the same level after hours", [BLUE, warning("蓝色", Action.UPDATE, 7)], Relay.EVERYBODY, Why.AGAIN),
    ("a fall", [BLUE, YELLOW, warning("蓝色", Action.UPDATE, 4)], Relay.SHORT, Why.FALL),
    ("another kind", [BLUE, warning("蓝色", hours=1, event="大风")], Relay.EVERYBODY, Why.FIRST),
    ("the all-clear", [BLUE, warning("蓝色", Action.CANCEL, 5)], Relay.ALL_CLEAR, Why.CLEARED),
    (
        "the all-clear, said shorter",
        [BLUE, warning("蓝色", Action.CANCEL, 5, issuer="市气象台")],
        Relay.ALL_CLEAR,
        Why.CLEARED,
    ),
    ("the all-clear a day later", [BLUE, warning("蓝色", Action.CANCEL, 26)], Relay.ALL_CLEAR, Why.CLEARED),
    ("a clear of what nobody heard of", [warning("蓝色", Action.CANCEL)], Relay.STAFF, Why.NEVER_TOLD),
    ("a clear of another level", [YELLOW, warning("蓝色", Action.CANCEL, 5)], Relay.STAFF, Why.STILL_STANDS),
    (
        "a clear while the district's stands",
        [BLUE, warning("黄色", hours=1, issuer=DISTRICT), warning("蓝色", Action.CANCEL, 5)],
        Relay.STAFF,
        Why.STILL_STANDS,
    ),
    (
        "a lower one of somebody else",
        [YELLOW, warning("蓝色", hours=3, issuer=DISTRICT)],
        Relay.STAFF,
        Why.HIGHER_STANDS,
    ),
    (
        "after the all-clear",
        [BLUE, warning("蓝色", Action.CANCEL, 5), warning("蓝色", hours=6)],
        Relay.EVERYBODY,
        Why.FIRST,
    ),
    ("an exercise", [warning("红色", standing=Standing.EXERCISE)], Relay.STAFF, Why.EXERCISE),
    ("a test", [BLUE, warning("红色", hours=1, standing=Standing.TEST)], Relay.STAFF, Why.EXERCISE),
    ("the same text once more", [BLUE, BLUE], Relay.NOBODY, Why.ALREADY),
    ("an older edition", [YELLOW, warning("橙色", hours=1)], Relay.NOBODY, Why.OUTDATED),
    ("another colour under the same key", [BLUE, replace(warning("红色"), key=BLUE.key)], Relay.STAFF, Why.DISAGREES),
]


@pytest.mark.parametrize("what, warnings, how, why", CASES, ids=[case[0] for case in CASES])
def test_who_is_told(what: str, warnings: list[OfficialWarning], how: Relay, why: Why):
    assert last(*warnings) == (how, why)


def test_what_ran_out_is_not_told():
    assert decide(BLUE, [], NOW + LASTS).why is Why.EXPIRED
    expiring = warning("蓝色", expires_at=NOW + HOUR)
    assert decide(expiring, [], NOW + HOUR).why is Why.EXPIRED


def test_a_reference_clears_whatever_it_names():
    cancel = warning("黄色", Action.CANCEL, 3, issuer="预警中心", references=(BLUE.key,))
    assert last(BLUE, cancel) == (Relay.ALL_CLEAR, Why.CLEARED)
    assert in_force([BLUE, cancel], NOW + 4 * HOUR) == []


def posts(one: OfficialWarning, *before: OfficialWarning, unheard=()):
    return relay(COMMUNITY, told(*before, one)[-1], unheard)


def test_it_is_passed_on_word_for_word_with_issuer_and_time():
    [staff, other_staff, group] = posts(BLUE)
    assert (staff.chat, group.chat) == (STAFF_GROUP, GROUP)
    assert group.params["text"] == BLUE.text
    assert (group.params["issuer"], group.params["issued_at"]) == (CITY, NOW.isoformat())
    assert (group.kind, group.template, group.own_accord) == (ReplyKind.BROADCAST, "warning", False)
    assert group.expires_at == NOW + LASTS
    assert group.dedupe_key == staff.dedupe_key == other_staff.dedupe_key


@pytest.mark.parametrize("by, waits", [("sec-chen", False), ("", True)])
def test_what_a_person_passed_on_does_not_wait_for_the_morning(by: str, waits: bool):
    [*_, group] = relay(COMMUNITY, replace(told(BLUE)[-1], by=by), ())
    assert group.may_wait is waits


@pytest.mark.parametrize(
    "level, priority",
    [
        ("蓝色", Priority.BROADCAST),
        ("黄色", Priority.BROADCAST),
        ("橙色", Priority.EMERGENCY),
        ("红色", Priority.EMERGENCY),
        ("二级", Priority.EMERGENCY),
    ],
)
def test_orange_and_red_pass_every_queue(level: str, priority: Priority):
    assert {post.priority for post in posts(warning(level))} == {priority}


def test_an_exercise_is_for_staff_only():
    exercise = warning("红色", standing=Standing.EXERCISE)
    assert {post.chat for post in posts(exercise, unheard=[GROUP])} == {STAFF_GROUP, Chat("wechaty", "wstaff")}


def test_a_group_that_did_not_get_the_older_edition_gets_the_whole_of_the_newer():
    falls = warning("蓝色", Action.UPDATE, 4)
    assert [p.template for p in posts(falls, YELLOW) if p.chat == GROUP] == ["warning_falls"]
    assert [p.template for p in posts(falls, YELLOW, unheard=[GROUP]) if p.chat == GROUP] == ["warning"]
    clear = warning("黄色", Action.CANCEL, 4)
    assert [p.template for p in posts(clear, YELLOW) if p.chat == GROUP] == ["warning_cleared"]
    assert [p for p in posts(clear, YELLOW, unheard=[GROUP]) if p.chat == GROUP] == []


def test_what_a_newer_edition_outdates_is_named():
    known = told(BLUE)
    keys = outdated_keys(YELLOW, known)
    assert keys[0] == f"warning:{BLUE.key}:everybody"
    assert all(key.startswith(keys[0]) for key in keys)  # and those under which it was sent again
    assert outdated_keys(warning("黄色", hours=1, event="大风"), known) == []


# -- sequences ---------------------------------------------------------------------------------------------------

LEVELS = ("蓝色", "黄色", "橙色", "红色")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(LEVELS),
        st.sampled_from(list(Action)),
        st.sampled_from([CITY, DISTRICT]),
        st.sampled_from(["暴雨", "大风"]),
        st.sampled_from([Standing.ACTUAL] * 5 + [Standing.EXERCISE, Standing.TEST]),
        st.integers(-180, 600),  # minutes that pass until the next one is issued: feeds go back in time
        st.integers(0, 300),  # minutes until it is seen
    ),
    max_size=12,
)


def played(steps) -> list[tuple[Edition, list[OfficialWarning]]]:
    """Every edition as dealt with, and what stood right after it."""
    known: list[Edition] = []
    found = []
    issued, now = NOW, NOW
    for level, action, issuer, event, standing, pause, delay in steps:
        issued += timedelta(minutes=pause)
        now = max(now, issued) + timedelta(minutes=delay)
        one = warning(level, action, (issued - NOW) / HOUR, issuer=issuer, event=event, standing=standing)
        what = decide(one, known, now)
        known.append(Edition(one, now, what.relay, what.why, id=len(known) + 1))
        found.append((known[-1], in_force([e.warning for e in known], now)))
    return found


@settings(max_examples=400)
@given(STEPS)
def test_no_resident_sees_a_level_that_does_not_stand(steps):
    for edition, standing in played(steps):
        if edition.relay in {Relay.EVERYBODY, Relay.SHORT}:
            assert edition.warning in standing
            of_kind = [w for w in standing if w.event == edition.warning.event]
            assert edition.warning.rank == max(w.rank for w in of_kind)
        if edition.relay is Relay.ALL_CLEAR:
            assert not [w for w in standing if w.event == edition.warning.event]


@settings(max_examples=400)
@given(STEPS)
def test_nobody_is_told_twice_and_exercises_reach_no_resident(steps):
    told_keys = [e.warning.key for e, _ in played(steps) if e.relay in TO_RESIDENTS]
    assert len(told_keys) == len(set(told_keys))
    for edition, _ in played(steps):
        if edition.warning.standing is not Standing.ACTUAL:
            assert edition.relay in {Relay.STAFF, Relay.NOBODY}


@settings(max_examples=400)
@given(STEPS)
def test_no_rise_is_missed(steps):
    """What stands highest of a kind when it arrives has been told, at its level or above, since the last all-clear."""
    heard: dict[str, int] = {}
    for edition, standing in played(steps):
        event = edition.warning.event
        if edition.relay is Relay.ALL_CLEAR:
            heard[event] = 0
        elif edition.relay in TO_RESIDENTS:
            heard[event] = edition.warning.rank
        highest = max((w.rank for w in standing if w.event == event), default=0)
        if edition.warning in standing and edition.warning.rank == highest:
            assert heard.get(event, 0) >= highest


@given(STEPS)
def test_the_same_level_is_not_said_again_within_hours(steps):
    said: dict[str, Edition] = {}
    for edition, _ in played(steps):
        before = said.get(edition.warning.event)
        if edition.relay is Relay.EVERYBODY and edition.why is Why.AGAIN:
            assert before is not None
            assert edition.seen_at - before.seen_at >= 6 * HOUR
        if edition.relay in TO_RESIDENTS:
            said[edition.warning.event] = edition
