"""One matter of one person: opening, adding, correcting, photos, answers to the bot."""

from dataclasses import replace

import pytest

from domain.conversation import Action, Asks
from domain.understanding import SILENT, Cue, Location
from domain.vocabulary import Kind, MessageKind, Place, Scope, Status, Urgency
from tests.understanding.moments import (
    ANNA,
    BEN,
    DOOR,
    GARAGE,
    HOME,
    KIM,
    ago,
    around,
    first,
    means,
    photo,
    public,
    report,
    said,
    talk,
    ticket,
    unsure,
)
from understanding.conversation import matters, read

VAGUE = Location(building="3")


def test_a_report_opens_a_ticket_and_asks_for_the_home():
    reading = first(said("家里漏水了"), report(), around())
    assert (reading.action, reading.kind, reading.scope) == (Action.OPEN, Kind.LEAK, Scope.HOUSEHOLD)
    assert reading.question == "请问是几单元几号？"


@pytest.mark.parametrize(
    "verdict,question",
    [
        (report(unit="2", room="502"), None),
        (report(room="502"), "请问是几单元？"),
        (public(place=Place.GARAGE), None),
        (public(unit="2"), None),
        (public(), "请问具体在哪个位置？"),
        (replace(report(), cues=frozenset({Cue.FOR_OTHER})), "请问是几号楼几单元几号？"),
        (replace(report(), ambiguous=("2-502 是2号楼502还是2单元502？",)), "2-502 是2号楼502还是2单元502？"),
    ],
)
def test_only_what_is_missing_is_asked(verdict, question):
    assert first(said("漏水了"), verdict, around()).question == question


def test_nothing_is_asked_while_staff_ask():
    asking = said("您是几单元几号？", KIM, 1)
    assert first(said("家里漏水"), report(), around(talked=(asking,))).question is None


def test_the_home_in_the_nickname_is_taken():
    reading = first(said("顶上漏水", sender_name="3-2-1402 韩"), report(), around())
    assert (reading.location.unit, reading.location.room, reading.location.floor) == ("2", "1402", 14)


@pytest.mark.parametrize(
    "verdict,why",
    [
        (public(place=Place.GARAGE), "a public spot is nobody's home"),
        (replace(report(), cues=frozenset({Cue.FOR_OTHER})), "a parent's home is another"),
        (report(building="8"), "another building"),
        (report(floor=9), "another floor"),
    ],
)
def test_the_sender_s_home_is_not_put_where_it_does_not_belong(verdict, why):
    known = around(home=Location("3", "2", "502", 5))
    assert first(said("漏水了"), verdict, known).location.room is None, why


def test_what_was_said_just_before_belongs_to_the_report():
    address = said("2单元502", minutes=2, verdict=talk(Cue.LOCATION_ONLY, unit="2", room="502", floor=5))
    picture = photo(minutes=1)
    reading = first(said("漏水了"), report(), around(talked=(address, picture)))
    assert reading.earlier == (address.external_id, picture.external_id)
    assert (reading.location.unit, reading.location.room, reading.location.floor) == ("2", "502", 5)


@pytest.mark.parametrize(
    "earlier,why",
    [
        (photo(BEN, 1), "somebody else's photo"),
        (photo(ANNA, 20), "long ago"),
        (photo(ANNA, 1, recalled=True), "taken back"),
        (photo(ANNA, 1, ticket=1), "belongs to a ticket"),
        (said("中午吃面", ANNA, 1, verdict=SILENT), "chatter"),
    ],
)
def test_what_does_not_belong_stays_out(earlier, why):
    assert first(said("漏水了"), report(), around(talked=(earlier,))).earlier == (), why


@pytest.mark.parametrize(
    "message,known,meaning",
    [
        (photo(), around(), []),
        (photo(), around(ticket(1)), [("add", 1)]),
        (photo(), around(ticket(1, minutes=40)), []),
        (photo(BEN), around(ticket(1)), []),
        (photo(), around(ticket(1), talked=(said("开饭了", ANNA, 1, verdict=SILENT),)), []),
        (photo(), around(ticket(1), talked=(said("漏水", ANNA, 1, ticket=1),)), [("add", 1)]),
        (photo(BEN), around(ticket(1, where=DOOR), quoted_tickets=(1,)), [("add", 1)]),
        (photo(BEN), around(ticket(1), quoted_tickets=(1,)), []),
        (photo(), around(ticket(1, status=Status.CANCELLED)), []),
        (said("", kind=MessageKind.FILE), around(ticket(1)), []),
    ],
)
def test_photos(message, known, meaning):
    assert means(message, SILENT, known) == meaning


