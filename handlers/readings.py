"""From what a message means to what is done about it: one handler for each action, at most one answer to the person."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from domain.announcements import answer
from domain.conversation import Action, Reading
from domain.errors import RuleBroken
from domain.handling import Context
from domain.messages import Incoming, Reply
from domain.tickets import ENDED, Ticket
from domain.vocabulary import GroupRole, ReplyKind, Status, TicketNumber
from handlers import asking, consent, finding, plain_work, reports, residents, worries
from handlers.commanding import Done
from handlers.telling import answering, with_params

ReadingHandler: TypeAlias = Callable[[Incoming, Context, Reading], Awaitable[list[Reply]]]
LIVE = frozenset({ReplyKind.PROGRESS, ReplyKind.CLOSING, ReplyKind.ALERT})
"""Posts to a group and calls of staff: no answers to the person who spoke."""
CALMING = "alert_answer"
_CALMED_BY = frozenset({"ack", "joined", "facts_kept", "chased", "still_working", "reopened"})


async def perform(message: Incoming, ctx: Context, readings: Sequence[Reading]) -> Done:
    replies: list[Reply] = []
    tickets: list[TicketNumber] = []
    look: str | None = None
    for reading in readings:
        if await _is_staff_among_themselves(ctx, reading):
            continue
        if reading.action is Action.LOOK:
            look = look or reading.reason
            continue
        try:
            async with ctx.work.step():
                said = await HANDLERS[reading.action](message, ctx, reading)
        except RuleBroken as error:  # nothing of this reading was done
            said, look = _refused(message, ctx, error), look or f"没能照办：{error}"
        replies += said
        tickets += [reading.ticket] if reading.ticket is not None else []
        tickets += [number for reply in said for number in reply.tickets]
    return Done(tuple(one_answer(message, replies)), tuple(dict.fromkeys(tickets)), look)


async def _is_staff_among_themselves(ctx: Context, reading: Reading) -> bool:
    """ "李敏你先去2单元顶层看看，帮着接接水": what staff tell each other is a report only when it says where, and when
    it is not of homes whose tickets they are at work on."""
    among = ctx.staff is not None and ctx.group is not None and ctx.group.role is GroupRole.STAFF
    if not among or reading.action is not Action.OPEN:
        return False
    where = reading.location
    if where.building is None:
        return True
    known = [
        t for t in await ctx.work.tickets.of_building(where.building, ctx.now) if t.open and t.kind is reading.kind
    ]
    return where.room is None and any(where.unit in {None, t.location.unit} for t in known)


def _refused(message: Incoming, ctx: Context, error: RuleBroken) -> list[Reply]:
    return [answer("refused", answering(message, ctx), reason=str(error), several=False)] if message.addressed else []


def one_answer(message: Incoming, replies: Sequence[Reply]) -> list[Reply]:
    """Acknowledgements all stay; of the other answers one, and a calm line goes into it where somebody is upset."""
    answers = [r for r in replies if r.chat == message.chat and r.reply_to and r.kind not in LIVE]
    acks = [r for r in answers if r.kind is ReplyKind.ACK]
    others = sorted((r for r in answers if r.kind is not ReplyKind.ACK), key=lambda r: r.template == CALMING)
    kept = acks or others[:1]
    calm = any(r.template == CALMING for r in answers)
    if calm and kept and kept[0].template in _CALMED_BY:
        kept = [with_params(kept[0], {"calm": True}), *kept[1:]]
    return [*kept, *_once(r for r in replies if r not in answers)]


def _once(replies: Iterable[Reply]) -> list[Reply]:
    """Staff who are called because somebody is upset need no second line that the same person waits."""
    posts = list(replies)
    alarmed = {(r.chat, r.tickets) for r in posts if r.template == "call_alert"}
    return [r for r in posts if r.template != "call_chased" or (r.chat, r.tickets) not in alarmed]


async def _nothing(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    return []


async def _ticket(ctx: Context, reading: Reading) -> Ticket | None:
    return await ctx.work.tickets.get(reading.ticket) if reading.ticket is not None else None


async def confirm(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    """Thanks for what is closed already need no answer, unless it was asked about."""
    ticket = await _ticket(ctx, reading)
    asked = ticket is not None and await finding.asked_about(message, ctx) == ticket.number
    if ticket is None or (ticket.status in ENDED and not asked) or not ticket.reported_by(ctx.person):
        return []
    return await residents.settle(message, ctx, ticket)


async def reopen(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    ticket = await _ticket(ctx, reading)
    if ticket is None or ticket.status is Status.MERGED or not ticket.reported_by(ctx.person):
        return []
    replies = await residents.reopen(message, ctx, replace(ticket, urgency=reading.urgency or ticket.urgency))
    current = await ctx.work.tickets.get(ticket.number) or ticket
    await reports.file_photos(message, ctx, current, reading.earlier)
    return replies


async def withdraw(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    ticket = await _ticket(ctx, reading)
    if ticket is None or ticket.status in ENDED or not ticket.reported_by(ctx.person):
        return []
    return await residents.take_back(message, ctx, ticket)


async def settle_consent(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    ticket = await _ticket(ctx, reading)
    if ticket is None or reading.agreed is None or not ticket.reported_by(ctx.person):
        return []
    return await consent.settle(message, ctx, ticket, reading.agreed)


HANDLERS: Mapping[Action, ReadingHandler] = {
    Action.NONE: _nothing,
    Action.OPEN: reports.open_ticket,
    Action.ADD: reports.add_facts,
    Action.JOIN: reports.join,
    Action.CHASE: worries.chase,
    Action.CONFIRM: confirm,
    Action.REOPEN: reopen,
    Action.WITHDRAW: withdraw,
    Action.ASK: asking.ask,
    Action.ASK_TO_TYPE: asking.ask_to_type,
    Action.LOOK: _nothing,
    Action.ALERT: worries.alert,
    Action.STAFF_TAKEN: plain_work.taken,
    Action.STAFF_ARRIVED: plain_work.arrived,
    Action.STAFF_NEWS: plain_work.news,
    Action.STAFF_DONE: plain_work.done,
    Action.CONSENT: settle_consent,
}
