"""The property's own list of reports as a table. Every cell that is wrong is named, with what was expected; nothing is
guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from bot.cells import building_named, cell_words, column_word
from documents.sheets import Table, Value
from domain.commands import tidy
from domain.ports import Understanding
from domain.privacy import KIND_WORDS, is_public_spot
from domain.roster import Building, Community
from domain.understanding import Location, Verdict
from domain.vocabulary import Kind, Scope, Urgency

REFERENCE, BUILDING, UNIT, ROOM, ADDRESS = "编号", "楼栋", "单元", "房号", "地址"
WORDS, AT, CALLER, PHONE, STATE, DONE, KIND = "报修内容", "报修时间", "报修人", "电话", "状态", "完成时间", "类别"
COLUMNS = (REFERENCE, BUILDING, UNIT, ROOM, ADDRESS, WORDS, AT, CALLER, PHONE, STATE, DONE, KIND)
ALSO_CALLED: Mapping[str, str] = {
    "单号": REFERENCE, "工单号": REFERENCE, "序号": REFERENCE, "报修单号": REFERENCE,
    "楼号": BUILDING, "楼": BUILDING, "楼栋号": BUILDING, "单元号": UNIT,
    "房间": ROOM, "房间号": ROOM, "室号": ROOM, "门牌": ROOM,
    "位置": ADDRESS, "报修地址": ADDRESS, "房屋": ADDRESS, "住址": ADDRESS,
    "内容": WORDS, "问题": WORDS, "问题描述": WORDS, "报修事项": WORDS, "事项": WORDS, "描述": WORDS, "诉求": WORDS,
    "时间": AT, "日期": AT, "报修日期": AT, "登记时间": AT, "受理时间": AT, "来电时间": AT,
    "姓名": CALLER, "联系人": CALLER, "业主": CALLER, "业主姓名": CALLER, "住户": CALLER,
    "手机": PHONE, "联系电话": PHONE, "手机号": PHONE, "联系方式": PHONE,
    "处理状态": STATE, "进度": STATE, "处理情况": STATE, "是否完成": STATE,
    "处理时间": DONE, "完工时间": DONE, "办结时间": DONE, "完成日期": DONE, "类型": KIND,
}  # fmt: skip
OPEN_WORDS = frozenset(
    {"", "未处理", "待处理", "处理中", "在修", "维修中", "未完成", "进行中", "待办", "否", "待修", "未办结"}
)
DONE_WORDS = frozenset(
    {"已完成", "完成", "已处理", "已修", "已修好", "修好", "已办结", "办结", "已关闭", "关闭", "是", "完工"}
)
KINDS: Mapping[str, Kind] = {
    **{words: kind for kind, words in KIND_WORDS.items()}, "渗水": Kind.LEAK, "渗漏": Kind.LEAK, "堵塞": Kind.BLOCKAGE,
    "返水": Kind.BLOCKAGE, "堵": Kind.BLOCKAGE,
}  # fmt: skip
LOOKED_FOR_HEAD = 10
LONGEST_WORDS = 1000
_TIME = re.compile(
    r"(?:(?P<year>20\d\d)[年/.-])?(?P<month>\d{1,2})[月/.-](?P<day>\d{1,2})[日号]?"
    r"(?:[ T]*(?P<hour>\d{1,2})[:点时](?P<minute>\d{1,2})?分?(?::\d{1,2})?)?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One report. where: the cell of its words. done: None while it is open."""

    where: str
    reference: str
    location: Location
    scope: Scope
    kind: Kind
    urgency: Urgency
    words: str
    at: datetime
    contact: str
    done: datetime | None


@dataclass(slots=True)
class Reading:
    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Desk:
    """now: in the community's zone."""

    community: Community
    understanding: Understanding
    now: datetime


def read_tickets(tables: Sequence[Table], desk: Desk) -> Reading:
    reading, found = Reading(), False
    for table in tables:
        head = next((n for n, row in enumerate(table.rows[:LOOKED_FOR_HEAD]) if _is_head(row)), None)
        if head is not None:
            found = True
            _Sheet(table, head, desk, reading).read()
    if not found:
        names = "、".join(table.name for table in tables)
        reading.faults.append(
            f"{names}: expected a line with the column names {WORDS} and {BUILDING} (or {ADDRESS}) among the first ten"
        )
    elif not reading.lines and not reading.faults:
        reading.faults.append(f"expected at least one report below the column names {WORDS} and {BUILDING}")
    return reading


def _named(value: Value) -> str:
    word = column_word(value)
    return ALSO_CALLED.get(word, word)


def _is_head(row: Sequence[Value]) -> bool:
    names = {_named(value) for value in row}
    return WORDS in names and bool({BUILDING, ADDRESS} & names)


