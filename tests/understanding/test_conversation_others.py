"""Several people: joining, me too, chasing, endings, anger, staff's talk."""

from dataclasses import replace

import pytest

from domain.conversation import Action, TicketView
from domain.messages import Person
from domain.tickets import MOVES
from domain.understanding import SILENT, Cue, Location
from domain.vocabulary import MessageKind, Place, Status
from tests.understanding.moments import (
    ANNA,
    BEN,
    DOOR,
    GARAGE,
    HOME,
    KIM,
    around,
    first,
    means,
    photo,
    public,
    report,
    said,
    talk,
    ticket,
)
from understanding.conversation import read

CORRIDOR = Location("3", "1", None, 8, Place.CORRIDOR)
AT_DOOR = ticket(2, where=DOOR)
SURVEY = said("家中有渗漏的请接龙", KIM, 5, verdict=talk(Cue.SURVEY))


@pytest.mark.parametrize(
    "there,verdict,meaning",
    [
        (GARAGE, public(place=Place.GARAGE), [("join", 1)]),
        (GARAGE, public(floor=-1), [("join", 1)]),
        (GARAGE, public(place=Place.ELEVATOR), [("join", 1)]),
        (GARAGE, public(place=Place.GARAGE, floor=-2), [("open", None)]),
        (GARAGE, public(place=Place.UNIT_DOOR, unit="2"), [("open", None)]),
        (DOOR, public(place=Place.UNIT_DOOR), [("join", 1)]),
        (DOOR, public(place=Place.UNIT_DOOR, unit="1"), [("open", None)]),
        (DOOR, public(place=Place.ROAD), [("join", 1)]),
        (DOOR, public(building="5", place=Place.UNIT_DOOR, unit="2"), [("open", None)]),
        (CORRIDOR, public(place=Place.CORRIDOR, floor=8), [("join", 1)]),
        (CORRIDOR, public(place=Place.CORRIDOR, floor=6), [("open", None)]),
        (CORRIDOR, public(place=Place.STAIRWELL, floor=8), [("join", 1)]),
        (GARAGE, report(place=Place.KITCHEN), [("open", None)]),
        (HOME, report(unit="2", room="502"), [("join", 1)]),
        (HOME, report(unit="1", room="502"), [("open", None)]),
        (HOME, report(unit="2", room="602"), [("open", None)]),
    ],
)
def test_a_second_person_joins_only_the_same_water(there, verdict, meaning):
    assert means(said("…", BEN), verdict, around(ticket(1, where=there))) == meaning


@pytest.mark.parametrize(
    "there,minutes,meaning",
    [(GARAGE, 5 * 60, "join"), (GARAGE, 24 * 60, "open"), (CORRIDOR, 30, "join"), (CORRIDOR, 180, "open")],
)
def test_the_same_spot_for_some_hours(there, minutes, meaning):
    """A landing without its floor may be any, once the talk has moved on."""
    verdict = public(place=there.place)
    assert means(said("…", BEN), verdict, around(ticket(1, where=there, minutes=minutes)))[0][0] == meaning


def test_the_door_of_one_s_own_unit_is_not_that_of_another():
    known = around(ticket(1, where=DOOR))
    assert means(said("门口积水", BEN, sender_name="三单元401"), public(place=Place.UNIT_DOOR), known) == [
        ("open", None)
    ]
    assert means(said("门口积水", BEN, sender_name="二单元401"), public(place=Place.UNIT_DOOR), known) == [("join", 1)]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.CANCELLED])
def test_nobody_joins_what_is_over(status):
    known = around(ticket(1, where=DOOR, status=status))
    assert means(said("门口积水", BEN), public(place=Place.UNIT_DOOR, unit="2"), known) == [("open", None)]


def test_homes_above_each_other_are_of_one_cause():
    reading = first(said("我家客厅漏", BEN), report(unit="2", room="402"), around(ticket(1)))
    assert (reading.action, reading.like) == (Action.OPEN, 1)


CAM = Person("console", "cam")
REPORTED = said("漏水了", ANNA, 6, ticket=1, verdict=report())


