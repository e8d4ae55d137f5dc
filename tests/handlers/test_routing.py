"""Which words are a command, whose, and about which ticket."""

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

import handlers
from domain.announcements import answer
from domain.conversation import Action
from domain.handling import WORKERS, Command, Router
from domain.vocabulary import Status
from handlers.catalogue import TOPICS
from handlers.readings import HANDLERS
from handlers.routing import Routing
from handlers.telling import answering
from tests.handlers.meaning import Meaning, door, home
from tests.handlers.town import STAFF, Town, in_group, open_town, to

MEANING = {"门口有水": (door(),), "漏了": (home(),)}


@pytest.fixture
async def town():
    async with open_town(Meaning(MEANING)) as opened:
        yield opened


def test_every_topic_of_the_folder_is_in_the_catalogue():
    names = [
        path.stem for path in Path(handlers.__path__[0]).glob("*.py") if path.stem not in {"__init__", "catalogue"}
    ]
    modules = [importlib.import_module(f"handlers.{name}") for name in names]
    exported = [module.router for module in modules if isinstance(getattr(module, "router", None), Router)]
    assert {id(router) for router in exported} == {id(router) for routers in TOPICS.values() for router in routers}


def test_every_action_has_its_handler():
    assert set(HANDLERS) == set(Action)


def test_no_two_commands_share_a_word():
    words = [word for command in Routing(TOPICS).commands for word in command.words]
    assert sorted(words) == sorted(set(words))


def test_the_usage_of_every_command_begins_with_its_name():
    assert [c.name for c in Routing(TOPICS).commands if not c.usage.startswith(c.name)] == []


@pytest.mark.parametrize(
    "words", ["修好了", "满意", "没修好", "看错了", "进度", "修好了，谢谢", "到场", "接单", "改 天吧"]
)
async def test_without_a_ticket_it_is_talk(town: Town, words: str):
    assert await town.says("r3-wu", words) == []
    assert await town.says("sw-limin", words) == []


@pytest.mark.parametrize(
    "words", ["我是 3栋业主", "我是 李雷 18楼", "帮助 老人搬家", "完成得很好", "修好了吗", "绑定 3号楼"]
)
async def test_talk_that_begins_like_a_command(town: Town, words: str):
    await town.says("r3-zhao", "漏了")
    assert await town.says("r3-zhao", words) == []


@pytest.mark.parametrize("words", ["接单 #1", "定责 #1", "派单 #1 刘师傅", "误报 #1", "绑定 3号楼", "授权 社工 李雷"])
async def test_a_strangers_staff_command_is_refused_only_when_asked(town: Town, words: str):
    await town.says("r3-zhao", "漏了")
    assert await town.says("r3-wu", words, name="李敏") == []
    replies = [h.text for h in await town.says("r3-wu", words, name="李敏", mention=True)]
    assert len(replies) == 1
    assert "由社区工作人员来做" in replies[0] or words.startswith("定责")
    assert (await town.ticket()).status is Status.REGISTERED


async def test_authority_follows_the_role(town: Town):
    await town.says("r3-zhao", "漏了")
    assert "由社工、物业管家、书记或管理员来做" in (await town.says("rp-liu", "派单 #1 王师傅", STAFF))[0]
    assert "由书记或管理员来做" in (await town.says("st-sunjie", "授权 社工 李雷", STAFF))[0]


async def test_a_command_with_a_bad_argument_gets_the_usage(town: Town):
    await town.says("r3-zhao", "漏了")
    for words, usage in (
        ("改 #1", "改 #12"),
        ("合并 #1", "合并 #12 #15"),
        ("派单 #1", "派单 #12 王师傅"),
        ("改 #1 快点", "改 #12"),
    ):
        [heard] = await town.says("sw-limin", words, STAFF)
        assert f"请这样说：{usage}" in heard


async def test_an_unknown_number_is_said(town: Town):
    [heard] = await town.says("sw-limin", "接单 #7 #9", STAFF)
    assert heard.text == "@李敏 没有 #7、#9 这一单，请核对一下单号。"


async def test_a_quoted_post_names_the_ticket(town: Town):
    await town.says("r3-zhao", "漏了")
    [ack, *_] = await town.says("r3-zhang", "门口有水", id="water")
    await town.says("sw-limin", "接单", quote=ack.id)
    assert (await town.ticket(2)).status is Status.ACCEPTED
    await town.says("sw-limin", "到场", quote="water")
    assert (await town.ticket(2)).status is Status.ON_SITE
    await town.says("sw-limin", "接单", quote="unknown", quoted_text="已登记 #1：3号楼")
    assert (await town.ticket(1)).status is Status.ACCEPTED


