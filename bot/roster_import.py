"""``import-roster`` and ``export roster``: what would change is shown first; then all of it is done, or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.app import Beside, beside
from bot.config import Config
from bot.exporting import written
from bot.identifiers import random_id
from bot.roster import as_it_is
from bot.roster_sheet import ROLE_NAMES, Line, columns, read_roster, rows
from bot.running import database_url
from documents.sheets import read_tables, writer
from domain.errors import ConfigError
from domain.messages import Person
from domain.ports import UnitOfWork
from domain.roster import Community, Staff
from domain.vocabulary import StaffId


@dataclass(frozen=True, slots=True)
class Change:
    """before: as it is known now; None for somebody new. accounts: those that become bound."""

    before: Staff | None
    after: Staff
    accounts: Mapping[str, str]

    @property
    def new(self) -> bool:
        return self.before is None


@dataclass(frozen=True, slots=True)
class Plan:
    changes: Sequence[Change]
    gone: Sequence[Staff]
    kept: Sequence[Staff]
    """known from elsewhere (configuration, one-time codes), not in the file"""

    def lines(self) -> Iterator[str]:
        for change in self.changes:
            yield f"{'+' if change.new else '~'} {_described(change)}"
        yield from (f"- {_who(staff)}: no longer in the file" for staff in self.gone)
        yield from (f"  {_who(staff)}: not in the file, stays (configuration or one-time code)" for staff in self.kept)
        if not self.changes and not self.gone:
            yield "nothing changes"


def _who(staff: Staff) -> str:
    return f"{staff.name} ({ROLE_NAMES[staff.role]})"


def _described(change: Change) -> str:
    after, before = change.after, change.before
    accounts = [f"account on {channel}: {id}" for channel, id in change.accounts.items()]
    if before is None:
        parts = ["buildings " + ("、".join(after.buildings) or "all"), *accounts]
        return f"{_who(after)}: {', '.join(parts)}"
    pairs = {
        "name": (before.name, after.name),
        "role": (ROLE_NAMES[before.role], ROLE_NAMES[after.role]),
        "buildings": ("、".join(before.buildings) or "all", "、".join(after.buildings) or "all"),
        "phone": (before.phone or "none", after.phone or "none"),
    }
    parts = [f"{name} {old} → {new}" for name, (old, new) in pairs.items() if old != new]
    return f"{_who(before)}: {', '.join([*parts, *accounts])}"


async def import_roster(config: Config, file: Path, *, apply: bool) -> list[str]:
    """Lines for the operator. Raises ConfigError with every wrong cell; StoreError."""
    tables = read_tables(file)
    async with beside(config, database_url(config)) as here:
        reading = read_roster(tables, here.community, config.channels.names)
        if reading.faults:
            faults = "\n".join(f"  {fault}" for fault in reading.faults)
            raise ConfigError(f"{file}: nothing was imported; please mend:\n{faults}")
        async with here.store.begin(now := here.clock.now()) as work:
            community = await as_it_is(here.community, work, now)
            plan = await planned(reading.lines, here.community, community, work)
            if apply:
                await carry_out(plan, work)
    done = "imported" if apply else "nothing was changed yet: the same again with --apply does it"
    return [*reading.notes, *plan.lines(), f"{len(reading.lines)} people in {file.name}; {done}"]


async def planned(lines: Sequence[Line], configured: Community, community: Community, work: UnitOfWork) -> Plan:
    """Raises ConfigError where an account belongs to somebody else by the configuration."""
    changes, seen, faults = [], set[StaffId](), []
    of_config = {Person(c, id): s.id for s in configured.staff.values() for c, id in s.accounts.items()}
    for line in lines:
        before = _known(line, community)
        id = before.id if before else line.id or StaffId(random_id("staff"))
        seen.add(id)
        for channel, account in line.accounts.items():
            owner = of_config.get(Person(channel, account), id)
            if owner != id:
                faults.append(f"  {line.where}: the configuration gives the account {account} to {owner}")
        after = Staff(id, line.name, line.role, line.buildings, line.phone, before.accounts if before else {})
        bound = set(await work.people.accounts(id))
        accounts = {c: a for c, a in line.accounts.items() if Person(c, a) not in bound}
        if before != after or accounts:
            changes.append(Change(before, after, accounts))
    if faults:
        raise ConfigError("\n".join(["nothing was imported; please mend:", *faults]))
    imported = {staff.id for staff in await work.roster.imported()}
    gone = [s for id, s in community.staff.items() if id in imported - seen]
    kept = [s for id, s in community.staff.items() if id not in imported | seen]
    return Plan(changes, gone, kept)


def _known(line: Line, community: Community) -> Staff | None:
    if line.id is not None:
        return community.staff.get(line.id)
    fits = [s for s in community.staff.values() if s.name == line.name and s.role is line.role]
    return fits[0] if len(fits) == 1 else None


async def carry_out(plan: Plan, work: UnitOfWork) -> None:
    """An account that the file gives takes the place of the one before it on that channel."""
    for change in plan.changes:
        await work.roster.put(replace(change.after, accounts={}))
        of_config = {Person(c, a) for c, a in change.after.accounts.items()}
        for channel, account in change.accounts.items():
            for old in await work.people.accounts(change.after.id):
                if old.channel == channel and old not in of_config:
                    await work.people.save(replace(await work.people.get(old), staff=None))
            person = await work.people.get(Person(channel, account))
            await work.people.save(replace(person, staff=change.after.id, name=change.after.name))
    for staff in plan.gone:
        await work.roster.drop(staff.id)


async def export_roster(config: Config, file: Path) -> list[str]:
    """In the form that import-roster reads. Raises ConfigError, StoreError."""
    channels = config.channels.names
    async with beside(config, database_url(config)) as here:
        people = await _people(here)
    with written(file) as out:
        sheet = writer(file.suffix.lower(), "名册", columns(channels), here.clock.now())
        sheet.add(rows(people, channels))
        sheet.save(out)
    return [f"{len(people)} people in {file}"]


async def _people(here: Beside) -> Sequence[tuple[Staff, Mapping[str, str]]]:
    async with here.store.begin(now := here.clock.now()) as work:
        community = await as_it_is(here.community, work, now)
        found = []
        for staff in community.staff.values():
            accounts = {person.channel: person.id for person in reversed(await work.people.accounts(staff.id))}
            found.append((staff, accounts))
    return found
