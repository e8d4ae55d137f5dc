"""The please-look list: what may be a report waits for a person's decision, which counts once."""

from domain.records import Handled, LookItem, Outcome
from domain.vocabulary import StaffId
from tests.storage.values import ANN, CHAT, MINUTE, NOW, SECOND, message

ZHAO = StaffId("zhao")


async def look(database, *messages, reason="也许是报修"):
    await database.inbox.put(messages, NOW)
    async with database.store.begin(NOW) as work:
        for row in await work.inbox.waiting(100):
            await work.look.add(row, reason)
            await work.inbox.finish(Handled(row, Outcome.LOOK), NOW)


async def undecided(database):
    async with database.store.begin(NOW) as work:
        return list(await work.look.undecided())


async def test_every_field_comes_back_in_the_order_of_adding(database, other_process):
    await look(database, message("m1", "墙上有水印"), message("m2"))
    expected = LookItem(1, "m1", CHAT, ANN, "安", "墙上有水印", "也许是报修", NOW)
    for seen_by in (database, other_process):
        first, second = await undecided(seen_by)
        assert first == expected
        assert (second.id, second.message) == (2, "m2")


async def test_a_decision_counts_once(database, other_process):
    await look(database, message("m1"), message("m2"))
    async with database.store.begin(NOW) as work:
        decided = await work.look.decide(1, "report", ZHAO, NOW + MINUTE)
        assert decided is not None
        assert (decided.message, decided.decided_at) == ("m1", NOW + MINUTE)
        assert await work.look.decide(1, "no", ZHAO, NOW + MINUTE) is None
        assert [item.id for item in await work.look.undecided()] == [2]
    async with other_process.store.begin(NOW) as work:
        assert await work.look.decide(1, "no", ZHAO, NOW + MINUTE) is None
        assert await work.look.decide(99, "no", ZHAO, NOW + MINUTE) is None
    for seen_by in (database, other_process):
        assert [item.id for item in await undecided(seen_by)] == [2]


async def test_one_may_be_added_and_decided_in_one_commit(database, other_process):
    await database.inbox.put([message("m1")], NOW)
    async with database.store.begin(NOW) as work:
        [row] = await work.inbox.waiting(1)
        await work.look.add(row, "maybe")
        await work.inbox.finish(Handled(row, Outcome.LOOK), NOW)
        assert await work.look.decide(1, "no", ZHAO, NOW) is not None
    assert await undecided(other_process) == []


async def test_an_erased_message_leaves_no_words_on_the_list(database, other_process):
    await look(database, message("m1", "secret"))
    async with database.store.begin(NOW) as work:
        await work.conversations.recall("console", "m1")
    [item] = await undecided(other_process)
    assert (item.text, item.sender_name) == ("", "")


async def test_ids_are_not_used_twice(database, other_process):
    await look(database, message("m1"))
    await look(other_process, message("m2", at=NOW + SECOND))
    assert [item.id for item in await undecided(database)] == [1, 2]