@pytest.mark.parametrize(
    "text,between",
    [
        ("我家也是", ()),
        ("+1", ()),
        ("我家也是", (said("心疼", CAM, 3, verdict=SILENT),)),
        ("我家也是", (said("我家没有", CAM, 3, verdict=talk(Cue.NOT_ME)),)),
        ("+1", (said("我家也漏", CAM, 3, verdict=talk(Cue.ME_TOO)),)),
    ],
)
def test_me_too_is_a_home_of_its_own(text, between):
    known = around(ticket(1), talked=(REPORTED, *between))
    reading = first(said(text, BEN), talk(Cue.ME_TOO), known)
    assert (reading.action, reading.like, reading.location.place) == (Action.OPEN, 1, Place.KITCHEN)


@pytest.mark.parametrize(
    "text,between,meaning",
    [
        ("+1", said("草莓团购 要的接龙", CAM, 3, verdict=SILENT), []),
        ("我家也是", said("草莓团购 要的接龙", CAM, 3, verdict=SILENT), [("look", None)]),
        ("+1", said("今晚有球赛", CAM, 3, verdict=SILENT), []),
        ("我家也是", said("我家孩子作业还没写", CAM, 3, verdict=SILENT), [("look", None)]),
    ],
)
def test_me_too_about_something_else(text, between, meaning):
    known = around(ticket(1), talked=(REPORTED, between))
    assert means(said(text, BEN), talk(Cue.ME_TOO), known) == meaning


@pytest.mark.parametrize(
    "known,meaning",
    [
        (around(), []),
        (around(ticket(1, where=GARAGE), talked=(said("积水", ANNA, 6, ticket=1),)), [("join", 1)]),
        (around(ticket(1), quoted_tickets=(1,)), [("open", None)]),
        (around(talked=(SURVEY,)), [("open", None)]),
    ],
)
def test_what_plus_one_refers_to(known, meaning):
    assert means(said("+1", BEN), talk(Cue.ME_TOO), known) == meaning


def test_a_report_that_says_also_is_a_report_first():
    verdict = replace(public(place=Place.UNIT_DOOR, unit="3"), cues=frozenset({Cue.ME_TOO}))
    known = around(ticket(1, where=DOOR), talked=(said("积水", ANNA, 6, ticket=1),))
    assert means(said("3单元门口也积水", BEN), verdict, known) == [("open", None)]
    home = replace(report(room="702"), cues=frozenset({Cue.ME_TOO}))
    reading = first(said("我家702也漏", BEN), home, around(ticket(1), talked=(REPORTED,)))
    assert (reading.action, reading.like) == (Action.OPEN, 1)


@pytest.mark.parametrize(
    "text,verdict,meaning",
    [
        ("1-1201 北卧窗", talk(unit="1", room="1201", place=Place.BEDROOM), [("open", None)]),
        ("1-903 无", talk(unit="1", room="903"), []),
        ("1-903 没有", talk(Cue.NOT_ME, unit="1", room="903"), []),
        ("吃早饭了吗", SILENT, []),
    ],
)
def test_lines_under_the_question_of_staff(text, verdict, meaning):
    assert means(said(text, BEN), verdict, around(talked=(SURVEY,))) == meaning
    assert means(said(text, BEN), verdict, around()) == []


@pytest.mark.parametrize(
    "by,text,verdict,known,meaning",
    [
        (ANNA, "怎么还没人来", talk(Cue.CHASE), around(ticket(1, minutes=60)), [("chase", 1)]),
        (ANNA, "这个呢，还在滴", talk(Cue.STILL), around(ticket(1, minutes=60)), [("chase", 1)]),
        (BEN, "怎么还没人来", talk(Cue.CHASE), around(ticket(1, minutes=60)), [("chase", 1)]),
        (BEN, "怎么还没人来", talk(Cue.CHASE), around(ticket(1), ticket(2)), []),
        (BEN, "怎么还没人来", talk(Cue.CHASE), around(ticket(1, minutes=24 * 60)), []),
        (BEN, "怎么还没人来", talk(Cue.CHASE), around(), []),
        (BEN, "#2 怎么样了", talk(Cue.CHASE), around(ticket(1), ticket(2)), [("chase", 2)]),
        (BEN, "这个呢", talk(Cue.CHASE), around(ticket(1), ticket(2), quoted_tickets=(2,)), [("chase", 2)]),
    ],
)
def test_chasing_needs_something_to_chase(by, text, verdict, known, meaning):
    assert means(said(text, by), verdict, known) == meaning


