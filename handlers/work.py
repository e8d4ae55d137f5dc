"""The work on a ticket, step by step: 接单 到场 进展 完成 待续."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.announcements import about, answer
from domain.errors import RuleBroken
from domain.handling import WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.records import MediaRecord
from domain.spoken_time import find_time
from domain.tickets import OPEN, UNTAKEN, Ticket, TicketEvent, What, check_move, move
from domain.vocabulary import Status
from handlers import consent, pairing, photos, volunteers
from handlers.telling import answering, confirm, listeners, post, sees_all, with_params, words


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of step: the state it leads to, the live post, the answer to the person, the answer when said twice."""

    to: Status
    post: str
    answer: str
    what: What = What.MOVED
    repeated: str | None = None


ARRIVED = Step(Status.ON_SITE, "progress_arrived", "noted_arrived", repeated="already_there")
NEWS = Step(Status.REPAIRING, "progress_news", "noted_progress", What.PROGRESS)
FINISHED = frozenset({Status.RESOLVED, Status.CLOSED})
DONE = Step(Status.RESOLVED, "progress_done", "noted_done", repeated="already_done")


async def take_step(message: Incoming, ctx: Context, args: Arguments, step: Step) -> list[Reply]:
    """The same step on every ticket named; photos sent along, or shortly before, belong to it.

    An incident is spoken of in one post that calls all its reporters; a closing post stays each ticket's own.
    """
    tickets, together = args.tickets, args.incident and step is not DONE
    replies: list[Reply] = []
    taken: list[Ticket] = []
    sent = await own_photos(message, ctx)
    shown = photos.showable(tickets, sent)
    filed = len([p for p in sent if p.kind in photos.SHOWN]) - len(shown)
    told: dict[str, Json] = {"worker": ctx.actor.name, "words": words(ctx, tickets, args.text), "filed": filed}
    for ticket in tickets:
        if step.repeated and ticket.status is step.to:
            continue
        ticket = await change(message, ctx, ticket, _target(ticket, step), step.what, words=args.text)
        ticket, questions = await file_photos(message, ctx, ticket, sent)
        posts = [] if together else post(message, ctx, ticket, step.post, media=shown, **told)
        if step is DONE and len(tickets) == 1:  # the photo of several is of no single one's place
            posts = await pairing.paired(ctx, ticket, posts, shown)
        replies += posts
        replies += [*questions, *(await volunteers.thank(ctx, ticket) if step is DONE else [])]
        taken.append(ticket)
    if not taken and step.repeated:
        return [repeated(message, ctx, step.repeated, tickets)]
    if together:
        one = post(message, ctx, taken[0], "progress_incident", media=shown, arrived=step is ARRIVED, **told)[0]
        replies += _to_all(message, ctx, taken, one)
    await photos.expect_more(ctx, taken, step.post)
    return [*confirm(message, ctx, step.answer, taken), *replies]


def _to_all(message: Incoming, ctx: Context, taken: Sequence[Ticket], one: Reply) -> list[Reply]:
    """Numbers only: what is at somebody else's home stays theirs."""
    numbers: list[Json] = [ticket.number for ticket in taken]
    one = replace(with_params(one, {"numbers": numbers}), tickets=tuple(t.number for t in taken), merge=None)
    posts = [replace(one, chat=chat, mentions=people) for chat, people in listeners(ctx.community, taken).items()]
    return [replace(p, reply_to=message.external_id if p.chat == message.chat else None) for p in posts]


def _target(ticket: Ticket, step: Step) -> Status:
    """A word or a photo after the work is done changes nothing about that."""
    return ticket.status if step is NEWS and ticket.status in FINISHED else step.to


def repeated(message: Incoming, ctx: Context, template: str, tickets: Sequence[Ticket]) -> Reply:
    lines: list[Json] = [about(ctx.community, t, full=sees_all(ctx)) for t in tickets]
    return with_params(answer(template, answering(message, ctx), tickets), {"lines": lines})


async def change(
    message: Incoming, ctx: Context, ticket: Ticket, to: Status, what: What = What.MOVED, **details: Json
) -> Ticket:
    """Moves a ticket and writes it down. Who does the work becomes its assignee."""
    if ticket.status is not to:
        check_move(ticket, to)
    moved = ticket if ticket.status is to else move(ticket, to, at=ctx.now)
    worker = ctx.staff.id if ctx.staff else None
    moved = replace(moved, updated=ctx.now, told_at=ctx.now, assignee=moved.assignee or worker)
    moves: dict[str, Json] = {"from": ticket.status, "to": to}
    event = TicketEvent(ticket.number, ctx.now, what, ctx.actor, source_of(message), {**moves, **details})
    await ctx.work.tickets.save(moved, event)
    return moved