async def test_the_only_ticket_that_fits_needs_no_number(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("sw-limin", "接单 #1")
    await town.says("r3-zhang", "门口有水")
    await town.says("sw-limin", "接单")
    assert (await town.ticket(2)).status is Status.ACCEPTED
    [question] = await town.says("sw-limin", "到场")
    assert "#1 3号楼2单元低层住户漏水\n#2 3号楼2单元门口积水" in question
    assert (await town.ticket(1)).status is Status.ACCEPTED


@pytest.mark.parametrize("answer, closed", [("#2", [2]), ("1", [1]), ("两个都修好了", [1, 2])])
async def test_a_resident_is_asked_which_and_answers_with_the_number(town: Town, answer: str, closed: list[int]):
    for words in ("漏了", "门口有水"):
        await town.says("r3-zhao", words)
    await town.says("rp-liu", "完成 #1 #2", None)
    [question] = await town.says("r3-zhao", "修好了")
    assert "您说的是哪一单？" in question
    await town.says("r3-zhao", answer)
    assert [t.number for t in await town.tickets() if t.status is Status.CLOSED] == closed


async def test_help_shows_what_this_person_may_do(town: Town):
    [for_resident] = await town.says("r3-wu", "帮助", mention=True)
    [for_repairer] = await town.says("rp-liu", "帮助", None)
    [for_secretary] = await town.says("sec-chen", "帮助", None)
    assert "接单" not in for_resident
    [all_for_repairer] = await town.says("rp-liu", "帮助 全部", None)
    [all_for_secretary] = await town.says("sec-chen", "帮助 全部", None)
    assert "接单" in for_repairer
    assert "授权" not in for_repairer
    assert "授权" in for_secretary
    assert "接单 #12" in all_for_repairer
    assert "授权 社工" not in all_for_repairer
    assert "授权 社工" in all_for_secretary


async def test_who_speaks_to_the_bot_and_is_not_understood_gets_a_hint(town: Town):
    [hint] = await town.says("r3-wu", "在吗", mention=True)
    assert "直接说地方和情况就行" in hint
    assert to(await town.says("r3-wu", "在吗", None), "r3-wu") != []


async def test_a_private_command_is_refused_in_a_buildings_group_without_repeating_it():
    async def note(message, ctx, args):
        return [answer("opted_in", answering(message, ctx))]

    command = Command(("悄悄话",), "悄悄话 …", "只给同事看", note, WORKERS, private=True, wants_text=True)
    async with open_town(Meaning(MEANING)) as town:
        town.recording.routing = Routing({**TOPICS, "别的": [Router((command,))]})
        [refusal] = await town.says("sw-limin", "悄悄话 502独居老人")
        assert "不在群里办" in refusal
        assert "502" not in refusal
        [done] = await town.says("sw-limin", "悄悄话 502独居老人", STAFF)
        assert "恢复了" in done


async def test_the_same_command_twice_does_nothing_twice(town: Town):
    await town.says("r3-zhang", "门口有水")
    assert len(await town.says("sw-limin", "接单 #1", id="c1")) == 1
    assert await town.says("sw-limin", "接单 #1", id="c1") == []


async def test_a_handler_that_fails_leaves_nothing_and_apologises_when_asked(town: Town):
    async def stumble(message, ctx, args):
        [ticket] = args.tickets
        await ctx.work.tickets.save(replace(ticket, words="half done"))
        raise ZeroDivisionError

    [accept] = [c for c in town.recording.routing.commands if c.name == "接单"]
    broken = Routing({"办单": [Router((replace(accept, run=stumble),))]})
    await town.says("r3-zhang", "门口有水")
    town.recording.routing = broken
    assert await town.says("sw-limin", "接单 #1") == []
    [apology] = await town.says("sw-limin", "接单 #1", mention=True)
    assert "编号" in apology
    assert (await town.ticket()).words == "门口有水"


async def test_opted_out_people_are_not_read_but_answered(town: Town):
    [said] = await town.says("r3-wu", "不要记录我")
    assert "不再读您在群里说的话" in said
    assert await town.says("r3-wu", "漏了") == []
    assert town.routed.outcome == "opted_out"
    assert await town.says("r3-wu", photo=1) == []
    assert in_group(await town.says("r3-wu", "漏了", mention=True)) != []
    [said] = await town.says("r3-wu", "可以记录我", mention=True)
    assert "恢复了" in said


async def test_text_of_any_kind_breaks_nothing(town: Town):
    await town.says("r3-zhao", "漏了")
    for text in (
        "",
        "\u200b\u200b",
        "\x00\x01",
        "😂😂😂",
        "#",
        "#0",
        "接单 #999999999",
        "积" * 1_000_000,
        "@",
        "接单 " + "1、" * 500,
    ):
        for who in ("r3-wu", "sw-limin"):
            await town.says(who, text)
            assert town.routed.route != ""
    assert len(await town.tickets()) == 1
