"""Waiting: chasing, and anger."""

from datetime import timedelta

from domain.commands import numbers_in
from domain.conversation import Action, Reading, TicketView
from domain.understanding import Cue
from understanding.facts import adding, changes
from understanding.matching import chosen
from understanding.scene import JUST_NOW, Scene

Readings = tuple[Reading, ...]

_ALERT_AGAIN = timedelta(minutes=15)
_ANGRY = (Cue.HOTLINE, Cue.ANGER, Cue.WANTS_HUMAN)


def chased(scene: Scene) -> Readings | None:
    if not scene.says(Cue.CHASE, Cue.STILL):
        return None
    ticket = _chased_ticket(scene)
    if ticket is None:
        return None
    if scene.sender in ticket.reporters:
        reading = adding(scene, ticket, "催办时的补充")
        if changes(reading):
            return (reading,)
    return chase(scene, ticket)


def _chased_ticket(scene: Scene) -> TicketView | None:
    """Own, quoted or numbered; else the only fresh one of the chat."""
    named = [t for n in numbers_in(scene.text) if (t := scene.ticket(n))] or list(scene.quoted)
    if named:
        return named[0] if len(named) == 1 else None
    mine = chosen(scene, scene.own_open)
    if mine is not None:
        return mine
    return scene.fresh_here[0] if len(scene.fresh_here) == 1 and not scene.own_done else None


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