def test_a_second_chase_in_one_breath_is_only_kept():
    before = said("怎么还没人来", ANNA, 1, ticket=1, verdict=talk(Cue.CHASE))
    known = around(ticket(1, minutes=60), talked=(before,))
    assert means(said("一个半小时了"), talk(Cue.CHASE), known) == [("add", 1)]


def done(number: int) -> TicketView:
    return ticket(number, minutes=60, status=Status.RESOLVED)


@pytest.mark.parametrize(
    "by,text,verdict,known,meaning",
    [
        (ANNA, "不漏了", talk(Cue.FIXED), around(ticket(1)), [("confirm", 1)]),
        (ANNA, "修好了", talk(Cue.FIXED), around(done(1), ticket(2)), [("confirm", 1)]),
        (ANNA, "好了 谢谢", talk(Cue.THANKS), around(done(1)), [("confirm", 1)]),
        (ANNA, "好了 谢谢", talk(Cue.THANKS), around(ticket(1, minutes=60)), []),
        (ANNA, "谢谢", talk(Cue.THANKS), around(done(1)), []),
        (ANNA, "不用来了 不漏了", talk(Cue.FIXED, Cue.WITHDRAW), around(ticket(1)), [("confirm", 1)]),
        (BEN, "修好了", talk(Cue.FIXED), around(done(1)), []),
        (ANNA, "没修好 还是漏", talk(Cue.NOT_FIXED), around(done(1)), [("reopen", 1)]),
        (
            ANNA,
            "又漏了",
            replace(report(), cues=frozenset({Cue.NOT_FIXED})),
            around(done(1)),
            [("reopen", 1)],
        ),
        (ANNA, "厨房漏水", report(place=Place.KITCHEN), around(done(1)), [("reopen", 1)]),
        (ANNA, "卫生间漏水", report(place=Place.BATHROOM), around(done(1)), [("open", None)]),
        (ANNA, "602漏水", report(room="602"), around(done(1)), [("open", None)]),
        (
            BEN,
            "又漏了",
            replace(report(), cues=frozenset({Cue.NOT_FIXED})),
            around(done(1)),
            [("open", None)],
        ),
        (ANNA, "看错了", talk(Cue.WITHDRAW), around(ticket(1)), [("withdraw", 1)]),
        (BEN, "看错了", talk(Cue.WITHDRAW), around(ticket(1)), []),
        (ANNA, "看错了", talk(Cue.WITHDRAW), around(done(1)), []),
        (ANNA, "发错群了 不好意思", talk(Cue.CORRECTION), around(ticket(1)), []),
        (ANNA, "发错群了 是公司的", talk(Cue.CORRECTION), around(ticket(1)), [("withdraw", 1)]),
    ],
)
def test_how_it_ends(by, text, verdict, known, meaning):
    assert means(said(text, by), verdict, known) == meaning


def test_never_mind_to_an_apology_takes_nothing_back():
    known = around(ticket(1), talked=(said("抱歉抱歉 我马上关", BEN, 1, verdict=SILENT),))
    assert means(said("没事"), talk(Cue.WITHDRAW), known) == []
    assert means(said("没事了 看错了"), talk(Cue.WITHDRAW), known) == [("withdraw", 1)]


def test_which_of_two_tickets_is_fixed():
    mine = (ticket(1, where=HOME, minutes=60), ticket(2, where=GARAGE, minutes=30))
    assert means(said("地库好了"), talk(Cue.FIXED, place=Place.GARAGE), around(*mine)) == [("confirm", 2)]
    assert means(said("#1 好了"), talk(Cue.FIXED), around(*mine)) == [("confirm", 1)]
    assert means(said("好了"), talk(Cue.FIXED), around(*mine, quoted_tickets=(1,))) == [("confirm", 1)]


@pytest.mark.parametrize(
    "by,verdict,known,meaning",
    [
        (ANNA, talk(Cue.HOTLINE), around(ticket(1)), [("alert", 1)]),
        (ANNA, talk(Cue.WANTS_HUMAN), around(ticket(1)), [("alert", 1)]),
        (ANNA, talk(Cue.HOTLINE, Cue.CHASE), around(ticket(1, minutes=60)), [("chase", 1), ("alert", 1)]),
        (BEN, replace(report(), cues=frozenset({Cue.HOTLINE})), around(), [("open", None), ("alert", None)]),
        (BEN, talk(Cue.HOTLINE), around(ticket(1)), [("look", None)]),
        (BEN, talk(Cue.ANGER), around(ticket(1)), []),
    ],
)
def test_anger_and_the_hotline(by, verdict, known, meaning):
    assert means(said("再不来我打12345", by), verdict, known) == meaning


