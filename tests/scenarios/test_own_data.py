"""我的数据 and 删除我的数据 as chats: good, late, wrong; and what is left in the database afterwards."""

import pytest

from domain.messages import Person
from domain.vocabulary import TicketNumber
from tests.scenarios.town import STAFF, Town

ZHANG = Person("console", "r1")


@pytest.fixture
async def home(town: Town) -> Town:
    """老张 had a leak that is over, and has another that is not."""
    await town.says("r1", "我家502卧室漏水了，2单元", group="g3", name="老张")
    await town.says("rp-wang", "完成 #1 换了接头", group=STAFF)
    await town.says("r1", "修好了", group="g3", name="老张", mention=True)
    town.heard()
    return town


async def store(town: Town):
    return town.player.app.machine.store


async def everything_kept(town: Town) -> str:
    """Of person, ticket, history and texts, as one string."""
    async with (await store(town)).begin(town.now) as work:
        person = await work.people.get(ZHANG)
        tickets = [await work.tickets.get(TicketNumber(1)), await work.tickets.get(TicketNumber(2))]
        events = [await work.tickets.events(TicketNumber(1)), await work.tickets.events(TicketNumber(2))]
        texts = await work.conversations.said(tickets[0].chat, town.now.replace(year=2000))
        mine = [said for said in texts if said.sender == ZHANG]
    return repr((person, tickets, events, mine))


# -- good --------------------------------------------------------------------------------------------------------


async def test_what_is_kept_is_told_in_private(home: Town):
    await home.says("r1", "我的数据", group=None)
    [said] = home.heard(to="r1")
    assert "称呼：老张" in said
    assert "住处：3号楼2单元502" in said
    assert "报过的单：#1" in said


async def test_asked_in_a_group_the_group_learns_nothing(home: Town):
    await home.says("r1", "我的数据", group="g3", name="老张", mention=True)
    lines = home.lines()
    assert [line["text"] for line in lines if line["group"] == "g3"] == [
        "@老张 已经私信告诉您了。没收到的话，请私聊我再说一次。"
    ]
    [private] = [line for line in lines if line["to"] == "r1"]
    assert "502" in private["text"]


async def test_after_the_word_nothing_names_the_person(home: Town):
    assert "老张" in await everything_kept(home)
    await home.says("r1", "删除我的数据", group=None)
    assert "确认删除" in home.heard(to="r1")[0]
    await home.says("r1", "确认删除", group=None)
    assert home.heard(to="r1")[0].startswith("删好了")
    left = await everything_kept(home)
    assert [word for word in ("老张", "卧室漏水了", "room='502', floor=None, place=None), opted") if word in left] == []
    ticket = await home.ticket(1)
    assert (ticket["status"], ticket["room"]) == ("closed", "502")  # the building's history stays
    await home.passes(minutes=31)
    await home.says("r1", "我的数据", group=None)
    assert "称呼" not in home.heard(to="r1")[-1]


async def test_what_an_open_ticket_needs_stays_until_it_is_done(home: Town):
    await home.says("r1", "厨房也漏了，还是502", group="g3", name="老张")
    home.heard()
    await home.says("r1", "删除我的数据", group=None)
    assert "#2 还没办完" in home.heard(to="r1")[0]
    await home.says("r1", "确认", group=None)
    home.heard()
    async with (await store(home)).begin(home.now) as work:
        first, second = await work.tickets.get(TicketNumber(1)), await work.tickets.get(TicketNumber(2))
    assert first is not None
    assert second is not None
    assert (first.reporters, first.words) == ((), "")
    assert (second.reporters[0].name, second.words) == ("老张", "厨房也漏了，还是502")
    await home.says("rp-wang", "到场 #2", group=STAFF)
    assert any("#2" in text for text in home.heard("g3"))


async def test_it_is_in_the_access_log_without_the_name(home: Town):
    await home.says("r1", "删除我的数据", group=None)
    await home.says("r1", "确认删除", group=None)
    models = home.player.app.machine.read_models
    logged = await models.accesses(home.now.replace(year=2000), home.now.replace(year=2100))
    assert [(access.who, access.what) for access in logged] == [("住户", "删除我的数据")]


# -- late --------------------------------------------------------------------------------------------------------


async def test_a_word_that_comes_late_erases_nothing(home: Town):
    await home.says("r1", "删除我的数据", group=None)
    await home.passes(minutes=11)
    home.heard()
    await home.says("r1", "确认删除", group=None)
    assert not any(text.startswith("删好了") for text in home.heard(to="r1"))
    assert "老张" in await everything_kept(home)


# -- wrong -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["不删了", "先别删", "取消"])
async def test_thinking_again(home: Town, word: str):
    await home.says("r1", "删除我的数据", group=None)
    home.heard()
    await home.says("r1", word, group=None)
    assert home.heard(to="r1") == ["好的，没有删。"]
    await home.says("r1", "确认删除", group=None)
    assert "老张" in await everything_kept(home)


async def test_somebody_else_cannot_confirm(home: Town):
    await home.says("r1", "删除我的数据", group="g3", name="老张", mention=True)
    await home.says("r2", "确认删除", group="g3", mention=True)
    await home.says("r2", "确认删除", group=None)
    assert "老张" in await everything_kept(home)


async def test_who_never_said_anything(home: Town):
    await home.says("r9", "我的数据", group=None)
    assert "没有记着您的什么" in home.heard(to="r9")[0]


async def test_talk_about_data_is_talk(home: Town):
    await home.says("r2", "我的数据线谁捡到了", group="g3")
    assert home.lines() == []
