"""The answer to a question of the bot that is still open."""

import re
from dataclasses import replace
from datetime import timedelta

from domain.commands import numbers_in, tidy
from domain.conversation import Action, Asks, OpenQuestion, Reading, TicketView
from domain.tickets import OPEN
from domain.understanding import Cue
from domain.vocabulary import Status
from understanding.facts import adding, opening, reopening
from understanding.incidents import is_vague
from understanding.matching import tells_where
from understanding.scene import SHORTLY, Scene

Readings = tuple[Reading, ...]
_PUNCTUATION = re.compile(r"[\s,，.。!！~～、…:：\[\]()（）]+")
_YES = re.compile(
    r"^(?:是|对|嗯|恩|要|需要|报修|漏)(?:的|啊|呀|呢|滴|是|对|要|嗯|报修|登记|漏水|漏|麻烦|谢谢|了|我家)*$"
)
_NO = re.compile(r"^(?:不|没|别)(?:是|用|要|需要|报|算|有|事|漏|了|的|啊|呢|谢谢|就是|说说|问问|随便|聊聊)*$")
_FIXED = re.compile(
    r"^(?:已经?|都|现在|应该|基本)*(?:好|修好|解决|可以|没问题|不漏|干|正常|搞定|完事|满意)(?:了|的|啦|呢|啊|谢谢|师傅|没问题|水)*$"
)
_HOLDS = re.compile(
    r"没有?(?:再|怎么|一点|往下|往里)*(?:漏|滴|渗|进水|返水|积水|湿)|一(?:点|滴)(?:也|都)?(?:没|不)(?:漏|湿|滴)"
)
_BUT = re.compile(r"但|可是|不过|就是|还|又")
_NOT_FIXED = re.compile(
    r"^(?:还|又|并|根本|依然)*(?:没|没有|不行|不好|漏|在漏|是漏|不满意|没修|没好)(?:好|修|了|呢|啊|有|完|漏|水|的)*$"
)
_EXPLICIT_YES = re.compile(r"^(?:可以|同意|发吧|没问题|可以的|可以发|发|能发|愿意|没意见)")
_VAGUE_YES_COUNTS = timedelta(minutes=10)
_SHARE = re.compile(r"\d\s?[份斤袋箱盒只]|[一二两三四五六七八九十][份斤袋箱盒]|团购|接龙|快递|取货")


def answered(scene: Scene) -> Readings | None:
    """What the message means as an answer; None where it is none."""
    question = scene.snapshot.question
    if question is None or _is_merged(scene, question):
        return None
    match question.asks:
        case Asks.PHOTO_CONSENT:
            return _consent(scene, question)
        case Asks.IS_IT_A_REPORT:
            return _is_report(scene, question)
        case Asks.FIXED:
            return _is_fixed(scene, question)
        case Asks.LOCATION:
            return _location(scene, question)
        case Asks.WHICH_TICKET:
            return _which(scene)
        case Asks.WHAT_IS_MISSING:
            return _missing(scene, question)
        case Asks.HAND_OVER | Asks.ERASE_ME | Asks.AGREES:
            return None  # a name, a yes: handlers look at them themselves


def _is_merged(scene: Scene, question: OpenQuestion) -> bool:
    """Its ticket went into another one meanwhile: nothing is added to what is no more."""
    ticket = scene.ticket(question.ticket)
    return ticket is not None and ticket.status is Status.MERGED


def is_share(text: str) -> bool:
    """2-502 两份: an address for the eggs, not for the leak."""
    return bool(_SHARE.search(text))


def _plain(scene: Scene) -> str:
    return _PUNCTUATION.sub("", tidy(scene.text))


def _consent(scene: Scene, question: OpenQuestion) -> Readings | None:
    """A yes must be meant for the bot: 好的 to somebody else shows no one's home."""
    plain = _plain(scene)
    if len(plain) > 12 or scene.telling:
        return None
    if scene.says(Cue.REFUSE):
        return (Reading(Action.CONSENT, "不同意发照片", question.ticket, agreed=False),)
    agreed = bool(_EXPLICIT_YES.match(plain)) or (scene.says(Cue.CONSENT) and _meant_for_us(scene, question))
    return (Reading(Action.CONSENT, "同意发照片", question.ticket, agreed=True),) if agreed else None


