"""From words to a ticket: opening, adding facts, joining the same water. The reading says what; this does it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.announcements import Acknowledged, acknowledge, answer, danger_of, priority_of
from domain.conversation import Asks, Reading
from domain.handling import Context, source_of
from domain.messages import Incoming, Json, Reply
from domain.privacy import full_title, is_public_spot, public_title
from domain.records import Question
from domain.tickets import Clocks, Reporter, Ticket, TicketEvent, What
from domain.understanding import Cue, Location
from domain.vocabulary import GroupRole, Kind, Place, ReplyKind, Scope, Status, TicketNumber, Urgency
from handlers import care, home_plans, photos, places, risks, volunteers
from handlers.calling import call, keepers, names, responsible
from handlers.telling import answering, one_line

ANSWER_WITHIN = timedelta(hours=6)
_OF_NO_BUILDING = frozenset({Place.ROAD, Place.DRAIN, Place.OTHER})
WORTH_SAYING = 3
NOBODY_THERE = frozenset({Status.REGISTERED, Status.ACCEPTED, Status.REOPENED})
WORDS_KEPT = 1000
"""Characters of a report that are kept with its ticket: nobody needs a megabyte."""


async def open_ticket(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    scope = reading.scope or (Scope.PUBLIC if is_public_spot(reading.location.place) else Scope.HOUSEHOLD)
    checked = places.check(ctx, reading.location, scope)
    ticket = await _new(message, ctx, reading, replace(reading, location=checked.location, scope=scope))
    ticket = await file_photos(message, ctx, ticket, reading.earlier)
    await _remember_home(ctx, reading, ticket)
    ask = await _ask(message, ctx, ticket, reading, checked.fault)
    people = keepers(ctx, ticket.location.building)
    what = Acknowledged(
        names(people),
        own_room=_typed_here(message, reading, ticket),
        ask=ask,
        danger=danger_of(ticket, ctx.verdict.cues),
        moved_to=_moved_to(message, ctx, ticket),
        photos=len([p for p in await photos.of_ticket(ctx, ticket) if p.kind in photos.SHOWN]),
        by_staff=ctx.staff is not None,
        ahead=await _ahead(ctx, ticket),
    )
    ack = acknowledge(ctx.community, ticket, answering(message, ctx), what)
    announced = _announce_elsewhere(message, ctx, ticket)
    before = await home_plans.before(ctx, ticket)
    called = await call(ctx, ticket, people, "call_report", besides=ctx.person, before=before)
    return [ack, *announced, *called, *await volunteers.ask(ctx, ticket)]


async def _ahead(ctx: Context, ticket: Ticket) -> int:
    """How many of its building nobody came to yet, reported before and not less urgent: said honestly from three on.
    An emergency waits for none of them."""
    if ticket.urgency is Urgency.EMERGENCY or ticket.location.building is None:
        return 0
    known = await ctx.work.tickets.of_building(ticket.location.building, ctx.now)
    waiting = [
        t for t in known
        if t.status in NOBODY_THERE and t.number < ticket.number and t.urgency.rank <= ticket.urgency.rank
    ]  # fmt: skip
    return len(waiting) if len(waiting) >= WORTH_SAYING else 0


async def _new(message: Incoming, ctx: Context, said: Reading, known: Reading) -> Ticket:
    kind, urgency = known.kind or Kind.LEAK, known.urgency or Urgency.URGENT
    chat = places.group_of(ctx, known.location.building) if _belongs_elsewhere(ctx, known.location) else None
    number = await ctx.work.tickets.next_number()
    words = message.text[:WORDS_KEPT]
    reporters = await _reporters(message, ctx, said)
    ticket = Ticket(
        number, Status.REGISTERED, kind, known.scope or Scope.HOUSEHOLD, urgency, known.location,
        chat or message.chat, words, Clocks(message.at), ctx.now, ctx.now, reporters,
        incident=await _incident(ctx, said.like, number), source_room=said.source_room, last_words_at=message.at,
    )  # fmt: skip
    ticket = await care.inherited(ctx, ticket)
    details: dict[str, Json] = {"kind": kind, "reason": said.reason, "like": said.like}
    await ctx.work.tickets.save(
        ticket, TicketEvent(number, ctx.now, What.OPENED, ctx.actor, source_of(message), details)
    )
    await ctx.work.conversations.assign(message.channel, [message.external_id, *said.earlier], number)
    return ticket


async def _reporters(message: Incoming, ctx: Context, said: Reading) -> tuple[Reporter, ...]:
    """Who spoke, and whose voice or photo it was that they put into words. What staff tell each other has nobody who
    would be asked back."""
    found = {} if _among_staff(ctx) else {ctx.person: _reporter(message, ctx)}
    for id in said.earlier:
        spoke = await ctx.work.conversations.message(message.channel, id)
        if spoke is not None and not spoke.is_staff:
            name = one_line(spoke.sender_name) or spoke.sender.id
            found.setdefault(spoke.sender, Reporter(spoke.sender, name, message.chat, id, spoke.at))
    return tuple(found.values())


def _reporter(message: Incoming, ctx: Context) -> Reporter:
    return Reporter(ctx.person, answering(message, ctx).name, message.chat, message.external_id, message.at)


def _among_staff(ctx: Context) -> bool:
    return ctx.staff is not None and ctx.group is not None and ctx.group.role is GroupRole.STAFF


def _belongs_elsewhere(ctx: Context, location: Location) -> bool:
    """Another building's, or said in private: the building's own group follows it."""
    return ctx.for_staff_only or location.building != ctx.building


async def _incident(ctx: Context, like: TicketNumber | None, number: TicketNumber) -> int | None:
    """Tickets of one cause share an incident: the number of the first."""
    first = await ctx.work.tickets.get(like) if like is not None else None
    if first is None:
        return None
    if first.incident is None:
        first = replace(first, incident=first.number)
        await ctx.work.tickets.save(
            first,
            TicketEvent(
                first.number, ctx.now, What.CHANGED, ctx.actor, details={"incident": first.number, "with": number}
            ),
        )
    return first.incident


async def file_photos(message: Incoming, ctx: Context, ticket: Ticket, earlier: Sequence[str]) -> Ticket:
    """Photos of the message itself and of those before it that belong to it."""
    records = await ctx.work.media.of_messages(message.channel, [*earlier, message.external_id])
    return await photos.attach(ctx, ticket, [r for r in records if r.ticket is None], message)


async def _remember_home(ctx: Context, reading: Reading, ticket: Ticket) -> None:
    """What people tell (unit, room) is remembered for their id; not somebody else's home."""
    where = ticket.location
    if ticket.scope is Scope.PUBLIC or where.room is None or Cue.FOR_OTHER in ctx.verdict.cues or ctx.staff:
        return
    home = Location(where.building, where.unit, where.room, where.floor)
    if where.building == (ctx.building or where.building) and home != ctx.sender.home:
        await ctx.work.people.save(replace(ctx.sender, home=home))


