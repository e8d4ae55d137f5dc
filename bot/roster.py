"""From the configuration to the community that the house talks about, and what was added to it at run time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import BuildingPart, Config, GroupPart, RepairsPart, SchedulePart, ShiftPart, StaffPart
from bot.holidays import read_holidays
from domain.cron import parse
from domain.duty import UNKNOWN, Duty, DutyWord, Shift, duty_at
from domain.ports import UnitOfWork
from domain.records import ChatRecord, Code
from domain.repairs import Contractor, Repairs
from domain.roster import Budget, Building, Closing, Community, Group, QuietHours, ServiceTimes, Staff
from domain.storms import Preparation
from domain.timetable import Schedule, Timetable
from domain.vocabulary import BuildingId, StaffId, Urgency

CONSOLE = "console"


def community_of(config: Config, *, everything_on: str | None = None) -> Community:
    """everything_on: a channel that stands in for all configured ones, as in a replay."""
    first = everything_on or config.channels.names[0]
    part, closing = config.community, config.closing
    return Community(
        id=part.id,
        name=part.name,
        timezone=part.timezone,
        buildings={BuildingId(b.id): _building(b) for b in config.buildings},
        groups=tuple(_group(g, everything_on or g.channel or first) for g in config.groups),
        staff={StaffId(s.id): _staff(s, everything_on) for s in config.staff},
        service_times={u: ServiceTimes(**config.service_times.of(u).model_dump()) for u in Urgency},
        closing=Closing(
            timedelta(hours=closing.first_question_hours),
            timedelta(hours=closing.second_question_hours),
            timedelta(days=closing.close_after_days),
        ),
        quiet_hours=QuietHours(config.quiet_hours.start, config.quiet_hours.end),
        budget=Budget(config.budgets.group_posts, timedelta(minutes=config.budgets.per_minutes)),
        duty_phone=part.duty_phone,
        operator=part.operator,
        shifts=tuple(_shift(shift) for shift in config.shifts),
        language_model=config.language_model.provider if config.language_model else "",
        preparation=_preparation(config),
        timetable=_timetable(config),
        repairs=_repairs(config.repairs),
        pagers=config.pager.by_urgency() if config.pager and not everything_on else {},
    )


def _preparation(config: Config) -> Preparation:
    warnings, storm = config.warnings, config.storm
    again_after = timedelta(hours=warnings.again_after_hours)
    return Preparation(
        warnings.open_storm_at, again_after, storm.checklist, storm.low, storm.patrol,
        {level: timedelta(minutes=minutes) for level, minutes in storm.patrol_minutes.items()},
        _minutes(storm.answer_minutes), _minutes(storm.picture_minutes), storm.card_at,
    )  # fmt: skip


def _minutes(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(minutes=count)


def _repairs(part: RepairsPart) -> Repairs:
    crews = tuple(Contractor(crew.name, crew.phone, crew.does) for crew in part.contractors)
    return Repairs(crews, part.fund_places, timedelta(days=part.fund_within_days))


def _timetable(config: Config) -> Timetable:
    """Raises ConfigError for a file of holidays that cannot be used."""
    part = config.schedules
    return Timetable(tuple(_schedule(one) for one in part.broadcasts), read_holidays(part.holidays))


def _schedule(part: SchedulePart) -> Schedule:
    buildings = tuple(BuildingId(id) for id in part.buildings)
    late = timedelta(minutes=part.late_minutes)
    return Schedule(part.name, part.cron, parse(part.cron), part.text, part.days, buildings, late)


def _building(part: BuildingPart) -> Building:
    return Building(
        BuildingId(part.id), part.name, part.unit_names, part.floors, part.rooms_per_floor, part.phase, part.basements,
        part.low_lying,
    )  # fmt: skip


def _group(part: GroupPart, channel: str) -> Group:
    building = BuildingId(part.building) if part.building is not None else None
    return Group(channel, part.id, part.name, building, part.role, part.live_page)


def _shift(part: ShiftPart) -> Shift:
    people = tuple(StaffId(id) for id in part.staff)
    return Shift(part.name, part.start, part.end, people, frozenset(part.days))


def _staff(part: StaffPart, everything_on: str | None) -> Staff:
    """In the web chat everybody goes by the id of the roster; networks have ids of their own (``accounts``)."""
    accounts = {everything_on: part.id} if everything_on else {CONSOLE: part.id, **part.accounts}
    buildings = tuple(BuildingId(b) for b in part.buildings)
    return Staff(StaffId(part.id), part.name, part.role, buildings, part.phone, accounts)


@dataclass(frozen=True, slots=True)
class Added:
    """What was added to the configuration at run time. words: who said that they are on duty, or not."""

    chats: Sequence[ChatRecord] = ()
    codes: Sequence[Code] = ()
    imported: Sequence[Staff] = ()
    words: Sequence[DutyWord] = ()


async def added(work: UnitOfWork) -> Added:
    people, roster = work.people, work.roster
    return Added(
        tuple(await work.chats.bound()), tuple(await people.authorised()),
        tuple(await roster.imported()), tuple(await roster.duty_words()),
    )  # fmt: skip


def duty_now(configured: Community, more: Added, now: datetime) -> Duty:
    if not configured.shifts and not more.words:
        return UNKNOWN
    return duty_at(configured.shifts, more.words, now.astimezone(ZoneInfo(configured.timezone)))


def grown(configured: Community, more: Added, duty: Duty = UNKNOWN) -> Community:
    """With the groups that were bound and the staff that was authorised or imported at run time, and who is on duty.

    The configuration wins over what was bound and authorised. Who was imported from a spreadsheet later is as that
    says; the accounts of the configuration stay theirs.
    """
    known = {(group.channel, group.id) for group in configured.groups}
    groups = [r.group for r in more.chats if r.group is not None and (r.chat.channel, r.chat.id) not in known]
    staff = {
        c.staff: Staff(c.staff, c.name, c.role, _buildings(c)) for c in more.codes if c.staff not in configured.staff
    }
    for person in more.imported:
        before = configured.staff.get(person.id)
        staff[person.id] = replace(person, accounts=before.accounts) if before else person
    if not groups and not staff and duty == configured.duty:
        return configured
    return replace(configured, groups=(*configured.groups, *groups), staff={**configured.staff, **staff}, duty=duty)


async def as_it_is(configured: Community, work: UnitOfWork, now: datetime) -> Community:
    more = await added(work)
    return grown(configured, more, duty_now(configured, more, now))


def _buildings(code: Code) -> tuple[BuildingId, ...]:
    return tuple(BuildingId(b) for b in code.buildings)
