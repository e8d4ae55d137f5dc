"""From the configuration to the community that the house talks about, and what was added to it at run time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.config import BuildingPart, Config, GroupPart, StaffPart
from domain.records import ChatRecord, Code
from domain.roster import Budget, Building, Closing, Community, Group, QuietHours, ServiceTimes, Staff
from domain.storms import Preparation
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
        language_model=config.language_model.provider if config.language_model else "",
        preparation=_preparation(config),
    )


def _preparation(config: Config) -> Preparation:
    warnings, storm = config.warnings, config.storm
    again_after = timedelta(hours=warnings.again_after_hours)
    return Preparation(warnings.open_storm_at, again_after, storm.checklist, storm.low, storm.patrol)


def _building(part: BuildingPart) -> Building:
    return Building(
        BuildingId(part.id), part.name, part.unit_names, part.floors, part.rooms_per_floor, part.phase, part.basements
    )


def _group(part: GroupPart, channel: str) -> Group:
    building = BuildingId(part.building) if part.building is not None else None
    return Group(channel, part.id, part.name, building, part.role, part.live_page)


def _staff(part: StaffPart, everything_on: str | None) -> Staff:
    """In the web chat everybody goes by the id of the roster; networks have ids of their own (``accounts``)."""
    accounts = {everything_on: part.id} if everything_on else {CONSOLE: part.id, **part.accounts}
    buildings = tuple(BuildingId(b) for b in part.buildings)
    return Staff(StaffId(part.id), part.name, part.role, buildings, part.phone, accounts)


def grown(configured: Community, chats: Sequence[ChatRecord], authorised: Sequence[Code]) -> Community:
    """With the groups that were bound and the staff that was authorised at run time. The configuration wins."""
    known = {(group.channel, group.id) for group in configured.groups}
    groups = [r.group for r in chats if r.group is not None and (r.chat.channel, r.chat.id) not in known]
    staff = {
        c.staff: Staff(c.staff, c.name, c.role, _buildings(c)) for c in authorised if c.staff not in configured.staff
    }
    if not groups and not staff:
        return configured
    return replace(configured, groups=(*configured.groups, *groups), staff={**configured.staff, **staff})


def _buildings(code: Code) -> tuple[BuildingId, ...]:
    return tuple(BuildingId(b) for b in code.buildings)
