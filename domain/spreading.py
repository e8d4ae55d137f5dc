"""In which order a text for many groups goes out, where the network takes one after the other. Pure.

The order is in the times at which the posts fall due, a moment apart and all in the past: nothing waits for it, and
whoever claims the next chat takes the earliest. What is ahead of others was due earlier.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.messages import Chat, Reply
from domain.roster import Community
from domain.tickets import Ticket
from domain.trouble import NOTHING
from domain.vocabulary import BuildingId, GroupRole

ANSWERS_AHEAD = timedelta(hours=2)
"""Who reports an emergency hears us before the next group hears of a warning."""
RED_AHEAD = timedelta(hours=1)
"""Before the orange ones that still wait."""
_APART = timedelta(microseconds=1)


def at_risk_first(community: Community, past: Iterable[Ticket]) -> list[BuildingId]:
    """Buildings whose garage or entrance lies low, then those that leaked before, most often first; then the rest.

    past: tickets of the last years.
    """
    leaks = Counter(t.location.building for t in past if t.status not in NOTHING)
    found = sorted(community.buildings.values(), key=lambda b: (not b.low_lying, -leaks[b.id]))
    return [building.id for building in found]


def chats_of(community: Community, only: Sequence[BuildingId], first: Sequence[BuildingId]) -> list[Chat]:
    """The buildings' groups, or of some buildings only, in the order in which they are told."""
    place = {building: n for n, building in enumerate(first)}
    groups = [g for g in community.groups if g.role is GroupRole.BUILDING and (not only or g.building in only)]
    groups.sort(key=lambda group: place.get(group.building, len(place)) if group.building else len(place))
    return [Chat(group.channel, group.id) for group in groups]


def in_turn(replies: Sequence[Reply], now: datetime, ahead: timedelta = timedelta(0)) -> list[Reply]:
    """The same posts, due one after the other in the order given, none of them later than now."""
    first = now - ahead - _APART * len(replies)
    return [replace(reply, not_before=first + _APART * place) for place, reply in enumerate(replies)]
