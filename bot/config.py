"""config.yaml: read once, frozen. Unknown keys and wrong values are refused with path, expectation and an example."""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.channels.console.settings import ConsoleSettings
from bot.channels.wechaty.settings import WechatySettings
from bot.config_faults import in_words
from bot.pager.settings import PagerSettings
from bot.second_opinion.settings import LanguageModelSettings
from bot.sources.settings import PushSettings, SourceSettings
from domain.cron import parse
from domain.errors import ConfigError
from domain.timetable import Days
from domain.vocabulary import GroupRole, Role, Urgency

LARGEST_FILE = 5_000_000
Section = TypeVar("Section", bound=BaseModel)


def _as_text(value: object) -> object:
    """An id written without quotes (3) is the text it looks like; YAML's other readings (no, 1.5) are refused."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=120, examples=['"3"'])]
Name = Annotated[str, Field(min_length=1, max_length=60, examples=["3号楼"])]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 30, examples=[15])]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _written_as_text(value: object) -> object:
    if isinstance(value, str):
        return value
    raise ValueError('expected a time in quotes, for example "23:00"')  # YAML reads 23:00 without as the number 1380


class CommunityPart(Part):
    """area_codes: of the region, as warnings name it. operator: who runs the bot, named in the joining notice."""

    id: Annotated[str, Field(pattern=r"^[\w.-]{1,60}$", examples=["gdl"])]
    name: Name
    timezone: Annotated[str, Field(examples=["Asia/Shanghai"])]
    area_codes: tuple[Annotated[Id, Field(examples=['"110105"'])], ...] = ()
    duty_phone: Annotated[str, BeforeValidator(_as_text), Field(max_length=30, examples=['"010-12345678"'])] = ""
    operator: Annotated[str, Field(max_length=60)] = ""

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("expected a time zone's name, for example Asia/Shanghai") from error
        return value


class BuildingPart(Part):
    """units: a count, or a list of names. rooms_per_floor: of one unit. basements: floors below ground. low_lying: its
    garage or doors lie where the water runs to; its group hears warnings first.
    """

    id: Id
    name: Name
    units: (
        Annotated[int, Field(ge=1, le=60, examples=[3])] | Annotated[tuple[Id, ...], Field(min_length=1, max_length=60)]
    )
    floors: Annotated[int, Field(ge=1, le=150, examples=[18])]
    rooms_per_floor: Annotated[int, Field(ge=1, le=99, examples=[4])]
    phase: Annotated[str, Field(max_length=60)] = ""
    basements: Annotated[int, Field(ge=0, le=9, examples=[2])] = 2
    low_lying: bool = False

    @property
    def unit_names(self) -> tuple[str, ...]:
        return self.units if isinstance(self.units, tuple) else tuple(str(n) for n in range(1, self.units + 1))


class GroupPart(Part):
    """id: the network's own. channel: which network, where several are configured; the first one otherwise.
    live_page: where its residents see what is open; printed as a QR code on papers.
    """

    id: Id
    name: Name
    building: Id | None = None
    role: GroupRole = Field(examples=["building"])
    live_page: Annotated[
        str, Field(pattern=r"^(?:https?://[\x21-\x7e]{1,480})?$", examples=['"https://louqun.example.org/live/3"'])
    ] = ""
    channel: Annotated[str | None, Field(examples=["wechaty"])] = None


class StaffPart(Part):
    """buildings: those a person takes care of, [] means all. accounts: channel to this person's id there."""

    id: Id
    name: Name
    role: Role = Field(examples=["social_worker"])
    buildings: tuple[Id, ...] = ()
    phone: Annotated[str, BeforeValidator(_as_text), Field(max_length=30, examples=['"13900000001"'])] = ""
    accounts: dict[str, Id] = Field(default_factory=dict, examples=['{wechaty: "wxid_1"}'])


class TimesPart(Part):
    acknowledge_minutes: Minutes
    accept_minutes: Minutes
    arrive_minutes: Minutes
    update_minutes: Minutes
    escalate_every_minutes: Minutes


class ServiceTimesPart(Part):
    emergency: TimesPart
    urgent: TimesPart
    normal: TimesPart

    def of(self, urgency: Urgency) -> TimesPart:
        return {Urgency.EMERGENCY: self.emergency, Urgency.URGENT: self.urgent, Urgency.NORMAL: self.normal}[urgency]


class ClosingPart(Part):
    first_question_hours: Annotated[float, Field(gt=0, le=720, examples=[24])]
    second_question_hours: Annotated[float, Field(gt=0, le=720, examples=[48])]
    close_after_days: Annotated[float, Field(gt=0, le=90, examples=[3])]


class QuietHoursPart(Part):
    start: Annotated[time, Field(alias="from", examples=['"23:00"'])]
    end: Annotated[time, Field(alias="to", examples=['"07:00"'])]

    _text = field_validator("start", "end", mode="before")(_written_as_text)


