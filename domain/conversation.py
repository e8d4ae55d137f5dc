"""What a message means among others: the snapshot that is looked at and the reading that comes out of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.messages import Person
from domain.understanding import Location, Verdict
from domain.vocabulary import Kind, MessageKind, Scope, Status, TicketNumber, Urgency


class Action(StrEnum):
    NONE = "none"
    OPEN = "open"
    """a new ticket from this message"""
    ADD = "add"
    """facts (or photos) for the sender's own ticket: fill what is missing, take in what was corrected"""
    JOIN = "join"
    """the same public water: the sender becomes one more reporter of the ticket"""
    CHASE = "chase"
    CONFIRM = "confirm"
    """the reporter says that it is fixed"""
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    ASK = "ask"
    """ask the sender once, in one short question, whether this is a report (question holds which)"""
    ASK_TO_TYPE = "ask_to_type"
    """a voice message without words from somebody who may be reporting"""
    LOOK = "look"
    """silently onto the staff's please-look list"""
    ALERT = "alert"
    """anger, a threat to call the hotline, a wish for a person: tell staff, answer calmly"""
    STAFF_TAKEN = "staff_taken"
    STAFF_ARRIVED = "staff_arrived"
    STAFF_NEWS = "staff_news"
    STAFF_DONE = "staff_done"
    CONSENT = "consent"
    """answers the question whether photos of the home may be posted; agreed says which way"""


class Asks(StrEnum):
    """What an open question of the bot wants to know."""

    LOCATION = "location"
    IS_IT_A_REPORT = "is_it_a_report"
    PHOTO_CONSENT = "photo_consent"
    FIXED = "fixed"
    WHICH_TICKET = "which_ticket"
    WHAT_IS_MISSING = "what_is_missing"
    HAND_OVER = "hand_over"
    ERASE_ME = "erase_me"
    AGREES = "agrees"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the bot put to one person in one chat and that has no answer yet."""

    asks: Asks
    ticket: TicketNumber | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier message of the same chat, at most 30 minutes old. text is empty where it was erased."""

    external_id: str
    sender: Person
    sender_name: str
    is_staff: bool
    at: datetime
    kind: MessageKind
    text: str
    verdict: Verdict | None = None
    ticket: TicketNumber | None = None
    quotes: str | None = None
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class TicketView:
    """As much of a ticket as understanding needs."""

    number: TicketNumber
    status: Status
    kind: Kind
    scope: Scope
    urgency: Urgency
    location: Location
    """building is always filled here"""
    reporters: tuple[Person, ...]
    in_this_chat: bool
    reported_at: datetime
    since: datetime
    """when it came into its state"""
    last_words_at: datetime
    """when a reporter last added to it"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known when a message is read. Loaded inside the lock; nothing here is ever written to.

    tickets: those of the group's building and of the sender, open ones and those that ended in the last 30 days,
    oldest first. said: the chat's last 30 minutes, oldest first, without the message itself. quoted: the message
    that is quoted, whatever its age (its ``ticket`` is set when the bot's post or the words belong to one).
    home: what this person told before (building, unit, room), empty if nothing. buildings: ids of the community.
    """

    building: str | None
    is_staff: bool
    tickets: tuple[TicketView, ...] = ()
    said: tuple[Said, ...] = ()
    quoted: Said | None = None
    quoted_tickets: tuple[TicketNumber, ...] = ()
    question: OpenQuestion | None = None
    home: Location = field(default_factory=Location)
    buildings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """What to do about a message, with the reason. A message may need several.

    kind … location: for OPEN all that is known; for ADD and JOIN only what is to be set (None: leave as it is; a
    location field given replaces the old value). earlier: external ids of the sender's messages that belong to it
    as well (a photo sent before the words, "漏水了" before "502"). like: for OPEN, the ticket of the same cause
    ("我家也是"), to be joined into one incident.
    """

    action: Action
    reason: str
    ticket: TicketNumber | None = None
    kind: Kind | None = None
    scope: Scope | None = None
    urgency: Urgency | None = None
    location: Location = field(default_factory=Location)
    source_room: str | None = None
    earlier: tuple[str, ...] = ()
    like: TicketNumber | None = None
    question: str | None = None
    """for ASK and an incomplete OPEN: what to ask, in words; at most one short question"""
    agreed: bool | None = None
