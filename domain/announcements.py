"""What is said about a ticket, as data: handlers and schedules share these. Words live in texts/zh.yaml.

A group gets ``public_title`` (number, building, unit, band or public spot, kind); the person's own reply may repeat
the room that this person just typed there; staff get everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.messages import Chat, Json, Mention, Person, Reply
from domain.privacy import full_title, public_title
from domain.roster import Community, Staff
from domain.spreading import ANSWERS_AHEAD
from domain.tickets import STATUS_NAMES, TAKEN, Reporter, Ticket
from domain.understanding import Cue
from domain.vocabulary import GroupRole, MediaId, Place, Priority, ReplyKind, Scope, Status, TicketNumber, Urgency


class Danger(StrEnum):
    """What the one safety sentence is about."""

    ELECTRIC = "electric"
    GARAGE = "garage"
    ELEVATOR = "elevator"
    CEILING = "ceiling"
    WATER = "water"


def danger_of(ticket: Ticket, cues: frozenset[Cue]) -> Danger | None:
    if Cue.ELECTRIC in cues:
        return Danger.ELECTRIC
    if ticket.urgency is not Urgency.EMERGENCY:
        return None
    by_place = {Place.GARAGE: Danger.GARAGE, Place.BASEMENT: Danger.GARAGE, Place.ELEVATOR: Danger.ELEVATOR}
    if ticket.location.place is Place.CEILING:
        return Danger.CEILING
    return by_place.get(ticket.location.place, Danger.WATER) if ticket.location.place else Danger.WATER


@dataclass(frozen=True, slots=True)
class Answering:
    """Whom a reply answers: where the words were said, and what to quote."""

    chat: Chat
    person: Person
    name: str
    message: str

    @property
    def mentions(self) -> tuple[Mention, ...]:
        return () if self.chat.private else (Mention(self.person, self.name),)

    @property
    def params(self) -> dict[str, Json]:
        return {"name": "" if self.chat.private else self.name}


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the first reply says besides the ticket. own_room: the person typed the room in this very chat."""

    keepers: tuple[str, ...]
    own_room: bool = False
    ask: str | None = None
    danger: Danger | None = None
    joined: bool = False
    moved_to: str = ""
    """name of the other building whose group follows it"""
    photos: int = 0
    by_staff: bool = False
    """a colleague passes it on: nobody needs calming"""
    ahead: int = 0
    """so many of the building wait for somebody to come, and were there first; 0: none, or nothing to be told of"""


def acknowledge(community: Community, ticket: Ticket, to: Answering, what: Acknowledged) -> Reply:
    """The one reply that every report gets, in the chat it was made in."""
    title = full_title(community, ticket) if what.own_room or to.chat.private else public_title(community, ticket)
    return Reply(
        to.chat,
        "joined" if what.joined else "ack",
        {
            **to.params,
            "number": ticket.number,
            "title": title,
            "keepers": list(what.keepers),
            "ask": what.ask,
            "danger": what.danger,
            "emergency": ticket.urgency is Urgency.EMERGENCY,
            "duty_phone": community.duty_phone,
            "moved_to": what.moved_to,
            "photos": what.photos,
            "by_staff": what.by_staff,
            "ahead": what.ahead,
            "status": STATUS_NAMES[ticket.status],
            "taken": ticket.status in TAKEN,
        },
        ReplyKind.ACK,
        priority_of(ticket, Priority.ANSWER),
        to.mentions,
        (ticket.number,),
        reply_to=to.message,
        merge="ack",
        dedupe_key=f"ack:{ticket.number}:{to.message}",
        not_before=ticket.clocks.reported - ANSWERS_AHEAD if ticket.urgency is Urgency.EMERGENCY else None,
    )


def answer(
    template: str,
    to: Answering,
    tickets: Sequence[Ticket] = (),
    /,
    *,
    kind: ReplyKind = ReplyKind.COMMAND,
    **params: Json,
) -> Reply:
    """An answer to what somebody just said."""
    return Reply(
        to.chat,
        template,
        {**to.params, **params},
        kind,
        Priority.ANSWER,
        to.mentions,
        tuple(t.number for t in tickets),
        reply_to=to.message,
    )


def about(community: Community, ticket: Ticket, *, full: bool) -> dict[str, Json]:
    """The parameters that every text about a ticket knows."""
    return {
        "number": ticket.number,
        "title": full_title(community, ticket) if full else public_title(community, ticket),
        "status": STATUS_NAMES[ticket.status],
        "urgency": ticket.urgency.value,
        "public": ticket.scope is Scope.PUBLIC,
        "care": (ticket.care or "") if full else "",
    }


