"""People who wait, are angry, or want a person: staff are told at once, the answer is calm and says what is known.

Nobody is ever argued with, and nobody is kept from calling anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from domain.announcements import answer
from domain.conversation import Reading
from domain.handling import Context, source_of
from domain.messages import Chat, Incoming, Json, Mention, Reply
from domain.privacy import public_title
from domain.risk import Tone
from domain.roster import Staff
from domain.tickets import STATUS_NAMES, UNTAKEN, Ticket, TicketEvent, What
from domain.understanding import Cue
from domain.vocabulary import Priority, ReplyKind, Role, Status
from handlers import risks
from handlers.calling import account, call, keepers, names, responsible, staff_groups
from handlers.finding import LOOK_BACK
from handlers.telling import answering, group_name, one_line

ONCE_IN = timedelta(minutes=3)
"""Two lines of one breath ("怎么还没人来", "一个半小时了") get one answer."""
LONG_MINUTES = 15
"""Whoever asks sooner was not kept waiting, and is not told so."""
TONES = {Cue.HOTLINE: Tone.HOTLINE, Cue.WANTS_HUMAN: Tone.WANTS_HUMAN, Cue.ANGER: Tone.ANGER}
MOODS: Mapping[Cue, str] = {
    Cue.HOTLINE: "提到要打热线或找媒体",
    Cue.WANTS_HUMAN: "想找真人",
    Cue.ANGER: "很着急、有情绪",
}


async def chase(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    """The state as it is, and who has been told; no time that nobody promised."""
    ticket = await _about(ctx, reading)
    if ticket is None:
        return []
    again = await _just_answered(ctx, ticket, What.CHASED)
    ticket = await _note(message, ctx, ticket, What.CHASED, reading.reason)
    if again:
        return await risks.warn(message, ctx, ticket)
    risk = await risks.rise(message, ctx, ticket)
    people = responsible(ctx, ticket)
    worker = ctx.community.staff.get(ticket.assignee) if ticket.assignee else None
    reply = answer(
        "chased", answering(message, ctx), [ticket], kind=ReplyKind.STATUS,
        number=ticket.number, title=public_title(ctx.community, ticket), status=STATUS_NAMES[ticket.status],
        untaken=ticket.status in UNTAKEN, done=ticket.status in {Status.RESOLVED, Status.CLOSED},
        worker=worker.name if worker else "", keepers=[*names(people)], long=ticket.minutes(ctx.now) >= LONG_MINUTES,
        next_at=ticket.next_at.isoformat() if ticket.next_at else None,
    )  # fmt: skip
    said, people = message.text[:200], risks.besides(ctx, ticket, people, risk)
    return [reply, *await call(ctx, ticket, people, "call_chased", besides=ctx.person, said=said, risk=risk)]


async def alert(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    """Staff at once, by name and with the reason; to the person one calm line."""
    ticket, risk = await _about(ctx, reading), list[Json]()
    if ticket is not None:
        again = await _just_answered(ctx, ticket, What.ALERTED)
        tones: list[Json] = [tone.name for cue, tone in TONES.items() if cue in ctx.verdict.cues]
        ticket = await _note(message, ctx, ticket, What.ALERTED, reading.reason, tones=tones)
        if again:
            return await risks.warn(message, ctx, ticket)
        risk = await risks.rise(message, ctx, ticket)
    people = _alarmed(ctx, ticket, risk)
    said, mood = message.text[:200], _mood(ctx)
    if ticket is None:
        calls = await _call_without_ticket(message, ctx, people, {"said": said, "mood": mood})
    else:
        calls = await call(ctx, ticket, people, "call_alert", besides=ctx.person, said=said, mood=mood, risk=risk)
    reply = answer(
        "alert_answer", answering(message, ctx), [ticket] if ticket else [], kind=ReplyKind.STATUS,
        number=ticket.number if ticket else None, keepers=[*names(people)],
        human=Cue.WANTS_HUMAN in ctx.verdict.cues, duty_phone=ctx.community.duty_phone,
    )  # fmt: skip
    return [reply, *calls]


async def _about(ctx: Context, reading: Reading) -> Ticket | None:
    """The ticket that was read, else the newest open one of this person."""
    if reading.ticket is not None:
        return await ctx.work.tickets.get(reading.ticket)
    own = [t for t in await ctx.work.tickets.of_reporter(ctx.person, ctx.now - LOOK_BACK) if t.open]
    return own[-1] if own else None


async def _just_answered(ctx: Context, ticket: Ticket, what: What) -> bool:
    events = await ctx.work.tickets.events(ticket.number)
    return any(e.what is what and e.by.person == ctx.person and ctx.now - e.at < ONCE_IN for e in events)


async def _note(message: Incoming, ctx: Context, ticket: Ticket, what: What, reason: str, **details: Json) -> Ticket:
    """The risk is part of the ticket's history."""
    own = ticket.reported_by(ctx.person)
    noted = replace(ticket, last_words_at=message.at if own else ticket.last_words_at, updated=ctx.now)
    event = TicketEvent(ticket.number, ctx.now, what, ctx.actor, source_of(message), {"reason": reason, **details})
    await ctx.work.tickets.save(noted, event)
    await ctx.work.conversations.assign(message.channel, [message.external_id], ticket.number)
    return noted


def _alarmed(ctx: Context, ticket: Ticket | None, risk: Sequence[Json]) -> tuple[Staff, ...]:
    """Who has the matter; the building's own people; where a hotline was named the secretary too."""
    building = ticket.location.building if ticket else ctx.building or ctx.sender.home.building
    people = [*(responsible(ctx, ticket) if ticket else ()), *keepers(ctx, building)]
    if Cue.HOTLINE in ctx.verdict.cues or risk:
        people += ctx.community.in_charge(building, Role.SECRETARY)
    return tuple({p.id: p for p in people}.values())


def _mood(ctx: Context) -> str:
    return "、".join(words for cue, words in MOODS.items() if cue in ctx.verdict.cues) or "需要有人马上回应"


async def _call_without_ticket(
    message: Incoming, ctx: Context, people: tuple[Staff, ...], told: Mapping[str, Json]
) -> list[Reply]:
    reached = [(person, await account(ctx, person)) for person in people]
    mentions = tuple(Mention(a, p.name) for p, a in reached if a is not None)
    where = group_name(ctx, message.chat) or "私聊"
    params: dict[str, Json] = {**told, "where": where, "speaker": one_line(ctx.sender.name)}
    chats = [*staff_groups(ctx), *(Chat.with_person(m.person) for m in mentions)]
    return [
        Reply(
            chat, "call_alert_loose", params, ReplyKind.ALERT, Priority.ANSWER,
            () if chat.private else mentions, merge="call",
        )
        for chat in chats
    ]  # fmt: skip
