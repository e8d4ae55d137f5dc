"""What the middle floors and the root know of each other. Implemented above the ground, asked for by protocol."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.asking import Masked, Opinion
from domain.conversation import Reading, Said, Snapshot
from domain.desk_ports import DeskModels, DeskWork
from domain.mailings import MailingWork
from domain.meetings import MeetingWork
from domain.messages import Chat, File, Incoming, Json, MediaHandle, Outgoing, Person, Receipt, Reply
from domain.queues import InboxWork
from domain.rains import RainWork
from domain.records import (
    ChatRecord,
    Code,
    Correction,
    Counts,
    HotlineOrder,
    InboxRow,
    LookItem,
    MediaRecord,
    PersonRecord,
    PhotoWindow,
    Question,
    TicketSummary,
    Watched,
)
from domain.standby import StandbyWork
from domain.storm_ports import StormModels, StormWork
from domain.tickets import Ticket, TicketEvent
from domain.understanding import Location, Verdict
from domain.vocabulary import BuildingId, MediaId, ReplyKind, StaffId, TicketNumber


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, in the community's zone."""
        ...


class Understanding(Protocol):
    """Pure: no I/O, never raises on any str."""

    def judge(self, text: str, building: str | None) -> Verdict: ...

    def read(self, message: Said, verdict: Verdict, snapshot: Snapshot) -> tuple[Reading, ...]: ...

    def matters(self, verdict: Verdict, *, by_staff: bool) -> bool:
        """Whether a message with this verdict can mean anything from somebody with no open matter."""
        ...


class SecondOpinion(Protocol):
    """Somebody else, asked over the network about messages in the middle band: never in a transaction.

    available: within the budget and not resting after failures. health: without words, addresses and keys.
    """

    def available(self) -> bool: ...

    async def ask(self, words: Masked) -> Opinion | None:
        """Never raises and returns within the configured time; None: no usable answer."""
        ...

    def health(self) -> dict[str, Json]: ...


class Texts(Protocol):
    def render(self, template: str, params: Mapping[str, Json]) -> str:
        """Raises KeyError for an unknown template."""
        ...


# -- the store -------------------------------------------------------------------------------------------------


