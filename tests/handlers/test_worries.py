"""People who wait or are upset: staff at once, one calm answer."""

import pytest

from domain.conversation import Action
from domain.tickets import What
from domain.understanding import Cue
from domain.vocabulary import ReplyKind
from tests.handlers.meaning import Meaning, about, home
from tests.handlers.town import STAFF, Town, in_group, open_town, to

SAYS = {
    "漏了": (home(),),
    "怎么还没人来": (about(Action.CHASE),),
    "再不来打12345": (about(Action.ALERT),),
    "还不来，打12345": (about(Action.CHASE), about(Action.ALERT)),
    "我要活人": (about(Action.ALERT),),
    "漏了一个月，打12345": (home(), about(Action.ALERT, None)),
    "没人管吗": (about(Action.ALERT, None),),
}
CUES = {words: {Cue.HOTLINE} for words in SAYS if "12345" in words} | {"我要活人": {Cue.WANTS_HUMAN}}


@pytest.fixture
async def town():
    async with open_town(Meaning(SAYS, CUES)) as opened:
        yield opened


def answers(heard) -> list[str]:
    return [h.text for h in heard if h.chat == "g3"]


async def test_who_waits_hears_the_state_and_who_was_told(town: Town):
    await town.says("r3-zhao", "漏了", name="老赵")
    heard = await town.says("r3-zhao", "怎么还没人来", name="老赵")
    [answer] = answers(heard)
    assert "#1（3号楼2单元低层住户漏水）现在是“已登记”。您催的话已经转给李敏了" in answer
    assert in_group(heard, STAFF) == [
        "@李敏 住户催 #1（3号楼2单元502卧室漏水，已登记）：“怎么还没人来”。请在群里回一句。"
    ]
    assert [e.what for e in await town.events()][-1] == "chased"


async def test_two_lines_of_one_breath_get_one_answer(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("r3-zhao", "怎么还没人来")
    assert await town.says("r3-zhao", "怎么还没人来") == []
    await town.passes(minutes=10)
    assert len(answers(await town.says("r3-zhao", "怎么还没人来"))) == 1
    assert [e.what for e in await town.events()].count(What.CHASED) == 3


async def test_a_named_time_is_repeated_and_none_is_made_up(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("rp-liu", "接单 #1", None)
    await town.says("rp-liu", "待续 #1 等料 明天9点", None)
    [answer] = answers(await town.says("r3-zhao", "怎么还没人来"))
    assert "刘海在办，说好8月24日（周二）9:00继续" in answer


async def test_a_threat_alarms_staff_and_is_answered_calmly(town: Town):
    await town.says("r3-zhao", "漏了", name="老赵")
    heard = await town.says("r3-zhao", "再不来打12345", name="老赵")
    [answer] = answers(heard)
    assert answer.startswith("@老赵 您的话我们听到了，#1 的事已经马上告诉李敏")
    for forbidden in ("12345", "不要打", "别打", "不用打"):
        assert forbidden not in answer
    [call] = in_group(heard, STAFF)
    assert call.startswith("@李敏 @陈向红 请马上看 #1")
    assert "提到要打热线或找媒体" in call
    assert len(to(heard, "sec-chen")) == 1
    assert [h.kind for h in heard if h.chat != "g3"] == [ReplyKind.ALERT] * 3


async def test_a_chase_and_a_threat_get_one_answer_and_one_call(town: Town):
    await town.says("r3-zhao", "漏了")
    heard = await town.says("r3-zhao", "还不来，打12345")
    [answer] = answers(heard)
    assert "您着急我们明白" in answer
    assert len(in_group(heard, STAFF)) == 1


async def test_an_angry_report_is_acknowledged_with_a_calm_word(town: Town):
    heard = await town.says("r3-zhao", "漏了一个月，打12345")
    [ack] = answers(heard)
    assert "已登记 #1" in ack
    assert "您着急我们明白，已经马上转告他们了" in ack


async def test_who_wants_a_person_gets_a_person(town: Town):
    await town.says("r3-zhao", "漏了")
    heard = await town.says("r3-zhao", "我要活人")
    assert "请他们直接跟您说" in answers(heard)[0]
    assert "想找真人" in in_group(heard, STAFF)[0]


async def test_without_a_ticket_staff_hear_where_and_who(town: Town):
    heard = await town.says("r3-wu", "没人管吗", name="吴姐")
    told = "@吴姐 您的话我们听到了，已经马上告诉李敏，请他们尽快给您回话。急事也可以打值班电话 010-00000000。"
    assert answers(heard) == [told]
    assert in_group(heard, STAFF)[0].startswith("@李敏 请马上看3号楼邻里群：吴姐")
