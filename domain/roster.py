"""Who and what there is: the community's register of buildings, its groups and its staff, as configured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from domain.duty import UNKNOWN, Duty, Shift
from domain.repairs import Repairs
from domain.storms import Preparation
from domain.timetable import Timetable
from domain.understanding import Location
from domain.vocabulary import BuildingId, GroupRole, Place, Role, StaffId, Urgency


@dataclass(frozen=True, slots=True)
class Building:
    """rooms_per_floor: of one unit. basements: floors below ground. low_lying: where the water runs to."""

    id: BuildingId
    name: str
    units: tuple[str, ...]
    floors: int
    rooms_per_floor: int
    phase: str = ""
    basements: int = 2
    low_lying: bool = False

    def fault(self, where: Location) -> str | None:
        """Why this place cannot be in the building, in words for the person who named it; None when it can."""
        if where.unit is not None and where.unit not in self.units:
            return f"{self.name}没有{where.unit}单元"
        if where.floor is not None and not self._has_floor(where.floor):
            below = f"，地下{self.basements}层" if self.basements else "，没有地下层"
            return f"{self.name}只有{self.floors}层{below if where.floor < 0 else ''}"
        if where.room is not None and not self._has_room(where.room):
            return f"{self.name}没有{where.room}这个房号"
        return None

    def _has_floor(self, floor: int) -> bool:
        """There is no floor 0."""
        return -self.basements <= floor <= self.floors and floor != 0

    def _has_room(self, room: str) -> bool:
        digits = "".join(c for c in room if c.isdecimal())
        if len(digits) < 3 or not room[0].isdecimal():
            return True  # a lettered or odd number: the register has no say
        floor, door = int(digits[:-2]), int(digits[-2:])
        return 1 <= floor <= self.floors and 1 <= door <= self.rooms_per_floor


@dataclass(frozen=True, slots=True)
class Group:
    """A group as configured or bound: id is the channel's own. live_page: the address where its residents see what is
    open; "" where there is none.
    """

    channel: str
    id: str
    name: str
    building: BuildingId | None
    role: GroupRole
    live_page: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    id: StaffId
    name: str
    role: Role
    buildings: tuple[BuildingId, ...] = ()
    phone: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """channel -> this person's id there, where the configuration knows it; more are bound with one-time codes"""


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """The limits of one urgency, in minutes."""

    acknowledge_minutes: int
    accept_minutes: int
    arrive_minutes: int
    update_minutes: int
    escalate_every_minutes: int


@dataclass(frozen=True, slots=True)
class Closing:
    """Counted from resolved."""

    first_question: timedelta
    second_question: timedelta
    close_after: timedelta