class ShiftPart(Part):
    """Who is on duty when. days: 1 is Monday, on which it begins; an end before the start is on the next day."""

    name: Name
    start: Annotated[time, Field(alias="from", examples=['"20:00"'])]
    end: Annotated[time, Field(alias="to", examples=['"08:00"'])]
    days: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)] = (1, 2, 3, 4, 5, 6, 7)
    staff: Annotated[tuple[Id, ...], Field(min_length=1, examples=["[sw-limin]"])]

    _text = field_validator("start", "end", mode="before")(_written_as_text)


class BudgetsPart(Part):
    group_posts: Annotated[int, Field(ge=1, le=1000, examples=[6])]
    per_minutes: Minutes


Level = Annotated[str, Field(pattern=r"^(?:[蓝黄橙红]色|[一二三四]级)$", examples=["蓝色"])]
Line = Annotated[str, Field(min_length=1, max_length=120, examples=["沙袋到位，清点数目"])]


class WarningsPart(Part):
    """sources: read by themselves; staff can relay warnings by hand at any time. auto_relay: the levels that go to the
    groups without a person. open_storm_at: the lowest level that opens a storm. again_after_hours: a warning that
    stays at its level is told again in the groups no sooner.
    """

    sources: Annotated[
        tuple[SourceSettings, ...],
        Field(max_length=8, examples=["[{folder: data/warnings}]"]),
    ] = ()
    auto_relay: tuple[Level, ...] = ("橙色", "红色")
    open_storm_at: Level = "蓝色"
    again_after_hours: Annotated[float, Field(gt=0, le=72, examples=[6])] = 6

    @model_validator(mode="after")
    def _one_push(self) -> "WarningsPart":
        if len([part for part in self.sources if isinstance(part, PushSettings)]) > 1:
            raise ValueError("warnings.sources: expected at most one {push: …}; every sender uses the same address")
        return self

    @property
    def push(self) -> PushSettings | None:
        return next((part for part in self.sources if isinstance(part, PushSettings)), None)


