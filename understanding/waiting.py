"""Waiting: chasing, and anger."""

import re
from datetime import timedelta

from domain.commands import numbers_in
from domain.conversation import Action, Asks, Reading, Said, TicketView
from domain.understanding import Cue
from domain.vocabulary import Scope
from understanding.facts import adding, changes
from understanding.matching import chosen, may_be
from understanding.me_too import join, topic
from understanding.neighbours import asks
from understanding.normalise import normalise
from understanding.scene import JUST_NOW, Scene
from understanding.topic import speaks_of_ours

Readings = tuple[Reading, ...]

_ALERT_AGAIN = timedelta(minutes=15)
_ANGRY = (Cue.HOTLINE, Cue.ANGER, Cue.WANTS_HUMAN)
_JUST_REPORTED = timedelta(minutes=3)
_PLEASE = re.compile(r"快点|快些|尽快|抓紧|赶快|赶紧|快来|马上来|来个人")
_ASKS_WHEN = re.compile(r"怎么|咋|还没|没人|多久|什么时候|啥时候|几点|何时|人呢|[?？]")
_OTHER_THINGS = re.compile(
    r"快递|外卖|骑手|团购|团长|[校班大]车|公交|地铁|蛋糕|鸡蛋|水果|网络|宽带|信号|停电|来电|门禁|道闸|路灯|垃圾|充电|核酸|作业|老师|开会"
)
"""Waited for as well, but no water."""
_SAID_BEFORE = re.compile(
    r"[我咱俺].{0,8}报(?:的|了|过|修).{0,8}(?:漏|渗|滴|堵|[返反]水|积水)|[我咱俺].{0,12}(?:漏|渗|堵|[返反]水|积水).{0,12}报(?:了|过|修)"
)
_A_WORD = 24
_MERE = 3
_NOT_ON_RECORD = "您之前报的我这里没有记录，请问是几单元几零几、哪里漏？我马上登记。"
_WATER = re.compile(r"水|漏|渗|滴|堵|管|阀|修|师傅|物业|社区")
_WORK = re.compile(_WATER.pattern + r"|你们|没人[来管应]|还没(?:人|来|处理|解决|弄)|不来|进度|进展")


def chased(scene: Scene) -> Readings | None:
    if not scene.says(Cue.CHASE, Cue.STILL) or (_OTHER_THINGS.search(scene.text) and not _WATER.search(scene.text)):
        return None
    ticket = _chased_ticket(scene)
    if ticket is None:
        return _never_heard_of(scene)
    if scene.sender not in ticket.reporters and asks(scene) and not scene.says(Cue.CHASE):
        return None
    if scene.sender in ticket.reporters:
        return _by_reporter(scene, ticket)
    if ticket.scope is Scope.PUBLIC:
        passing = len(scene.text) > _A_WORD and scene.where.place is None and ticket not in scene.quoted
        return () if passing else (join(scene, ticket, "也在等同一处公共积水漏水"),)
    if _PLEASE.search(scene.text) and not _ASKS_WHEN.search(scene.text):
        return ()  # a kind word for a neighbour
    return chase(scene, ticket)


def _by_reporter(scene: Scene, ticket: TicketView) -> Readings:
    if not _means_us(scene, ticket):
        return ()
    reading = adding(scene, ticket, "催办时的补充")
    if changes(reading):
        return (reading,)
    if _only_urges(scene, ticket):
        return (Reading(Action.ADD, "刚报完，请快点来", ticket.number),)
    return chase(scene, ticket)


def _means_us(scene: Scene, ticket: TicketView) -> bool:
    """快点, 无语, 人呢: said of anything; meant for us after a silence, or behind the speaker's own words of it."""
    if speaks_of_ours(normalise(scene.text)) or ticket in scene.quoted or ticket.number in numbers_in(scene.text):
        return may_be(scene, ticket)
    last = next((s for s in scene.mine if not _says_little(s)), None)
    return last is None or last.ticket == ticket.number


