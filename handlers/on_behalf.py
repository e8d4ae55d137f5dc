"""代报: staff register what somebody told them by phone or at the desk. Channel and caller stay with staff."""

import re
from dataclasses import replace

from domain.announcements import about, answer, priority_of
from domain.handling import OFFICE, Arguments, Command, Context, Router, source_of
from domain.messages import Incoming, Json, Reply
from domain.privacy import is_public_spot, public_title
from domain.tickets import Clocks, Ticket, TicketEvent, What
from domain.understanding import Location, Verdict
from domain.vocabulary import Kind, Priority, ReplyKind, Scope, Status, Urgency
from handlers import care, home_plans, photos, places, volunteers
from handlers.calling import call, keepers, names
from handlers.reports import WORDS_KEPT
from handlers.telling import answering, with_params
from handlers.work import own_photos

USAGE = "代报 3号楼2单元502 卧室漏水 渠道电话"
_CHANNEL = re.compile(r"[,，\s]*渠道[是为:：\s]*([^\s,，。]{1,12})")
_CHANNELS = ("电话", "来访", "当面", "上门", "公众号", "热线", "短信")


async def register(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    words, channel = _channel(args.text)
    verdict = ctx.understanding.judge(words, None)
    if verdict.location.building is None or ctx.community.building(verdict.location.building) is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    scope = verdict.scope or (Scope.PUBLIC if is_public_spot(verdict.location.place) else Scope.HOUSEHOLD)
    checked = places.check(ctx, verdict.location, scope)
    same = await _same_place(ctx, checked.location)
    ticket = await _open(message, ctx, verdict, (checked.location, scope, words, channel))
    people = keepers(ctx, ticket.location.building)
    before = await home_plans.before(ctx, ticket)
    told: list[Json] = [*names(people)]
    params: dict[str, Json] = {
        **about(ctx.community, ticket, full=True), "channel": channel, "keepers": told, "fault": checked.fault,
        "same": [t.number for t in same], "before": before,
    }  # fmt: skip
    reply = answer("registered_on_behalf", answering(message, ctx), [ticket], kind=ReplyKind.ACK)
    reply = replace(with_params(reply, params), priority=priority_of(ticket, Priority.ANSWER))
    called = await call(ctx, ticket, people, "call_report", besides=ctx.person, before=before)
    return [reply, *_announce(ctx, ticket), *called, *await volunteers.ask(ctx, ticket)]


def _channel(text: str) -> tuple[str, str]:
    """("3号楼2单元502 卧室漏水", "电话"): how it came, and the rest."""
    named = _CHANNEL.search(text)
    if named:
        return _CHANNEL.sub("", text).strip(), named[1]
    last = text.rsplit(maxsplit=1)
    if len(last) == 2 and last[1] in _CHANNELS:
        return last[0], last[1]
    return text, ""


async def _same_place(ctx: Context, where: Location) -> list[Ticket]:
    """Open ones that may be the same water: the same home, or the same spot."""
    if where.room is None and where.place is None:
        return []
    found = await ctx.work.tickets.of_building(where.building, ctx.now)
    key = (where.unit, where.room, None if where.room else where.place)
    here = [(t, (t.location.unit, t.location.room, None if t.location.room else t.location.place)) for t in found]
    return [t for t, its in here if t.open and its == key]


async def _open(message: Incoming, ctx: Context, verdict: Verdict, known: tuple[Location, Scope, str, str]) -> Ticket:
    where, scope, words, channel = known
    number = await ctx.work.tickets.next_number()
    chat = places.group_of(ctx, where.building) or message.chat
    ticket = Ticket(
        number, Status.REGISTERED, verdict.kind or Kind.LEAK, scope, verdict.urgency or Urgency.URGENT, where, chat,
        words[:WORDS_KEPT], Clocks(message.at), ctx.now, ctx.now, source_room=verdict.source_room,
    )  # fmt: skip
    ticket = await care.inherited(ctx, ticket)
    details: dict[str, Json] = {"kind": ticket.kind, "on_behalf": True, "channel": channel}
    await ctx.work.tickets.save(
        ticket, TicketEvent(number, ctx.now, What.OPENED, ctx.actor, source_of(message), details)
    )
    await ctx.work.conversations.assign(message.channel, [message.external_id], number)
    return await photos.attach(ctx, ticket, await own_photos(message, ctx), message)


def _announce(ctx: Context, ticket: Ticket) -> list[Reply]:
    """The building's group hears of public water; a home stays quiet there until somebody works on it."""
    if ticket.chat.private or ticket.scope is Scope.HOUSEHOLD or places.group_of(ctx, ticket.location.building) is None:
        return []
    params: dict[str, Json] = {"number": ticket.number, "title": public_title(ctx.community, ticket)}
    return [
        Reply(
            ticket.chat, "registered_elsewhere", params, ReplyKind.PROGRESS, priority_of(ticket, Priority.PROGRESS),
            tickets=(ticket.number,), own_accord=True,
        )
    ]  # fmt: skip


router = Router(
    (Command(("代报", "代登记"), USAGE, "替打电话、来访的住户登记", register, OFFICE, private=True, wants_text=True),)
)
