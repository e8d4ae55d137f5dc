"""What is played for practice and must not count among what happened. Pure."""

from collections.abc import Iterable

from domain.messages import Chat
from domain.roster import Community
from domain.tickets import Ticket
from domain.vocabulary import GroupRole


def drill_chats(community: Community) -> frozenset[Chat]:
    return frozenset(Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.DRILL)


def real(community: Community, tickets: Iterable[Ticket]) -> list[Ticket]:
    """Without those of the groups that are kept for drills."""
    chats = drill_chats(community)
    return [ticket for ticket in tickets if ticket.chat not in chats]
