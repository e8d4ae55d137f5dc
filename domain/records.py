"""What is remembered besides tickets: people, chats, photos, rows of the two queues, the please-look list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.messages import Chat, Incoming, Json, Person, Receipt, Reply
from domain.roster import Group
from domain.tickets import Clocks, Promise, Ticket
from domain.understanding import Location, Verdict
from domain.vocabulary import MediaId, MessageKind, Priority, Role, StaffId, Status, TicketNumber, Urgency


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is known of somebody on a channel. staff: bound with a one-time code (or by the configuration)."""

    person: Person
    name: str = ""
    staff: StaffId | None = None
    home: Location = field(default_factory=Location)
    opted_out: bool = False
    volunteer: bool = False


@dataclass(frozen=True, slots=True)
class ChatRecord:
    """A chat the bot is in. group: None while nobody has bound it (and for private chats)."""

    chat: Chat
    group: Group | None = None
    asked_to_bind: bool = False
    notice_posted: bool = False
    muted_until: datetime | None = None
    told_of: str = ""
    """the provider of the language model that this chat was told about"""


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code by which somebody becomes a staff member on a channel. Only its digest is stored."""

    digest: str
    staff: StaffId
    name: str
    role: Role
    buildings: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class MediaState(StrEnum):
    WAITING = "waiting"
    STORED = "stored"
    FAILED = "failed"
    ERASED = "erased"
    """whose it was had it erased; the file goes with the next housekeeping"""


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """A photo, video, voice or file somebody sent. digest: sha-256 of the stored bytes, the name of its file.

    message: external id of the message it came with. error: why it could not be stored, in words.
    by_staff with command: released by a person; said_in_group: the sender posted it there themselves.
    """

    id: MediaId
    chat: Chat
    sender: Person
    message: str
    handle: str
    kind: MessageKind
    at: datetime
    state: MediaState = MediaState.WAITING
    name: str = ""
    mime: str = ""
    digest: str = ""
    size: int = 0
    ticket: TicketNumber | None = None
    by_staff: bool = False
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """id grows in the order of arrival."""

    id: int
    incoming: Incoming
    attempts: int = 0
    verdict: Verdict | None = None


class Outcome(StrEnum):
    """What became of an inbox row."""

    SILENT = "silent"
    HANDLED = "handled"
    LOOK = "look"
    OPTED_OUT = "opted_out"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Arrived:
    """Messages that become durable with the commit, and then wait unless they are finished in it. new: how many.

    free: those whose chat has nothing else waiting, in order; each may be finished if those before it are.
    """

    new: int
    free: tuple[InboxRow, ...]


@dataclass(frozen=True, slots=True)
class Handled:
    """tickets: those the message belongs to (its text is then kept with them)."""

    row: InboxRow
    outcome: Outcome
    verdict: Verdict | None = None
    tickets: tuple[TicketNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class LookItem:
    """Something staff should look at: a message that may be a report."""

    id: int
    message: str
    chat: Chat
    sender: Person
    sender_name: str
    text: str
    reason: str
    at: datetime
    decided_at: datetime | None = None


MASKED = "*"


class Corrected(StrEnum):
    """How staff put a verdict right."""

    FALSE_ALARM = "false_alarm"
    """误报: the ticket was no report"""
    AMENDED = "amended"
    """改: a report, but of another kind, scope, urgency or place"""
    LOOKED = "looked"
    """a decision on the please-look list"""


@dataclass(frozen=True, slots=True)
class Correction:
    """A labelled example that staff gave. text: the resident's words, masked (domain.masking.for_learning).

    before, after: what was understood and what is right: report, kind, scope, urgency, building, unit, place; of a room
    or a floor only that it changed (MASKED), never which one it is.
    """

    at: datetime
    what: Corrected
    by: StaffId
    text: str
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    ticket: TicketNumber | None = None
    look: int | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    id: int
    reply: Reply
    created_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class SentPost:
    """A message that went out: what pacing looks back at."""

    at: datetime
    row: int
    own_accord: bool
    merge: str | None
    emergency: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send in one chat until the lease runs out. rows: queued and due, by (priority, id).

    token: fencing; a finish with an older token changes nothing. recent: what went out of its own accord within the
    budget's span, and everything of the last minute.
    """

    chat: Chat
    token: int
    rows: tuple[OutboxRow, ...]
    recent: tuple[SentPost, ...]
    fails: int = 0


class DeliveryState(StrEnum):
    SENT = "sent"
    WAIT = "wait"
    RETRY = "retry"
    DEAD = "dead"
    OUTDATED = "outdated"
    """it was late, and what it says holds no more"""
    UNKNOWN = "unknown"
    """the network did not answer: it may have gone out"""


@dataclass(frozen=True, slots=True)
class Counts:
    """The inbox and the tickets in figures. oldest: when the first message that waits came in."""

    waiting: int
    oldest: datetime | None
    parked: int
    tickets: Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class Backlog:
    """So many messages of one channel that did not go out: queued, dead or unknown."""

    channel: str
    state: str
    priority: Priority
    count: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a claim ended. rows: ids of the outbox rows it is about; next_at: when the chat may be looked at again."""

    claim: Claim
    state: DeliveryState
    rows: tuple[int, ...]
    next_at: datetime
    receipt: Receipt | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An open question of the bot to one person in one chat; a newer one replaces it."""

    chat: Chat
    person: Person
    asks: str
    ticket: TicketNumber | None
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PhotoWindow:
    """After a command, photos of the same person in the same chat belong to its tickets for two minutes."""

    chat: Chat
    person: Person
    tickets: tuple[TicketNumber, ...]
    purpose: str
    until: datetime


PHOTO_WINDOW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Watched:
    """As much of a ticket as it takes to see whether what was promised about it is kept."""

    number: TicketNumber
    status: Status
    urgency: Urgency
    building: str | None
    clocks: Clocks
    since: datetime
    told_at: datetime | None
    next_at: datetime | None
    due: Promise | None


ERASED_MESSAGE = "erased_message"
"""The text that stands for what was sent, once it was erased."""


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody saw, took out or erased data of persons. who: a name; source: "channel:chat:message", or the terminal.

    what: 导出, 我的数据, 删除我的数据 and their like. about: which part, or whose.
    """

    at: datetime
    who: str
    what: str
    about: str
    source: str
    staff: StaffId | None = None


CONTACT = "contact"
"""A detail of events that hold how to reach somebody who has no account with us."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """A message of somebody whose words are kept. message: its external id; tickets: those that it belongs to."""

    message: str
    tickets: tuple[TicketNumber, ...]


@dataclass(frozen=True, slots=True)
class HotlineOrder:
    """An order of the hotline 12345. at: when it was written down; tickets: what we knew of it, by place and time."""

    order: str
    at: datetime
    by: StaffId | None
    words: str
    tickets: tuple[TicketNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketSummary:
    """A ticket with the counts that its history holds."""

    ticket: Ticket
    media: int
    events: int
