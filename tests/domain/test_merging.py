"""One warning from several sources is one; where they contradict each other nobody but staff is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.editions import Edition, Relay, Why
from domain.merging import aligned, contradicts, disputed_keys, disputes, same, trusted
from domain.messages import Chat
from domain.relaying import decide, dispute, relay, ruled, still_true
from domain.vocabulary import Priority
from domain.warnings import Action, OfficialWarning, Standing, in_force, same_issuer
from tests.domain.test_relaying import BLUE, HOUR, warning
from tests.domain.values import COMMUNITY, GROUP, NOW, STAFF_GROUP

NATIONAL = "11000041600000_20210823180512"
CAP = replace(BLUE, key=NATIONAL, source="cap")
QWEATHER = replace(BLUE, key="202108231800105837988676", source="qweather")
MINUTE = timedelta(minutes=1)


def played(*said: OfficialWarning, by: str = "", start: Sequence[Edition] = ()) -> list[Edition]:
    known = list(start)
    for one in said:
        new = aligned(one, known)
        found = decide(new, ruled(new, known) if by else known, max(NOW, one.issued_at))
        edition = Edition(new, max(NOW, one.issued_at), found.relay, found.why, by, id=len(known) + 1)
        known.append(edition)
    return known


def whys(*said: OfficialWarning) -> list[Why]:
    return [e.why for e in played(*said)]


@pytest.mark.parametrize(
    "one, other, is_one",
    [
        ("北京市气象台", "市气象台", True),
        ("河南省气象台", "河南省气象局", True),
        ("筠连县", "筠连县气象台", True),
        ("朝阳区气象台", "北京市朝阳区气象台", True),
        ("朝阳区气象台", "北京市气象台", False),
        ("北京市防汛办", "北京市气象台", False),
    ],
)
def test_names_of_one_issuer(one: str, other: str, is_one: bool):
    assert same_issuer(one, other) is is_one
    assert same_issuer(other, one) is is_one


@pytest.mark.parametrize(
    "other, is_one, is_contradiction",
    [
        (QWEATHER, True, False),
        (replace(QWEATHER, issued_at=NOW + 8 * MINUTE), True, False),
        (replace(QWEATHER, issued_at=NOW + 20 * MINUTE), False, False),
        (replace(QWEATHER, level="四级"), True, False),
        (replace(QWEATHER, level="黄色"), True, True),
        (replace(QWEATHER, level="黄色", issued_at=NOW + 8 * MINUTE), False, False),
        (replace(QWEATHER, event="大风"), False, False),
        (replace(QWEATHER, issuer="朝阳区气象台"), False, False),
        (replace(QWEATHER, action=Action.CANCEL), False, False),
        (replace(QWEATHER, standing=Standing.TEST), False, False),
        (replace(QWEATHER, source="cap"), False, False),
        (replace(CAP, level="红色"), True, True),
        (replace(CAP, action=Action.CANCEL, source="another"), True, True),
        (replace(CAP, key="11000041600000_20210823180513", source="another"), False, False),
    ],
)
def test_what_is_one_warning_and_what_contradicts(other: OfficialWarning, is_one: bool, is_contradiction: bool):
    assert (same(CAP, other), contradicts(CAP, other)) == (is_one, is_contradiction)
    assert (same(other, CAP), contradicts(other, CAP)) == (is_one, is_contradiction)


def test_the_second_source_of_a_warning_says_nothing_new():
    assert whys(CAP, QWEATHER) == [Why.FIRST, Why.ALREADY]
    assert len(in_force(trusted(played(CAP, QWEATHER)), NOW)) == 1


def test_a_clear_that_names_the_warning_by_the_other_sources_key_clears_it():
    clear = warning("蓝色", Action.CANCEL, 3, issuer="预警中心", source="qweather", references=(QWEATHER.key,))
    known = played(CAP, QWEATHER, clear)
    assert known[-1].why is Why.CLEARED
    assert in_force(trusted(known), NOW + 4 * HOUR) == []


def test_an_issuer_is_known_by_its_code_as_well():
    renamed = replace(warning("黄色", Action.UPDATE, 1, issuer="首都气象服务"), key="11000041600000_20210823190512")
    assert whys(CAP, renamed) == [Why.FIRST, Why.RISE]
    assert [w.level for w in in_force([CAP, renamed], NOW + HOUR)] == ["黄色"]


def test_two_of_one_station_at_one_minute_for_different_parts_are_no_contradiction():
    south = replace(CAP, key="11000041600000_20210823180513", level="黄色")
    assert whys(CAP, south, replace(QWEATHER, level="黄色"), QWEATHER) == [
        Why.FIRST, Why.RISE, Why.ALREADY, Why.ALREADY
    ]  # fmt: skip


YELLOW = replace(QWEATHER, level="黄色")


def test_a_contradiction_is_told_to_staff_and_does_not_stand():
    known = played(CAP, YELLOW)
    assert (known[-1].relay, known[-1].why) == (Relay.STAFF, Why.DISAGREES)
    assert [w.level for w in in_force(trusted(known), NOW)] == ["蓝色"]
    assert [(d.number, d.first, d.second) for d in disputes(known)] == [(2, known[0], known[1])]
    assert disputed_keys(known) == {CAP.key, YELLOW.key}
    posts = dispute(COMMUNITY, known, known[-1])
    assert {post.chat for post in posts} == {STAFF_GROUP, Chat("wechaty", "wstaff")}
    said = str(posts[0].params["sides"])
    assert said.index(CAP.name) < said.index(YELLOW.name)
    red = played(CAP, replace(CAP, level="红色", source="another"))
    assert dispute(COMMUNITY, red, red[-1])[0].priority is Priority.EMERGENCY


def test_a_third_source_decides_nothing():
    third = replace(YELLOW, key="77", source="third")
    assert whys(CAP, YELLOW, third) == [Why.FIRST, Why.DISAGREES, Why.DISAGREES]


@pytest.mark.parametrize("right, other", [(CAP, YELLOW), (YELLOW, CAP)])
def test_a_person_says_which_is_right(right: OfficialWarning, other: OfficialWarning):
    known = played(right, by="陈向红", start=played(CAP, YELLOW))
    assert disputes(known) == []
    assert [w.key for w in in_force(trusted(known), NOW)] == [right.key]
    assert known[-1].why is (Why.ALREADY if right is CAP else Why.FIRST)
    again = played(replace(other, key="88", source="third"), start=known)
    assert again[-1].relay in {Relay.NOBODY, Relay.STAFF}


def test_a_newer_edition_makes_a_contradiction_pointless():
    newer = replace(warning("橙色", Action.UPDATE, 2), source="cap", key="11000041600000_20210823200512")
    known = played(CAP, YELLOW, newer)
    assert known[-1].why is Why.RISE
    assert disputes(known) == []


def test_what_comes_ahead_of_its_time_is_told_to_staff_only():
    early = warning("橙色", hours=1)
    assert decide(early, [], NOW) == decide(early, [], NOW + timedelta(minutes=49))
    assert decide(early, [], NOW).why is Why.AHEAD
    assert decide(early, [], NOW + timedelta(minutes=51)).why is Why.FIRST


def post_of(known: Sequence[Edition]):
    return next(p for p in relay(COMMUNITY, known[-1]) if p.chat == GROUP)


def test_a_post_that_waited_is_true_only_while_it_stands_highest_and_undisputed():
    first = played(CAP)
    late = post_of(first)
    assert still_true(late, first, NOW + HOUR)
    assert not still_true(late, first, NOW + 25 * HOUR)
    assert not still_true(late, played(CAP, YELLOW), NOW)
    assert still_true(late, played(CAP, by="陈向红", start=played(CAP, YELLOW)), NOW)
    assert not still_true(late, played(CAP, warning("黄色", hours=1, issuer="朝阳区气象台")), NOW + HOUR)
    assert not still_true(late, played(CAP, warning("蓝色", Action.CANCEL, 1)), NOW + HOUR)


def test_an_all_clear_that_waited_is_true_only_while_nothing_of_the_kind_stands():
    known = played(CAP, warning("蓝色", Action.CANCEL, 1))
    late = post_of(known)
    assert still_true(late, known, NOW + 2 * HOUR)
    assert still_true(late, played(warning("红色", hours=2, event="大风"), start=known), NOW + 3 * HOUR)
    assert not still_true(late, played(warning("红色", hours=2, issuer="朝阳区气象台"), start=known), NOW + 3 * HOUR)