async def _ask(message: Incoming, ctx: Context, ticket: Ticket, reading: Reading, fault: str | None) -> str | None:
    """The one question of the acknowledgement; kept open, so that the answer is understood."""
    lacking = places.lacks(ctx, ticket.location, ticket.scope)
    if reading.question is not None and reading.question in ctx.verdict.ambiguous:
        lacking = f"say:{reading.question}"
    if lacking is None and fault is None:
        return None
    if _among_staff(ctx) and ticket.location.place in _OF_NO_BUILDING:
        return None  # they know their own road
    if reading.question is None and fault is None and lacking not in {"building", "home"}:
        return None  # staff already ask, or it was asked before
    await ctx.work.conversations.ask(_where_question(message, ctx, ticket))
    return f"fault:{fault}" if fault else lacking


def _where_question(message: Incoming, ctx: Context, ticket: Ticket) -> Question:
    return Question(message.chat, message.sender, Asks.LOCATION, ticket.number, ctx.now, ctx.now + ANSWER_WITHIN)


def _typed_here(message: Incoming, reading: Reading, ticket: Ticket) -> bool:
    """The room may be repeated to the person who just typed it in this very chat."""
    room = ticket.location.room
    return room is not None and room in message.text


def _moved_to(message: Incoming, ctx: Context, ticket: Ticket) -> str:
    here = ticket.location.building == ctx.building or ticket.chat == message.chat
    if message.chat.private or here:
        return ""
    return ctx.community.building_name(ticket.location.building)


def _announce_elsewhere(message: Incoming, ctx: Context, ticket: Ticket) -> list[Reply]:
    """The building's own group hears of public water that was reported elsewhere; a home stays quiet there."""
    if ticket.chat == message.chat or ticket.scope is Scope.HOUSEHOLD:
        return []
    to = Reply(ticket.chat, "registered_elsewhere", kind=ReplyKind.PROGRESS, tickets=(ticket.number,), own_accord=True)
    return [replace(to, params={"number": ticket.number, "title": public_title(ctx.community, ticket)})]


