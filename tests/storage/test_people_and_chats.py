"""People, their bindings and codes, and the chats; what the configuration says wins."""

from dataclasses import replace

import pytest

from domain.messages import Chat, Person
from domain.records import ChatRecord, Code, PersonRecord
from domain.roster import Group
from domain.understanding import Location
from domain.vocabulary import BuildingId, GroupRole, Place, Role, StaffId
from storage.database import open_database
from tests.storage.values import ANN, BEN, CHAT, MINUTE, NOW, OTHER_CHAT, SECOND, STEWARD, ZONE, community

ZHAO, QIAN = StaffId("zhao"), StaffId("qian")
FULL = PersonRecord(BEN, "本 🏠", QIAN, Location("3", "2", "502", -1, Place.BALCONY), opted_out=True, volunteer=True)
CODE = Code("d1", QIAN, "钱", Role.REPAIRER, ("3", "5"), NOW, NOW + MINUTE)
GROUP = Group("console", "g5", "5号楼", BuildingId("5"), GroupRole.BUILDING)


async def save(database, *records, now=NOW):
    async with database.store.begin(now) as work:
        for record in records:
            await work.people.save(record)


async def test_every_field_of_a_person_comes_back(database, other_process):
    await save(database, FULL, PersonRecord(ANN))
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await work.people.get(BEN) == FULL
            assert await work.people.get(ANN) == PersonRecord(ANN)
            assert await work.people.get(Person("wechaty", BEN.id)) == PersonRecord(Person("wechaty", BEN.id))


async def test_the_configuration_binds_and_is_not_overruled(database, other_process):
    async with database.store.begin(NOW) as work:
        assert (await work.people.get(STEWARD)).staff == ZHAO
    await save(database, PersonRecord(STEWARD, "赵", QIAN))
    async with other_process.store.begin(NOW) as work:
        assert await work.people.get(STEWARD) == PersonRecord(STEWARD, "赵", ZHAO)


async def test_a_configured_binding_ends_with_the_configuration(database, database_url):
    await save(database, PersonRecord(STEWARD, "赵", ZHAO))
    async with (
        open_database(database_url, replace(community(), staff={}), ZONE) as later,
        later.store.begin(NOW) as work,
    ):
        assert await work.people.get(STEWARD) == PersonRecord(STEWARD, "赵")
        assert list(await work.people.accounts(ZHAO)) == []


async def test_accounts_come_the_latest_binding_first_the_configured_one_last(database, other_process):
    accounts = [Person("wechaty", f"w{n}") for n in range(3)]
    order = (2, 0, 1)
    for minute, n in enumerate(order):
        await save(database, PersonRecord(accounts[n], staff=ZHAO), now=NOW + minute * MINUTE)
    expected = [accounts[n] for n in reversed(order)] + [STEWARD]
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert list(await work.people.accounts(ZHAO)) == expected


async def test_a_change_of_name_does_not_make_a_binding_newer(database, other_process):
    first, second = Person("wechaty", "w1"), Person("wechaty", "w2")
    await save(database, PersonRecord(first, staff=QIAN))
    await save(database, PersonRecord(second, staff=QIAN), now=NOW + MINUTE)
    await save(database, PersonRecord(first, "new name", QIAN), now=NOW + 2 * MINUTE)
    async with other_process.store.begin(NOW) as work:
        assert list(await work.people.accounts(QIAN)) == [second, first]


async def test_a_binding_is_seen_before_its_commit_and_may_be_taken_away(database, other_process):
    async with database.store.begin(NOW) as work:
        assert list(await work.people.accounts(QIAN)) == []
        await work.people.save(PersonRecord(BEN, staff=QIAN))
        assert list(await work.people.accounts(QIAN)) == [BEN]
    async with database.store.begin(NOW) as work:
        assert list(await work.people.accounts(QIAN)) == [BEN]
        await work.people.save(PersonRecord(BEN))
        assert list(await work.people.accounts(QIAN)) == []
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert list(await work.people.accounts(QIAN)) == []