def _meant_for_us(scene: Scene, question: OpenQuestion) -> bool:
    between = [s for s in scene.said if s.at >= question.asked_at and s.sender != scene.sender]
    return not between and scene.since(question.asked_at) <= _VAGUE_YES_COUNTS


def _is_report(scene: Scene, question: OpenQuestion) -> Readings | None:
    plain = _plain(scene)
    if scene.verdict.report and not scene.verdict.unsure:
        return None  # a report in its own right
    if any(t.reported_at >= question.asked_at for t in scene.own_open):
        return None  # it is on record by now: the family wrote it down, or they did in other words
    if scene.says(Cue.WITHDRAW, Cue.REFUSE, Cue.NOT_ME, Cue.FIXED) or _NO.match(plain):
        return (Reading(Action.NONE, "问过了：不是报修"),)
    yes = bool(_YES.match(plain)) or scene.says(Cue.CONSENT, Cue.STILL, Cue.WORSE)
    if yes or scene.where.room is not None or scene.telling:
        return (opening(scene, "问过了：是报修"),)
    return None


def _is_fixed(scene: Scene, question: OpenQuestion) -> Readings | None:
    ticket = scene.ticket(question.ticket)
    plain = _plain(scene)
    if ticket is None or (scene.telling and not scene.says(Cue.NOT_FIXED, Cue.STILL)):
        return None
    if scene.says(Cue.NOT_FIXED, Cue.STILL, Cue.REFUSE) or _NOT_FIXED.match(plain):
        return (reopening(scene, ticket, "回访：没修好"),)
    fixed = scene.says(Cue.FIXED, Cue.CONSENT, Cue.WITHDRAW, Cue.WORK_DONE) or bool(_FIXED.match(plain))
    fixed = fixed or (_HOLDS.search(plain) is not None and _BUT.search(plain) is None)
    if fixed and ticket.status not in {Status.CANCELLED, Status.MERGED}:
        return (Reading(Action.CONFIRM, "回访：修好了", ticket.number),)
    return None


def _location(scene: Scene, question: OpenQuestion) -> Readings | None:
    """Also in the middle of other talk. A whole report of its own is looked at by the rules for reports."""
    ticket = scene.ticket(question.ticket)
    if ticket is None or ticket.status not in OPEN or (is_vague(scene.where) and scene.where.building is None):
        return None
    if scene.telling or scene.says(Cue.NOT_ME, Cue.WITHDRAW, Cue.FIXED) or is_share(scene.text):
        return None
    if not tells_where(scene, ticket):
        return None
    return (adding(scene, ticket, "回答了位置", replaces=_may_replace(scene, ticket)),)


def _may_replace(scene: Scene, ticket: TicketView) -> bool:
    return scene.says(Cue.CORRECTION) or scene.since(ticket.last_words_at) <= SHORTLY


def _which(scene: Scene) -> Readings | None:
    said = {*numbers_in(scene.text), *numbers_in("#" + _plain(scene))}
    ticket = next((t for t in scene.own if t.number in said), None)
    return (Reading(Action.CHASE, "说明了是哪一单", ticket.number),) if ticket else None


def _missing(scene: Scene, question: OpenQuestion) -> Readings | None:
    ticket = scene.ticket(question.ticket)
    if ticket is None or len(_plain(scene)) < 4 or scene.says(Cue.THANKS, Cue.FIXED):
        return None
    if ticket.status in {Status.RESOLVED, Status.CLOSED} and scene.says(Cue.NOT_FIXED, Cue.STILL):
        return (reopening(scene, ticket, "说明了哪里没修好"),)
    return (replace(adding(scene, ticket, "说明了哪里不满意"), urgency=None),)
