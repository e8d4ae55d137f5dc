"""Which holes of a roster are found before a storm, and which are none."""

from dataclasses import replace
from datetime import time

from domain.duty import Duty, Shift
from domain.messages import Person
from domain.readiness import Finding, Gap, gaps
from domain.roster import Community
from domain.vocabulary import GroupRole, Role, StaffId
from tests.domain.values import COMMUNITY

IDS = {id: [Person("wechaty", f"wx-{id}")] for id in COMMUNITY.staff}


def found(community: Community = COMMUNITY) -> set[Gap]:
    return {finding.gap for finding in gaps(community, IDS, ["console", "wechaty"])}


def without(*roles: Role) -> Community:
    return replace(COMMUNITY, staff={id: s for id, s in COMMUNITY.staff.items() if s.role not in roles})


def test_without_groups_and_social_workers_every_building_is_named():
    bare = replace(without(Role.SOCIAL_WORKER), groups=())
    told = gaps(bare, IDS, ["wechaty"])
    assert told[0] == Finding(Gap.NO_STAFF_GROUP)
    for building in bare.buildings.values():
        assert Finding(Gap.NO_GROUP, building.name) in told
        assert Finding(Gap.NO_SOCIAL_WORKER, building.name) in told


def test_the_web_chat_binds_nobody_where_there_is_a_network():
    [first, *_] = COMMUNITY.staff.values()
    at_the_web_chat = {**IDS, first.id: [Person("console", first.id)]}
    assert Finding(Gap.UNBOUND, who=(first.name,)) in gaps(COMMUNITY, at_the_web_chat, ["console", "wechaty"])
    assert Gap.UNBOUND not in {f.gap for f in gaps(COMMUNITY, at_the_web_chat, ["console"]) if f.who == (first.name,)}


def test_one_line_of_the_roster_and_two_accounts_on_a_network():
    [first, *_] = COMMUNITY.staff.values()
    twice = {**IDS, first.id: [Person("wechaty", "a"), Person("wechaty", "b")]}
    assert Finding(Gap.SEVERAL_ACCOUNTS, "", (first.name,), "wechaty", ("a", "b")) in gaps(
        COMMUNITY, twice, ["wechaty"]
    )


def test_one_account_for_two_people():
    one, two, *_ = COMMUNITY.staff.values()
    same = {
        **COMMUNITY.staff,
        one.id: replace(one, accounts={"wechaty": "x"}),
        two.id: replace(two, accounts={"wechaty": "x"}),
    }
    told = gaps(replace(COMMUNITY, staff=same), IDS, ["wechaty"])
    assert Finding(Gap.SHARED_ACCOUNT, "", (one.name, two.name), "wechaty", ("x",)) in told


def test_a_building_whose_own_social_workers_are_off_is_told_although_somebody_stands_in():
    workers = [s for s in COMMUNITY.staff.values() if s.role is Role.SOCIAL_WORKER]
    off = replace(COMMUNITY, duty=Duty(frozenset(), frozenset({workers[0].id})))
    told = {f.where for f in gaps(off, IDS, ["wechaty"]) if f.gap is Gap.NOBODY_ON_DUTY}
    alone = {
        b.name
        for b in COMMUNITY.buildings.values()
        if [s for s in workers if not s.buildings or b.id in s.buildings] == workers[:1]
    }
    assert told == alone
    assert found(off) - found() == {Gap.NOBODY_ON_DUTY}


def test_a_shift_of_somebody_who_left():
    day = Shift("白班", time(8), time(20), (StaffId("gone"),))
    assert Finding(Gap.UNKNOWN_IN_SHIFT, "白班", ("gone",)) in gaps(replace(COMMUNITY, shifts=(day,)), IDS, ["wechaty"])


def test_where_all_is_there_nothing_is_found():
    assert any(g.role is GroupRole.STAFF for g in COMMUNITY.groups)
    covered = {g.building for g in COMMUNITY.groups}
    whole = replace(COMMUNITY, buildings={id: b for id, b in COMMUNITY.buildings.items() if id in covered})
    assert gaps(whole, IDS, ["wechaty"]) == ()
