"""Conversations as chats: staff who talk plainly, people who wait, water that several see."""

import pytest

from domain.vocabulary import MessageKind
from tests.scenarios.town import STAFF, Town


async def test_a_time_that_staff_named_is_waited_for_and_told_to_whoever_asks(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("st-sunjie", "收到，师傅明天上午9点过去")
    await town.passes(hours=2)
    assert (await town.ticket())["status"] == "accepted"
    town.heard()
    await town.says("r1", "师傅什么时候来")
    [answer] = town.heard("g3")
    assert "8月24日（周二）9:00来" in answer
    await town.passes(hours=10)
    assert (await town.ticket())["status"] == "registered"  # nobody came: the acceptance lapses after all


async def test_an_emergency_is_not_put_off_by_a_time(town: Town):
    await town.says("r1", "2单元502水管爆了，喷得满屋子都是")
    await town.says("st-sunjie", "收到，师傅明天上午9点过去")
    await town.passes(hours=2)
    assert (await town.ticket())["status"] == "registered"


@pytest.mark.parametrize("words", ["师傅十分钟后到", "大概四点到您家", "马上到", "师傅一会就到"])
async def test_who_is_on_the_way_is_not_there_yet(town: Town, words: str):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("st-sunjie", words)
    assert ((await town.ticket())["status"], (await town.ticket())["arrived_at"]) == ("accepted", None)


async def test_who_urges_right_after_the_answer_is_not_told_that_they_waited(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("r1", "麻烦快点")
    assert len(town.heard("g3")) == 1
    await town.passes(minutes=5)
    await town.says("r1", "怎么还没人来")
    [answer] = town.heard("g3")
    assert "久等" not in answer
    await town.passes(minutes=30)
    await town.says("r1", "还没人来吗")
    [answer] = town.heard("g3")
    assert "让您久等了" in answer


async def test_whoever_chases_public_water_becomes_its_reporter_and_staff_hear_of_it(town: Town):
    await town.says("r1", "2单元门口积水")
    town.heard()
    await town.says("r2", "物业管管吧，有没有人管")
    lines = town.lines()
    assert [line["mentions"] for line in lines if line["group"] == "g3"] == [["r2"]]
    assert any("物业管管吧" in str(line["text"]) for line in lines if line["group"] == STAFF)
    assert (await town.ticket())["reporters"] == ["r1", "r2"]


@pytest.mark.parametrize("words", ["我的快递怎么还没到", "外卖咋还没来", "有人在吗", "今晚几点能停电"])
async def test_waiting_for_something_else_is_left_alone(town: Town, words: str):
    await town.says("r1", "2单元门口积水")
    town.heard()
    await town.says("r2", words)
    assert town.heard() == []


async def test_the_family_gives_the_address_from_another_phone(town: Town):
    await town.says("r1", "家里漏水了")
    town.heard()
    await town.says("r2", "2单元1102")
    [answer] = town.heard("g3")
    assert "#1" in answer
    ticket = await town.ticket()
    assert (ticket["unit"], ticket["room"], ticket["reporters"]) == ("2", "1102", ["r1", "r2"])


async def test_an_address_for_the_eggs_is_nobodys_answer(town: Town):
    await town.says("r1", "家里漏水了")
    await town.says("r3", "鸡蛋到了 报房号")
    town.heard()
    await town.says("r2", "2单元1102")
    assert town.heard() == []
    assert (await town.ticket())["room"] is None


async def test_whose_voice_a_son_puts_into_words_is_a_reporter_too(town: Town):
    await town.says("r-mother", kind=MessageKind.VOICE)
    await town.says("r-son", "我妈发的是家里暖气漏水 不会打字 1-402")
    assert (await town.ticket())["reporters"] == ["r-son", "r-mother"]


async def test_what_was_told_to_somebody_else_is_asked_for_once(town: Town):
    await town.says("r1", "我上周报的漏水怎么没下文了")
    [question] = town.heard("g3")
    assert "几单元几零几" in question
    await town.says("r1", "3-1201 卫生间")
    [ack] = town.heard("g3")
    assert "#1" in ack
    assert (await town.ticket())["room"] == "1201"


async def test_not_a_leak_but_a_blockage_is_a_correction(town: Town):
    await town.says("r1", "家里漏水 1-204")
    await town.says("r1", "不对 是厨房下水返水 不是漏")
    ticket = await town.ticket()
    assert (ticket["status"], ticket["kind"]) == ("registered", "blockage")
    await town.says("r1", "不是漏水 是我家猫把水碗掀了")
    assert (await town.ticket())["status"] == "cancelled"


async def test_a_voice_and_a_photo_behind_it_are_asked_about_once(town: Town):
    await town.says("r1", kind=MessageKind.VOICE)
    assert town.heard("g3") == []
    assert len(await town.please_look()) == 1
    await town.says("r1", photo=True)
    [question] = town.heard("g3")
    assert "打几个字" in question
    await town.says("r1", photo=True)
    assert town.heard("g3") == []
    await town.says("r1", "厨房 下面 2单元702")
    [ack] = town.heard("g3")
    assert "#1" in ack
    ticket = await town.ticket()
    assert (ticket["room"], ticket["place"], ticket["media"]) == ("702", "kitchen", 2)


async def test_a_photo_of_lunch_is_not_asked_about(town: Town):
    await town.says("r1", kind=MessageKind.VOICE)
    await town.says("r2", photo=True)
    assert town.heard("g3") == []


async def test_a_word_about_the_bot_is_no_call_for_a_person(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    town.heard()
    await town.says("r1", "机器人还挺快哈哈")
    assert town.heard() == []
    await town.says("r1", "别拿机器人糊弄我")
    assert "请他们直接跟您说" in town.heard("g3")[0]


async def test_a_lamp_that_flickers_where_water_drips_is_an_emergency(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    town.heard()
    await town.says("r1", "开始滴了 灯还一闪一闪的")
    assert (await town.ticket())["urgency"] == "emergency"
    assert "断电" in town.heard("g3")[0]


async def test_a_second_spot_of_the_same_person_is_a_ticket_of_its_own(town: Town):
    await town.says("r1", "3单元楼道漏水")
    await town.says("r1", "都流到电梯口了")
    assert len(await town.tickets()) == 1
    await town.says("r1", "3单元大厅那边也积水了")
    assert len(await town.tickets()) == 2
    assert any("#2" in heard for heard in town.heard("g3"))


async def test_what_staff_say_of_a_number_in_the_residents_group_is_kept_with_the_ticket(town: Town):
    await town.says("r1", "2单元门口积水")
    await town.says("rp-liu", "接单 #1")
    await town.says("rp-liu", "到场 #1")
    await town.says("rp-liu", "#1 清了一半")
    assert (await town.ticket())["status"] == "repairing"


async def test_a_room_without_its_unit_is_asked_about_once_more(town: Town):
    await town.says("r1", "家里卫生间漏水了")
    town.heard("g3")
    await town.says("r1", "601")
    (kept,) = town.heard("g3")
    assert kept.endswith("请问是几单元？")
    await town.says("r1", "2单元的")
    (done,) = town.heard("g3")
    assert "几单元" not in done
    ticket = await town.ticket(1)
    assert (ticket["unit"], ticket["room"]) == ("2", "601")