def priority_of(ticket: Ticket, otherwise: Priority) -> Priority:
    return Priority.EMERGENCY if ticket.urgency is Urgency.EMERGENCY else otherwise


def staff_chats(community: Community, channel: str) -> tuple[Chat, ...]:
    return tuple(Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.STAFF and g.channel == channel)


def all_staff_chats(community: Community) -> tuple[Chat, ...]:
    return tuple(Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.STAFF)


def call_staff(
    community: Community, ticket: Ticket, chats: Sequence[Chat], called: Sequence[Mention], why: str, **params: Json
) -> list[Reply]:
    """Tells the staff group (with everything, by name) or one person in private. why: the template's name."""
    reporters: list[Json] = [r.name for r in ticket.reporters]
    return [
        Reply(
            chat,
            why,
            {
                **about(community, ticket, full=True),
                "names": [] if chat.private else [m.name for m in called],
                "words": ticket.words,
                "reporters": reporters,
                **params,
            },
            ReplyKind.ALERT,
            priority_of(ticket, Priority.ANSWER),
            () if chat.private else tuple(called),
            (ticket.number,),
            merge="call",
        )
        for chat in chats
    ]


def progress(
    community: Community, ticket: Ticket, step: str, now: datetime, *, media: Sequence[MediaId] = (), **params: Json
) -> list[Reply]:
    """One live post to the ticket's group, and one private line to each reporter who is not in it.

    step: the template, "progress_arrived" and its kin. One line, with the minutes since the report.
    """
    closing = ticket.status is Status.RESOLVED and step == "progress_done"
    reported, arrived = ticket.clocks.reported.astimezone(now.tzinfo), ticket.clocks.arrived
    common: dict[str, Json] = {
        **about(community, ticket, full=False),
        "minutes": ticket.minutes(now),
        "reported": reported.strftime("%H:%M"),
        "arrived": arrived.astimezone(now.tzinfo).strftime("%H:%M") if arrived else None,
        "now": now.strftime("%H:%M"),
        "same_day": reported.date() == now.date(),
        "begun": arrived is not None,
        "reported_by_residents": bool(ticket.reporters),
        **params,
    }
    post = Reply(
        ticket.chat,
        step,
        common,
        ReplyKind.CLOSING if closing else ReplyKind.PROGRESS,
        priority_of(ticket, Priority.PROGRESS),
        (),
        (ticket.number,),
        tuple(media),
        merge="closing" if closing else "progress",
        own_accord=True,
        may_wait=ticket.urgency is Urgency.NORMAL,
    )
    return [post, *_to_those_outside(community, ticket, post)]


def in_task_group(community: Community, ticket: Ticket) -> bool:
    return any(g.role is GroupRole.TASK and Chat(g.channel, g.id) == ticket.chat for g in community.groups)


def chat_of(community: Community, ticket: Ticket, reporter: Reporter) -> Chat:
    """Where this person hears of it: where they spoke; of a ticket in a task group no other group hears any more."""
    return reporter.chat if reporter.chat.private or not in_task_group(community, ticket) else ticket.chat


def reporters_by_chat(community: Community, ticket: Ticket) -> dict[Chat, list[Reporter]]:
    chats: dict[Chat, list[Reporter]] = {}
    for reporter in ticket.reporters:
        chats.setdefault(chat_of(community, ticket, reporter), []).append(reporter)
    return chats


def _to_those_outside(community: Community, ticket: Ticket, post: Reply) -> list[Reply]:
    """A reporter who spoke elsewhere (for a parent, in private) hears it there."""
    elsewhere = reporters_by_chat(community, ticket)
    elsewhere.pop(ticket.chat, None)
    return [
        Reply(
            chat,
            post.template,
            post.params,
            post.kind,
            post.priority,
            () if chat.private else tuple(Mention(r.person, r.name) for r in people),
            post.tickets,
            merge=post.merge,
            own_accord=post.own_accord,
            may_wait=post.may_wait,
        )
        for chat, people in elsewhere.items()
    ]


def keepers_of(community: Community, ticket: Ticket, in_charge: Sequence[Staff]) -> tuple[str, ...]:
    """Who takes care, as the group is told."""
    if ticket.assignee and ticket.assignee in community.staff:
        return (community.staff[ticket.assignee].name,)
    return tuple(s.name for s in in_charge)


def numbers(tickets: Sequence[Ticket]) -> list[TicketNumber]:
    return [t.number for t in tickets]
