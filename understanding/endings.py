"""How it ended: fixed, back again, never there. Only about the sender's own tickets."""

import re

from domain.commands import numbers_in
from domain.conversation import Action, Reading, TicketView
from domain.understanding import Cue
from domain.vocabulary import Status
from understanding.facts import kind_meant, reopening
from understanding.matching import chosen, may_be
from understanding.scene import FRESH, SHORTLY, Scene

Readings = tuple[Reading, ...]

_AND_MORE = re.compile(r"又|还在|还是|也[漏滴渗]|[但可]是?.{0,40}[漏滴渗冒]|换成|反而")
_FINE = re.compile(r"(?:可以了|好了|好啦|行了|没问题了|搞定了)(?:谢|师傅|感谢|辛苦|了|大家|[\s,，。!！~～🙏👍])*")
"""Said of the work only where staff just said that it is done."""
_ONCE = re.compile(r"去年|前年|往年|前几年|小时候")
_NOT_MINE = re.compile(r"新闻|视频里|别的小区|隔壁小区|(?:邻居|业主|住户|大家|你们家|谁家|哪家|还有人).*[吗么?？]")
"""顶楼的业主现在还漏吗: asked of others, or seen elsewhere."""
_APOLOGY = re.compile(r"抱歉|不好意思|对不起|久等|来晚")
_CLEARLY_OFF = re.compile(r"看错|弄错|搞错|不用来|不用了|误会|误报|虚惊|取消|不需要|撤")


def ended(scene: Scene) -> Readings | None:
    """Fixed, back again, or never there: only for the sender's own tickets."""
    if scene.says(Cue.NOT_FIXED) or (scene.says(Cue.STILL) and not scene.says(Cue.FIXED)):
        return _back_again(scene)
    if _FINE.fullmatch(scene.text) and not scene.says(Cue.FIXED):
        done = [t for t in scene.own_done if t.status is Status.RESOLVED and scene.since(t.since) <= FRESH]
        return (Reading(Action.CONFIRM, "处理后说好了", done[0].number),) if done else None
    if not scene.says(Cue.FIXED, Cue.WITHDRAW) or (scene.verdict.report and not _only_over(scene)):
        return None
    if scene.says(Cue.FIXED):
        return _confirmed(scene)
    if scene.says(Cue.CORRECTION) and kind_meant(scene.text):
        return None  # 不是漏，是返水: it is there all the same
    return _withdrawn(scene)


def _only_over(scene: Scene) -> bool:
    """现在不滴了, 就是吊顶湿了一块: over, although water is spoken of."""
    again = bool(_AND_MORE.search(scene.text)) or scene.says(Cue.NOT_ME, Cue.ME_TOO, Cue.WORSE)
    return scene.says(Cue.FIXED) and not again and any(may_be(scene, t) for t in scene.own_open)


def _back_again(scene: Scene) -> Readings | None:
    done = chosen(scene, scene.own_done)
    if done is None or not may_be(scene, done) or _NOT_MINE.search(scene.text):
        return None
    newer = [t for t in scene.own_open if t.last_words_at > done.since and may_be(scene, t)]
    return None if newer else (reopening(scene, done, "报修人说又漏了、没修好"),)


def _confirmed(scene: Scene) -> Readings:
    waiting = tuple(t for t in scene.own_done if t.status is Status.RESOLVED)
    ticket = chosen(scene, waiting) or chosen(scene, scene.own_open)
    if ticket is None or not _of_it(scene, ticket):
        return ()
    return (Reading(Action.CONFIRM, "报修人说好了", ticket.number),)


def _of_it(scene: Scene, ticket: TicketView) -> bool:
    """车库的水抽干了, by who reported the bedroom: glad news of something else."""
    named = ticket in scene.quoted or ticket.number in numbers_in(scene.text)
    return named or (may_be(scene, ticket) and not _ONCE.search(scene.text))


def _withdrawn(scene: Scene) -> Readings | None:
    ticket = chosen(scene, scene.own_open)
    if ticket is None or not _of_it(scene, ticket):
        return ()
    if not (_CLEARLY_OFF.search(scene.text) or not _answers_apology(scene)):
        return ()
    return (Reading(Action.WITHDRAW, "报修人收回", ticket.number),)


def _answers_apology(scene: Scene) -> bool:
    """没事 to somebody who begs pardon takes nothing back."""
    others = [s for s in scene.said if s.sender != scene.sender and scene.since(s.at) <= SHORTLY]
    return bool(others) and bool(_APOLOGY.search(others[-1].text))
