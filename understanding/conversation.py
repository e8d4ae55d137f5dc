"""What a message means among others: pure, the same for the same snapshot, each reading with its reason."""

from domain.conversation import Action, Asks, Reading, Said, Snapshot
from domain.tickets import ENDED, OPEN
from domain.understanding import Cue, Verdict
from domain.vocabulary import MessageKind, Scope, Status
from understanding.answers import answered
from understanding.residents_talk import read_resident
from understanding.scene import PICTURES, SHORTLY, Scene
from understanding.staff_talk import read_staff

Readings = tuple[Reading, ...]
_TALK = frozenset({MessageKind.TEXT, MessageKind.VOICE, *PICTURES})
_MEAN_SOMETHING_ALONE = frozenset(
    {
        Cue.ME_TOO,
        Cue.CHASE,
        Cue.NOT_FIXED,
        Cue.STILL,
        Cue.WORSE,
        Cue.MORE_WATER,
        Cue.HOTLINE,
        Cue.WANTS_HUMAN,
    }
)
"""By somebody with no open matter: about another's ticket, or one of theirs that ended."""
_WORK = frozenset({Cue.WORK_TAKEN, Cue.WORK_ARRIVED, Cue.WORK_DONE, Cue.WORK_NEWS, Cue.FIXED})
_MEAN_SOMETHING_BY_STAFF = _MEAN_SOMETHING_ALONE | _WORK


def read(message: Said, verdict: Verdict, snapshot: Snapshot) -> Readings:
    """Empty: nothing is meant that concerns us."""
    if message.recalled or message.kind not in _TALK:
        return ()
    scene = Scene(message, verdict, snapshot)
    if message.is_staff or snapshot.is_staff:
        return _where_we_asked(scene) or read_staff(scene)
    if message.text.strip():
        return read_resident(scene) or (_photo(scene) if message.kind in PICTURES else ())
    return _photo(scene) if message.kind in PICTURES else _voice(scene)


def _where_we_asked(scene: Scene) -> Readings:
    """A steward on the round who was asked where the water is, and says just that."""
    asked = scene.asked(Asks.LOCATION) is not None and scene.says(Cue.LOCATION_ONLY)
    return (answered(scene) or ()) if asked else ()


def matters(verdict: Verdict, *, by_staff: bool) -> bool:
    """A room or unit counts: it may answer the staff's question who has leaks, or be a parent's address."""
    where = verdict.location
    address = where.room is not None or where.unit is not None
    telling = _MEAN_SOMETHING_BY_STAFF if by_staff else _MEAN_SOMETHING_ALONE
    return verdict.report or verdict.unsure or address or not verdict.cues.isdisjoint(telling)


def _photo(scene: Scene) -> Readings:
    """Alone it says nothing; quoting, or soon after the sender's words, it belongs to their ticket."""
    quoted = [t for t in scene.quoted if t.status not in ENDED]
    for ticket in quoted:
        if scene.sender in ticket.reporters or ticket.scope is Scope.PUBLIC:
            return (Reading(Action.ADD, "引用后发的照片", ticket.number),)
    last = next((s for s in scene.mine if s.kind not in PICTURES or s.ticket is not None), None)
    spoke_of = scene.ticket(last.ticket) if last is not None else None
    if last is not None and scene.since(last.at) <= SHORTLY:
        known = spoke_of if spoke_of is not None and scene.sender in spoke_of.reporters else None
        fits = known is not None and known.status not in {Status.MERGED, Status.CANCELLED}
        if known is not None and fits:
            return (Reading(Action.ADD, "报修后的照片", known.number),)
        return _ask_to_type(scene)
    recent = [t for t in scene.own_open if scene.since(t.last_words_at) <= SHORTLY]
    if recent:
        return (Reading(Action.ADD, "报修后的照片", recent[0].number),)
    return _ask_to_type(scene)


def _ask_to_type(scene: Scene) -> Readings:
    """The photo comes right behind a voice message without words, about which nobody was asked yet."""
    just = [s for s in scene.mine if scene.since(s.at) <= SHORTLY]
    spoke = bool(just) and _is_voice(just[0]) and not any(s.kind in PICTURES for s in just)
    asked = scene.snapshot.question is not None
    return (Reading(Action.ASK_TO_TYPE, "语音没有文字，又发了照片"),) if spoke and not asked else ()


def _is_voice(said: Said) -> bool:
    return said.kind is MessageKind.VOICE and not said.text


def _voice(scene: Scene) -> Readings:
    """Without words it cannot be guessed. Whoever may be reporting is asked, once, to type; staff can listen."""
    before = [s for s in scene.mine if _is_voice(s)]
    ticket = next((t for t in scene.own_open if scene.since(t.last_words_at) <= SHORTLY), None)
    if ticket is not None and not ticket.location.empty and _nothing_missing(scene, ticket.number):
        return (Reading(Action.ADD, "报修后的语音", ticket.number),)
    look = Reading(Action.LOOK, "语音没有文字，可能是报修")
    if not before and _may_be_reporting(scene):
        return (Reading(Action.ASK_TO_TYPE, "语音没有文字，请打字"), look)
    return () if before else (look,)


def _nothing_missing(scene: Scene, number: int) -> bool:
    return scene.snapshot.question is None or scene.snapshot.question.ticket != number


def _may_be_reporting(scene: Scene) -> bool:
    """The bot asked them, they just sent a photo or half a report, or a matter of theirs is open."""
    recent = [s for s in scene.mine if scene.since(s.at) <= SHORTLY]
    told = any(s.kind in PICTURES or (s.verdict is not None and (s.verdict.unsure or s.verdict.report)) for s in recent)
    mine = any(t.status in OPEN for t in scene.own)
    return scene.snapshot.question is not None or told or mine
