"""What is missing among groups and people before a storm: a building without a social worker, somebody whom nobody can
reach. Pure; the words for it are the asker's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.duty import UNKNOWN
from domain.messages import Json, Person
from domain.roster import Community, Staff
from domain.vocabulary import BuildingId, GroupRole, Role, StaffId

WEB_CHAT = "console"
"""There everybody may be anybody: where there is another channel, only that one counts."""


class Gap(StrEnum):
    NO_STAFF_GROUP = "no_staff_group"
    NO_GROUP = "no_group"
    NO_SOCIAL_WORKER = "no_social_worker"
    NOBODY_ON_DUTY = "nobody_on_duty"
    """the building's own social workers are off just now"""
    UNKNOWN_IN_SHIFT = "unknown_in_shift"
    UNBOUND = "unbound"
    SEVERAL_ACCOUNTS = "several_accounts"
    """one code or one line of the roster, and two people by the look of it"""
    SHARED_ACCOUNT = "shared_account"


@dataclass(frozen=True, slots=True)
class Finding:
    """where: the name of a building or of a shift. who: names, or the id that nobody knows. accounts: ids on the
    channel."""

    gap: Gap
    where: str = ""
    who: tuple[str, ...] = ()
    channel: str = ""
    accounts: tuple[str, ...] = ()

    @property
    def params(self) -> dict[str, Json]:
        return {
            "gap": self.gap.value, "where": self.where, "who": list(self.who), "channel": self.channel,
            "accounts": list(self.accounts),
        }  # fmt: skip


def gaps(
    community: Community, accounts: Mapping[StaffId, Sequence[Person]], channels: Sequence[str]
) -> tuple[Finding, ...]:
    """accounts: where each of the staff can be reached. channels: those that are in use. The gravest first."""
    networks = [name for name in channels if name != WEB_CHAT] or list(channels)
    return (
        *_uncovered(community),
        *_off_duty(community),
        *_nobodys_shifts(community),
        *_unreachable(community, accounts, networks),
        *_shared(community),
    )


def _uncovered(community: Community) -> Iterator[Finding]:
    if not any(group.role is GroupRole.STAFF for group in community.groups):
        yield Finding(Gap.NO_STAFF_GROUP)
    grouped = {group.building for group in community.groups if group.role is GroupRole.BUILDING}
    anyhow = replace(community, duty=UNKNOWN)
    for building in community.buildings.values():
        if building.id not in grouped:
            yield Finding(Gap.NO_GROUP, building.name)
        if not anyhow.in_charge(building.id, Role.SOCIAL_WORKER):
            yield Finding(Gap.NO_SOCIAL_WORKER, building.name)


def _off_duty(community: Community) -> Iterator[Finding]:
    for building in community.buildings.values():
        theirs = _social_workers(community, building.id)
        if theirs and all(staff.id in community.duty.off for staff in theirs):
            yield Finding(Gap.NOBODY_ON_DUTY, building.name, tuple(staff.name for staff in theirs))


def _social_workers(community: Community, building: BuildingId) -> list[Staff]:
    staff = (s for s in community.staff.values() if s.role is Role.SOCIAL_WORKER)
    return [s for s in staff if not s.buildings or building in s.buildings]


def _nobodys_shifts(community: Community) -> Iterator[Finding]:
    for shift in community.shifts:
        for id in shift.staff:
            if id not in community.staff:
                yield Finding(Gap.UNKNOWN_IN_SHIFT, shift.name, (id,))


def _unreachable(
    community: Community, accounts: Mapping[StaffId, Sequence[Person]], networks: Sequence[str]
) -> Iterator[Finding]:
    for staff in community.staff.values():
        bound = [person for person in accounts.get(staff.id, ()) if person.channel in networks]
        if not bound:
            yield Finding(Gap.UNBOUND, who=(staff.name,))
        for channel in networks:
            own = tuple(person.id for person in bound if person.channel == channel)
            if len(own) > 1:
                yield Finding(Gap.SEVERAL_ACCOUNTS, who=(staff.name,), channel=channel, accounts=own)


def _shared(community: Community) -> Iterator[Finding]:
    owners: dict[Person, list[str]] = {}
    for staff in community.staff.values():
        for channel, account in staff.accounts.items():
            owners.setdefault(Person(channel, account), []).append(staff.name)
    for person, names in owners.items():
        if len(names) > 1:
            yield Finding(Gap.SHARED_ACCOUNT, who=tuple(names), channel=person.channel, accounts=(person.id,))