@dataclass(slots=True)
class _Sheet:
    table: Table
    head: int
    desk: Desk
    reading: Reading
    columns: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        for n, value in enumerate(self.table.rows[self.head]):
            name = _named(value)
            if name in self.columns:
                self._fault(self.head, name, f"the column {name} is there twice; expected once", at=n)
            elif name in COLUMNS:
                self.columns[name] = n
            elif name:
                where = self.table.cell(self.head, n)
                self.reading.notes.append(f"{where}: the column {cell_words(value)} is not read")
        for n in range(self.head + 1, len(self.table.rows)):
            if any(cell_words(value) for value in self.table.rows[n]):
                self._line(n)

    def _fault(self, row: int, column: str, words: str, *, at: int | None = None) -> None:
        cell = self.table.cell(row, self.columns.get(column, 0) if at is None else at)
        self.reading.faults.append(f"{cell}: {words}")

    def _value(self, n: int, column: str) -> Value:
        row, at = self.table.rows[n], self.columns.get(column)
        return row[at] if at is not None and at < len(row) else None

    def _said(self, n: int, column: str) -> str:
        return tidy(cell_words(self._value(n, column)))

    def _line(self, n: int) -> None:
        before = len(self.reading.faults)
        words = " ".join(cell_words(self._value(n, WORDS)).split())
        if not words or len(words) > LONGEST_WORDS:
            self._fault(n, WORDS, f"expected what was reported, at most {LONGEST_WORDS} signs")
        verdict = self.desk.understanding.judge(words, None)
        where = self._where(n, verdict)
        at = self._time(n, AT) or self.desk.now
        done = self._done(n, at)
        kind = self._kind(n, verdict)
        if len(self.reading.faults) > before or where is None or kind is None:
            return
        public = verdict.scope is Scope.PUBLIC or is_public_spot(where.place)
        scope = Scope.PUBLIC if public and where.room is None else Scope.HOUSEHOLD
        contact = " ".join(said for said in (self._said(n, CALLER), self._said(n, PHONE)) if said)
        self.reading.lines.append(
            Line(
                self.table.cell(n, self.columns[WORDS]), self._said(n, REFERENCE), where, scope, kind,
                verdict.urgency or Urgency.NORMAL, words, at, contact, done,
            )
        )  # fmt: skip

    def _where(self, n: int, verdict: Verdict) -> Location | None:
        """The columns, else the address, else what the words say; checked against the register."""
        address = self._said(n, ADDRESS)
        told = self.desk.understanding.judge(address, None).location if address else Location()
        said = self._said(n, BUILDING)
        building = self._building(n, said, told.building or verdict.location.building)
        if building is None:
            return None
        unit = re.sub(r"单元$", "", self._said(n, UNIT)) or told.unit or verdict.location.unit
        room = re.sub(r"[室号]$", "", self._said(n, ROOM)) or told.room or verdict.location.room
        if unit is None and len(building.units) == 1:
            [unit] = building.units
        place = verdict.location.place or told.place
        floor = None if room else verdict.location.floor or told.floor
        where = Location(building.id, unit, room, floor, place)
        fault = building.fault(where)
        if fault is not None:
            self._fault(n, self._blamed(), f"{fault}; expected a home of the register")
            return None
        return replace(where, floor=_floor(room)) if room else where

    def _blamed(self) -> str:
        return next((name for name in (ROOM, UNIT, ADDRESS, BUILDING) if name in self.columns), WORDS)

    def _building(self, n: int, said: str, otherwise: str | None) -> Building | None:
        found = building_named(self.desk.community, said or otherwise or "")
        if found is None:
            known = "、".join(b.name for b in self.desk.community.buildings.values())
            column = BUILDING if BUILDING in self.columns else ADDRESS
            self._fault(n, column, f"there is no building {said or otherwise or ''!r}; expected one of {known}")
        return found

    def _kind(self, n: int, verdict: Verdict) -> Kind | None:
        said = self._said(n, KIND)
        kind = KINDS.get(said) if said else verdict.kind
        if said and kind is None:
            self._fault(n, KIND, f"{said!r} is no kind; expected one of {'、'.join(KIND_WORDS.values())}, or nothing")
        elif kind is None:
            known = "、".join(KIND_WORDS.values())
            self._fault(n, WORDS, f"no water in these words; take the line out, or add a column {KIND} with {known}")
        return kind

    def _done(self, n: int, at: datetime) -> datetime | None:
        said = self._said(n, STATE)
        ended = self._time(n, DONE)
        if said not in OPEN_WORDS | DONE_WORDS:
            self._fault(n, STATE, f"{said!r} is no state; expected 待处理, 处理中 or 已完成")
        if said in OPEN_WORDS and (said or ended is None):
            return None
        if ended is not None and ended < at:
            self._fault(n, DONE, f"{ended:%Y-%m-%d %H:%M} is before it was reported ({at:%Y-%m-%d %H:%M})")
        return ended or at

    def _time(self, n: int, column: str) -> datetime | None:
        value = self._value(n, column)
        if value is None or not cell_words(value):
            return None
        at = _moment(value, self.desk.now)
        if at is None:
            self._fault(n, column, f"{cell_words(value)!r} is no time; expected one such as 2021-08-23 21:58")
        elif at > self.desk.now:
            self._fault(n, column, f"{at:%Y-%m-%d %H:%M} lies ahead")
        return at


def _floor(room: str) -> int | None:
    return int(room[:-2]) if room.isdecimal() and len(room) in {3, 4} else None


def _moment(value: Value, now: datetime) -> datetime | None:
    """As a spreadsheet has it, or as people write it; without a year the last one that fits, without an hour noon."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=now.tzinfo)
    if isinstance(value, date):
        return datetime.combine(value, time(12), now.tzinfo)
    match = _TIME.fullmatch(tidy(cell_words(value)))
    if match is None:
        return None
    year = int(match["year"] or now.year)
    try:
        at = datetime(
            year, int(match["month"]), int(match["day"]), int(match["hour"] or 12), int(match["minute"] or 0),
            tzinfo=now.tzinfo,
        )  # fmt: skip
    except ValueError:
        return None
    return at.replace(year=year - 1) if match["year"] is None and at > now else at