@dataclass(frozen=True, slots=True)
class Budget:
    """What the bot may say in one group of its own accord."""

    posts: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class QuietHours:
    start: time
    end: time

    def holds(self, at: time) -> bool:
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def awake(self, at: datetime) -> datetime:
        """``at`` itself, or the end of the quiet hours that it lies in. In the community's zone."""
        if not self.holds(at.timetz().replace(tzinfo=None)):
            return at
        return self._next(at, self.end)

    def later(self, at: datetime, span: timedelta) -> datetime:
        """``span`` after ``at``, the quiet hours not counted."""
        at = self.awake(at)
        while self.start != self.end and at + span >= (night := self._next(at, self.start)):
            span -= night - at
            at = self.awake(night)
        return at + span

    def _next(self, at: datetime, clock: time) -> datetime:
        then = at.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
        return then if then > at else then + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Community:
    """Everything that does not change while the bot runs. timezone: an IANA name.

    staff: as configured; who was authorised or imported at run time is in the store (``UnitOfWork``: people, roster).
    duty: who is at work just now, as far as it is known; whoever is called is called among those.
    """

    id: str
    name: str
    timezone: str
    buildings: Mapping[BuildingId, Building]
    groups: tuple[Group, ...]
    staff: Mapping[StaffId, Staff]
    service_times: Mapping[Urgency, ServiceTimes]
    closing: Closing
    quiet_hours: QuietHours
    budget: Budget
    duty_phone: str = ""
    operator: str = ""
    """who runs the bot, named in the joining notice"""
    shifts: tuple[Shift, ...] = ()
    duty: Duty = UNKNOWN
    language_model: str = ""
    """whose language model gives a second opinion, named to residents before it is asked; "" for none"""
    preparation: Preparation = field(default_factory=Preparation)
    """for storms"""
    timetable: Timetable = field(default_factory=Timetable)
    """broadcasts of the configuration"""
    repairs: Repairs = field(default_factory=Repairs)
    pagers: Mapping[Urgency, tuple[str, ...]] = field(default_factory=dict)
    """channels by which staff are called who do not react in the chat (sms, voice)"""

    def building(self, id: str | None) -> Building | None:
        return self.buildings.get(BuildingId(id)) if id is not None else None

    def building_name(self, id: str | None) -> str:
        building = self.building(id)
        return building.name if building else (f"{id}号楼" if id else "")

    def in_charge(self, building: str | None, role: Role) -> tuple[Staff, ...]:
        """Those of a role who have the building; all of the role for a matter outside every building.

        Among them who is on duty; where all of them are off, who of their role is at work elsewhere.
        """
        of_role = tuple(s for s in self.staff.values() if s.role is role)
        if building is None:
            return self._at_work(of_role) or of_role
        theirs = tuple(s for s in of_role if building in s.buildings) or tuple(s for s in of_role if not s.buildings)
        stand_in = tuple(s for s in of_role if s.id in self.duty.on)
        return self._at_work(theirs) or stand_in or theirs

    def _at_work(self, people: tuple[Staff, ...]) -> tuple[Staff, ...]:
        """Those on duty; where of none it is known that they are, those of whom it is not known that they are not."""
        here = tuple(s for s in people if s.id in self.duty.on)
        return here or tuple(s for s in people if s.id not in self.duty.off)

    def ladder(self, building: str | None) -> tuple[tuple[Staff, ...], ...]:
        """The building's social workers (包楼), its stewards, its secretaries: those rungs that have somebody."""
        roles = (Role.SOCIAL_WORKER, Role.STEWARD, Role.SECRETARY)
        return tuple(people for role in roles if (people := self.in_charge(building, role)))


FEWEST_HOMES_IN_A_BAND = 4


def floor_band(building: Building | None, floor: int | None) -> str:
    """低层, 中层 or 高层: the third of the building a floor lies in; "" where fewer than four homes would remain."""
    if building is None or floor is None or not 1 <= floor <= building.floors:
        return ""
    thirds = building.floors / 3
    band = _band(floor, thirds)
    homes = sum(1 for f in range(1, building.floors + 1) if _band(f, thirds) == band) * building.rooms_per_floor
    return ("低层", "中层", "高层")[band] if homes >= FEWEST_HOMES_IN_A_BAND else ""


def _band(floor: int, thirds: float) -> int:
    return 0 if floor <= thirds else 1 if floor <= 2 * thirds else 2


PLACE_NAMES: Mapping[Place, str] = {
    Place.UNIT_DOOR: "门口",
    Place.CORRIDOR: "楼道",
    Place.STAIRWELL: "楼梯间",
    Place.ELEVATOR: "电梯",
    Place.GARAGE: "地库",
    Place.ROOF: "楼顶",
    Place.FACADE: "外墙",
    Place.ROAD: "路面",
    Place.DRAIN: "下水口",
    Place.BALCONY: "阳台",
    Place.CEILING: "顶棚",
    Place.WINDOW: "窗户",
    Place.WALL: "墙面",
    Place.BATHROOM: "卫生间",
    Place.KITCHEN: "厨房",
    Place.BEDROOM: "卧室",
    Place.LIVING_ROOM: "客厅",
    Place.BASEMENT: "地下室",
    Place.OTHER: "",
}
