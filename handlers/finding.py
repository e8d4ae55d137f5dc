"""Which tickets a person means: by number, by quoting, by naming the building, or because only one fits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.commands import numbers_in
from domain.conversation import Asks
from domain.handling import Command, Context, Needs, Parsed
from domain.messages import Incoming
from domain.roster import Building
from domain.tickets import ENDED, OPEN, Ticket
from domain.vocabulary import Status, TicketNumber

LOOK_BACK = timedelta(days=30)
JUST_ENDED = timedelta(days=7)
"""So long somebody may still mean, without its number, a ticket that ended."""
_GONE = frozenset({Status.CANCELLED, Status.MERGED})
_INCIDENT = re.compile(r"^事件\s*")


@dataclass(frozen=True, slots=True)
class Meant:
    """named: by number, quote or building, not because it fits. unclear: several fit; the person has to say which."""

    tickets: tuple[Ticket, ...] = ()
    text: str = ""
    named: bool = False
    missing: tuple[TicketNumber, ...] = ()
    unclear: tuple[Ticket, ...] = ()
    incident: bool = False


async def meant(message: Incoming, ctx: Context, parsed: Parsed) -> Meant:
    command, text = parsed.command, parsed.text
    if command.needs is Needs.NOTHING:
        return Meant(text=text)
    if parsed.numbers:
        return await _numbered(ctx, parsed)
    by_quote = await quoted(message, ctx)
    if by_quote:
        return await _by_quote(ctx, command, by_quote, text)
    if command.whole and (building := building_named(ctx, text)):
        found = await ctx.work.tickets.of_building(building[0].id, ctx.now - LOOK_BACK)
        fits = command.fits or OPEN
        return Meant(tuple(t for t in found if t.status in fits), building[1], named=True)
    if ctx.staff is None and Status.RESOLVED in command.fits and (asked := await asked_about(message, ctx)):
        return Meant(tuple((await load(ctx, [asked]))[0]), text, named=True)
    found = await fitting(ctx, command)
    if len(found) <= 1 or command.needs is Needs.MAYBE:
        return Meant(tuple(found), text)
    return Meant(text=text, unclear=tuple(found))


async def _numbered(ctx: Context, parsed: Parsed) -> Meant:
    found, missing = await load(ctx, parsed.numbers)
    text = parsed.text
    if _INCIDENT.match(text) and found:
        return await _incident(ctx, found, text)
    return Meant(tuple(found), text, named=True, missing=tuple(missing))


async def _incident(ctx: Context, found: Sequence[Ticket], text: str) -> Meant:
    everything = await of_incident(ctx, found)
    return Meant(tuple(everything), _INCIDENT.sub("", text), named=True, incident=len(everything) > 1)


async def of_incident(ctx: Context, tickets: Sequence[Ticket]) -> list[Ticket]:
    """These and every open ticket of the same incident, by number."""
    incidents = {t.incident for t in tickets} - {None}
    more = [t for t in await ctx.work.tickets.all_open() if t.incident in incidents]
    return sorted({t.number: t for t in (*tickets, *more)}.values(), key=lambda t: t.number)


async def _by_quote(ctx: Context, command: Command, numbers: Sequence[TicketNumber], text: str) -> Meant:
    """A post about several: all of them for 接单 and its kin, one's own for a resident, else it has to be said."""
    found, _ = await load(ctx, numbers)
    if ctx.staff is not None and _INCIDENT.match(text) and found:
        return await _incident(ctx, found, text)
    if ctx.staff is None and len(found) > 1:
        found = [t for t in found if t.reported_by(ctx.person)] or found
    if len(found) <= 1 or command.whole or command.needs is Needs.MAYBE:
        return Meant(tuple(found), text, named=True)
    return Meant(text=text, named=True, unclear=tuple(found))


def building_named(ctx: Context, text: str) -> tuple[Building, str] | None:
    """The building that a text begins with, and what follows: "3号楼 王师傅"."""
    for building in ctx.community.buildings.values():
        names = {building.name, f"{building.id}号楼", f"{building.id}座", f"{building.id}栋", f"{building.id}楼"}
        for name in sorted(names, key=len, reverse=True):
            if text.startswith(name):
                return building, text[len(name) :].strip(" ,，、:：")
    return None


async def load(ctx: Context, numbers: Sequence[TicketNumber]) -> tuple[list[Ticket], list[TicketNumber]]:
    """The tickets (a merged one stands for the one it went into), and the numbers that do not exist."""
    found: dict[TicketNumber, Ticket] = {}
    missing: list[TicketNumber] = []
    for number in numbers:
        ticket = await ctx.work.tickets.get(number)
        while ticket is not None and ticket.merged_into is not None:
            ticket = await ctx.work.tickets.get(ticket.merged_into)
        if ticket is None:
            missing.append(number)
        else:
            found[ticket.number] = ticket
    return list(found.values()), missing


async def quoted(message: Incoming, ctx: Context) -> tuple[TicketNumber, ...]:
    """The tickets of the quoted message: by its id, else by the #numbers in the quoted words."""
    if message.quote is None:
        return ()
    if message.quote.external_id is not None:
        found = await ctx.work.conversations.tickets_of(message.channel, message.quote.external_id)
        if found:
            return found
    return numbers_in(message.quote.text)


async def asked_about(message: Incoming, ctx: Context) -> TicketNumber | None:
    """The ticket of which this person was asked here whether it is fixed, and has not said yet."""
    question = await ctx.work.conversations.question(message.chat, message.sender, ctx.now)
    return question.ticket if question is not None and question.asks == Asks.FIXED else None


async def fitting(ctx: Context, command: Command) -> list[Ticket]:
    """Those that the speaker can mean without naming them: in the states that the command is about, if there are."""
    if ctx.staff is None:
        return await _own(ctx, command)
    everything = await ctx.work.tickets.all_open()
    mine = [t for t in everything if t.assignee == ctx.staff.id]
    if ctx.for_staff_only:
        pools = [mine, everything] if command.fits else [mine]
    else:
        here = await ctx.work.tickets.in_chat(ctx.chat.chat, ctx.now - LOOK_BACK)
        here = [t for t in here if t.open or t.status in command.fits]
        pools = [[t for t in here if t.assignee == ctx.staff.id], [*here, *(t for t in mine if t not in here)]]
    for pool in pools:
        fits = [t for t in pool if not command.fits or t.status in command.fits]
        if fits:
            return fits
    return []


async def _own(ctx: Context, command: Command) -> list[Ticket]:
    """A resident's: what the command is about, else what is open, else what ended lately."""
    own = [t for t in await ctx.work.tickets.of_reporter(ctx.person, ctx.now - LOOK_BACK) if t.status not in _GONE]
    lately = [t for t in own if t.status not in ENDED or ctx.now - t.since <= JUST_ENDED]
    fits = [t for t in lately if t.status in command.fits]
    return fits or [t for t in lately if t.status not in ENDED] or lately[-1:]
