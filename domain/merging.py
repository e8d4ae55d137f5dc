"""What several sources say of one warning: that it is the same one, or that they contradict each other about it.

The identifier is the same in most sources. Where one has ids of its own, the issuer, the kind and the minute tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.editions import Edition, Why
from domain.warnings import Action, OfficialWarning, ends, follows, in_force, issuer_code

MINUTE = timedelta(minutes=1)
ENTRY = timedelta(minutes=15)
"""Some sources give the time at which it was entered, minutes after the issue."""


def agrees(one: OfficialWarning, other: OfficialWarning) -> bool:
    """The same level, and both that it stands or both that it is over."""
    level = one.rank == other.rank if one.rank and other.rank else one.level == other.level
    return level and _over(one) == _over(other)


def _over(warning: OfficialWarning) -> bool:
    return warning.action is Action.CANCEL


def same(one: OfficialWarning, other: OfficialWarning) -> bool:
    """One warning, whatever each source says of its level. Two of one source are two unless the key says otherwise."""
    if one.key == other.key:
        return one.standing is other.standing
    if one.event != other.event or one.source == other.source or _over(one) != _over(other):
        return False
    apart = abs(one.issued_at - other.issued_at)
    if apart > ENTRY or not follows(one, other) or (issuer_code(one.key) and issuer_code(other.key)):
        return False
    return apart < MINUTE or (apart <= ENTRY and agrees(one, other))


def contradicts(one: OfficialWarning, other: OfficialWarning) -> bool:
    return same(one, other) and not agrees(one, other)


def twins(new: OfficialWarning, known: Sequence[Edition]) -> list[Edition]:
    """The same warning as it was heard before. One with another key that was ended meanwhile is an older one."""
    return [
        e
        for e in known
        if same(e.warning, new)
        and (e.warning.key == new.key or not any(ends(k.warning, e.warning) and k.warning != new for k in known))
    ]  # fmt: skip


def aligned(new: OfficialWarning, known: Sequence[Edition]) -> OfficialWarning:
    """Its references name what it replaces by every source's key, not only by its own source's."""
    named = [e.warning for e in known if e.warning.key in new.references]
    keys = [e.warning.key for e in known if any(same(e.warning, one) and agrees(e.warning, one) for one in named)]
    return replace(new, references=tuple(dict.fromkeys((*new.references, *keys)))) if keys else new


def trusted(known: Sequence[Edition]) -> list[OfficialWarning]:
    """Each warning once; without what contradicts another source about its level, and what a person ruled out."""
    kept: list[OfficialWarning] = []
    for edition in known:
        if edition.why is Why.DISAGREES:
            continue
        if edition.by:
            kept = [w for w in kept if not contradicts(w, edition.warning)]
        if not any(same(w, edition.warning) and agrees(w, edition.warning) for w in kept):
            kept.append(edition.warning)
    return kept


def standing_at(known: Sequence[Edition], now: datetime) -> list[OfficialWarning]:
    """What stands of all that was told, the highest level first."""
    return in_force(trusted(known), now)


@dataclass(frozen=True, slots=True)
class Dispute:
    """number: what staff call it by. first: what was heard first; second: what contradicts it."""

    number: int
    first: Edition
    second: Edition


def disputes(known: Sequence[Edition]) -> list[Dispute]:
    """Contradictions that nobody has settled and no newer warning has made pointless, oldest first."""
    found: list[Dispute] = []
    for index, second in enumerate(known):
        if second.why is not Why.DISAGREES or _settled(second, known[index + 1 :]):
            continue
        first = next((e for e in known[:index] if contradicts(e.warning, second.warning)), None)
        if first is not None:
            found.append(Dispute(second.id, first, second))
    return found


def _settled(second: Edition, later: Sequence[Edition]) -> bool:
    return any(
        (e.by and same(e.warning, second.warning)) or (e.why is not Why.DISAGREES and ends(e.warning, second.warning))
        for e in later
    )


def disputed_keys(known: Sequence[Edition]) -> frozenset[str]:
    return frozenset(e.warning.key for d in disputes(known) for e in (d.first, d.second))