def test_the_same_anger_alarms_once():
    before = said("我要投诉", ANNA, 2, ticket=1, verdict=talk(Cue.HOTLINE))
    assert means(said("打12345"), talk(Cue.HOTLINE), around(ticket(1), talked=(before,))) == [("add", 1)]


@pytest.mark.parametrize(
    "text,verdict,known,meaning",
    [
        ("我去 这么多水", talk(Cue.MORE_WATER), around(ticket(1)), []),
        ("我去 这么多水", replace(report(), cues=frozenset({Cue.MORE_WATER})), around(ticket(1)), [("look", None)]),
        ("楼上是不是没关水", report(place=Place.CEILING), around(ticket(1)), [("look", None)]),
        ("推车都推不过去", talk(Cue.MORE_WATER), around(ticket(1, where=DOOR)), [("join", 1)]),
        ("推车都推不过去", talk(Cue.MORE_WATER), around(ticket(1, where=DOOR, minutes=60)), []),
        ("昨天那边水也好深", talk(Cue.MORE_WATER), around(ticket(1, where=DOOR)), []),
        ("高架下面水太深了，别往那边开", talk(Cue.MORE_WATER), around(ticket(1, where=DOOR)), []),
        ("你们那边水大吗", talk(Cue.MORE_WATER), around(ticket(1, where=DOOR)), []),
        ("顶楼的邻居现在还漏吗", talk(Cue.STILL), around(ticket(1)), []),
        ("臭死了", SILENT, around(ticket(1, where=DOOR), quoted_tickets=(1,)), [("join", 1)]),
        ("谢谢提醒", talk(Cue.THANKS), around(ticket(1, where=DOOR), quoted_tickets=(1,)), []),
        ("抱歉 刚才忘关水 已经关了", report(place=Place.KITCHEN), around(ticket(1)), []),
    ],
)
def test_bystanders(text, verdict, known, meaning):
    assert means(said(text, BEN, sender_name="3-2-602"), verdict, known) == meaning


def test_a_family_gives_the_address():
    known = around(ticket(1, where=Location("3"), minutes=10))
    verdict = talk(Cue.FOR_OTHER, Cue.CHASE, unit="1", room="201")
    reading = first(said("我爸住1单元201 麻烦快点", BEN), verdict, known)
    assert (reading.action, reading.ticket, reading.location.room) == (Action.JOIN, 1, "201")


def test_the_mother_s_voice_goes_along():
    voice = said("", ANNA, 10, kind=MessageKind.VOICE)
    verdict = replace(report(unit="1", room="402"), cues=frozenset({Cue.FOR_OTHER}))
    reading = first(said("我妈发的是漏水 1-402", BEN), verdict, around(talked=(voice, photo(ANNA, 9))))
    assert len(reading.earlier) == 2


