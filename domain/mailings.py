"""What was sent to many groups at once: which of them it reached, and what is sent to the others again. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.messages import Chat, Reply

LOOKED_AT_AFTER = timedelta(minutes=1)
WAITED_FOR = timedelta(minutes=30)
"""A network that is slow or away: so long nobody is told that some groups wait."""
FORGOTTEN_AFTER = timedelta(hours=12)
MOST_AGAIN = 5
"""Times that it is sent again to the same groups: then somebody has to look why."""


class Sort(StrEnum):
    WARNING = "warning"
    BROADCAST = "broadcast"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Mailing:
    """keys: dedupe keys of its posts, the first sending and those again. chats: the groups that it is for. due_at: when
    it is looked at next; None: over. told: of how many groups that it did not reach staff know. number: 0 while new.
    """

    sort: Sort
    title: str
    keys: tuple[str, ...]
    chats: tuple[Chat, ...]
    made_at: datetime
    due_at: datetime | None
    told: int = 0
    number: int = 0


class Fate(StrEnum):
    """What became of a post, the best first."""

    SENT = "sent"
    WAITING = "waiting"
    UNSURE = "unsure"
    FAILED = "failed"
    DROPPED = "dropped"
    """it ran out, or something newer took its place"""


@dataclass(frozen=True, slots=True)
class Post:
    reply: Reply
    fate: Fate


class Mailings(Protocol):
    async def put(self, mailing: Mailing) -> Mailing:
        """New or changed; a new one gets its number."""
        ...

    async def due(self, now: datetime) -> Sequence[Mailing]: ...

    async def since(self, at: datetime) -> Sequence[Mailing]:
        """Oldest first."""
        ...

    async def posts(self, mailing: Mailing) -> Sequence[Post]:
        """All that were put for it."""
        ...


class MailingWork(Protocol):
    """The part of a unit of work that is about what was sent to many groups."""

    @property
    def mailings(self) -> Mailings: ...


def begun(sort: Sort, title: str, replies: Sequence[Reply], now: datetime) -> Mailing | None:
    """Of posts that carry one key; None where there are none."""
    key = next((reply.dedupe_key for reply in replies if reply.dedupe_key), None)
    if key is None:
        return None
    chats = tuple(reply.chat for reply in replies if reply.dedupe_key == key)
    return Mailing(sort, title, (key,), chats, now, now + LOOKED_AT_AFTER)


def belongs(reply: Reply) -> bool:
    """Whether staff hear of its fate with that of the whole mailing: no task for each group then."""
    key = reply.dedupe_key or ""
    return not reply.chat.private and key.startswith(("broadcast:", "warning:"))


def again_key(key: str, time: int) -> str:
    return f"{key}:again:{time}"


def with_again(keys: Iterable[str]) -> list[str]:
    """Whatever these posts are called, sent once or again."""
    return [name for key in keys for name in (key, *(again_key(key, n) for n in range(1, MOST_AGAIN + 1)))]


@dataclass(frozen=True, slots=True)
class Tally:
    """Chats by what became of the best of their posts."""

    fates: dict[Chat, Fate]

    def of(self, *fates: Fate) -> list[Chat]:
        return [chat for chat, fate in self.fates.items() if fate in fates]

    @property
    def reached(self) -> int:
        return len(self.of(Fate.SENT))

    @property
    def total(self) -> int:
        """Without those for which it was out of date."""
        return len(self.fates) - len(self.of(Fate.DROPPED))


def tally(mailing: Mailing, posts: Sequence[Post]) -> Tally:
    """In the order of the mailing's chats. A post that is nowhere was never put: it counts as failed."""
    order = list(Fate)
    best: dict[Chat, Fate] = {}
    for post in posts:
        known = best.get(post.reply.chat)
        if known is None or order.index(post.fate) < order.index(known):
            best[post.reply.chat] = post.fate
    return Tally({chat: best.get(chat, Fate.FAILED) for chat in mailing.chats})


@dataclass(frozen=True, slots=True)
class Look:
    """tell: whether staff are told now."""

    mailing: Mailing
    tell: bool


def looked_at(mailing: Mailing, found: Tally, now: datetime) -> Look:
    """Told at once when nothing waits any more and some were not reached; told of those that wait after a while."""
    lost, waiting = found.of(Fate.FAILED, Fate.UNSURE), found.of(Fate.WAITING)
    age = now - mailing.made_at
    over = not waiting or age >= FORGOTTEN_AFTER
    missing = len(lost) + len(waiting)
    tell = missing > 0 and missing != mailing.told and (not waiting or age >= WAITED_FOR)
    then = None if over else now + (LOOKED_AT_AFTER if age < WAITED_FOR else WAITED_FOR)
    return Look(replace(mailing, due_at=then, told=missing if tell else mailing.told), tell)


def again(
    mailing: Mailing, posts: Sequence[Post], chats: Collection[Chat], now: datetime
) -> tuple[Mailing, list[Reply]]:
    """The same words once more to these chats, under a new key. Whether they still hold is for the asker to see."""
    key = again_key(mailing.keys[0], len(mailing.keys))
    words = {post.reply.chat: post.reply for post in posts}
    replies = [replace(words[chat], dedupe_key=key, not_before=None, may_wait=False) for chat in chats if chat in words]
    return replace(mailing, keys=(*mailing.keys, key), due_at=now + LOOKED_AT_AFTER, told=0), replies