@pytest.mark.parametrize(
    "before,verdict,after",
    [
        (VAGUE, talk(Cue.LOCATION_ONLY, unit="2", room="502", floor=5), Location(None, "2", "502", 5)),
        (Location("3", None, "502", 5), talk(Cue.LOCATION_ONLY, unit="2"), Location(unit="2")),
        (Location("3", "2", "502", 5, Place.CEILING), report(place=Place.BEDROOM), Location(place=Place.BEDROOM)),
        (HOME, report(place=Place.CEILING), Location()),
        (HOME, report(place=Place.BATHROOM), Location()),
        (HOME, talk(Cue.CORRECTION, room="602", floor=6), Location(room="602", floor=6)),
        (HOME, talk(Cue.CORRECTION, room="503", floor=5), Location(room="503", floor=5)),
        (HOME, talk(Cue.LOCATION_ONLY, room="803", floor=8), Location(room="803", floor=8)),
        (VAGUE, talk(building="8", unit="2", room="301", floor=3), Location("8", "2", "301", 3)),
    ],
)
def test_facts_fill_what_is_missing_and_correct_what_was_wrong(before, verdict, after):
    reading = first(said("…"), verdict, around(ticket(1, where=before)))
    assert (reading.action, reading.ticket, reading.location) == (Action.ADD, 1, after)


def test_a_report_without_a_place_turns_out_to_be_public():
    reading = first(said("地库坡道"), public(place=Place.GARAGE), around(ticket(1, where=VAGUE)))
    assert (reading.action, reading.scope, reading.kind) == (Action.ADD, Scope.PUBLIC, Kind.PONDING)


@pytest.mark.parametrize(
    "before,text,verdict",
    [
        (HOME, "602也漏", report(unit="2", room="602", floor=6)),
        (HOME, "地库也积水了", public(place=Place.GARAGE)),
        (DOOR, "我家厨房漏水", report(place=Place.KITCHEN)),
        (DOOR, "地库积水", public(place=Place.GARAGE, floor=-1)),
        (VAGUE, "另外地库积水了", public(place=Place.GARAGE)),
    ],
)
def test_another_place_of_the_same_person_is_another_ticket(before, text, verdict):
    assert means(said(text), verdict, around(ticket(1, where=before))) == [("open", None)]


@pytest.mark.parametrize(
    "before,text,verdict",
    [
        (HOME, "厨房还在滴", report(place=Place.KITCHEN)),
        (HOME, "都流到楼道了", public(place=Place.CORRIDOR)),
        (HOME, "应该是楼顶漏下来的", public(place=Place.ROOF)),
        (GARAGE, "电梯口都是水", public(place=Place.ELEVATOR)),
        (DOOR, "水越来越深", public()),
    ],
)
def test_the_same_water_of_the_same_person_is_added(before, text, verdict):
    assert means(said(text), verdict, around(ticket(1, where=before))) == [("add", 1)]


def test_urgency_is_only_raised():
    worse = replace(talk(Cue.WORSE), cues=frozenset({Cue.WORSE}))
    assert first(said("鼓起来了"), worse, around(ticket(1))).urgency is Urgency.EMERGENCY
    calm = replace(report(), urgency=Urgency.NORMAL)
    assert first(said("慢慢渗"), calm, around(ticket(1))).urgency is None


@pytest.mark.parametrize(
    "text,verdict,meaning",
    [
        ("2-502", talk(Cue.LOCATION_ONLY, unit="2", room="502"), [("add", 1)]),
        ("刚接完娃 我住2单元502 七点后在家", talk(unit="2", room="502"), [("add", 1)]),
        ("2-502 两份鸡蛋", talk(unit="2", room="502"), []),
        ("好的", talk(Cue.CONSENT), []),
        ("今晚吃啥", SILENT, []),
    ],
)
def test_the_answer_where_it_is(text, verdict, meaning):
    known = around(ticket(1, where=VAGUE, minutes=30), asks=Asks.LOCATION)
    assert means(said(text), verdict, known) == meaning


@pytest.mark.parametrize(
    "text,verdict,agreed",
    [
        ("可以", talk(Cue.CONSENT), True),
        ("好的", talk(Cue.CONSENT), True),
        ("不要发", talk(Cue.REFUSE), False),
    ],
)
def test_consent_to_photos(text, verdict, agreed):
    reading = first(said(text), verdict, around(ticket(1), asks=Asks.PHOTO_CONSENT))
    assert (reading.action, reading.ticket, reading.agreed) == (Action.CONSENT, 1, agreed)


def test_a_yes_to_somebody_else_is_no_consent():
    talked = (said("晚上一起吃饭？", BEN, 1, verdict=SILENT),)
    known = around(ticket(1, minutes=30), asks=Asks.PHOTO_CONSENT, talked=talked)
    assert means(said("好的"), talk(Cue.CONSENT), known) == []


