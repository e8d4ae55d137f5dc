"""What comes in from a chat network and what goes out to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from domain.errors import NaiveTime
from domain.vocabulary import MediaId, MessageKind, Priority, ReplyKind, TicketNumber

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


Format: TypeAlias = Literal["pdf", "png", "jpg", "xlsx", "csv", "html", "md"]


def check_aware(name: str, value: datetime) -> None:
    if value.tzinfo is None:
        raise NaiveTime(name, value)


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """Somebody as a channel knows them: the channel's stable id, never a nickname."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True, order=True)
class Chat:
    """One conversation: a group, or the private chat with one person, whose id it then carries."""

    channel: str
    id: str
    private: bool = False

    @classmethod
    def with_person(cls, person: Person) -> "Chat":
        return cls(person.channel, person.id, private=True)


@dataclass(frozen=True, slots=True)
class MediaHandle:
    """A file that the channel can still fetch: ``handle`` means something to that channel only."""

    handle: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What the sender quotes. Some networks give no id, only the words."""

    external_id: str | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, as it came. (channel, external_id) is unique: a duplicate delivery dies on it."""

    channel: str
    external_id: str
    chat: Chat
    sender: Person
    at: datetime
    kind: MessageKind = MessageKind.TEXT
    sender_name: str = ""
    text: str = ""
    media: tuple[MediaHandle, ...] = ()
    mentions_bot: bool = False
    quote: Quote | None = None
    recalls: str | None = None
    """The external id of the message that was taken back (kind recall)."""

    def __post_init__(self) -> None:
        check_aware("Incoming.at", self.at)

    @property
    def addressed(self) -> bool:
        """Whether the sender speaks to the bot: by @, or in a private chat."""
        return self.mentions_bot or self.chat.private


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody to @: the name is what the group shows."""

    person: Person
    name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos for one picture: how it was and how it is now. place: as whoever gets it may read it.

    minutes: from the report until it was cleared; None where that is not to be said.
    """

    before: MediaId
    after: MediaId
    number: TicketNumber
    place: str
    minutes: int | None = None


PAIR = "pair"
"""The layout of a document that is nothing but its one pair of photos."""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that is drawn when it is sent. Its words are a text of their own, rendered like any other.

    layout: how it looks ("slip", "minutes"), PAIR, or domain.exports.SHEET: a table, read when it is sent.
    name: of the file, without its ending.
    link: what its QR code holds; none where it is empty.
    pairs: photos that it shows, before beside after. photos: those that it shows alone, behind the pairs.
    mark: stands across it ("演练"); put there when it is sent.
    """

    layout: str
    template: str
    params: Mapping[str, Json]
    name: str
    formats: tuple[Format, ...] = ("pdf",)
    link: str = ""
    pairs: tuple[Pair, ...] = ()
    photos: tuple[MediaId, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to say: a template and its parameters, rendered (and perhaps merged) when it is sent.

    merge: replies of one chat that carry the same value may become one message at send time.
    dedupe_key: unique per chat for ever; a second put with the same key is dropped.
    reply_to: external id of the message that is answered.
    own_accord: counts against the group's budget of unasked posts.
    may_wait: held back in quiet hours.
    """

    chat: Chat
    template: str
    params: Mapping[str, Json] = field(default_factory=dict)
    kind: ReplyKind = ReplyKind.OTHER
    priority: Priority = Priority.ANSWER
    mentions: tuple[Mention, ...] = ()
    tickets: tuple[TicketNumber, ...] = ()
    media: tuple[MediaId, ...] = ()
    reply_to: str | None = None
    merge: str | None = None
    dedupe_key: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    own_accord: bool = False
    may_wait: bool = False
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    name: str
    mime: str
    data: bytes
    media: MediaId | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready for a channel. The text already holds ``@name`` for each mention.

    ids: the outbox rows it carries, several when they were merged. keys: what they are called beyond this database's
    life, so that a network which remembers them need not say a row twice.
    """

    ids: tuple[int, ...]
    chat: Chat
    text: str
    kind: ReplyKind = ReplyKind.OTHER
    mentions: tuple[Mention, ...] = ()
    tickets: tuple[TicketNumber, ...] = ()
    files: tuple[File, ...] = ()
    reply_to: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network took the message. remote_ids: its own ids of what it made of it, text first, then files."""

    remote_ids: tuple[str, ...]
    at: datetime
