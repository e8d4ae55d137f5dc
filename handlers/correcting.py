"""Putting right what was read wrong or is no more: 误报, 改, 合并."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from domain.announcements import about, answer, in_task_group
from domain.errors import RuleBroken
from domain.handling import OFFICE, WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.tickets import STATUS_NAMES, Reporter, Ticket, TicketEvent, What, check_move, move
from domain.understanding import Location
from domain.vocabulary import Kind, Scope, Status, Urgency
from handlers import learning, places
from handlers.telling import answering, confirm, listeners, post, sees_all, with_params, words

Value = TypeVar("Value")
KIND_SAID = {"积水": Kind.PONDING, "返水": Kind.BLOCKAGE, "堵": Kind.BLOCKAGE, "漏": Kind.LEAK, "渗": Kind.LEAK}
SCOPE_SAID = {"公共": Scope.PUBLIC, "户内": Scope.HOUSEHOLD, "家里": Scope.HOUSEHOLD, "住户": Scope.HOUSEHOLD}
URGENCY_SAID = {
    "不紧急": Urgency.NORMAL,
    "普通": Urgency.NORMAL,
    "一般": Urgency.NORMAL,
    "加急": Urgency.URGENT,
    "特急": Urgency.EMERGENCY,
    "紧急": Urgency.EMERGENCY,
}
_UNIT_FIRST = re.compile(r"(?<![\w])单元\s*:?\s*(\d{1,2}(?!\d)|[一二三四五六七八九十东西南北中A-Za-z](?!\w))")
""" "单元 3" is said of a field; the place is read from "3单元"."""
_FLOOR_FIRST = re.compile(r"楼层\s*:?\s*(-?\d{1,2}|[一二三四五六七八九十]{1,3})(?![\d层])")
CHANGE_USAGE = "改 #12 几单元几零几 漏水/积水/堵塞 公共/户内 紧急/加急/普通（写要改的就行）"


async def false_alarm(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    replies: list[Reply] = []
    ended: list[Ticket] = []
    for ticket in args.tickets:
        if ticket.status is Status.CANCELLED:
            raise RuleBroken(f"#{ticket.number} 已经撤销了")
        cancelled = replace(move(ticket, Status.CANCELLED, at=ctx.now), updated=ctx.now)
        details: dict[str, Json] = {"to": Status.CANCELLED, "false_alarm": True, "words": args.text}
        event = TicketEvent(ticket.number, ctx.now, What.MOVED, ctx.actor, source_of(message), details)
        await ctx.work.tickets.save(cancelled, event)
        await learning.false_alarm(ctx, ticket)
        said = words(ctx, args.tickets, args.text)
        replies += post(message, ctx, cancelled, "progress_cancelled", worker=ctx.actor.name, words=said)
        ended.append(cancelled)
    return [*confirm(message, ctx, "noted_cancelled", ended), *replies]


async def amend(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """What staff say replaces what was understood; the register has the last word on places."""
    [ticket] = args.tickets
    text = _FLOOR_FIRST.sub(r"\1层 ", _UNIT_FIRST.sub(r"\1单元 ", args.text))
    changed = _amended(ctx, ticket, text)
    if changed == ticket:
        return [_unchanged(message, ctx, ticket, text)]
    building = ctx.community.building(changed.location.building)
    fault = building.fault(changed.location) if building else f"没有{changed.location.building}号楼"
    if fault:
        raise RuleBroken(f"{fault}，没有改。请核对后再说一次")
    details: dict[str, Json] = {"words": args.text, "kind": changed.kind, "urgency": changed.urgency}
    event = TicketEvent(ticket.number, ctx.now, What.CHANGED, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(replace(changed, updated=ctx.now), event)
    await learning.amended(ctx, ticket, changed)
    reply = answer("amended", answering(message, ctx), [ticket])
    return [with_params(reply, about(ctx.community, changed, full=sees_all(ctx)))]


def _unchanged(message: Incoming, ctx: Context, ticket: Ticket, text: str) -> Reply:
    """It was said already, or nothing was understood."""
    said = (said_first(KIND_SAID, text), said_first(SCOPE_SAID, text), said_first(URGENCY_SAID, text))
    place = ctx.understanding.judge(text, ticket.location.building).location
    if place.empty and not any(said):
        return answer("usage", answering(message, ctx), usage=CHANGE_USAGE)
    reply = answer("unchanged", answering(message, ctx), [ticket])
    return with_params(reply, about(ctx.community, ticket, full=sees_all(ctx)))


def _amended(ctx: Context, ticket: Ticket, text: str) -> Ticket:
    said = ctx.understanding.judge(text, ticket.location.building).location
    where = ticket.location
    merged = Location(
        building=said.building or where.building,
        unit=said.unit or where.unit,
        room=said.room or where.room,
        floor=said.floor if said.floor is not None else where.floor,
        place=said.place or where.place,
    )
    moved = merged.building != where.building and not in_task_group(ctx.community, ticket)
    return replace(
        ticket,
        location=merged,
        chat=(places.group_of(ctx, merged.building) if moved else None) or ticket.chat,
        kind=said_first(KIND_SAID, text) or ticket.kind,
        scope=said_first(SCOPE_SAID, text) or ticket.scope,
        urgency=said_first(URGENCY_SAID, text) or ticket.urgency,
    )


def said_first(table: Mapping[str, Value], text: str) -> Value | None:
    return next((value for word, value in table.items() if word in text), None)


async def merge(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """The first stays. Reporters and photos of the others go along; the reporters of both sides are told once."""
    stays, *others = args.tickets
    check_open(stays)
    before = (stays, *others)
    for other in others:
        check_move(other, Status.MERGED)
        stays = await _take_over(message, ctx, stays, other)
    numbers: list[Json] = [other.number for other in others]
    posts = post(message, ctx, stays, "progress_merged", numbers=numbers, into=stays.number)
    told = [replace(posts[0], chat=chat, mentions=people) for chat, people in listeners(ctx.community, before).items()]
    told = [replace(r, tickets=(stays.number, *(o.number for o in others)), merge=None) for r in told]
    told = [replace(r, reply_to=message.external_id if r.chat == message.chat else None) for r in told]
    return [*confirm(message, ctx, "noted_merged", [stays]), *told]


def check_open(ticket: Ticket) -> None:
    if not ticket.open:
        raise RuleBroken(f"#{ticket.number} {STATUS_NAMES[ticket.status]}了，不能再并入别的单")


async def _take_over(message: Incoming, ctx: Context, stays: Ticket, other: Ticket) -> Ticket:
    source = source_of(message)
    gone = replace(move(other, Status.MERGED, at=ctx.now), merged_into=stays.number)
    await ctx.work.tickets.save(
        gone, TicketEvent(other.number, ctx.now, What.MERGED, ctx.actor, source, {"into": stays.number})
    )
    for photo in await ctx.work.media.of_ticket(other.number):
        await ctx.work.media.save(replace(photo, ticket=stays.number))
    stays = replace(
        stays,
        reporters=_both(stays.reporters, other.reporters),
        media=tuple(dict.fromkeys((*stays.media, *other.media))),
        urgency=min(stays.urgency, other.urgency, key=lambda u: u.rank),
        updated=ctx.now,
    )
    await ctx.work.tickets.save(
        stays, TicketEvent(stays.number, ctx.now, What.MERGED, ctx.actor, source, {"from": other.number})
    )
    return stays


def _both(first: tuple[Reporter, ...], second: tuple[Reporter, ...]) -> tuple[Reporter, ...]:
    known = {r.person for r in first}
    return (*first, *(r for r in second if r.person not in known))


router = Router(
    (
        Command(("误报",), "误报 #12", "不是漏水报修，撤销", false_alarm, WORKERS, Needs.SOME),
        Command(
            ("改", "更正"), CHANGE_USAGE, "改单元、房号、类别、紧急程度", amend, WORKERS, Needs.ONE, wants_text=True
        ),
        Command(("合并",), "合并 #12 #15", "第二单并入第一单", merge, OFFICE, Needs.TWO),
    )
)
