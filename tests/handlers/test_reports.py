"""From words to a ticket and its acknowledgement."""

import pytest

from domain.conversation import Action
from domain.understanding import Cue, Location
from domain.vocabulary import Kind, MessageKind, Place, ReplyKind, Scope, Status, Urgency
from tests.handlers.meaning import Meaning, about, door, home
from tests.handlers.town import STAFF, Town, in_group, open_town, to

WATER = "2单元门口积水了，都漫过台阶了，老人出不去门"


async def test_a_report_is_acknowledged_and_staff_are_called(town: Town):
    heard = await town.says("r3-zhang", WATER, name="张阿姨")
    [ack] = in_group(heard)
    assert ack.startswith("@张阿姨 收到，已登记 #1：3号楼2单元门口积水。李敏负责跟进。")
    assert in_group(heard, STAFF)[0].startswith("@李敏 新报修 #1 3号楼2单元门口积水。张阿姨说：“2单元门口积水了")
    assert to(heard, "sw-limin")[0].startswith("新报修 #1")
    assert heard[0].mentions == ("r3-zhang",)
    assert heard[0].reply_to == "t1"
    assert town.routed.tickets == (1,)


async def test_the_ticket_knows_who_said_what_where(town: Town):
    await town.says("r3-zhang", WATER, name="张阿姨")
    ticket = await town.ticket()
    assert (ticket.kind, ticket.scope, ticket.status) == (Kind.PONDING, Scope.PUBLIC, Status.REGISTERED)
    assert ticket.location == Location("3", "2", None, None, Place.UNIT_DOOR)
    assert (ticket.words, ticket.reporters[0].name) == (WATER, "张阿姨")
    assert [e.what for e in await town.events()] == ["opened", "acknowledged"]


async def test_chatter_is_not_answered_and_reads_nothing():
    meaning = Meaning({})
    async with open_town(meaning) as town:
        assert await town.says("r3-wu", "桃子到了，来门卫室拿") == []
        assert (town.routed.route, town.routed.outcome) == ("silence", "silent")
        assert meaning.snapshots == {}


async def test_the_missing_room_is_asked_and_its_answer_taken_in(town: Town):
    [ack] = in_group(await town.says("r3-zhao", "我家客厅顶上漏水，一直在滴", name="老赵"))
    assert ack.endswith("请问是几单元几零几？")
    heard = await town.says("r3-zhao", "2-1801", name="老赵")
    assert in_group(heard) == ["@老赵 记下了，#1：3号楼2单元1801客厅漏水，已经补充给负责的人。"]
    assert in_group(heard, STAFF) == ["@李敏 #1 补充了位置：3号楼2单元1801客厅漏水。"]
    assert (await town.ticket()).location == Location("3", "2", "1801", 18, Place.LIVING_ROOM)
    assert len(await town.tickets()) == 1


async def test_a_room_that_cannot_be_is_asked_about(town: Town):
    [ack] = in_group(await town.says("r3-zhao", "2单元2901漏水了，一直滴"))
    assert "3号楼只有18层，麻烦再说一下是几单元几零几？" in ack
    assert (await town.ticket()).location.room is None


async def test_the_own_room_is_repeated_only_where_it_was_typed(town: Town):
    heard = await town.says("r5-li", "3单元602，阳台顶渗水，墙湿了一大片", "g5")
    assert "5号楼3单元602" in in_group(heard, "g5")[0]
    heard = await town.says("sw-limin", "接单 #1", "g5")
    assert in_group(heard, "g5") == ["#1 5号楼3单元高层住户漏水：李敏接单了（报修后不到1分钟）。"]


async def test_a_room_told_before_is_not_repeated():
    async with open_town(Meaning({"又漏了": (home(),)})) as town:
        [ack] = in_group(await town.says("r3-zhao", "又漏了"))
        assert "502" not in ack
        assert "3号楼2单元低层住户漏水" in ack


async def test_the_same_water_gets_one_ticket_and_every_reporter_is_told(town: Town):
    await town.says("r3-zhang", WATER, name="张阿姨")
    heard = await town.says("r3-lin", "对，2单元门口全是水，我这推车都过不去", name="小林")
    [joined] = in_group(heard)
    assert joined.startswith("@小林 收到，这和 #1（3号楼2单元门口积水）是同一处")
    assert in_group(heard, STAFF) == []
    assert [r.name for r in (await town.ticket()).reporters] == ["张阿姨", "小林"]