class StormPart(Part):
    """checklist: by level, what staff make ready from it on. low: stock below which they are told. patrol: spots.
    patrol_minutes: by level, how long a spot may go without a look. answer_minutes: whoever did not answer the storm's
    opening by then is named. picture_minutes: how often staff are shown how things stand, card_at: when the buildings'
    groups are; both only if something changed. Without these keys nobody is reminded, nothing shown.
    """

    checklist: dict[Level, tuple[Line, ...]] = Field(default_factory=dict, examples=["{蓝色: [沙袋到位]}"])
    low: dict[Name, Annotated[int, Field(ge=0, le=1_000_000, examples=[100])]] = Field(
        default_factory=dict, examples=["{沙袋: 100}"]
    )
    patrol: tuple[Name, ...] = Field(default=(), max_length=60, examples=["[地库入口]"])
    patrol_minutes: dict[Level, Minutes] = Field(default_factory=dict, examples=["{黄色: 60, 橙色: 30}"])
    answer_minutes: Annotated[Minutes | None, Field(examples=[15])] = None
    picture_minutes: Annotated[Minutes | None, Field(examples=[60])] = None
    card_at: Annotated[tuple[time, ...], Field(max_length=24, examples=['["12:00", "18:00"]'])] = ()

    @field_validator("card_at", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return [_written_as_text(one) for one in value] if isinstance(value, list | tuple) else value


class ContractorPart(Part):
    """A crew that the property knows. does: what for, in words."""

    name: Name
    phone: Annotated[str, BeforeValidator(_as_text), Field(max_length=30, examples=['"010-12345678"'])] = ""
    does: Annotated[str, Field(max_length=60, examples=["阳台、窗户防水"])] = ""


class RepairsPart(Part):
    """contractors: told in private to the household of a home that was altered. fund_places: so many homes and spots
    whose public damage was ruled within fund_within_days: the secretary is told of the maintenance fund; 0: never.
    """

    contractors: tuple[ContractorPart, ...] = Field(
        default=(), max_length=20, examples=["[{name: 京安防水, phone: 010-12345678, does: 阳台防水}]"]
    )
    fund_places: Annotated[int, Field(ge=0, le=10_000, examples=[10])] = 10
    fund_within_days: Annotated[int, Field(ge=1, le=366, examples=[30])] = 30


class SchedulePart(Part):
    """cron: minute hour day month weekday in the community's zone, L for the last day of the month. days: all, or only
    workdays or days_off by the file of holidays. late_minutes: so long after its time it is still said.
    """

    name: Name
    cron: Annotated[str, Field(max_length=120, examples=['"0 18 * 6-9 *"'])]
    days: Days = Days.ALL
    buildings: tuple[Id, ...] = ()
    text: Annotated[str, Field(min_length=1, max_length=1500, examples=["雨季里出门请关好窗。"])]
    late_minutes: Minutes = 120

    @field_validator("cron")
    @classmethod
    def _times(cls, value: str) -> str:
        parse(value)
        return value


class SchedulesPart(Part):
    """holidays: the file of days off and make-up workdays. broadcasts: said by themselves at their times."""

    holidays: Annotated[Path | None, Field(examples=["data/holidays.yaml"])] = None
    broadcasts: Annotated[
        tuple[SchedulePart, ...], Field(max_length=60, examples=['[{name: 关窗, cron: "0 18 * 6-9 *", text: 请关窗}]'])
    ] = ()


class ChannelsPart(Part):
    console: ConsoleSettings | None = None
    wechaty: WechatySettings | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        """``channels: {console: }`` means the defaults."""
        if isinstance(value, dict):
            return {name: {} if settings is None else settings for name, settings in value.items()}
        return value

    @model_validator(mode="after")
    def _at_least_one(self) -> "ChannelsPart":
        if not self.names:
            raise ValueError("expected at least one channel, for example {console: {}}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)


class DatabasePart(Part):
    """url: sqlite:///FILE or postgresql://user@host/name. The environment's LOUQUN_DATABASE_URL wins over it; a
    password comes from there or from PGPASSWORD, never from this file.
    """

    url: Annotated[str, Field(examples=["sqlite:///data/louqun.sqlite3"])] = "sqlite:///data/louqun.sqlite3"

    @field_validator("url")
    @classmethod
    def _no_secret(cls, value: str) -> str:
        if re.match(r"[^/]*//[^/@]*:[^/@]+@", value):
            raise ValueError("expected an address without a password; give that in the environment as PGPASSWORD")
        return value


class TextsPart(Part):
    file: Path | None = None
    """instead of the shipped texts/zh.yaml"""


class MediaPart(Part):
    folder: Path = Path("data/media")


class UnderstandingPart(Part):
    weights: Annotated[Path | None, Field(examples=["data/weights.json"])] = None
    """instead of the shipped ones: what `python -m bot train` wrote"""


class RetentionPart(Part):
    chatter_minutes: Annotated[int, Field(ge=30, le=30, examples=[30])] = 30
    """what belongs to no ticket is erased so long after it was handled; the promise of the joining notice"""


class Config(Part):
    community: CommunityPart
    buildings: Annotated[tuple[BuildingPart, ...], Field(min_length=1)]
    groups: tuple[GroupPart, ...] = ()
    staff: tuple[StaffPart, ...] = ()
    service_times: ServiceTimesPart
    closing: ClosingPart
    quiet_hours: QuietHoursPart
    shifts: tuple[ShiftPart, ...] = ()
    budgets: BudgetsPart
    warnings: WarningsPart = WarningsPart()
    storm: StormPart = StormPart()
    schedules: SchedulesPart = SchedulesPart()
    repairs: RepairsPart = RepairsPart()
    channels: ChannelsPart
    database: DatabasePart = DatabasePart()
    media: MediaPart = MediaPart()
    texts: TextsPart = TextsPart()
    understanding: UnderstandingPart = UnderstandingPart()
    retention: RetentionPart = RetentionPart()
    language_model: LanguageModelSettings | None = None
    pager: PagerSettings | None = None
    log: Literal["text", "json"] = "text"

    @model_validator(mode="after")
    def _fits_together(self) -> "Config":
        _unique("buildings", [part.id for part in self.buildings])
        _unique("groups", [part.id for part in self.groups])
        _unique("staff", [part.id for part in self.staff])
        _unique("schedules.broadcasts", [part.name for part in self.schedules.broadcasts])
        known = {part.id for part in self.buildings}
        named = [("groups", g.id, g.building) for g in self.groups if g.building is not None]
        named += [("staff", s.id, b) for s in self.staff for b in s.buildings]
        named += [("schedules.broadcasts", s.name, b) for s in self.schedules.broadcasts for b in s.buildings]
        for where, who, building in named:
            if building not in known:
                have = ", ".join(sorted(known))
                raise ValueError(f"{where}: {who!r} names building {building!r}; expected one of: {have}")
        for group in self.groups:
            if group.role is GroupRole.BUILDING and group.building is None:
                raise ValueError(f'groups: {group.id!r} has the role building; expected its building, such as "3"')
            if group.channel is not None and group.channel not in self.channels.names:
                have = ", ".join(self.channels.names)
                raise ValueError(f"groups: {group.id!r} is on channel {group.channel!r}; expected one of: {have}")
        return self


def _unique(where: str, ids: list[str]) -> None:
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise ValueError(f"{where}: the id {twice[0]!r} is there twice; expected each once")


def load_config(path: Path) -> Config:
    """Raises ConfigError that names the key's path, what was expected and an example."""
    try:
        data = path.read_bytes()
        if len(data) > LARGEST_FILE:
            raise ConfigError(f"{path}: expected a configuration of at most {LARGEST_FILE // 1_000_000} MB")
        raw = yaml.safe_load(data.decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); give its place with --config FILE") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: expected UTF-8 text, found something else at byte {error.start}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{path}: expected YAML: {str(error).splitlines()[0]}{_line_of(error)}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected the sections of config.yaml (community, buildings, groups, …)")
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(in_words(path, Config, error)) from error


def _line_of(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark is not None else ""
