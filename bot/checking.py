"""``check``: what a configuration amounts to, and what an operator should know before a storm."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.app import audit_database, beside, database_file
from bot.clocks import SystemClock
from bot.config import Config
from bot.push import secret_of_environment
from bot.roster import as_it_is, community_of
from bot.running import bind_of, database_url
from bot.second_opinion import connected
from bot.sources.catalogue import sources_of
from bot.texts import TextFile, shipped
from domain.asking import Masked
from domain.audit import Missed
from domain.duty import UNKNOWN
from domain.errors import ConfigError
from domain.messages import Person
from domain.readiness import Finding, Gap, gaps
from domain.roster import Community
from domain.vocabulary import Role
from understanding.weights_file import read_weights, trained_on_shipped_lines

CALLED = frozenset({Role.SOCIAL_WORKER, Role.STEWARD, Role.SECRETARY})
PROBE = Masked("楼道顶上好像有点湿，不知道是不是漏的")


def findings(config: Config) -> Iterator[str]:
    """Lines for the operator; what begins with "!" should be mended. Raises ConfigError for what cannot run."""
    community = community_of(config)
    TextFile(config.texts.file) if config.texts.file else shipped()
    buildings, groups, staff = len(community.buildings), len(community.groups), len(community.staff)
    yield f"{community.name}: {buildings} buildings, {groups} groups, {staff} staff"
    yield from _weights(config)
    yield from _sources(config)
    yield f"channels: {', '.join(config.channels.names)}; pages on {bind_of(config).bind}"
    if config.channels.wechaty is not None and find_spec("wechaty") is None:
        raise ConfigError("channels.wechaty needs its packages: pip install 'louqun[wechaty]' (Python 3.11 or 3.12)")
    yield from _pager(community)
    yield from _unfinished(community)


def _pager(community: Community) -> Iterator[str]:
    """Only how it is set up: a try would call somebody."""
    ways = sorted({way for ways in community.pagers.values() for way in ways})
    if not ways:
        return
    yield f"pager: {', '.join(ways)} for {', '.join(urgency.value for urgency in community.pagers)} tickets"
    for person in community.staff.values():
        if person.role in CALLED and not person.phone:
            yield f"! {person.name} has no phone: the pager cannot call them"


async def missed_promises(config: Config) -> tuple[list[str], bool]:
    """Lines for the operator, and whether nobody was told of some of it. Raises ConfigError, StoreError."""
    community = community_of(config)
    clock = SystemClock(ZoneInfo(community.timezone))
    report = await audit_database(community, clock, database_url(config))
    lines = [f"{report.tickets} tickets did not end; {len(report.missed)} promises were missed"]
    lines += [_missed(community, one, report.at) for one in report.missed]
    return lines, bool(report.unraised)


def _missed(community: Community, one: Missed, now: datetime) -> str:
    minutes = int((now - one.due).total_seconds() // 60)
    where = community.building_name(one.building) or "outside"
    told = "" if one.raised else "; nobody was told"
    line = f"#{one.ticket} {where}: not {one.what}, due {one.due:%m-%d %H:%M}, {minutes} min ago{told}"
    return line if one.raised else f"! {line}"


def _sources(config: Config) -> Iterator[str]:
    """Raises ConfigError where the environment lacks a key."""
    names = [source.name for source in sources_of(config, ZoneInfo(config.community.timezone))]
    if config.warnings.push is not None:
        secret_of_environment()
        names.append(config.warnings.push.push)
    if names:
        yield f"warnings: {', '.join(names)}"
    if names and not config.community.area_codes:
        yield "! community.area_codes is empty: warnings for every division of the country are taken for ours"


def _weights(config: Config) -> Iterator[str]:
    path = config.understanding.weights
    if path is None:
        return
    model = read_weights(path)
    yield f"weights: {path}, version {model.version}"
    if not trained_on_shipped_lines(model):
        yield f"! {path} was trained before this version of the program: python -m bot train --from corrections"


async def probe(config: Config) -> AsyncIterator[str]:
    """Asks the configured language model one thing, about a sentence of our own. Raises ConfigError without its key."""
    settings = config.language_model
    if settings is None:
        return
    began = time.perf_counter()
    async with connected(settings, SystemClock(ZoneInfo(config.community.timezone))) as model:
        opinion, fault = await model.ask(PROBE), model.health()["last_fault"]
    if opinion is None:
        yield f"! language_model: no usable answer from {settings.base_url} ({fault}); the bot works without it"
    else:
        yield f"language_model: {settings.model} of {settings.provider} answered in {time.perf_counter() - began:.1f} s"


def _unfinished(community: Community) -> Iterator[str]:
    now, table = datetime.now(ZoneInfo(community.timezone)), community.timetable
    for schedule in table.schedules:
        due = schedule.after(now, table.calendar)
        yield (
            f"schedules: {schedule.name} is next said {due:%Y-%m-%d %H:%M}" if due else f"! {schedule.name}: never due"
        )
        if year := table.guessed(schedule, due):
            yield f"! schedules: the days off of {year} are in no file of holidays; {schedule.name} goes by weekdays"
    if not community.duty_phone:
        yield "! community.duty_phone is empty: emergencies are answered without a number to call"


async def holes(config: Config) -> list[str]:
    """What should be mended before a storm: of the configuration, and of what was bound, authorised and imported.

    A database that does not exist yet is not made. Raises ConfigError, NewerDatabase, StoreError.
    """
    url = database_url(config)
    file = database_file(url)
    if file is not None and not file.exists():
        community = community_of(config)
        accounts = {id: [Person(c, a) for c, a in staff.accounts.items()] for id, staff in community.staff.items()}
    else:
        async with beside(config, url) as here, here.store.begin(now := here.clock.now()) as work:
            community = replace(await as_it_is(here.community, work, now), duty=UNKNOWN)
            accounts = {id: list(await work.people.accounts(id)) for id in community.staff}
    return [f"! {_gap(finding)}" for finding in gaps(community, accounts, config.channels.names)]


def _gap(finding: Finding) -> str:
    where, who = finding.where, finding.who
    match finding.gap:
        case Gap.NO_STAFF_GROUP:
            return "there is no staff group: nobody is told of a report by name"
        case Gap.NO_GROUP:
            return f"{where} has no group"
        case Gap.NO_SOCIAL_WORKER:
            return f"{where} has no social worker"
        case Gap.NOBODY_ON_DUTY:
            return f"{where}: {', '.join(who)} are off duty"
        case Gap.UNKNOWN_IN_SHIFT:
            return f"shifts: {where} names {who[0]}, who is in no roster"
        case Gap.UNBOUND:
            return f"{who[0]} is bound on no channel: 授权 gives a one-time code, or import-roster the account"
        case Gap.SEVERAL_ACCOUNTS:
            accounts = ", ".join(finding.accounts)
            return f"{who[0]} is {len(finding.accounts)} accounts on {finding.channel} ({accounts}): two people?"
        case Gap.SHARED_ACCOUNT:
            return f"{' and '.join(who)} are the same account on {finding.channel}: {finding.accounts[0]}"
        case _:
            assert_never(finding.gap)