async def test_a_report_for_another_building_is_followed_in_its_group(town: Town):
    heard = await town.says("r1-gao", "我爸妈住5号楼1单元601，卫生间顶上往下滴水，老人不会用微信", "g1", name="高晓")
    assert "这件事归5号楼" in in_group(heard, "g1")[0]
    assert in_group(heard, "g5") == []  # a home stays quiet there until somebody works on it
    heard = await town.says("rp-liu", "到场 #1", None)
    assert in_group(heard, "g5") == ["#1 5号楼1单元高层住户漏水：刘海到现场了（报修后不到1分钟）。"]
    assert in_group(heard, "g1") == ["@高晓 #1 5号楼1单元高层住户漏水：刘海到现场了（报修后不到1分钟）。"]


async def test_public_water_of_another_building_is_told_to_its_group():
    async with open_town(Meaning({"那边门口有水": (door(),)})) as town:
        heard = await town.says("r1-gao", "那边门口有水", "g1")
        assert in_group(heard) == ["有住户报修，已登记 #1：3号楼2单元门口积水。有进展就在这里告诉大家。"]


@pytest.mark.parametrize(
    "urgency, where, cues, sentence",
    [
        (Urgency.EMERGENCY, Place.BEDROOM, {Cue.ELECTRIC}, "能安全够到总闸就先断电"),
        (Urgency.EMERGENCY, Place.GARAGE, set(), "人先别下去，车先别挪"),
        (Urgency.EMERGENCY, Place.ELEVATOR, set(), "先别坐电梯；有人被困马上打119"),
        (Urgency.EMERGENCY, Place.CEILING, set(), "人先离开顶棚下面，那间屋先断电"),
        (Urgency.EMERGENCY, Place.KITCHEN, set(), "有人被困打119，受伤打120"),
        (Urgency.URGENT, Place.KITCHEN, set(), "别着急，有进展就在这里告诉您"),
    ],
)
async def test_one_safety_sentence_where_there_is_danger(urgency, where, cues, sentence):
    reading = home(urgency=urgency, location=Location("3", "2", "502", 5, where))
    async with open_town(Meaning({"出事了": (reading,)}, {"出事了": cues})) as town:
        [ack] = in_group(await town.says("r3-zhao", "出事了"))
        assert sentence in ack
        assert ("值班电话 010-00000000" in ack) == (urgency is Urgency.EMERGENCY)


async def test_worse_news_raise_the_ticket_and_call_again():
    meaning = Meaning({"漏了": (home(),), "鼓起来了": (about(Action.ADD, urgency=Urgency.EMERGENCY),)})
    async with open_town(meaning) as town:
        await town.says("r3-zhao", "漏了")
        heard = await town.says("r3-zhao", "鼓起来了")
        assert [h.kind for h in heard if h.chat == "g3"] == [ReplyKind.ACK]
        assert "#1 3号楼2单元502卧室漏水更严重了，现在是【紧急】" in in_group(heard, STAFF)[0]
        assert (await town.ticket()).urgency is Urgency.EMERGENCY


async def test_one_more_photo_is_filed_silently():
    meaning = Meaning({"漏了": (home(),), "": (about(Action.ADD),)})
    async with open_town(meaning) as town:
        await town.says("r3-zhao", "漏了")
        assert await town.says("r3-zhao", photo=1) == []
        assert len((await town.ticket()).media) == 1


async def test_two_matters_in_one_message_are_two_tickets_and_two_acknowledgements():
    async with open_town(Meaning({"家里和门口都是水": (home(), door())})) as town:
        heard = await town.says("r3-zhao", "家里和门口都是水")
        assert [h.tickets for h in heard if h.chat == "g3"] == [(1,), (2,)]
        assert town.routed.tickets == (1, 2)


async def test_neighbours_with_the_same_cause_share_an_incident():
    meaning = Meaning({"漏了": (home(),), "我家也是": (home(like=1),)})
    async with open_town(meaning) as town:
        await town.says("r3-zhao", "漏了")
        await town.says("r3-ma", "我家也是")
        assert [t.incident for t in await town.tickets()] == [1, 1]


async def test_the_same_message_twice_is_one_ticket(town: Town):
    await town.says("r3-zhang", WATER, id="same")
    assert await town.says("r3-zhang", WATER, id="same") == []
    assert len(await town.tickets()) == 1


async def test_what_may_be_a_report_is_asked_about_once_then_listed():
    ask = (about(Action.ASK, None, question=""),)
    async with open_town(Meaning({"墙有点湿": ask, "还是湿": (about(Action.LOOK, None),)})) as town:
        [question] = await town.says("r3-wu", "墙有点湿")
        assert question.kind is ReplyKind.QUESTION
        assert await town.says("r3-wu", "还是湿") == []
        assert [item.text for item in await town.please_look()] == ["还是湿"]


async def test_who_speaks_is_asked_to_type():
    async with open_town(Meaning({"": (about(Action.ASK_TO_TYPE, None),)})) as town:
        [question] = await town.says("r3-sun", kind=MessageKind.VOICE, photo=1)
        assert "麻烦打几个字" in question
