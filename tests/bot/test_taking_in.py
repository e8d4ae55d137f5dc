"""What needs nothing is handled in the commit that makes it durable; everything else waits for its turn."""

import asyncio
from dataclasses import replace

import pytest

from domain.errors import StoreError
from domain.messages import Chat, Incoming, Person
from tests.handlers.town import CHANNEL, EVENING, open_town

GROUP = Chat(CHANNEL, "g3")


def message(id: str, text: str, who: str = "u-lin", group: Chat = GROUP) -> Incoming:
    return Incoming(CHANNEL, id, group, Person(CHANNEL, who), EVENING, sender_name=who, text=text)


async def said(town, group=GROUP):
    async with town.database.store.begin(town.clock.now()) as work:
        return [one.text for one in await work.conversations.said(group, EVENING)]


async def test_chatter_is_handled_as_it_arrives():
    async with open_town() as town:
        assert await town.dispatcher.take_in([message("m1", "今晚吃什么"), message("m2", "吃面")]) == 2
        assert (town.dispatcher.handled, await town.database.inbox.depth()) == (2, 0)
        assert await said(town) == ["今晚吃什么", "吃面"]
        assert await town.dispatcher.take_in([message("m2", "吃面")]) == 0
        assert await said(town) == ["今晚吃什么", "吃面"]


async def test_a_report_waits_and_what_follows_it_in_its_chat_waits_behind_it():
    async with open_town() as town:
        other = message("m4", "早上好", group=Chat(CHANNEL, "g5"))
        come = [message("m1", "早"), message("m2", "2单元502厨房漏水了"), message("m3", "早上好"), other]
        assert await town.dispatcher.take_in(come) == 4
        assert (town.dispatcher.handled, await town.database.inbox.depth()) == (2, 2)
        assert await town.dispatcher.take_in([message("m5", "大家早")]) == 1  # m2 still waits
        assert await town.database.inbox.depth() == 3
        while await town.dispatcher.step():
            pass
        assert [heard.text for heard in await town.heard() if heard.chat == "g3"]
        assert await said(town) == ["早", "2单元502厨房漏水了", "早上好", "大家早"]


@pytest.mark.parametrize(
    "text",
    ["待办", "@楼群 你好", "2-502", "我家也漏", "怎么还没人来"],
    ids=["command", "called", "where", "too", "chase"],
)
async def test_what_may_need_something_waits(text):
    async with open_town() as town:
        called = replace(message("m1", text), mentions_bot="@" in text)
        assert await town.dispatcher.take_in([called]) == 1
        assert await town.database.inbox.depth() == 1


async def test_who_has_an_open_matter_is_listened_to():
    async with open_town() as town:
        await town.says("u-lin", "2单元502厨房漏水了")
        assert await town.dispatcher.take_in([message("m1", "今晚吃什么"), message("m2", "吃面", "u-other")]) == 2
        assert await town.database.inbox.depth() == 2  # the second stays behind the first


async def test_staff_and_strange_groups_wait():
    async with open_town() as town:
        come = [message("m1", "收到", "sw-limin"), message("m2", "早", group=Chat(CHANNEL, "nobody-bound-it"))]
        assert await town.dispatcher.take_in(come) == 2
        assert await town.database.inbox.depth() == 2


async def test_what_cannot_be_judged_still_becomes_durable(monkeypatch):
    async with open_town() as town:

        async def stumble(*_):
            raise ZeroDivisionError

        monkeypatch.setattr(town.recording, "passing", stumble)
        assert await town.dispatcher.take_in([message("m1", "早")]) == 1
        assert await town.database.inbox.depth() == 1


async def test_a_store_that_others_have_is_not_waited_for_long(monkeypatch):
    monkeypatch.setattr("bot.dispatcher.PATIENCE_SECONDS", 0.001)
    async with open_town() as town, town.database.store.begin(EVENING):
        assert await town.dispatcher.take_in([message("m1", "早")]) is None
        assert town.dispatcher.handled == 0


async def test_what_was_not_committed_was_not_said(monkeypatch):
    async with open_town() as town:
        await town.dispatcher.take_in([message("m1", "早")])

        def refuses(*_):
            raise StoreError("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr("storage.arrivals.add", refuses)
            with pytest.raises(StoreError):
                await town.dispatcher.take_in([message("m2", "早上好")])
        assert await said(town) == ["早"]
        assert await town.dispatcher.take_in([message("m2", "早上好")]) == 1
        assert await said(town) == ["早", "早上好"]


async def test_who_opted_out_leaves_no_words():
    async with open_town() as town:
        async with town.database.store.begin(EVENING) as work:
            person = await work.people.get(Person(CHANNEL, "u-lin"))
            await work.people.save(replace(person, opted_out=True))
        await town.dispatcher.take_in([message("m1", "今晚吃什么"), message("m2", "早", "u-other")])
        assert await town.database.inbox.depth() == 0
        assert "今晚吃什么" not in await said(town)


async def test_two_at_the_same_time_do_not_mix():
    async with open_town() as town:
        batches = [[message(f"m{n}", f"早{n}")] for n in range(20)]
        await asyncio.gather(*(town.dispatcher.take_in(batch) for batch in batches))
        assert await said(town) == [f"早{n}" for n in range(20)]