async def file_photos(
    message: Incoming, ctx: Context, ticket: Ticket, sent: Sequence[MediaRecord]
) -> tuple[Ticket, list[Reply]]:
    """Files the photos with the ticket; asks the household whether they may be shown, where that is not known."""
    ticket = await photos.attach(ctx, ticket, sent, message)
    if not photos.needs_consent(ticket) or not any(p.kind in photos.SHOWN for p in sent):
        return ticket, []
    questions = await consent.ask(ctx, ticket)
    return await ctx.work.tickets.get(ticket.number) or ticket, questions


async def own_photos(message: Incoming, ctx: Context) -> list[MediaRecord]:
    """Those of this message and of the two minutes before it, of no ticket yet."""
    with_it = await ctx.work.media.of_messages(message.channel, [message.external_id])
    before = await photos.just_sent(message, ctx)
    return list({p.id: p for p in [*before, *with_it] if p.ticket is None}.values())


async def accept(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    replies: list[Reply] = []
    taken: list[Ticket] = []
    for ticket in args.tickets:
        if ticket.status is Status.ACCEPTED:
            _check_free(ctx, ticket)
            continue  # said twice
        check_move(ticket, Status.ACCEPTED)
        mine = replace(ticket, assignee=ctx.staff.id if ctx.staff else None)
        ticket = await change(message, ctx, mine, Status.ACCEPTED)
        replies += post(message, ctx, ticket, "progress_accepted", worker=ctx.actor.name)
        taken.append(ticket)
    if not taken:
        return [repeated(message, ctx, "already_yours", args.tickets)]
    return [*confirm(message, ctx, "accepted", taken), *replies]


def _check_free(ctx: Context, ticket: Ticket) -> None:
    if ctx.staff and ticket.assignee not in {None, ctx.staff.id}:
        staff = ctx.community.staff.get(ticket.assignee) if ticket.assignee else None
        holder = staff.name if staff else "别人"
        raise RuleBroken(f"#{ticket.number} 已由{holder}接单；要换人请说：转派 #{ticket.number} 姓名")


async def arrive(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    return await take_step(message, ctx, args, ARRIVED)


async def report_progress(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if not args.text and not await own_photos(message, ctx):
        return [answer("usage", answering(message, ctx), usage=_WORDS_WANTED)]
    return await take_step(message, ctx, args, NEWS)


async def finish(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    return await take_step(message, ctx, args, DONE)


async def wait(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    spoken = find_time(args.text, ctx.now)
    if spoken is None or not spoken.rest:
        return [answer("usage", answering(message, ctx), usage=WAIT_USAGE)]
    replies: list[Reply] = []
    waiting: list[Ticket] = []
    for ticket in args.tickets:
        ticket = await postpone(message, ctx, ticket, spoken.rest, spoken.at)
        said = words(ctx, args.tickets, spoken.rest)
        replies += post(
            message, ctx, ticket, "progress_waiting", worker=ctx.actor.name, words=said, next_at=spoken.at.isoformat()
        )
        waiting.append(ticket)
    return [*confirm(message, ctx, "noted_waiting", waiting, next_at=spoken.at.isoformat()), *replies]


async def postpone(message: Incoming, ctx: Context, ticket: Ticket, reason: str, until: datetime) -> Ticket:
    """Waiting, always with a next date."""
    ticket = await change(message, ctx, ticket, Status.WAITING, reason=reason, next_at=until.isoformat())
    ticket = replace(ticket, next_at=until)
    await ctx.work.tickets.save(ticket)
    return ticket


WAIT_USAGE = "待续 #12 原因 下次时间，例如：待续 #12 等墙面干透 明天9点"
_TO_GO_TO = OPEN - {Status.ON_SITE, Status.REPAIRING}
_WORDS_WANTED = "进展 #12 干到哪了，例如：进展 #12 水泵到了，正在抽水（可带照片）"
router = Router(
    (
        Command(
            ("接单",),
            "接单 #12",
            "这一单我来办，可写多个号或楼号",
            accept,
            WORKERS,
            Needs.SOME,
            fits=UNTAKEN,
            whole=True,
        ),
        Command(
            ("到场", "已到场", "到达现场"),
            "到场 #12",
            "到现场了，群里同步",
            arrive,
            WORKERS,
            Needs.SOME,
            fits=_TO_GO_TO,
            whole=True,
        ),
        Command(("进展",), _WORDS_WANTED, "发一条进展到群里，可带照片", report_progress, WORKERS, Needs.SOME),
        Command(
            ("完成", "已完成"), "完成 #12 做了什么（可带照片）", "处理好了，群里公布用时", finish, WORKERS, Needs.SOME
        ),
        Command(("待续",), WAIT_USAGE, "暂时做不完，写明原因和下次时间", wait, WORKERS, Needs.SOME),
    )
)
