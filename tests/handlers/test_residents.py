"""What residents say about their own tickets, and hear about those of others."""

import pytest

from domain.conversation import Action
from domain.understanding import Cue
from domain.vocabulary import ReplyKind, Status, TicketNumber
from tests.handlers.meaning import Meaning, about, door, home
from tests.handlers.town import STAFF, Town, in_group, open_town, to

SAYS = {
    "漏了": (home(),),
    "门口有水": (door(),),
    "我这儿也是": (about(Action.JOIN, 2),),
    "不漏了": (about(Action.CONFIRM),),
    "又漏了": (about(Action.REOPEN),),
    "没事没事": (about(Action.WITHDRAW),),
}


@pytest.fixture
async def town():
    async with open_town(Meaning(SAYS)) as opened:
        await opened.says("r3-zhao", "漏了", name="老赵")
        await opened.says("r3-zhang", "门口有水", name="张阿姨")
        yield opened


async def test_fixed_in_plain_words_closes(town: Town):
    await town.says("rp-liu", "完成 #1", None)
    assert in_group(await town.says("r3-zhao", "不漏了")) == ["@r3-zhao 太好了，#1 办结。再有问题随时在群里说一声。"]
    assert await town.says("r3-zhao", "不漏了") == []  # thanks for what is closed need no answer
    assert (await town.ticket()).status is Status.CLOSED


async def test_not_fixed_reopens_and_tells_who_closed_it(town: Town):
    await town.says("sw-limin", "接单 #1", STAFF)
    await town.says("rp-liu", "完成 #1", None)
    heard = await town.says("r3-zhao", "没修好 #1，还在滴")
    assert in_group(heard)[0].startswith("@r3-zhao 明白，#1 重新打开了，已经告诉李敏、刘海再来处理。")
    assert to(heard, "rp-liu") == [
        "住户说没修好，#1 3号楼2单元502卧室漏水重新打开：“没修好 #1，还在滴”。请再去看看，接单请回：接单 #1"
    ]
    ticket = await town.ticket()
    assert (ticket.status, ticket.clocks.cleared) == (Status.REOPENED, None)


async def test_not_fixed_while_it_is_open_is_a_chase(town: Town):
    heard = await town.says("r3-zhao", "没修好")
    assert "#1 还没办完，您说的已经转给李敏了" in in_group(heard)[0]
    assert (await town.ticket()).status is Status.REGISTERED


async def test_leaking_again_in_plain_words_reopens_with_the_photo(town: Town):
    await town.says("rp-liu", "完成 #1", None)
    await town.says("r3-zhao", "又漏了", photo=1)
    ticket = await town.ticket()
    assert ticket.status is Status.REOPENED
    assert len(ticket.media) == 1


@pytest.mark.parametrize("words", ["看错了 #1", "没事没事"])
async def test_a_mistake_is_withdrawn_and_staff_are_told(town: Town, words: str):
    heard = await town.says("r3-zhao", words)
    assert "#1 撤销了" in in_group(heard)[0]
    assert "报修人撤回了，不用去了" in in_group(heard, STAFF)[0]
    assert (await town.ticket()).status is Status.CANCELLED
    [again] = await town.says("r3-zhao", "看错了 #1")
    assert "#1 已撤销了，不用再撤" in again


async def test_where_others_reported_it_too_only_this_person_steps_back(town: Town):
    await town.says("r3-lin", "我这儿也是")
    heard = await town.says("r3-zhang", "看错了 #2")
    assert "其他邻居也报了，我们照常处理" in in_group(heard)[0]
    ticket = await town.ticket(2)
    assert ticket.status is Status.REGISTERED
    assert [r.person.id for r in ticket.reporters] == ["r3-lin"]


@pytest.mark.parametrize("words", ["修好了 #1", "没修好 #1", "看错了 #1", "不满意 #1 太慢"])
async def test_only_its_reporters_settle_a_ticket(town: Town, words: str):
    before = await town.ticket()
    [refusal] = await town.says("r3-wu", words)
    assert refusal.text == "@r3-wu #1 是别的住户报的，由报修人来确认。"
    assert await town.ticket() == before


@pytest.mark.parametrize("group", ["g3", None])
async def test_about_somebody_elses_ticket_number_place_and_state_only(town: Town, group: str | None):
    await town.says("rp-liu", "接单 #1", None)
    await town.says("rp-liu", "待续 #1 等料 明天9点", None)
    [status] = await town.says("r3-wu", "进度 #1", group)
    assert status.text.removeprefix("@r3-wu ") == "#1 3号楼2单元低层住户漏水：待续"
    assert status.kind is ReplyKind.STATUS


async def test_about_ones_own_ticket_who_and_when_too(town: Town):
    await town.says("rp-liu", "接单 #1", None)
    await town.says("rp-liu", "待续 #1 等料 明天9点", None)
    [status] = await town.says("r3-zhao", "进度", mention=True)
    assert "#1 3号楼2单元低层住户漏水：待续，刘海在办，8月24日（周二）9:00继续" in status
    [status] = await town.says("r3-zhao", "进度", None)
    assert "3号楼2单元502卧室漏水" in status


async def test_without_a_ticket_progress_says_how_to_report(town: Town):
    [status] = await town.says("r3-wu", "进度", mention=True)
    assert "没查到您报过的单" in status


async def test_dissatisfied_is_recorded_asked_and_passed_on(town: Town):
    await town.says("rp-liu", "完成 #1", None)
    heard = await town.says("r3-zhao", "不满意")
    assert "#1 没让您满意，对不住。哪里没做好？" in in_group(heard)[0]
    heard = await town.says("r3-zhao", "地板擦都没擦就走了")
    assert "#1 您说的已经转给负责的人" in in_group(heard)[0]
    assert "住户不满意，说“地板擦都没擦就走了”" in in_group(heard, STAFF)[0]
    assert [e.details for e in await town.events() if e.what == "dissatisfied"] == [
        {"words": ""}, {"words": "地板擦都没擦就走了"},
    ]  # fmt: skip
    assert await town.says("r3-zhao", "今天天气真不错啊") == []


async def test_dissatisfied_may_say_why_at_once(town: Town):
    heard = await town.says("r3-zhao", "不满意 #1 等了三天")
    assert "谢谢您讲明白" in in_group(heard)[0]


async def test_a_number_may_be_of_a_merged_ticket(town: Town):
    await town.says("sw-limin", "合并 #2 #1", STAFF)
    [status, *_] = await town.says("r3-zhao", "进度 #1")
    assert status.tickets == (TicketNumber(2),)


async def test_staff_may_confirm_for_somebody_who_phoned(town: Town):
    await town.says("rp-liu", "完成 #1", None)
    await town.says("sw-limin", "修好了 #1", STAFF)
    assert (await town.ticket()).status is Status.CLOSED


async def test_thanks_are_not_answered():
    async with open_town(Meaning({}, {"谢谢": {Cue.THANKS}})) as town:
        assert await town.says("r3-zhao", "谢谢", mention=True) == []
