"""待看: staff decide, and a report that was not answered gets its ticket and its answer after all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.conversation import Action
from domain.records import MASKED, Corrected
from domain.understanding import Cue
from domain.vocabulary import Kind, MessageKind, Scope, Status, Urgency
from handlers.looking import USAGE
from tests.handlers.meaning import Meaning, about
from tests.handlers.town import STAFF, UNDERSTANDER, Town, in_group, open_town, to

CEILING = "2单元502的顶是不是潮了，像有水印，打我电话13911112222"
DOOR = "门口一摊水"
VOICE = ""


class Unsure(Meaning):
    """Of these words it is not sure whether they report anything; places it reads as the real one does."""

    def judge(self, text, building):
        verdict = replace(super().judge(text, building), location=UNDERSTANDER.judge(text, building).location)
        return replace(verdict, report=False, unsure=text in self.readings, confidence=0.31)

    def matters(self, verdict, *, by_staff):
        return verdict.unsure or Cue.LOCATION_ONLY in verdict.cues


LOOK = (about(Action.LOOK, None),)


@pytest.fixture
async def town():
    async with open_town(Unsure({CEILING: LOOK, DOOR: LOOK, VOICE: LOOK})) as opened:
        yield opened


async def test_the_list_shows_what_was_said_where_and_by_whom(town: Town):
    assert await town.says("r3-zhang", CEILING, name="老张") == []
    await town.says("r5-li", DOOR, "g5", name="小李")
    [told] = await town.says("sw-limin", "待看", STAFF)
    assert "有2条没把握、没回复" in told
    assert f"1. 8月23日（周一）21:58 3号楼邻里群 老张：“{CEILING}”" in told
    assert "2. 8月23日（周一）21:58 5号楼邻里群 小李：“门口一摊水”" in told
    assert "“待看 1 是”" in told


async def test_an_empty_list_says_so(town: Town):
    [told] = await town.says("sw-limin", "待看", STAFF)
    assert told.text == "@李敏 没有待看的消息。"


async def test_yes_makes_a_ticket_and_answers_the_resident_in_their_group(town: Town):
    said = "message-1"
    await town.says("r3-zhang", CEILING, name="老张", id=said)
    await town.passes(minutes=20)
    heard = await town.says("sw-limin", "待看 1 是", STAFF)
    [ack] = [h for h in heard if h.chat == "g3"]
    assert ack.reply_to == said
    assert ack.mentions == ("r3-zhang",)
    assert "#1" in ack
    assert "@李敏 好，待看第1条算报修，登记在 #1，住户那边已经回复了。" in in_group(heard, STAFF)
    ticket = await town.ticket()
    assert ticket.status is Status.REGISTERED
    assert ticket.reporters[0].person.id == "r3-zhang"
    assert (ticket.location.unit, ticket.location.room, ticket.words) == ("2", "502", CEILING)
    assert await town.please_look() == []


async def test_the_staff_are_called_as_for_any_report(town: Town):
    await town.says("r3-zhang", CEILING)
    heard = await town.says("st-sunjie", "待看 1 是", None)
    assert any("新报修 #1" in text for text in to(heard, "sw-limin"))


async def test_what_is_missing_is_asked_and_the_answer_is_understood(town: Town):
    await town.says("r3-zhang", "门口一摊水")
    heard = await town.says("sw-limin", "待看1是 积水 户内", STAFF)
    assert "请问是几单元几零几？" in in_group(heard)[0]
    assert (await town.ticket()).kind is Kind.PONDING


async def test_what_staff_add_wins(town: Town):
    await town.says("r3-zhang", DOOR)
    await town.says("sw-limin", "待看 1 是 积水 公共 紧急 1单元", STAFF)
    ticket = await town.ticket()
    assert (ticket.kind, ticket.scope, ticket.urgency) == (Kind.PONDING, Scope.PUBLIC, Urgency.EMERGENCY)
    assert ticket.location.unit == "1"


async def test_no_is_kept_and_nobody_else_hears_of_it(town: Town):
    await town.says("r3-zhang", CEILING)
    heard = await town.says("sw-limin", "待看 1 不是", STAFF)
    assert [(h.chat, h.text) for h in heard] == [(STAFF, "@李敏 好，待看第1条不是报修，记下了，以后照着学。")]
    assert await town.tickets() == []
    assert await town.please_look() == []


@pytest.mark.parametrize("words", ["待看 1 2 不是", "待看 1、2 不是", "待看 #1 #2 不是", "待看1和2不是"])
async def test_several_are_decided_at_once(town: Town, words: str):
    await town.says("r3-zhang", CEILING)
    await town.says("r3-wang", DOOR)
    await town.says("sw-limin", words, STAFF, mention=True)
    assert await town.please_look() == []


async def test_two_tickets_of_one_decision_are_both_named(town: Town):
    await town.says("r3-zhang", CEILING)
    await town.says("r3-wang", DOOR)
    heard = await town.says("sw-limin", "待看 1 2 是", STAFF)
    assert any("登记在 #1、#2" in text for text in in_group(heard, STAFF))


async def test_each_is_decided_once(town: Town):
    await town.says("r3-zhang", CEILING)
    await town.says("sw-limin", "待看 1 是", STAFF)
    [refusal] = await town.says("st-sunjie", "待看 1 不是", STAFF)
    assert refusal.text == "@孙洁 待看里没有第1条，或者已经有人看过了。"
    assert len(await town.tickets()) == 1


async def test_one_that_is_not_there_leaves_the_others_undecided(town: Town):
    await town.says("r3-zhang", CEILING)
    await town.says("sw-limin", "待看 1 9 是", STAFF)
    assert await town.tickets() == []
    assert len(await town.please_look()) == 1


@pytest.mark.parametrize("words", ["待看 1", "待看 是", "待看 1 也许"])
async def test_half_a_decision_gets_the_usage_line(town: Town, words: str):
    await town.says("r3-zhang", CEILING)
    [told] = await town.says("sw-limin", words, STAFF, mention=True)
    assert told.text == f"@李敏 请这样说：{USAGE}"


async def test_a_message_that_was_taken_back_makes_no_ticket(town: Town):
    await town.says("r3-zhang", CEILING, id="gone")
    await town.says("r3-zhang", kind=MessageKind.RECALL, recalls="gone")
    [told] = await town.says("sw-limin", "待看 1 是", STAFF)
    assert "自己撤回了" in told
    assert await town.tickets() == []


async def test_words_that_are_erased_cannot_be_decided(town: Town):
    await town.says("r3-zhang", CEILING)
    await town.passes(days=8)
    await town.database.housekeeping.erase_chatter(town.clock.now() - timedelta(minutes=30))
    [told] = await town.says("sw-limin", "待看 1 是", STAFF)
    assert "过期删除" in told


async def test_it_is_not_done_in_a_building_group(town: Town):
    await town.says("r3-zhang", CEILING)
    [told] = await town.says("sw-limin", "待看", "g3")
    assert "不在群里办" in told
    assert CEILING not in told


@pytest.mark.parametrize("who", ["rp-wang", "r3-zhang"])
async def test_only_the_office_reads_it(town: Town, who: str):
    await town.says("r3-li", CEILING)
    heard = await town.says(who, "待看", None)
    assert not any(CEILING in h for h in heard)


async def test_a_decision_is_kept_masked_to_learn_from(town: Town):
    await town.says("r3-zhang", CEILING, name="老张头")
    await town.says("r3-wang", DOOR)
    await town.says("sw-limin", "待看 1 是 漏水", STAFF)
    await town.says("st-sunjie", "待看 2 不是", STAFF)
    yes, no = await town.database.read_models.corrections()
    assert yes.text == "2单元101的顶是不是潮了，像有水印，打我电话[电话]"
    assert (yes.what, yes.by, yes.ticket, yes.look) == (Corrected.LOOKED, "sw-limin", 1, 1)
    assert yes.before == {"report": False, "confidence": 0.31}
    assert yes.after == {"report": True, "kind": "leak"}
    assert (no.text, no.by, no.ticket, no.look, no.after) == (DOOR, "st-sunjie", None, 2, {"report": False})
    assert yes.at == town.clock.now()


async def test_a_false_alarm_and_a_change_are_kept_masked(town: Town):
    await town.says("r3-zhang", CEILING)
    await town.says("sw-limin", "待看 1 是", STAFF)
    await town.says("st-sunjie", "改 #1 紧急 1单元602", STAFF)
    await town.says("st-sunjie", "误报 #1 是空调水", STAFF)
    _, changed, alarm = await town.database.read_models.corrections()
    assert changed.what is Corrected.AMENDED
    assert changed.before == {"report": True, "urgency": "urgent", "unit": "2", "room": MASKED, "floor": MASKED}
    assert changed.after == {"report": True, "urgency": "emergency", "unit": "1", "room": MASKED, "floor": MASKED}
    assert (alarm.what, alarm.by, alarm.ticket) == (Corrected.FALSE_ALARM, "st-sunjie", 1)
    assert alarm.before == {"report": True, "kind": "leak", "scope": "household", "urgency": "emergency"}
    assert alarm.after == {"report": False}
    assert not any("502" in c.text or "139" in c.text for c in (changed, alarm))


async def test_words_that_change_nothing_teach_nothing(town: Town):
    await town.says("r3-zhang", CEILING)
    await town.says("sw-limin", "待看 1 是", STAFF)
    await town.says("sw-limin", "改 #1 漏水", STAFF)
    assert len(await town.database.read_models.corrections()) == 1


async def test_a_voice_message_may_be_a_report_but_teaches_nothing(town: Town):
    await town.says("r3-zhang", VOICE, kind=MessageKind.VOICE)
    heard = await town.says("sw-limin", "待看 1 是 1单元301", STAFF)
    assert any("#1" in text for text in in_group(heard))
    assert await town.database.read_models.corrections() == []