@pytest.mark.parametrize(
    "text,verdict,meaning",
    [
        ("好了", talk(Cue.CONSENT), [("confirm", 1)]),
        ("修好了", talk(Cue.FIXED), [("confirm", 1)]),
        ("还没好", talk(Cue.NOT_FIXED), [("reopen", 1)]),
        ("没有", talk(Cue.NOT_ME), [("reopen", 1)]),
    ],
)
def test_asked_whether_it_is_fixed(text, verdict, meaning):
    known = around(ticket(1, status=Status.RESOLVED), asks=Asks.FIXED)
    assert means(said(text), verdict, known) == meaning


@pytest.mark.parametrize(
    "text,verdict,meaning",
    [
        ("是的", talk(Cue.CONSENT), [("open", None)]),
        ("不是 随便问问", talk(Cue.REFUSE), [("none", None)]),
        ("2单元502", talk(unit="2", room="502"), [("open", None)]),
        ("哈哈", SILENT, []),
    ],
)
def test_asked_whether_it_is_a_report(text, verdict, meaning):
    before = said("墙上好像有水印", minutes=2, verdict=unsure())
    assert means(said(text), verdict, around(talked=(before,), asks=Asks.IS_IT_A_REPORT)) == meaning


def test_a_doubt_is_asked_about_once_and_then_listed():
    assert means(said("墙上好像有水印"), unsure(0.6), around()) == [("ask", None)]
    before = said("墙上好像有水印", minutes=2, verdict=unsure())
    assert means(said("这算漏水吗"), unsure(0.6), around(talked=(before,))) == [("look", None)]
    assert means(said("这算漏水吗"), unsure(0.6), around(asks=Asks.IS_IT_A_REPORT))[0][0] in {"open", "look"}
    assert means(said("潮潮的"), unsure(0.3), around()) == [("look", None)]


@pytest.mark.parametrize(
    "known,meaning",
    [
        (around(), [("look", None)]),
        (around(talked=(photo(minutes=1),)), [("ask_to_type", None), ("look", None)]),
        (around(ticket(1, where=VAGUE), asks=Asks.LOCATION), [("ask_to_type", None), ("look", None)]),
        (around(talked=(said("", minutes=1, kind=MessageKind.VOICE),)), []),
        (around(ticket(1)), [("add", 1)]),
    ],
)
def test_a_voice_without_words_is_asked_about_once(known, meaning):
    assert means(said("", kind=MessageKind.VOICE), SILENT, known) == meaning


def test_a_recalled_message_means_nothing():
    assert read(said("漏水了", recalled=True), report(), around()) == ()


def test_what_was_recalled_is_not_taken_along():
    gone = said("1205", minutes=1, verdict=talk(Cue.LOCATION_ONLY, room="1205"), recalled=True)
    reading = first(said("1502漏水"), report(room="1502"), around(ticket(1, status=Status.CANCELLED), talked=(gone,)))
    assert (reading.action, reading.location.room, reading.earlier) == (Action.OPEN, "1502", ())


@pytest.mark.parametrize(
    "verdict,expected",
    [
        (SILENT, False),
        (talk(Cue.THANKS), False),
        (talk(Cue.CONSENT), False),
        (talk(Cue.NOT_ME), False),
        (talk(place=Place.GARAGE), False),
        (report(), True),
        (unsure(), True),
        (talk(Cue.ME_TOO), True),
        (talk(Cue.CHASE), True),
        (talk(Cue.NOT_FIXED), True),
        (talk(Cue.WORK_DONE), False),
        (talk(room="502"), True),
    ],
)
def test_what_can_mean_something_from_anybody(verdict, expected):
    assert matters(verdict, by_staff=False) is expected


@pytest.mark.parametrize("cue", [Cue.WORK_TAKEN, Cue.WORK_ARRIVED, Cue.WORK_DONE, Cue.WORK_NEWS])
def test_words_about_the_work_mean_something_from_staff_only(cue):
    assert matters(talk(cue), by_staff=True)
    assert not matters(talk(cue), by_staff=False)


def test_an_old_ticket_takes_the_address_it_still_lacks():
    old = ticket(1, where=Location("3", place=Place.BALCONY), minutes=150)
    assert means(said("2单元1204"), talk(Cue.LOCATION_ONLY, unit="2", room="1204"), around(old)) == [("add", 1)]
    done = replace(old, status=Status.CLOSED, since=ago(100))
    assert means(said("2单元1204"), talk(Cue.LOCATION_ONLY, unit="2", room="1204"), around(done)) == []
