"""How a message is dealt with: what a handler gets, what it gives back, and how it says which messages are its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from domain.messages import Incoming, Json, Person, Reply
from domain.ports import Understanding, UnitOfWork
from domain.records import ChatRecord, PersonRecord
from domain.roster import Community, Group, Staff
from domain.tickets import Actor, Ticket
from domain.understanding import Cue, Verdict
from domain.vocabulary import GroupRole, IdSource, Role, Status, TicketNumber


@dataclass(frozen=True, slots=True)
class Context:
    """All that a handler may know. The clock was read once, at the top of the step: ``now``."""

    now: datetime
    community: Community
    work: UnitOfWork
    understanding: Understanding
    new_id: IdSource
    sender: PersonRecord
    staff: Staff | None
    """the sender, if bound to the roster"""
    chat: ChatRecord
    verdict: Verdict
    state: Callable[[], Mapping[str, Json]] = dict
    """of the running bot, as the health page shows it"""

    @property
    def group(self) -> Group | None:
        return self.chat.group

    @property
    def building(self) -> str | None:
        return self.chat.group.building if self.chat.group else None

    @property
    def for_staff_only(self) -> bool:
        """Whether what is said here stays among staff (or with this one person)."""
        return self.chat.chat.private or (self.chat.group is not None and self.chat.group.role is GroupRole.STAFF)

    @property
    def actor(self) -> Actor:
        if self.staff is not None:
            return Actor(self.staff.name, self.sender.person, self.staff.id)
        return Actor(self.sender.name, self.sender.person)

    @property
    def person(self) -> Person:
        return self.sender.person


def source_of(message: Incoming) -> str:
    """Where an event came from."""
    return f"{message.channel}:{message.chat.id}:{message.external_id}"


Handler = Callable[[Incoming, Context], Awaitable[list[Reply]]]


@dataclass(frozen=True, slots=True)
class Arguments:
    """A command's arguments, parsed. tickets: found and loaded; text: what is left, in the sender's own words.

    incident: they were named as one (事件 #12), and are spoken of as one.
    """

    tickets: tuple[Ticket, ...] = ()
    text: str = ""
    incident: bool = False


CommandHandler = Callable[[Incoming, Context, Arguments], Awaitable[list[Reply]]]


class Needs(Enum):
    """How many tickets a command is about. With ONE or SOME they may be left out where only one can be meant."""

    NOTHING = 0
    MAYBE = 1
    ONE = 2
    SOME = 3
    TWO = 4


EVERYBODY: frozenset[Role] = frozenset()
WORKERS = frozenset(Role)
OFFICE = frozenset({Role.SOCIAL_WORKER, Role.STEWARD, Role.SECRETARY, Role.ADMINISTRATOR})
HEADS = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})


ANY_WORDS = r"(?s:.*)"


@dataclass(frozen=True, slots=True)
class Command:
    """words: the name first, then what people say as well. roles: who may (EVERYBODY: residents too).

    private: not carried out in a building group. wants_text: the usage line answers an empty text.
    fits: states of the tickets that may be meant without their number (empty: any that is open).
    whole: a building may stand for all its tickets that fit ("接单 3号楼").
    unasked: what the words behind the command must look like where the bot is not addressed; else it is talk.
    unless: turns of speech that make it talk after all ("修好了，但是又漏了").
    """

    words: tuple[str, ...]
    usage: str
    about: str
    run: CommandHandler
    roles: frozenset[Role] = EVERYBODY
    needs: Needs = Needs.NOTHING
    private: bool = False
    wants_text: bool = False
    fits: frozenset[Status] = frozenset()
    whole: bool = False
    unasked: str = ANY_WORDS
    unless: frozenset[Cue] = frozenset()

    @property
    def name(self) -> str:
        return self.words[0]

    def allows(self, staff: Staff | None) -> bool:
        return not self.roles or (staff is not None and staff.role in self.roles)


@dataclass(frozen=True, slots=True)
class Router:
    """What one file in handlers/ offers; the root collects them."""

    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command as it was typed: numbers as said, not yet looked up."""

    command: Command
    numbers: tuple[TicketNumber, ...]
    text: str
