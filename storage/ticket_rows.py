"""Tickets, reporters and events as rows, and back."""

from collections.abc import Iterator, Sequence

from sqlalchemy import insert

from domain.messages import Chat, Person
from domain.tickets import Actor, Awaited, Clocks, Promise, Reporter, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import Kind, MediaId, Place, Ruling, Scope, StaffId, Status, TicketNumber, Urgency
from storage.moments import Moments, stored
from storage.statements import Record
from storage.tables import ticket_events

Row = dict[str, object]
ADD_EVENT = insert(ticket_events)


def ticket_row(ticket: Ticket) -> Row:
    """Without community and version, which the writer knows."""
    clocks = ticket.clocks
    return {
        "number": ticket.number,
        "status": ticket.status.value,
        "kind": ticket.kind.value,
        "scope": ticket.scope.value,
        "urgency": ticket.urgency.value,
        **location_row(ticket.location),
        "channel": ticket.chat.channel,
        "chat": ticket.chat.id,
        "private": ticket.chat.private,
        "words": ticket.words,
        "reported_at": stored(clocks.reported),
        "acknowledged_at": stored(clocks.acknowledged),
        "accepted_at": stored(clocks.accepted),
        "arrived_at": stored(clocks.arrived),
        "cleared_at": stored(clocks.cleared),
        "confirmed_at": stored(clocks.confirmed),
        "since": stored(ticket.since),
        "updated": stored(ticket.updated),
        "assignee": ticket.assignee,
        "incident": ticket.incident,
        "merged_into": ticket.merged_into,
        "source_room": ticket.source_room,
        "next_at": stored(ticket.next_at),
        "photo_consent": ticket.photo_consent,
        "photo_asked": ticket.photo_asked,
        "ruling": ticket.ruling.value if ticket.ruling else None,
        "media": list(ticket.media),
        "last_words_at": stored(ticket.last_words_at),
        "reopened_at": stored(clocks.reopened),
        "told_at": stored(ticket.told_at),
        "asked_after_rain": stored(ticket.asked_after_rain),
        "care": ticket.care,
        **_promise_row(ticket.due),
    }


def _promise_row(promise: Promise | None) -> Row:
    return {
        "due_awaits": promise.awaits.value if promise else None,
        "due_step": promise.step if promise else None,
        "due_since": stored(promise.since) if promise else None,
        "due_origin": stored(promise.origin) if promise else None,
        "due_at": stored(promise.at) if promise else None,
    }


def location_row(location: Location) -> Row:
    return {
        "building": location.building,
        "unit": location.unit,
        "room": location.room,
        "floor": location.floor,
        "place": location.place.value if location.place else None,
    }


def location_of(row: Record) -> Location:
    return Location(row.building, row.unit, row.room, row.floor, Place(row.place) if row.place else None)


def ticket_of(row: Record, reporters: Sequence[Reporter], moments: Moments) -> Ticket:
    return Ticket(
        number=TicketNumber(row.number),
        status=Status(row.status),
        kind=Kind(row.kind),
        scope=Scope(row.scope),
        urgency=Urgency(row.urgency),
        location=location_of(row),
        chat=Chat(row.channel, row.chat, row.private),
        words=row.words,
        clocks=clocks_of(row, moments),
        since=moments.at(row.since),
        updated=moments.at(row.updated),
        reporters=tuple(reporters),
        assignee=StaffId(row.assignee) if row.assignee is not None else None,
        incident=row.incident,
        merged_into=TicketNumber(row.merged_into) if row.merged_into is not None else None,
        source_room=row.source_room,
        next_at=moments.maybe(row.next_at),
        photo_consent=row.photo_consent,
        photo_asked=row.photo_asked,
        ruling=Ruling(row.ruling) if row.ruling else None,
        media=tuple(MediaId(id) for id in row.media),
        last_words_at=moments.maybe(row.last_words_at),
        told_at=moments.maybe(row.told_at),
        asked_after_rain=moments.maybe(row.asked_after_rain),
        care=row.care,
        due=promise_of(row, moments),
    )


def promise_of(row: Record, moments: Moments) -> Promise | None:
    if row.due_at is None:
        return None
    since, origin, at = moments.at(row.due_since), moments.at(row.due_origin), moments.at(row.due_at)
    return Promise(Awaited(row.due_awaits), row.due_step, since, origin, at)


def clocks_of(row: Record, moments: Moments) -> Clocks:
    return Clocks(
        moments.at(row.reported_at),
        moments.maybe(row.acknowledged_at),
        moments.maybe(row.accepted_at),
        moments.maybe(row.arrived_at),
        moments.maybe(row.cleared_at),
        moments.maybe(row.confirmed_at),
        moments.maybe(row.reopened_at),
    )


def reporter_rows(ticket: Ticket) -> Iterator[Row]:
    for position, reporter in enumerate(ticket.reporters):
        yield {
            "ticket": ticket.number,
            "position": position,
            "channel": reporter.person.channel,
            "person": reporter.person.id,
            "name": reporter.name,
            "chat_channel": reporter.chat.channel,
            "chat": reporter.chat.id,
            "private": reporter.chat.private,
            "message": reporter.message,
            "at": stored(reporter.at),
        }


def reporter_of(row: Record, moments: Moments) -> Reporter:
    chat = Chat(row.chat_channel, row.chat, row.private)
    return Reporter(Person(row.channel, row.person), row.name, chat, row.message, moments.at(row.at))


def event_row(event: TicketEvent) -> Row:
    """Without community and id."""
    person = event.by.person
    return {
        "ticket": event.ticket,
        "at": stored(event.at),
        "what": event.what.value,
        "by_name": event.by.name,
        "by_channel": person.channel if person else None,
        "by_person": person.id if person else None,
        "by_staff": event.by.staff,
        "source": event.source,
        "details": dict(event.details),
    }


def event_of(row: Record, moments: Moments) -> TicketEvent:
    person = Person(row.by_channel, row.by_person) if row.by_person is not None else None
    actor = Actor(row.by_name, person, StaffId(row.by_staff) if row.by_staff is not None else None)
    return TicketEvent(TicketNumber(row.ticket), moments.at(row.at), What(row.what), actor, row.source, row.details)
