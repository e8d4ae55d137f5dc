"""Where water came in before: homes and spots that are looked at first when a storm is coming."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from domain.privacy import full_place
from domain.roster import Community
from domain.tickets import Ticket
from domain.vocabulary import Scope, Status

LOOKED_BACK = timedelta(days=730)
NOTHING = frozenset({Status.CANCELLED, Status.MERGED})
"""What turned out to be no trouble of its own."""


def past_trouble(community: Community, tickets: Iterable[Ticket]) -> list[str]:
    """For staff, in full; the most often first: "3号楼2单元1801（2次）", "8号楼地库"."""
    counts = Counter(_place(community, ticket) for ticket in tickets if ticket.status not in NOTHING)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [f"{place}（{times}次）" if times > 1 else place for place, times in ranked if place]


def _place(community: Community, ticket: Ticket) -> str:
    """A home is one place, whichever of its rooms it was."""
    where = ticket.location
    return full_place(community, replace(where, place=None) if ticket.scope is Scope.HOUSEHOLD else where)