def _says_little(said: Said) -> bool:
    """行吧, 谢谢, [强]"""
    polite = said.verdict is not None and not said.verdict.cues.isdisjoint({Cue.CONSENT, Cue.THANKS})
    return said.ticket is None and (polite or len(said.text) <= _MERE)


def _never_heard_of(scene: Scene) -> Readings | None:
    """我上周报的漏水怎么没下文了: told to somebody else, or before the bot was here."""
    if scene.own or scene.says(Cue.NOT_ME) or scene.asked(*Asks) or not _SAID_BEFORE.search(scene.text):
        return None
    return (Reading(Action.ASK, "说报过修，但没有记录", question=_NOT_ON_RECORD),)


def _only_urges(scene: Scene, ticket: TicketView) -> bool:
    """麻烦快点, right behind the report that was just answered: there is nothing new to say yet."""
    soon = scene.since(ticket.reported_at) <= _JUST_REPORTED and not scene.says(*_ANGRY)
    return soon and bool(_PLEASE.search(scene.text)) and not _ASKS_WHEN.search(scene.text)


def _chased_ticket(scene: Scene) -> TicketView | None:
    """Own, quoted or numbered; else the only fresh one of the chat, where the words are of it."""
    named = [t for n in numbers_in(scene.text) if (t := scene.ticket(n))] or list(scene.quoted)
    if named:
        return named[0] if len(named) == 1 else None
    mine = chosen(scene, scene.own_open)
    if mine is not None:
        return mine
    if scene.own_done or not _WORK.search(scene.text):
        return None
    only = scene.fresh_here if len(scene.fresh_here) == 1 else ()
    return topic(scene) or next((t for t in only if t.scope is not Scope.PUBLIC or may_be(scene, t)), None)


def chase(scene: Scene, ticket: TicketView) -> Readings:
    """A second word in the same breath is kept, not answered again."""
    last = next(iter(scene.mine), None)
    same_breath = last is not None and last.ticket == ticket.number and scene.since(last.at) <= JUST_NOW
    chased = (
        last is not None
        and last.verdict is not None
        and not last.verdict.cues.isdisjoint({Cue.CHASE, Cue.STILL, *_ANGRY})
    )
    if same_breath and chased:
        return (Reading(Action.ADD, "接着催，已经答过", ticket.number),)
    return (Reading(Action.CHASE, "催办", ticket.number),)


def alert(scene: Scene, readings: Readings) -> Readings:
    """Told to staff at once where somebody has a matter of their own; a bystander's remark is only put on the list."""
    if not scene.says(*_ANGRY):
        return ()
    recent = [s for s in scene.mine if scene.since(s.at) <= _ALERT_AGAIN and s.verdict is not None]
    repeats = any(not s.verdict.cues.isdisjoint(_ANGRY) for s in recent if s.verdict) and not scene.says(*_ANGRY[2:])
    ticket = _own_matter(scene, readings)
    opens = any(r.action is Action.OPEN for r in readings)
    if ticket is None and not opens:
        return () if readings or not scene.says(Cue.HOTLINE, Cue.WANTS_HUMAN) else _listed()
    if ticket is not None and not readings and not _means_us(scene, ticket):
        return ()
    if repeats:
        return () if readings or ticket is None else (Reading(Action.ADD, "又说了气话，已报告过", ticket.number),)
    return (Reading(Action.ALERT, _why(scene), ticket.number if ticket else None),)


def _own_matter(scene: Scene, readings: Readings) -> TicketView | None:
    named = [t for r in readings if (t := scene.ticket(r.ticket))]
    return next(iter([*named, *scene.own_open, *scene.own_done[:1]]), None)


def _listed() -> Readings:
    return (Reading(Action.LOOK, "说到投诉或要找人，但没有自己的报修"),)


def _why(scene: Scene) -> str:
    if scene.says(Cue.HOTLINE):
        return "说要打12345或找媒体"
    return "要求人工答复" if scene.says(Cue.WANTS_HUMAN) else "情绪激动"
