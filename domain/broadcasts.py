"""A text of the community to its groups: confirmed by a person, or at a time that a person set."""

from collections.abc import Sequence

from domain.messages import Chat, Reply
from domain.roster import Community
from domain.vocabulary import GroupRole, Priority, ReplyKind


def groups_of(community: Community, buildings: Sequence[str]) -> list[tuple[Chat, str]]:
    """Chats and names of the buildings' groups; of all of them when no building is named."""
    return [
        (Chat(group.channel, group.id), group.name)
        for group in community.groups
        if group.role is GroupRole.BUILDING and (not buildings or group.building in buildings)
    ]


def broadcast(community: Community, text: str, buildings: Sequence[str], key: str) -> list[Reply]:
    """At once, whatever the hour: a person decided. key: said once under it in each group."""
    return [
        Reply(
            chat, "broadcast", {"text": text}, ReplyKind.BROADCAST, Priority.BROADCAST, dedupe_key=f"broadcast:{key}"
        )
        for chat, _ in groups_of(community, buildings)
    ]  # fmt: skip