async def test_a_code_is_used_once(database, other_process):
    other = replace(CODE, digest="d2", buildings=())
    async with database.store.begin(NOW) as work:
        await work.people.save_code(CODE)
        await work.people.save_code(other)
        assert await work.people.code("d1") == CODE
        assert await work.people.code("d9") is None
        assert list(await work.people.authorised()) == []
    used = replace(CODE, used_at=NOW + SECOND)
    async with other_process.store.begin(NOW) as work:
        assert await work.people.code("d2") == other
        await work.people.save_code(used)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await work.people.code("d1") == used
            assert list(await work.people.authorised()) == [used]


async def test_who_was_authorised_comes_in_that_order(database, other_process):
    codes = [replace(CODE, digest=f"d{n}", used_at=NOW + n * SECOND) for n in (3, 1, 2)]
    async with database.store.begin(NOW) as work:
        for code in codes:
            await work.people.save_code(code)
    async with other_process.store.begin(NOW) as work:
        assert [code.digest for code in await work.people.authorised()] == ["d1", "d2", "d3"]


@pytest.mark.parametrize("role", list(GroupRole))
async def test_every_field_of_a_chat_comes_back(database, other_process, role):
    group = Group("console", "g5", "5号楼 🏠", None if role is GroupRole.STAFF else BuildingId("5"), role)
    full = ChatRecord(OTHER_CHAT, group, asked_to_bind=True, notice_posted=True, muted_until=NOW)
    async with database.store.begin(NOW) as work:
        await work.chats.save(full)
        assert await work.chats.get(OTHER_CHAT) == full
    async with other_process.store.begin(NOW) as work:
        assert await work.chats.get(OTHER_CHAT) == full
        private = replace(OTHER_CHAT, private=True)
        assert await work.chats.get(private) == ChatRecord(private)


async def test_bound_are_the_configured_and_the_bound_groups(database, other_process):
    configured = community().groups[0]
    async with database.store.begin(NOW) as work:
        assert list(await work.chats.bound()) == [ChatRecord(CHAT, configured)]
        await work.chats.save(ChatRecord(OTHER_CHAT, GROUP))
        await work.chats.save(ChatRecord(CHAT, configured, notice_posted=True))
        await work.chats.save(ChatRecord(Chat.with_person(ANN), asked_to_bind=True))
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert list(await work.chats.bound()) == [
                ChatRecord(CHAT, configured, notice_posted=True),
                ChatRecord(OTHER_CHAT, GROUP),
            ]


async def test_a_group_of_the_configuration_is_not_written_down(database, database_url):
    async with database.store.begin(NOW) as work:
        await work.chats.save(replace(await work.chats.get(CHAT), notice_posted=True))
    renamed = replace(community().groups[0], name="三号楼")
    async with (
        open_database(database_url, replace(community(), groups=(renamed,)), ZONE) as later,
        later.store.begin(NOW) as work,
    ):
        assert await work.chats.get(CHAT) == ChatRecord(CHAT, renamed, notice_posted=True)
    async with (
        open_database(database_url, replace(community(), groups=()), ZONE) as later,
        later.store.begin(NOW) as work,
    ):
        assert (await work.chats.get(CHAT)).group is None


async def test_volunteers_are_found_by_their_building(database, other_process):
    home = Location(building="3")
    async with database.store.begin(NOW) as work:
        await work.people.save(PersonRecord(ANN, "安", home=home, volunteer=True))
        await work.people.save(PersonRecord(BEN, "本", home=Location(building="5"), volunteer=True))
        assert [v.person for v in await work.people.volunteers(BuildingId("3"))] == [ANN]
    async with other_process.store.begin(NOW) as work:
        assert [v.person for v in await work.people.volunteers(None)] == sorted([ANN, BEN])
        await work.people.save(PersonRecord(ANN, "安", home=home))
        assert await work.people.volunteers(BuildingId("3")) == []
