"""A town for handlers: somebody says something, and what the bot would say is looked at, word by word.

The storage, the dispatcher, the understanding, the handlers and the texts are the real ones; nothing is paced or sent,
each reply is composed as soon as it is in the outbox.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from bot.clocks import Bell, ManualClock
from bot.config import load_config
from bot.dispatcher import Dispatcher
from bot.identifiers import SeededIds
from bot.roster import community_of
from bot.texts import TextFile, compose
from domain.messages import Chat, Incoming, MediaHandle, Person, Quote, Receipt
from domain.ports import Understanding
from domain.records import Code, Delivered, DeliveryState, LookItem, MediaRecord, OutboxRow, PersonRecord
from domain.roster import Community
from domain.tickets import Ticket, TicketEvent
from domain.vocabulary import MediaId, MessageKind, ReplyKind, TicketNumber
from handlers.catalogue import TOPICS
from handlers.routing import Routed, Routing
from storage.database import Database, open_database
from tests.moments import CHINA
from understanding.engine import Understander

CHANNEL = "console"
STAFF = "gstaff"
EVENING = datetime(2021, 8, 23, 21, 58, tzinfo=CHINA)
CONFIG = Path(__file__).parent.parent.parent / "config.yaml"
TEXTS = TextFile()
UNDERSTANDER = Understander()


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot. chat: the group's id, or the person's in private; id: to quote it by."""

    chat: str
    private: bool
    text: str
    kind: ReplyKind
    mentions: tuple[str, ...]
    tickets: tuple[TicketNumber, ...]
    media: tuple[MediaId, ...]
    reply_to: str | None
    id: str
    row: OutboxRow

    def __contains__(self, words: str) -> bool:
        return words in self.text


class Recording:
    """The routing, with what it said last kept for the test."""

    def __init__(self) -> None:
        self.routing = Routing(TOPICS)
        self.last: Routed | None = None

    async def route(self, message: Incoming, ctx) -> Routed:
        self.last = await self.routing.route(message, ctx)
        return self.last

    async def passing(self, message: Incoming, ctx) -> Routed | None:
        passed = await self.routing.passing(message, ctx)
        if passed is not None:
            assert passed == await self.route(message, ctx), "what is passed over at its arrival comes to nothing else"
        return passed


@dataclass
class Town:
    database: Database
    community: Community
    clock: ManualClock
    dispatcher: Dispatcher
    recording: Recording
    ids: count = field(default_factory=lambda: count(1))
    posts: count = field(default_factory=lambda: count(1))

    async def says(self, who: str, text: str = "", group: str | None = "g3", **more) -> list[Heard]:
        """What the bot says to it, everywhere. group None: in private.

        mention, photo (how many), quote (an id), kind, name, recalls, id as in a message.
        """
        id = more.get("id") or f"t{next(self.ids)}"
        person = Person(CHANNEL, who)
        chat = Chat(CHANNEL, group) if group else Chat.with_person(person)
        photos = tuple(MediaHandle(f"{id}-{n}.jpg", "photo.jpg") for n in range(int(more.get("photo", 0))))
        kind = more.get("kind") or (MessageKind.IMAGE if photos and not text else MessageKind.TEXT)
        quote = Quote(more["quote"], more.get("quoted_text", "")) if "quote" in more else None
        message = Incoming(
            CHANNEL, id, chat, person, self.clock.now(), kind, more.get("name", who), text, photos,
            bool(more.get("mention")), quote, more.get("recalls"),
        )  # fmt: skip
        return await self.hears(message)

    async def hears(self, *messages: Incoming) -> list[Heard]:
        while await self.dispatcher.take_in(messages) is None:
            pass  # a busy machine; ingest would keep them by itself
        while await self.dispatcher.step():
            pass
        return await self.heard()

    async def heard(self) -> list[Heard]:
        """What lies in the outbox and is due, in the order it was put there; it counts as sent."""
        now = self.clock.now()
        found: list[Heard] = []
        while claims := await self.database.deliveries.claim(CHANNEL, now, timedelta(minutes=1), 100):
            for claim in claims:  # one by one, so that each has an id to be quoted by
                row, id = claim.rows[0], f"b{next(self.posts)}"
                found.append(said(claim.chat, [row], id))
                sent = Delivered(claim, DeliveryState.SENT, (row.id,), now, Receipt((id,), now))
                await self.database.deliveries.finish([sent], now)
        return sorted(found, key=lambda heard: heard.row.id)

    async def passes(self, **span: float) -> list[Heard]:
        self.clock.set(self.clock.now() + timedelta(**span))
        return await self.heard()

    @property
    def routed(self) -> Routed:
        assert self.recording.last is not None
        return self.recording.last

    async def ticket(self, number: int = 1) -> Ticket:
        async with self.database.store.begin(self.clock.now()) as work:
            found = await work.tickets.get(TicketNumber(number))
        assert found is not None, f"there is no ticket {number}"
        return found

    async def tickets(self) -> list[Ticket]:
        return [summary.ticket for summary in await self.database.read_models.summaries()]

    async def events(self, number: int = 1) -> list[TicketEvent]:
        async with self.database.store.begin(self.clock.now()) as work:
            return list(await work.tickets.events(TicketNumber(number)))

    async def media(self, number: int = 1) -> list[MediaRecord]:
        ticket = await self.ticket(number)
        async with self.database.store.begin(self.clock.now()) as work:
            return list(await work.media.get(ticket.media))

    async def person(self, who: str) -> PersonRecord:
        async with self.database.store.begin(self.clock.now()) as work:
            return await work.people.get(Person(CHANNEL, who))

    async def code(self, code: Code) -> None:
        async with self.database.store.begin(self.clock.now()) as work:
            await work.people.save_code(code)

    async def please_look(self) -> list[LookItem]:
        return list(await self.database.read_models.look_list())


def said(chat: Chat, rows: Sequence[OutboxRow], id: str = "") -> Heard:
    composed = compose(rows, TEXTS)
    mentions = tuple(mention.person.id for mention in composed.mentions)
    return Heard(
        chat.id, chat.private, composed.text, composed.kind, mentions, composed.tickets, composed.media,
        composed.reply_to, id, rows[0],
    )  # fmt: skip


def in_group(heard: Sequence[Heard], group: str = "g3") -> list[str]:
    """The texts that a group was told."""
    return [h.text for h in heard if h.chat == group and not h.private]


def to(heard: Sequence[Heard], person: str) -> list[str]:
    """The texts that a person was told in private."""
    return [h.text for h in heard if h.chat == person and h.private]


@asynccontextmanager
async def open_town(understanding: Understanding = UNDERSTANDER) -> AsyncIterator[Town]:
    """The demo community on a fresh database in memory; staff go by the ids of config.yaml."""
    community = community_of(load_config(CONFIG), everything_on=CHANNEL)
    clock, recording = ManualClock(EVENING, CHINA), Recording()
    async with open_database(":memory:", community, CHINA) as database:
        bells = (Bell(), Bell(), Bell())
        dispatcher = Dispatcher(
            database.store, understanding, recording, community, clock, SeededIds(), *bells
        )  # fmt: skip
        yield Town(database, community, clock, dispatcher, recording)
