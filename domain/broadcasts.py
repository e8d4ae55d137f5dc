"""A text of the community to its groups: confirmed by a person, or at a time that a person set."""

from collections.abc import Sequence

from domain.messages import Chat, Reply
from domain.roster import Community
from domain.vocabulary import BuildingId, GroupRole, Priority, ReplyKind


def groups_of(community: Community, buildings: Sequence[str]) -> list[tuple[Chat, str]]:
    """Chats and names of the buildings' groups; of all of them when no building is named."""
    return [
        (Chat(group.channel, group.id), group.name)
        for group in community.groups
        if group.role is GroupRole.BUILDING and (not buildings or group.building in buildings)
    ]


def key_of(what: str) -> str:
    """Under which it is said once in each group. what: "draft:3", "plan:1:2021-08-24T18:00:00+08:00"."""
    return f"broadcast:{what}"


def broadcast(community: Community, text: str, buildings: Sequence[BuildingId], key: str) -> list[Reply]:
    """At once, whatever the hour: a person decided. key: as key_of gives it."""
    return [
        Reply(chat, "broadcast", {"text": text}, ReplyKind.BROADCAST, Priority.BROADCAST, dedupe_key=key)
        for chat, _ in groups_of(community, buildings)
    ]
