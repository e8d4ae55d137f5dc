"""The article for the official account: whatever the tickets hold, it shows nobody's name, phone, room or plate."""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import shipped
from documents.press import draw
from domain.messages import Document
from domain.periods import Period
from domain.statistics import Case
from domain.tickets import Actor, Clocks, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import Kind, Place, Ruling, Scope, StaffId, Status, TicketNumber
from handlers.accounting import Gathered
from handlers.articles import article
from tests.domain.values import COMMUNITY, NOW, REPORTER, TICKET

NAMES = ("李秀英", "欧阳建国", "张桂芬", "老赵", "小王家的", "Lily妈", "3号楼张阿姨 2-301")
PHONES = ("13912345678", "139 1234 5678", "010-80001234", "８６-13800138000", "一三九一二三四五六七八")
ROOMS = ("502", "1803", "1-2-402", "二十三楼", "B2305")
PLATES = ("京A12345", "京NB8888", "沪AD12345")
PRIVATE = st.sampled_from([*NAMES, *PHONES, *ROOMS, *PLATES, "物业说楼上602的责任"])
WORDS = st.lists(PRIVATE, min_size=1, max_size=4).map("，".join)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    minutes = draw(st.integers(0, 3000))
    cleared = NOW + timedelta(minutes=minutes) if draw(st.booleans()) else None
    building = draw(st.sampled_from(["3", "8", "9", "B", None]))
    where = Location(building, draw(st.sampled_from(["1", "2", None])), draw(st.sampled_from([*ROOMS[:2], None])),
                     draw(st.sampled_from([5, 18, None])), draw(st.sampled_from([*Place, None])))  # fmt: skip
    name, words = draw(st.sampled_from(NAMES)), draw(WORDS)
    ticket = replace(
        TICKET, number=TicketNumber(draw(st.integers(1, 99))), status=draw(st.sampled_from(Status)),
        kind=draw(st.sampled_from(Kind)), scope=draw(st.sampled_from(Scope)), location=where, words=words,
        clocks=Clocks(NOW, NOW, cleared, cleared, cleared), reporters=(replace(REPORTER, name=name),),
        assignee=StaffId("sw-limin"), source_room="602", ruling=draw(st.sampled_from([*Ruling, None])),
    )  # fmt: skip
    by = Actor(draw(st.sampled_from(NAMES)), staff=StaffId("rp-wang"))
    happened = [TicketEvent(ticket.number, NOW, what, by, "s", {"words": words}) for what in (What.NOTE, What.PROGRESS)]
    return Case(ticket, happened)


def written(known: Gathered) -> str:
    params = article(COMMUNITY, known, NOW + timedelta(days=2))
    paper = Document("article", "article", params, "公示", ("html", "md"))
    return "\n".join(file.data.decode() for file in draw(paper, shipped().render("article", params)))


def names_a_room(text: str, room: str) -> bool:
    return re.search(rf"(?<![\d:]){re.escape(room)}(?![\d:])", text) is not None


@settings(deadline=None)  # drawing may wait for a busy machine
@given(st.lists(cases(), max_size=6))
def test_whatever_the_tickets_hold_the_article_names_nobody(found: list[Case]):
    period = Period(NOW - timedelta(hours=1), NOW + timedelta(days=1), "本场雨")
    text = written(Gathered(period, None, found, (), 0, ()))
    text = re.sub(r"max-width:\d+px|font(?:-size)?:[^;\"]*|#[0-9a-f]{6}", "", text)
    private = [*NAMES, *PHONES, *PLATES, *(s.name for s in COMMUNITY.staff.values()), "责任", "楼上"]
    assert [word for word in private if word in text] == []
    assert [room for room in (*ROOMS, "602") if names_a_room(text, room)] == []


def test_a_building_in_which_few_live_is_not_named_for_its_homes():
    """9号楼 of the tests has three homes: the whole city would know which one."""
    few = replace(TICKET, location=Location("9", "1", "201", 2, Place.BEDROOM))
    text = written(Gathered(Period(NOW, NOW + timedelta(days=1)), None, [Case(few, ())], (), 0, ()))
    assert "9号楼" not in text
    assert "其他：1户" in text
