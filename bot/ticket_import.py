"""``import-tickets``: the property's own list becomes tickets. Shown first; then all of it is done, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from getpass import getuser
from pathlib import Path

from bot.app import Beside, beside, understander_of
from bot.config import Config
from bot.running import database_url
from bot.ticket_sheet import Desk, Line, read_tickets
from documents.sheets import read_tables
from domain.announcements import all_staff_chats
from domain.errors import ConfigError
from domain.messages import Chat, Json, Reply
from domain.ports import UnitOfWork
from domain.privacy import full_title
from domain.records import CONTACT, Access
from domain.roster import Community
from domain.tickets import STATUS_NAMES, Actor, Clocks, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import GroupRole, Priority, ReplyKind, Scope, Status, TicketNumber

CHANNEL = "物业台账"
SAME_WITHIN = timedelta(hours=24)
"""The same home or spot, the same kind, so shortly one after the other: one report."""
_NOTHING = frozenset({Status.CANCELLED, Status.MERGED})


@dataclass(frozen=True, slots=True)
class Plan:
    """twins: lines that are known already, and as what."""

    fresh: Sequence[Line]
    twins: Sequence[tuple[Line, str]]


async def import_tickets(config: Config, file: Path, *, apply: bool) -> list[str]:
    """Lines for the operator. Raises ConfigError with every wrong cell; StoreError."""
    tables = read_tables(file)
    async with beside(config, database_url(config)) as here:
        now = here.clock.now()
        reading = read_tickets(tables, Desk(here.community, understander_of(config), now))
        if reading.faults:
            faults = "\n".join(f"  {fault}" for fault in reading.faults)
            raise ConfigError(f"{file}: nothing was imported; please mend:\n{faults}")
        async with here.store.begin(now) as work:
            plan = await planned(reading.lines, work)
            made = await carry_out(plan.fresh, here, work, file.name) if apply else []
    told = [f"  {_described(here.community, line)}: {twin}, left out" for line, twin in plan.twins]
    if apply:
        pairs = zip(plan.fresh, made, strict=True)
        told += [f"+ {_described(here.community, line)}: #{ticket.number}" for line, ticket in pairs]
    else:
        told += [f"+ {_described(here.community, line)}" for line in plan.fresh]
    still_open = sum(line.done is None for line in plan.fresh)
    done = "imported" if apply else "nothing was changed yet: the same again with --apply does it"
    count = f"{len(plan.fresh)} new reports ({still_open} open) in {file.name}; {done}"
    return [*reading.notes, *told, count]


def _described(community: Community, line: Line) -> str:
    title = full_title(community, _ticket(TicketNumber(0), line, Chat("", "")))
    reference = f" [{line.reference}]" if line.reference else ""
    return f"{line.where} {title}, {line.at:%Y-%m-%d %H:%M}, {'open' if line.done is None else 'done'}{reference}"


async def planned(lines: Sequence[Line], work: UnitOfWork) -> Plan:
    fresh: list[Line] = []
    twins: list[tuple[Line, str]] = []
    for line in sorted(lines, key=lambda one: (one.at, one.where)):
        before = next((one for one in fresh if _same(one, line)), None)
        known = await _known(line, work)
        if before is not None:
            twins.append((line, f"stands in {before.where} already"))
        elif known is not None:
            twins.append((line, f"is #{known.number} ({STATUS_NAMES[known.status]}) already"))
        else:
            fresh.append(line)
    return Plan(fresh, twins)


def _same(one: Line, other: Line) -> bool:
    if one.reference and other.reference and one.reference != other.reference:
        return False
    near = abs(one.at - other.at) < SAME_WITHIN
    return near and one.kind is other.kind and _spot(one.location, one.scope) == _spot(other.location, other.scope)


def _spot(where: Location, scope: Scope) -> tuple[object, ...]:
    """A home is one, whichever of its rooms it was."""
    if scope is Scope.HOUSEHOLD and where.room is not None:
        return where.building, where.unit, where.room
    return where.building, where.unit, where.floor, where.place


async def _known(line: Line, work: UnitOfWork) -> Ticket | None:
    if line.location.room is not None:
        found = await work.tickets.of_home(line.location)
    else:
        around = await work.tickets.reported(line.at - SAME_WITHIN, line.at + SAME_WITHIN)
        spot = _spot(line.location, line.scope)
        found = [t for t in around if _spot(t.location, t.scope) == spot]
    near = [t for t in found if abs(t.clocks.reported - line.at) < SAME_WITHIN and t.kind is line.kind]
    return next((t for t in near if t.status not in _NOTHING), None)


async def carry_out(lines: Sequence[Line], here: Beside, work: UnitOfWork, name: str) -> list[Ticket]:
    """Staff are told of what is open, once; the groups of nothing, until somebody works on it."""
    now, made = here.clock.now(), []
    actor = Actor(CHANNEL)
    for line in lines:
        number = await work.tickets.next_number()
        ticket = _ticket(number, line, _chat(here.community, line.location.building))
        ticket = replace(ticket, since=line.done or now, updated=now)
        source = f"import:{name}:{line.where}"
        details: dict[str, Json] = {
            "kind": ticket.kind, "on_behalf": True, "channel": CHANNEL, "reference": line.reference
        }  # fmt: skip
        events = [TicketEvent(number, now, What.OPENED, actor, source, details)]
        if line.contact:
            events.append(
                TicketEvent(number, now, What.NOTE, actor, source, {"words": f"报修人 {line.contact}", CONTACT: True})
            )
        await work.tickets.save(ticket, *events)
        made.append(ticket)
    await work.accesses.note(Access(now, getuser(), "导入", f"{CHANNEL} {len(made)}单", f"terminal: {name}"))
    numbers: list[Json] = [ticket.number for ticket in made if ticket.open]
    if numbers:
        params: dict[str, Json] = {"count": len(made), "numbers": numbers}
        chats = all_staff_chats(here.community)
        await work.outbox.put(
            [Reply(chat, "imported", params, ReplyKind.OTHER, Priority.ANSWER) for chat in chats], now
        )  # fmt: skip
    return made


def _ticket(number: TicketNumber, line: Line, chat: Chat) -> Ticket:
    """Whoever keeps the list has answered the household already."""
    status = Status.REGISTERED if line.done is None else Status.CLOSED
    clocks = Clocks(line.at, acknowledged=line.at, cleared=line.done)
    return Ticket(
        number, status, line.kind, line.scope, line.urgency, line.location, chat, line.words, clocks, line.at, line.at
    )


def _chat(community: Community, building: str | None) -> Chat:
    """Where its progress goes: the building's group, else that of staff. Raises ConfigError."""
    groups = [g for g in community.groups if g.building == building and g.role is GroupRole.BUILDING]
    chats = [*(Chat(g.channel, g.id) for g in groups), *all_staff_chats(community)]
    if not chats:
        raise ConfigError(
            f"{community.building_name(building)} has no group, nor have staff: add one to the configuration"
        )
    return chats[0]
