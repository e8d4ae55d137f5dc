"""At the door: 查勘 (what it is and what will be done), 入户 (somebody was in), 无人 (nobody was at home)."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.announcements import Answering, about, answer
from domain.handling import WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.home_plans import NOBODY_HOME
from domain.messages import Chat, Incoming, Json, Reply
from domain.spoken_time import MORNING, find_time
from domain.tickets import MOVES, OPEN, Ticket, TicketEvent, What
from domain.vocabulary import ReplyKind, Status
from handlers import slips
from handlers.telling import answering, confirm, post
from handlers.work import Step, change, file_photos, own_photos, postpone, take_step

ASSESSED = Step(Status.ASSESSED, "progress_assessed", "noted_assessed")
ASSESS_USAGE = "查勘 #12 原因 方案，例如：查勘 #12 楼顶防水裂了，天晴补卷材"
VISIT_USAGE = "入户 #12 看到什么、和住户说好什么，例如：入户 #12 次卧顶角湿了一平米，约好天晴补"
NOBODY_USAGE = "无人 #12 下次时间，例如：无人 #12 明天下午3点（不写就是明天9点）"


async def assess(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    return await take_step(message, ctx, args, ASSESSED)


async def visit(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """What was seen in a home is for staff; its group hears that somebody was there."""
    replies: list[Reply] = []
    seen: list[Ticket] = []
    sent = await own_photos(message, ctx)
    for ticket in args.tickets:
        to = Status.ON_SITE if Status.ON_SITE in MOVES[ticket.status] else ticket.status
        ticket = await change(message, ctx, ticket, to, What.VISITED, words=args.text, met=True)
        ticket, questions = await file_photos(message, ctx, ticket, sent)
        replies += [*post(message, ctx, ticket, "progress_visited", worker=ctx.actor.name), *questions]
        seen.append(ticket)
    return [*confirm(message, ctx, "noted_visited", seen), *replies]


async def nobody(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """That a home is empty is nobody's business: no post, a word to whoever reported it, in private."""
    spoken = find_time(args.text, ctx.now) if args.text else None
    until = spoken.at if spoken else _tomorrow(ctx.now)
    replies: list[Reply] = []
    for ticket in args.tickets:
        attempts = await _attempts(ctx, ticket) + 1
        event = TicketEvent(
            ticket.number, ctx.now, What.VISITED, ctx.actor, source_of(message),
            {"met": False, "attempt": attempts, "next_at": until.isoformat(), "words": args.text},
        )  # fmt: skip
        await ctx.work.tickets.save(ticket, event)
        ticket = await postpone(message, ctx, ticket, NOBODY_HOME, until)
        replies += [*_tell_reporters(ctx, ticket, until), *slips.slip(message, ctx, ticket, until)]
    lines: list[Json] = [about(ctx.community, t, full=ctx.for_staff_only) for t in args.tickets]
    when, told = until.isoformat(), any(t.reporters for t in args.tickets)
    return [
        answer("noted_nobody", answering(message, ctx), args.tickets, lines=lines, next_at=when, told=told),
        *replies,
    ]


def _tomorrow(now: datetime) -> datetime:
    return (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)


async def _attempts(ctx: Context, ticket: Ticket) -> int:
    events = await ctx.work.tickets.events(ticket.number)
    return sum(e.what is What.VISITED and e.details.get("met") is False for e in events)


def _tell_reporters(ctx: Context, ticket: Ticket, until: datetime) -> list[Reply]:
    told = []
    for reporter in ticket.reporters:
        to = Answering(Chat.with_person(reporter.person), reporter.person, reporter.name, reporter.message)
        reply = answer(
            "came_in_vain", to, [ticket], kind=ReplyKind.PROGRESS,
            number=ticket.number, worker=ctx.actor.name, next_at=until.isoformat(),
        )  # fmt: skip
        told.append(replace(reply, reply_to=None))
    return told


router = Router(
    (
        Command(
            ("查勘",), ASSESS_USAGE, "查清原因和方案", assess, WORKERS, Needs.SOME, wants_text=True, fits=OPEN,
        ),
        Command(
            ("入户",), VISIT_USAGE, "进过门了，所见只给同事看", visit, WORKERS, Needs.SOME, wants_text=True, fits=OPEN,
        ),
        Command(
            ("无人", "没人在家"), NOBODY_USAGE, "家里没人，约下次，拿门上贴的联系单", nobody, WORKERS, Needs.SOME,
            fits=OPEN,
        ),
    )
)  # fmt: skip