class Tickets(Protocol):
    async def next_number(self) -> TicketNumber: ...

    async def get(self, number: TicketNumber) -> Ticket | None: ...

    async def save(self, ticket: Ticket, *events: TicketEvent) -> None:
        """New or changed; events are appended in the same commit."""
        ...

    async def of_building(self, building: str | None, since: datetime) -> Sequence[Ticket]:
        """Open ones, and those that ended after ``since``; oldest first. None: those outside every building."""
        ...

    async def of_reporter(self, person: Person, since: datetime) -> Sequence[Ticket]: ...

    async def of_home(self, home: Location) -> Sequence[Ticket]:
        """All of the home's household tickets, however long ago, by number; a unit that is not known fits any. Without
        building or room: none."""
        ...

    async def in_chat(self, chat: Chat, since: datetime) -> Sequence[Ticket]:
        """Those whose progress goes to this chat."""
        ...

    async def all_open(self) -> Sequence[Ticket]: ...

    async def reported(self, since: datetime, until: datetime) -> Sequence[Ticket]:
        """All that were reported from since up to until, whatever became of them, by number."""
        ...

    async def mended(self, since: datetime, until: datetime) -> Sequence[Ticket]:
        """Resolved or closed, the work done from since up to until, by number."""
        ...

    async def histories(self, numbers: Sequence[TicketNumber]) -> Mapping[TicketNumber, Sequence[TicketEvent]]:
        """Of each, oldest first."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Ticket]:
        """Those whose promise is due by ``now``, the longest due first."""
        ...

    async def events(self, number: TicketNumber) -> Sequence[TicketEvent]: ...


class People(Protocol):
    async def get(self, person: Person) -> PersonRecord: ...

    async def save(self, record: PersonRecord) -> None: ...

    async def accounts(self, staff: StaffId) -> Sequence[Person]:
        """Where a staff member can be reached, the latest binding first."""
        ...

    async def volunteers(self, building: BuildingId | None) -> Sequence[PersonRecord]:
        """Those who live in the building; of all buildings where none is named."""
        ...

    async def save_code(self, code: Code) -> None: ...

    async def code(self, digest: str) -> Code | None: ...

    async def authorised(self) -> Sequence[Code]:
        """Used codes: staff who were authorised at run time."""
        ...


class Chats(Protocol):
    async def get(self, chat: Chat) -> ChatRecord: ...

    async def save(self, record: ChatRecord) -> None: ...

    async def bound(self) -> Sequence[ChatRecord]:
        """Every chat with a group, configured or bound."""
        ...


class Conversations(Protocol):
    """What a conversation needs to be followed: short-lived, and erased."""

    async def said(self, chat: Chat, since: datetime) -> Sequence[Said]:
        """Handled messages of the chat, oldest first."""
        ...

    async def message(self, channel: str, external_id: str) -> Said | None: ...

    async def tickets_of(self, channel: str, external_id: str) -> tuple[TicketNumber, ...]:
        """The tickets that a message (a resident's, or one of the bot's posts by its remote id) is about."""
        ...

    async def assign(self, channel: str, external_ids: Collection[str], ticket: TicketNumber) -> None:
        """Earlier messages turn out to belong to a ticket: their text stays with it."""
        ...

    async def recall(self, channel: str, external_id: str) -> None:
        """Taken back: the text is erased at once."""
        ...

    async def question(self, chat: Chat, person: Person, now: datetime) -> Question | None: ...

    async def ask(self, question: Question) -> None: ...

    async def answered(self, chat: Chat, person: Person) -> None: ...

    async def photo_window(self, chat: Chat, person: Person, now: datetime) -> PhotoWindow | None: ...

    async def expect_photos(self, window: PhotoWindow) -> None: ...


class MediaRecords(Protocol):
    async def add(self, record: MediaRecord) -> None: ...

    async def get(self, ids: Collection[MediaId]) -> Sequence[MediaRecord]: ...

    async def of_messages(self, channel: str, external_ids: Collection[str]) -> Sequence[MediaRecord]: ...

    async def of_ticket(self, number: TicketNumber) -> Sequence[MediaRecord]: ...

    async def save(self, record: MediaRecord) -> None: ...

    async def waiting(self, now: datetime, limit: int) -> Sequence[MediaRecord]: ...


class LookList(Protocol):
    async def add(self, row: InboxRow, reason: str) -> None: ...

    async def undecided(self) -> Sequence[LookItem]: ...

    async def decide(self, id: int, decision: str, by: StaffId, now: datetime) -> LookItem | None: ...


class Corrections(Protocol):
    async def add(self, correction: Correction) -> None: ...


class Hotline(Protocol):
    async def get(self, order: str) -> HotlineOrder | None: ...

    async def save(self, order: HotlineOrder) -> None:
        """New, or said again with more."""
        ...

    async def since(self, at: datetime) -> Sequence[HotlineOrder]:
        """Oldest first."""
        ...


class Outbox(Protocol):
    async def put(self, replies: Sequence[Reply], now: datetime) -> None:
        """Queue in the same commit that changes the ticket; wakes the chats."""
        ...

    async def sent(self, chats: Collection[Chat], since: datetime, until: datetime) -> Mapping[ReplyKind, int]:
        """How many messages of each kind went out to these chats from since up to until."""
        ...

    async def withdraw(self, dedupe_keys: Collection[str], now: datetime) -> Collection[Chat]:
        """What is queued under these keys is not sent any more; the chats that did not get it."""
        ...

    async def said(self, dedupe_keys: Collection[str]) -> Collection[Chat]:
        """The chats in which something under these keys has gone out, may have gone out, or is still to go."""
        ...


class UnitOfWork(StormWork, RainWork, MeetingWork, DeskWork, StandbyWork, MailingWork, Protocol):
    """Everything that one commit carries. It holds the community's lock from its first to its last statement.

    Writes are staged in memory and go to the database in batches at commit.
    """

    @property
    def tickets(self) -> Tickets: ...

    @property
    def people(self) -> People: ...

    @property
    def chats(self) -> Chats: ...

    @property
    def conversations(self) -> Conversations: ...

    @property
    def media(self) -> MediaRecords: ...

    @property
    def look(self) -> LookList: ...

    @property
    def corrections(self) -> Corrections: ...

    @property
    def hotline(self) -> Hotline: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def inbox(self) -> InboxWork: ...

    def step(self) -> AbstractAsyncContextManager[None]:
        """A savepoint: what is staged inside is dropped when the body raises."""
        ...


class ReadModels(StormModels, DeskModels, Protocol):
    async def hotline_orders(self) -> int:
        """How many there are."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next promise about a ticket, broadcast, reminder of a meeting or question after a rain is due."""
        ...

    async def watched(self, after: TicketNumber, limit: int) -> Sequence[Watched]:
        """Tickets that did not end, by number, those above ``after``."""
        ...

    async def summaries(self) -> Sequence[TicketSummary]: ...

    async def counts(self) -> Counts: ...

    async def look_list(self) -> Sequence[LookItem]: ...

    async def corrections(self) -> Sequence[Correction]:
        """What staff put right and did not take back, oldest first."""
        ...


class Store(Protocol):
    def begin(self, now: datetime) -> AbstractAsyncContextManager[UnitOfWork]:
        """Commits on a clean exit, rolls back all of it on an error. Raises StoreError when the database is away."""
        ...


# -- channels --------------------------------------------------------------------------------------------------


class Link(StrEnum):
    UP = "up"
    CONNECTING = "connecting"
    LOGGED_OUT = "logged_out"
    EVICTED = "evicted"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    link: Link
    since: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """What the network bears: seconds between messages to the same chat and to any two chats, messages a minute."""

    same_chat_seconds: float = 1.0
    any_chat_seconds: float = 0.0
    per_minute: int | None = None
    jitter: float = 0.0


class Sink(Protocol):
    """Where a channel puts what it hears."""

    async def accept(self, messages: Sequence[Incoming]) -> None:
        """Returns when they are durable. In order; the channel must wait before it takes more from the network."""
        ...

    async def gap(self, channel: str, since: datetime, until: datetime) -> None:
        """Messages of this span may be lost: the network does not replay them."""
        ...


class Channel(Protocol):
    name: str
    pace: Pace
    replays: bool
    """whether the network delivers what was said while nobody listened"""

    async def run(self, sink: Sink) -> None:
        """Receives until cancelled; owns reconnecting and backoff."""
        ...

    async def send(self, message: Outgoing) -> Receipt:
        """Raises ChannelError (surely not sent), UnknownOutcome (perhaps sent), SaidBefore where it can tell."""
        ...

    async def fetch(self, handle: MediaHandle) -> File:
        """Raises ChannelError."""
        ...

    def health(self) -> ChannelHealth: ...