STAFF_SAYS = [
    ("收到，安排师傅去", talk(Cue.WORK_TAKEN), around(ticket(1)), [("staff_taken", 1)]),
    ("收到", talk(Cue.WORK_TAKEN), around(ticket(1)), []),
    ("收到，安排", talk(Cue.WORK_TAKEN), around(ticket(1, status=Status.ACCEPTED)), []),
    ("我到502门口了", talk(Cue.WORK_ARRIVED, room="502"), around(ticket(1), AT_DOOR), [("staff_arrived", 1)]),
    ("在路上了", talk(Cue.WORK_TAKEN, place=Place.ROAD), around(AT_DOOR), [("staff_taken", 2)]),
    ("换了个阀门，不漏了", talk(Cue.FIXED), around(ticket(1)), [("staff_done", 1)]),
    ("阀门换了，不漏了吧", talk(Cue.FIXED), around(ticket(1)), []),
    ("今天不漏了", talk(Cue.FIXED), around(ticket(1)), []),
    ("正在抽水", talk(Cue.WORK_NEWS), around(ticket(1)), [("staff_news", 1)]),
    ("已更换，处理完毕", talk(Cue.WORK_DONE), around(ticket(1)), [("staff_done", 1)]),
    ("做了临时封堵，观察两天", talk(Cue.WORK_DONE), around(ticket(1)), [("staff_news", 1)]),
    ("602防水裂了，已修", replace(talk(Cue.WORK_DONE), source_room="602"), around(ticket(1)), [("staff_done", 1)]),
    ("802修好了", talk(Cue.WORK_DONE, room="802"), around(ticket(1)), []),
    ("处理好了", talk(Cue.WORK_DONE), around(ticket(1), AT_DOOR), []),
    ("#2 处理好了", talk(Cue.WORK_DONE), around(ticket(1), AT_DOOR), [("staff_done", 2)]),
    ("处理好了", talk(Cue.WORK_DONE), around(ticket(1), AT_DOOR, quoted_tickets=(2,)), [("staff_done", 2)]),
    ("门口的水清了", talk(Cue.WORK_DONE, place=Place.UNIT_DOOR), around(ticket(1), AT_DOOR), [("staff_done", 2)]),
    ("地库的水抽完了", talk(Cue.WORK_DONE, place=Place.GARAGE), around(ticket(1)), []),
    ("电梯已修好，恢复运行", talk(Cue.WORK_DONE), around(ticket(1)), []),
    ("5号楼爆管已修好", talk(Cue.WORK_DONE, building="5"), around(ticket(1)), []),
    ("有渗漏的请接龙", talk(Cue.SURVEY), around(ticket(1)), []),
    ("有没有漏水的？", report(), around(), []),
    ("巡查发现地库积水", public(place=Place.GARAGE), around(), [("open", None)]),
    ("地库积水，大家绕行", public(place=Place.GARAGE), around(ticket(1, where=GARAGE)), []),
    ("地库积水已抽干净", public(place=Place.GARAGE), around(), []),
    ("502老人打电话来说漏水", report(room="502"), around(), [("open", None)]),
    ("502漏水", report(room="502"), around(ticket(1)), []),
]  # fmt: skip


@pytest.mark.parametrize("text,verdict,known,meaning", STAFF_SAYS, ids=[row[0] for row in STAFF_SAYS])
def test_staff_talk_plainly(text, verdict, known, meaning):
    assert means(said(text, KIM), verdict, known) == meaning


@pytest.mark.parametrize(
    "text,known,meaning",
    [
        ("水泵到了", around(ticket(1), quoted_tickets=(1,)), [("staff_news", 1)]),
        ("#1 水泵到了", around(ticket(1), ticket(2)), [("staff_news", 1)]),
        ("", around(ticket(1), quoted_tickets=(1,)), [("staff_news", 1)]),
        ("", around(ticket(1)), []),
    ],
)
def test_a_photo_of_staff_that_names_its_ticket_is_progress(text, known, meaning):
    assert means(said(text, KIM, kind=MessageKind.IMAGE), SILENT, known) == meaning


def test_the_one_who_was_addressed_by_name():
    known = around(
        ticket(1, ANNA, minutes=30),
        ticket(2, BEN, where=DOOR, minutes=20),
        talked=(
            said("漏水", ANNA, 25, sender_name="吴晓", ticket=1),
            said("积水", BEN, 20, sender_name="李雷", ticket=2),
        ),
    )
    assert means(said("吴先生，师傅马上到您家", KIM), talk(Cue.WORK_TAKEN), known) == [("staff_taken", 1)]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("cue", Cue)
def test_no_word_asks_for_a_move_that_is_not_allowed(status, cue):
    """Whatever state the sender's ticket is in."""
    to = {Action.CONFIRM: Status.CLOSED, Action.WITHDRAW: Status.CANCELLED, Action.REOPEN: Status.REOPENED}
    for reading in read(said("…"), talk(cue), around(ticket(1, status=status))):
        assert reading.action not in to or to[reading.action] in MOVES[status]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("cue", [Cue.WORK_TAKEN, Cue.WORK_ARRIVED, Cue.WORK_NEWS, Cue.WORK_DONE])
def test_staff_s_plain_words_never_open_again_what_is_over(status, cue):
    over = {Status.RESOLVED, Status.CLOSED, Status.CANCELLED, Status.MERGED}
    assert not (status in over and means(said("水处理了", KIM), talk(cue), around(ticket(1, status=status))))