async def add_facts(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    """More of the same matter: the answer to the question, a correction, a photo, worse news."""
    before = await ctx.work.tickets.get(reading.ticket) if reading.ticket else None
    if before is None:
        return []
    checked = places.check(ctx, _together(before.location, reading), before.scope)
    changed = replace(
        before,
        location=checked.location if checked.fault is None else before.location,
        kind=reading.kind or before.kind,
        scope=reading.scope or before.scope,
        urgency=reading.urgency or before.urgency,
        last_words_at=message.at,
    )
    ticket = await _save_facts(message, ctx, before, changed, reading)
    ticket = await file_photos(message, ctx, ticket, reading.earlier)
    await _remember_home(ctx, reading, ticket)
    return await _tell_facts(message, ctx, before, ticket, checked.fault)


def _together(old: Location, reading: Reading) -> Location:
    new = reading.location
    floor = new.floor if new.floor is not None else None if new.room else old.floor
    return Location(
        new.building or old.building, new.unit or old.unit, new.room or old.room, floor, new.place or old.place
    )


async def _save_facts(message: Incoming, ctx: Context, before: Ticket, changed: Ticket, reading: Reading) -> Ticket:
    if changed.location.floor is None and changed.location.room == before.location.room:
        changed = replace(changed, location=replace(changed.location, floor=before.location.floor))
    if changed.location != before.location:
        group = places.group_of(ctx, changed.location.building)
        moved = changed.location.building != before.location.building
        changed = replace(changed, chat=group if moved and group else changed.chat)
        changed = await care.inherited(ctx, changed)
    details: dict[str, Json] = {"reason": reading.reason}  # the words stay with the message, where a recall erases them
    event = TicketEvent(changed.number, ctx.now, What.FACTS, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(changed, event)
    await ctx.work.conversations.assign(message.channel, [message.external_id, *reading.earlier], changed.number)
    return changed


async def _tell_facts(
    message: Incoming, ctx: Context, before: Ticket, ticket: Ticket, fault: str | None
) -> list[Reply]:
    """Said back once when something changed; silent for one more photo."""
    to = answering(message, ctx)
    if fault:
        return [answer("place_unknown", to, [ticket], kind=ReplyKind.QUESTION, number=ticket.number, fault=fault)]
    same = replace(ticket, media=before.media, last_words_at=before.last_words_at, updated=before.updated) == before
    if same:
        return []
    lacking = places.lacks(ctx, ticket.location, ticket.scope)
    ask = "unit" if lacking == "unit" and before.location.room is None else None
    if ask is not None:  # "601" where there are several units: the rest of the answer, asked for once
        await ctx.work.conversations.ask(_where_question(message, ctx, ticket))
    elif lacking is None:
        await ctx.work.conversations.answered(message.chat, message.sender)
    own = ticket.location.room is not None and ticket.location.room in message.text
    title = full_title(ctx.community, ticket) if own or message.chat.private else public_title(ctx.community, ticket)
    danger = danger_of(ticket, ctx.verdict.cues) if ticket.urgency is not before.urgency else None
    reply = answer(
        "facts_kept", to, [ticket], kind=ReplyKind.ACK, number=ticket.number, title=title, ask=ask,
        danger=danger, duty_phone=ctx.community.duty_phone,
    )  # fmt: skip
    reply = replace(reply, merge="ack", priority=priority_of(ticket, reply.priority))
    if ticket.urgency.rank < before.urgency.rank:
        called = await call(ctx, ticket, responsible(ctx, ticket), "call_worse", besides=ctx.person)
        return [reply, *called, *await volunteers.ask(ctx, ticket)]
    if ticket.location.room != before.location.room or ticket.location.building != before.location.building:
        return [reply, *await call(ctx, ticket, responsible(ctx, ticket), "call_facts", besides=ctx.person)]
    return [reply]


async def join(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    """One more reporter of the same water: told the number, and told of every step."""
    ticket = await ctx.work.tickets.get(reading.ticket) if reading.ticket else None
    if ticket is None:
        return []
    if ticket.reported_by(ctx.person):
        return await add_facts(message, ctx, reading)
    reporter = _reporter(message, ctx)
    before = ticket
    ticket = replace(
        ticket,
        reporters=(*ticket.reporters, reporter),
        scope=reading.scope or ticket.scope,
        urgency=min(ticket.urgency, reading.urgency or ticket.urgency, key=lambda u: u.rank),
        location=_fill(ctx, ticket, reading),
        last_words_at=message.at,
    )
    event = TicketEvent(ticket.number, ctx.now, What.JOINED, ctx.actor, source_of(message), {"reason": reading.reason})
    await ctx.work.tickets.save(ticket, event)
    await ctx.work.conversations.assign(message.channel, [message.external_id, *reading.earlier], ticket.number)
    ticket = await file_photos(message, ctx, ticket, reading.earlier)
    return await _tell_joined(message, ctx, before, ticket)


def _fill(ctx: Context, ticket: Ticket, reading: Reading) -> Location:
    """What is told better than it was known, where the register has it."""
    old = ticket.location
    filled = replace(_together(old, reading), building=old.building)
    building = ctx.community.building(filled.building)
    return old if building is not None and building.fault(filled) else filled


async def _tell_joined(message: Incoming, ctx: Context, before: Ticket, ticket: Ticket) -> list[Reply]:
    people = responsible(ctx, ticket)
    worse = ticket.urgency is not before.urgency
    what = Acknowledged(names(people), joined=True, danger=danger_of(ticket, ctx.verdict.cues) if worse else None)
    reply = acknowledge(ctx.community, ticket, answering(message, ctx), what)
    if worse:
        called = await call(ctx, ticket, people, "call_worse", besides=ctx.person)
        return [reply, *called, *await volunteers.ask(ctx, ticket)]
    if Cue.CHASE not in ctx.verdict.cues:
        return [reply]
    event = TicketEvent(ticket.number, ctx.now, What.CHASED, ctx.actor, source_of(message), {"reason": "同处住户催办"})
    await ctx.work.tickets.save(ticket, event)
    said, risk = message.text[:200], await risks.rise(message, ctx, ticket)
    people = risks.besides(ctx, ticket, people, risk)
    return [reply, *await call(ctx, ticket, people, "call_chased", besides=ctx.person, said=said, risk=risk)]
