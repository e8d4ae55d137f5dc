"""What residents say about their own tickets, by command or in plain words: fixed, not fixed, a mistake."""

from dataclasses import replace
from datetime import timedelta

from domain.announcements import answer
from domain.conversation import Asks
from domain.errors import RuleBroken
from domain.handling import Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.records import Question
from domain.roster import Staff
from domain.tickets import ENDED, OPEN, STATUS_NAMES, Ticket, TicketEvent, What, confirm, move
from domain.understanding import Cue
from domain.vocabulary import ReplyKind, Status
from handlers import risks, volunteers
from handlers.calling import call, names, responsible
from handlers.telling import answering

ANSWER_WITHIN = timedelta(hours=1)


def check_own(ctx: Context, ticket: Ticket) -> None:
    """Only its reporters confirm, withdraw or reopen; staff may for somebody who phoned."""
    if not ticket.reported_by(ctx.person) and ctx.staff is None:
        raise RuleBroken(f"#{ticket.number} 是别的住户报的，由报修人来确认")


async def fixed(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    replies: list[Reply] = []
    for ticket in args.tickets:
        check_own(ctx, ticket)
        replies += await settle(message, ctx, ticket)
    return replies


async def settle(message: Incoming, ctx: Context, ticket: Ticket) -> list[Reply]:
    """Closed by the reporter's own word."""
    to = answering(message, ctx)
    asked = await _asked(message, ctx, ticket)
    if ticket.status is Status.CLOSED:
        if asked:
            return [await _holds(message, ctx, ticket)]
        return [answer("already_closed", to, [ticket], kind=ReplyKind.STATUS, number=ticket.number)]
    closed = confirm(ticket, at=ctx.now)
    details = {"from": ticket.status, "to": Status.CLOSED, "words": message.text}
    event = TicketEvent(ticket.number, ctx.now, What.MOVED, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(replace(closed, last_words_at=ctx.now), event)
    thanked = answer("thanks_closed", to, [ticket], kind=ReplyKind.STATUS, number=ticket.number)
    return [thanked, *await volunteers.thank(ctx, ticket)]


async def _asked(message: Incoming, ctx: Context, ticket: Ticket) -> bool:
    """Whether we had asked just this; then it is answered now."""
    talk = ctx.work.conversations
    question = await talk.question(message.chat, message.sender, ctx.now)
    if question is None or question.asks != Asks.FIXED or question.ticket != ticket.number:
        return False
    await talk.answered(message.chat, message.sender)
    return True


async def _holds(message: Incoming, ctx: Context, ticket: Ticket) -> Reply:
    """Asked again after it was closed: their own word counts, also where it had been closed by silence."""
    event = TicketEvent(ticket.number, ctx.now, What.CONFIRMED, ctx.actor, source_of(message), {"words": message.text})
    clocks = replace(ticket.clocks, confirmed=ticket.clocks.confirmed or ctx.now)
    await ctx.work.tickets.save(replace(ticket, clocks=clocks, last_words_at=ctx.now), event)
    return answer("holds", answering(message, ctx), [ticket], kind=ReplyKind.STATUS, number=ticket.number)


async def not_fixed(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    replies: list[Reply] = []
    for ticket in args.tickets:
        check_own(ctx, ticket)
        replies += await reopen(message, ctx, ticket)
    return replies


async def reopen(message: Incoming, ctx: Context, ticket: Ticket) -> list[Reply]:
    """Back to work; who closed it is told. An open ticket is only chased: nobody said that it was done."""
    people = responsible(ctx, ticket)
    to = answering(message, ctx)
    if ticket.status not in {Status.RESOLVED, Status.CLOSED, Status.CANCELLED}:
        event = TicketEvent(ticket.number, ctx.now, What.CHASED, ctx.actor, source_of(message), {"words": message.text})
        await ctx.work.tickets.save(replace(ticket, last_words_at=ctx.now), event)
        known: list[Json] = [*names(people)]
        risk = await risks.rise(message, ctx, ticket)
        people, said = risks.besides(ctx, ticket, people, risk), message.text
        reply = answer("still_working", to, [ticket], kind=ReplyKind.STATUS, number=ticket.number, keepers=known)
        return [reply, *await call(ctx, ticket, people, "call_chased", besides=ctx.person, said=said, risk=risk)]
    reopened = replace(move(ticket, Status.REOPENED, at=ctx.now), last_words_at=ctx.now)
    details = {"from": ticket.status, "to": Status.REOPENED, "words": message.text}
    event = TicketEvent(ticket.number, ctx.now, What.MOVED, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(reopened, event)
    risk = await risks.rise(message, ctx, reopened)
    people = risks.besides(ctx, reopened, (*people, *await _closer(ctx, ticket)), risk)
    told: list[Json] = [*names(people)]
    reply = answer("reopened", to, [ticket], kind=ReplyKind.ACK, number=ticket.number, keepers=told)
    return [reply, *await call(ctx, reopened, people, "call_reopened", said=message.text, risk=risk)]


async def _closer(ctx: Context, ticket: Ticket) -> tuple[Staff, ...]:
    """Who said that it was done."""
    for event in reversed(await ctx.work.tickets.events(ticket.number)):
        worker = ctx.community.staff.get(event.by.staff) if event.by.staff else None
        if worker is not None and event.details.get("to") == Status.RESOLVED:
            return (worker,)
    return ()


async def withdraw(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    replies: list[Reply] = []
    for ticket in args.tickets:
        check_own(ctx, ticket)
        replies += await take_back(message, ctx, ticket)
    return replies


async def take_back(message: Incoming, ctx: Context, ticket: Ticket) -> list[Reply]:
    """看错了. Where others reported it too, only this person steps back."""
    to = answering(message, ctx)
    if ticket.status in ENDED:
        state = STATUS_NAMES[ticket.status]
        return [answer("already_ended", to, [ticket], kind=ReplyKind.STATUS, number=ticket.number, status=state)]
    others = tuple(r for r in ticket.reporters if r.person != ctx.person)
    if others:
        event = TicketEvent(ticket.number, ctx.now, What.CHANGED, ctx.actor, source_of(message), {"left": True})
        await ctx.work.tickets.save(replace(ticket, reporters=others, updated=ctx.now), event)
        return [answer("stepped_back", to, [ticket], kind=ReplyKind.STATUS, number=ticket.number)]
    cancelled = move(ticket, Status.CANCELLED, at=ctx.now)
    details = {"from": ticket.status, "to": Status.CANCELLED, "words": message.text}
    event = TicketEvent(ticket.number, ctx.now, What.MOVED, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(cancelled, event)
    told = await call(ctx, ticket, responsible(ctx, ticket), "call_withdrawn")
    return [answer("withdrawn", to, [ticket], kind=ReplyKind.STATUS, number=ticket.number), *told]


async def dissatisfied(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """Recorded, and asked what is missing; staff are told at once."""
    replies: list[Reply] = []
    for ticket in args.tickets:
        check_own(ctx, ticket)
        told = await _unhappy(message, ctx, ticket, args.text)
        said = bool(args.text)
        if not said:
            until = ctx.now + ANSWER_WITHIN
            missing = Question(message.chat, message.sender, Asks.WHAT_IS_MISSING, ticket.number, ctx.now, until)
            await ctx.work.conversations.ask(missing)
        replies.append(answer("dissatisfied", answering(message, ctx), [ticket], number=ticket.number, said=said))
        replies += told
    return replies


async def note_missing(message: Incoming, ctx: Context, ticket: Ticket) -> list[Reply]:
    """The answer to what is missing."""
    await ctx.work.conversations.answered(message.chat, message.sender)
    told = await _unhappy(message, ctx, ticket, message.text)
    return [answer("dissatisfied", answering(message, ctx), [ticket], number=ticket.number, said=True), *told]


async def _unhappy(message: Incoming, ctx: Context, ticket: Ticket, words: str) -> list[Reply]:
    event = TicketEvent(ticket.number, ctx.now, What.DISSATISFIED, ctx.actor, source_of(message), {"words": words})
    await ctx.work.tickets.save(replace(ticket, last_words_at=ctx.now), event)
    risk = await risks.rise(message, ctx, ticket)
    people = risks.besides(ctx, ticket, responsible(ctx, ticket), risk)
    return await call(ctx, ticket, people, "call_dissatisfied", besides=ctx.person, said=words, risk=risk)


_DONE = frozenset({Status.RESOLVED})
_ENDED_WELL = frozenset({Status.RESOLVED, Status.CLOSED})
router = Router(
    (
        Command(
            ("没修好", "还没修好"), "没修好 #12", "还没好，请人再来", not_fixed, needs=Needs.SOME, fits=_ENDED_WELL
        ),
        Command(
            ("修好了", "满意", "已修好"),
            "修好了 #12",
            "确认修好，办结",
            fixed,
            needs=Needs.SOME,
            fits=_DONE,
            unless=frozenset({Cue.NOT_FIXED, Cue.STILL}),
        ),
        Command(
            ("不满意",),
            "不满意 #12 哪里不满意",
            "哪里没做好，转给负责的人",
            dissatisfied,
            needs=Needs.SOME,
            fits=_ENDED_WELL,
        ),
        Command(("看错了",), "看错了 #12", "报错了，撤销这一单", withdraw, needs=Needs.SOME, fits=OPEN),
    )
)
