"""Who has an open ticket goes on chatting, and staff talk of other things: what of it is meant for us."""

import pytest

from domain.conversation import Action, Said, TicketView
from domain.messages import Person
from domain.understanding import Location
from domain.vocabulary import Place, Scope, Status, Urgency
from tests.understanding.moments import ANNA, BEN, DOOR, HOME, KIM, around, said, talk, ticket
from understanding.conversation import read
from understanding.engine import Understander


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def meant(
    understander: Understander, text: str, *tickets: TicketView, by: Person = ANNA, talked: tuple[Said, ...] = ()
):
    readings = read(said(text, by), understander.judge(text, "3"), around(*tickets, talked=talked))
    return [reading.action for reading in readings]


CHATTER = said("周末谁去爬山", ANNA, 2, verdict=talk())
OURS = said("怎么还没人来", ANNA, 2, verdict=talk(), ticket=1)


@pytest.mark.parametrize("text", ["快点呀", "在吗，说话啊", "这个呢", "妈的这怎么搞", "无语", "十几天了。。。"])
@pytest.mark.parametrize("before,heard", [(CHATTER, False), (OURS, True), (None, True)])
def test_a_bare_word_is_meant_for_us_behind_words_of_ours_or_after_a_silence(understander, text, before, heard):
    talked = (before,) if before else ()
    actions = meant(understander, text, ticket(1, minutes=40), talked=talked)
    assert bool(actions) == heard


@pytest.mark.parametrize(
    "text",
    [
        "车库的水抽干了 可以停车了",
        "电梯恢复了，坑里的水已经抽完",
        "太好了！",
        "厨房是不是漏气了 有没有人在",
        "去年漏过 后来修好了",
    ],
)
def test_glad_news_of_something_else_ends_no_ticket(understander, text):
    actions = meant(understander, text, ticket(1, minutes=40), talked=(CHATTER,))
    assert not {Action.CONFIRM, Action.WITHDRAW} & {*actions}


@pytest.mark.parametrize("text", ["我在门口", "楼道里一股味道", "一楼是这个", "西单元的", "儿童乐园那个喷泉啥时候开"])
def test_a_place_that_is_named_in_other_talk_moves_no_ticket(understander, text):
    message, verdict = said(text), understander.judge(text, "3")
    readings = read(message, verdict, around(ticket(1, minutes=8), talked=(CHATTER,)))
    assert all(reading.location == Location() for reading in readings)


@pytest.mark.parametrize(
    "text,step",
    [
        ("我这就过去看看", Action.STAFF_TAKEN),
        ("马上到", Action.STAFF_TAKEN),
        ("师傅马上到，您在家吗？", Action.STAFF_TAKEN),
        ("已关阀，正在换软管", Action.STAFF_NEWS),
        ("明天在麦当劳门口等", None),
        ("大概13万左右", None),
        ("中介可能明天才带人来看房", None),
        ("水管改造要不要换成不锈钢的", None),
        ("师傅到了吗", None),
        ("学校操场积水 明天运动会取消", None),
        ("麻烦您稍等哈", None),
        ("一周过去了", None),
    ],
)
def test_staff_at_work_and_staff_at_other_things(understander, text, step):
    actions = meant(understander, text, ticket(1, BEN, minutes=5), by=KIM)
    assert actions == ([step] if step else [])


def test_the_roof_is_where_staff_go_for_a_home_below(understander):
    actions = meant(understander, "收到，明天上午师傅上楼顶看", ticket(1, BEN, minutes=5), by=KIM)
    assert actions == [Action.STAFF_TAKEN]


@pytest.mark.parametrize("text", ["太厉害了", "机场里东西便宜，我买了两样，其他的该贵还是贵，都是水，穷人买不起呀"])
def test_a_bystander_in_other_talk_joins_nothing(understander, text):
    public = ticket(1, BEN, where=DOOR, scope=Scope.PUBLIC)
    assert meant(understander, text, public) == []


def test_half_a_sentence_makes_no_emergency_and_clear_words_do(understander):
    known = around(ticket(1, where=DOOR, scope=Scope.PUBLIC))
    mild, grave = "水从门外往里流", "水都进电梯井了"
    readings = {text: read(said(text), understander.judge(text, "3"), known)[0] for text in (mild, grave)}
    assert readings[mild].urgency is not Urgency.EMERGENCY
    assert readings[grave].urgency is Urgency.EMERGENCY


def test_what_comes_back_worse_is_more_urgent_than_it_was(understander):
    text = "打胶白打了 今晚这雨又进来了"
    done = ticket(1, status=Status.RESOLVED, urgency=Urgency.NORMAL, where=Location("3", "2", "1601", 16, Place.WINDOW))
    (reading, *_) = read(said(text), understander.judge(text, "3"), around(done))
    assert (reading.action, reading.urgency) == (Action.REOPEN, Urgency.URGENT)


def test_the_unit_is_that_of_the_nickname(understander):
    text = "801客厅漏水"
    (reading, *_) = read(said(text, sender_name="三单元小郭"), understander.judge(text, "3"), around())
    assert (reading.location.unit, reading.location.room) == ("3", "801")


def test_a_bed_room_of_the_same_home_known_by_the_nickname_is_no_second_ticket(understander):
    text = "我说怎么滴水！客厅顶在滴"
    known = around(ticket(1, BEN, where=HOME))
    (reading, *_) = read(said(text, sender_name="502陈"), understander.judge(text, "3"), known)
    assert (reading.action, reading.ticket) == (Action.JOIN, 1)
