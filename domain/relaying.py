"""The one place that passes official warnings on: word for word, with issuer and time, never another colour.

What residents are told is decided here (``decide``) and put into words here (``relay``); nothing else makes a post of
a warning. The bot never issues one, and never says that something is over which the issuer did not clear.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from domain.editions import TO_RESIDENTS, Edition, Relay, Why
from domain.mailings import with_again
from domain.merging import agrees, contradicts, disputed_keys, disputes, same, trusted, twins
from domain.messages import Chat, Document, Json, Reply
from domain.roster import Community
from domain.spreading import RED_AHEAD, chats_of, in_turn
from domain.vocabulary import BuildingId, GroupRole, Priority, ReplyKind
from domain.warnings import SKEW, Action, OfficialWarning, Standing, colour_of, ends, in_force, rank_of

AGAIN_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Decision:
    relay: Relay
    why: Why


def decide(
    new: OfficialWarning, known: Sequence[Edition], now: datetime, again_after: timedelta = AGAIN_AFTER
) -> Decision:
    """What becomes of a warning, after all that was told before. What contradicts another source is told to nobody
    but staff, who say which is right: nothing here goes by a majority or by the higher level."""
    known = [e for e in known if e.warning.event == new.event or e.warning.key in {new.key, *new.references}]
    before = twins(new, known)
    agreeing = [e for e in before if agrees(e.warning, new) and e.why is not Why.DISAGREES]
    if before and not agreeing:
        return Decision(Relay.STAFF, Why.DISAGREES)
    if any(e.relay in TO_RESIDENTS or e.warning.standing is not Standing.ACTUAL for e in agreeing):
        return Decision(Relay.NOBODY, Why.ALREADY)
    if new.ends_at() <= now:
        return Decision(Relay.NOBODY, Why.EXPIRED)
    if new.standing is not Standing.ACTUAL:
        return Decision(Relay.STAFF, Why.EXERCISE)
    if new.issued_at > now + SKEW:
        return Decision(Relay.STAFF, Why.AHEAD)
    others = [w for w in trusted(known) if not same(w, new)]
    if any(ends(w, new) for w in others):
        return Decision(Relay.NOBODY, Why.OUTDATED)
    standing = [w for w in in_force(others, now) if w.event == new.event]
    told = _told(known, new.event)
    if new.action is Action.CANCEL:
        return _clearing(new, standing, told)
    told = told if standing else None
    after = [w for w in in_force([*others, new], now) if w.event == new.event]
    return _rising(new, told, max((w.rank for w in after), default=0), now - again_after)


def _told(known: Sequence[Edition], event: str) -> Edition | None:
    """What residents heard last of this kind; None when that was that it is over."""
    heard = [e for e in known if e.relay in TO_RESIDENTS and e.warning.event == event]
    last = max(heard, key=lambda e: (e.seen_at, e.id), default=None)
    return None if last is None or last.relay is Relay.ALL_CLEAR else last


def _clearing(new: OfficialWarning, standing: Sequence[OfficialWarning], told: Edition | None) -> Decision:
    """Only what residents know of, and only when nothing else of the kind stands."""
    left = [w for w in standing if not ends(new, w)]
    if told is None:
        return Decision(Relay.STAFF, Why.NEVER_TOLD)
    cleared = len(left) < len(standing) or ends(new, told.warning)
    return Decision(Relay.ALL_CLEAR, Why.CLEARED) if cleared and not left else Decision(Relay.STAFF, Why.STILL_STANDS)


def _rising(new: OfficialWarning, told: Edition | None, highest: int, again: datetime) -> Decision:
    """highest: level that stands once this one does."""
    if new.rank < highest:
        return Decision(Relay.STAFF, Why.HIGHER_STANDS)
    if told is None:
        return Decision(Relay.EVERYBODY, Why.FIRST)
    if new.rank > told.warning.rank:
        return Decision(Relay.EVERYBODY, Why.RISE)
    if new.rank < told.warning.rank:
        return Decision(Relay.SHORT, Why.FALL)
    return Decision(Relay.EVERYBODY, Why.AGAIN) if told.seen_at <= again else Decision(Relay.STAFF, Why.SAME_LEVEL)


def ruled(new: OfficialWarning, known: Sequence[Edition]) -> list[Edition]:
    """What counts beside the one that a person says is right."""
    return [
        e for e in known if not contradicts(e.warning, new) and not (e.why is Why.DISAGREES and same(e.warning, new))
    ]


def without_a_person(
    decision: Decision, warning: OfficialWarning, *, levels: Collection[str], silent: bool
) -> Decision:
    """The same for a warning from a feed. levels: those that are passed on by themselves. silent: the feed was not
    heard for so long that what it says is no news, orange and red excepted, and the end of what residents were told of.
    What falls or is over needs no person.
    """
    if decision.relay is Relay.NOBODY or decision.why is Why.DISAGREES:
        return decision
    if silent and not warning.urgent and decision.relay is not Relay.ALL_CLEAR:
        return Decision(Relay.NOBODY, Why.SILENT)
    if decision.relay is Relay.EVERYBODY and warning.level not in levels:
        return Decision(Relay.STAFF, Why.BY_HAND)
    return decision


def outdated_keys(new: OfficialWarning, known: Sequence[Edition]) -> list[str]:
    """Dedupe keys of posts that must not go out any more, now that this edition is known."""
    return with_again(_dedupe_key(e.warning, e.relay) for e in known if ends(new, e.warning))


def contradicted_keys(new: OfficialWarning, known: Sequence[Edition]) -> list[str]:
    """The same of what it contradicts: until somebody has said which is right, and for good when this one is."""
    return with_again(_dedupe_key(e.warning, e.relay) for e in known if contradicts(new, e.warning))


def told_keys(new: OfficialWarning, known: Sequence[Edition]) -> list[str]:
    """Dedupe keys of all that residents were told of its kind since the last all-clear."""
    told = [e for e in known if e.relay in TO_RESIDENTS and e.warning.event == new.event]
    last = max((n for n, e in enumerate(told, 1) if e.relay is Relay.ALL_CLEAR), default=0)
    return [key for e in told[last:] for key in keys_of(e.warning)]


def keys_of(warning: OfficialWarning) -> list[str]:
    """Dedupe keys of every post that may have been made of it."""
    return with_again(_dedupe_key(warning, how) for how in Relay)


def relay(
    community: Community, edition: Edition, unheard: Collection[Chat] = (), first: Sequence[BuildingId] = ()
) -> list[Reply]:
    """unheard: chats where an older edition still waited to be sent: they get the whole of this one instead. first:
    buildings in the order in which they are told; staff hear it before them all, and red goes before orange.
    """
    staff = [Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.STAFF]
    building = chats_of(community, (), first)
    over = edition.warning.action is Action.CANCEL
    if edition.relay is Relay.NOBODY:
        posts = [_post(edition, chat, Relay.EVERYBODY) for chat in staff if chat in unheard and not over]
    else:
        posts = [_post(edition, chat) for chat in staff]
    over = edition.warning.action is Action.CANCEL
    for chat in building if edition.warning.standing is Standing.ACTUAL else ():
        if chat in unheard and not over:
            posts.append(_post(edition, chat, Relay.EVERYBODY))
        elif edition.relay in TO_RESIDENTS and not (chat in unheard and over):
            posts.append(_post(edition, chat))
    red = edition.warning.urgent and edition.warning.rank >= rank_of("红色")
    return in_turn(posts, edition.seen_at, RED_AHEAD if red else timedelta(0))


def dispute(community: Community, known: Sequence[Edition], edition: Edition) -> list[Reply]:
    """To staff: both texts, and how to say which is right. known: with the edition that contradicts."""
    found = next((d for d in disputes(known) if d.second.id == edition.id), None)
    if found is None:
        return []
    sides: list[Json] = [_side(e) for e in (found.first, found.second)]
    urgent = any(e.warning.urgent for e in (found.first, found.second))
    return [
        Reply(
            Chat(g.channel, g.id), "warning_disputed", {"code": found.number, "sides": sides}, ReplyKind.ALERT,
            Priority.EMERGENCY if urgent else Priority.ANSWER,
            dedupe_key=f"warning:{edition.warning.key}:disputed:{edition.id}",
        )
        for g in community.groups
        if g.role is GroupRole.STAFF
    ]  # fmt: skip


def _side(edition: Edition) -> dict[str, Json]:
    warning = edition.warning
    return {
        "source": warning.source, "issuer": warning.issuer, "issued_at": warning.issued_at.isoformat(),
        "warning": warning.name, "over": warning.action is Action.CANCEL, "text": warning.text,
        "credit": warning.credit, "told": edition.relay in TO_RESIDENTS,
    }  # fmt: skip


def tells_of_a_warning(reply: Reply) -> bool:
    """Whether it is a post to residents that depends on what is in force."""
    return _how(reply) in TO_RESIDENTS and "key" in reply.params


def _how(reply: Reply) -> Relay | None:
    return next((how for how, name in _TEMPLATES.items() if name == reply.template), None)


def still_true(reply: Reply, known: Sequence[Edition], now: datetime) -> bool:
    """Whether a post to residents that waited may still be sent: what it tells is in force, highest of its kind, and
    nobody contradicts it; of an all-clear, that nothing of the kind stands.
    """
    key, event = reply.params["key"], reply.params["event"]
    standing = [w for w in in_force(trusted(known), now) if w.event == event]
    if _how(reply) is Relay.ALL_CLEAR:
        return not standing
    mine = [w for w in standing if any(e.warning.key == key and same(e.warning, w) for e in known)]
    highest = max((w.rank for w in standing), default=0)
    return key not in disputed_keys(known) and any(w.rank == highest for w in mine)


_WITH_CARD = frozenset({Relay.EVERYBODY, Relay.ALL_CLEAR})
_TEMPLATES = {
    Relay.EVERYBODY: "warning",
    Relay.SHORT: "warning_falls",
    Relay.ALL_CLEAR: "warning_cleared",
    Relay.STAFF: "warning_for_staff",
}


def _post(edition: Edition, chat: Chat, how: Relay | None = None) -> Reply:
    """The official words stand by themselves in the template; it is dropped when it runs out before it is sent."""
    warning, how = edition.warning, how or edition.relay
    params: dict[str, Json] = {
        "issuer": warning.issuer,
        "issued_at": warning.issued_at.isoformat(),
        "text": warning.text,
        "headline": warning.headline,
        "stormy": warning.stormy,
        "why": edition.why.value,
        "standing": warning.standing.value,
        "credit": warning.credit,
        "code": edition.id,
        "key": warning.key,
        "event": warning.event,
    }
    return Reply(
        chat, _TEMPLATES[how], params, ReplyKind.BROADCAST,
        Priority.EMERGENCY if warning.urgent else Priority.BROADCAST,
        dedupe_key=_dedupe_key(warning, edition.relay), expires_at=warning.ends_at(), may_wait=not edition.by,
        documents=(_card(warning),) if how in _WITH_CARD else (),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _card(warning: OfficialWarning) -> Document:
    """One for all groups: the same words once more as a picture in the level's own colour. It is drawn when it is sent,
    and not sent any more once a newer edition is known."""
    over = warning.action is Action.CANCEL
    params: dict[str, Json] = {
        "name": warning.name,
        "colour": "over" if over else colour_of(warning.level),
        "over": over,
        "issuer": warning.issuer,
        "issued_at": warning.issued_at.isoformat(),
        "text": warning.text,
        "credit": warning.credit,
    }
    return Document("warning", "warning_card", params, "官方预警", ("png",))


def _dedupe_key(warning: OfficialWarning, how: Relay) -> str:
    """One for each warning and edition."""
    return f"warning:{warning.key}:{how}"
