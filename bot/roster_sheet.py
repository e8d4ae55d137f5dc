"""The roster as a table: who works here, written by hand in a spreadsheet, and written out again.

Every cell that is wrong is named, with what was expected; nothing is guessed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.cells import building_named, cell_words, column_word
from documents.sheets import Column, Row, Table, Value
from domain.commands import tidy
from domain.roster import Community, Staff
from domain.vocabulary import ROLES_SAID, BuildingId, Role, StaffId

ID, NAME, ROLE, BUILDINGS, PHONE, ACCOUNT = "编号", "姓名", "角色", "楼栋", "电话", "账号"
ALSO_CALLED: Mapping[str, str] = {
    "id": ID, "工号": ID, "人员编号": ID,
    "名字": NAME, "人员": NAME, "姓名*": NAME,
    "岗位": ROLE, "职务": ROLE, "身份": ROLE, "职位": ROLE,
    "负责楼栋": BUILDINGS, "包楼": BUILDINGS, "楼": BUILDINGS, "楼号": BUILDINGS, "负责楼": BUILDINGS,
    "手机": PHONE, "手机号": PHONE, "联系电话": PHONE, "电话号码": PHONE,
}  # fmt: skip
ROLE_NAMES: Mapping[Role, str] = {
    Role.SOCIAL_WORKER: "社工", Role.STEWARD: "管家", Role.REPAIRER: "维修", Role.SECRETARY: "书记",
    Role.ADMINISTRATOR: "管理员",
}  # fmt: skip
LOOKED_FOR_HEAD = 10
LONGEST_NAME = 60
ALL = frozenset({"全部", "所有", "全小区", "全社区", "不限"})
_PHONE = re.compile(r"\+?\d[\d-]{3,19}(?:转\d{1,6})?")
_ID = re.compile(r"[\w.-]{1,60}")


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the table. where: the cell of the name, for whoever has to mend it."""

    where: str
    id: StaffId | None
    name: str
    role: Role
    buildings: tuple[BuildingId, ...]
    phone: str
    accounts: Mapping[str, str]


@dataclass(slots=True)
class Reading:
    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_roster(tables: Sequence[Table], community: Community, channels: Sequence[str]) -> Reading:
    """channels: those that are configured; 账号 alone means the first."""
    reading, found = Reading(), False
    for table in tables:
        head = _head(table)
        if head is not None:
            found = True
            _Sheet(table, head, community, channels, reading).read()
    if not found:
        names = "、".join(table.name for table in tables)
        reading.faults.append(f"{names}: expected a line with the column names {NAME} and {ROLE} among the first ten")
    elif not reading.lines and not reading.faults:
        reading.faults.append(f"expected at least one person below the column names {NAME} and {ROLE}")
    _find_twins(reading)
    return reading


def _head(table: Table) -> int | None:
    for n, row in enumerate(table.rows[:LOOKED_FOR_HEAD]):
        names = {_column_name(value) for value in row}
        if {NAME, ROLE} <= names:
            return n
    return None


def _column_name(value: Value) -> str:
    text = column_word(value)
    return ALSO_CALLED.get(text, text)


@dataclass(slots=True)
class _Sheet:
    table: Table
    head: int
    community: Community
    channels: Sequence[str]
    reading: Reading
    columns: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        self._find_columns()
        for n in range(self.head + 1, len(self.table.rows)):
            if any(cell_words(value) for value in self.table.rows[n]):
                self._line(n)

    def _find_columns(self) -> None:
        for n, value in enumerate(self.table.rows[self.head]):
            name = _column_name(value)
            if name.startswith(ACCOUNT) or name.endswith(ACCOUNT):
                name = self._account_column(n, name)
            if name in self.columns:
                self._fault(self.head, n, f"the column {name} is there twice; expected once")
            elif name in {ID, NAME, ROLE, BUILDINGS, PHONE} or name.startswith(f"{ACCOUNT}:"):
                self.columns[name] = n
            elif name:
                self.reading.notes.append(
                    f"{self.table.cell(self.head, n)}: the column {cell_words(value)} is not read"
                )

    def _account_column(self, n: int, name: str) -> str:
        channel = name.replace(ACCOUNT, "").strip("()（）:：-_ ")
        if channel and channel not in self.channels:
            self._fault(self.head, n, f"{channel} is no channel; expected one of {'、'.join(self.channels)}")
        return f"{ACCOUNT}:{channel or self.channels[0]}"

    def _fault(self, row: int, column: int, words: str) -> None:
        self.reading.faults.append(f"{self.table.cell(row, column)}: {words}")

    def _value(self, n: int, column: str) -> Value:
        row, at = self.table.rows[n], self.columns.get(column)
        return row[at] if at is not None and at < len(row) else None

    def _line(self, n: int) -> None:
        before = len(self.reading.faults)
        where = self.table.cell(n, self.columns[NAME])
        id = cell_words(self._value(n, ID))
        if id and not _ID.fullmatch(id):
            self._fault(n, self.columns[ID], f"{id!r} is no id; expected letters, digits, - and _, such as sw-limin")
        role = self._role(n)
        line = Line(
            where, StaffId(id) if id else None, self._name(n), role or Role.REPAIRER, self._buildings(n),
            self._phone(n), self._accounts(n),
        )  # fmt: skip
        if len(self.reading.faults) == before:
            self.reading.lines.append(line)

    def _name(self, n: int) -> str:
        name = " ".join(cell_words(self._value(n, NAME)).split())
        if not name or len(name) > LONGEST_NAME or name.isdecimal():
            self._fault(n, self.columns[NAME], f"{name!r} is no name; expected one such as 李敏")
        return name

    def _role(self, n: int) -> Role | None:
        said = cell_words(self._value(n, ROLE))
        role = ROLES_SAID.get(tidy(said).lower())
        if role is None:
            known = "、".join(ROLE_NAMES.values())
            self._fault(n, self.columns[ROLE], f"{said!r} is no role; expected one of {known}")
        return role

    def _buildings(self, n: int) -> tuple[BuildingId, ...]:
        value = self._value(n, BUILDINGS)
        if isinstance(value, date):
            self._fault(
                n, self.columns[BUILDINGS],
                "the program made a date of it; expected 1、3、5, in a cell that is formatted as text",
            )  # fmt: skip
            return ()
        said = tidy(cell_words(value))
        if said in ALL:
            return ()
        found = []
        for word in filter(None, re.split(r"[,、;/\s和及]+", said)):
            building = building_named(self.community, word)
            if building is None:
                known = "、".join(b.name for b in self.community.buildings.values())
                self._fault(n, self.columns[BUILDINGS], f"there is no {word}; expected some of {known}, or nothing")
            else:
                found.append(building.id)
        return tuple(dict.fromkeys(found))

    def _phone(self, n: int) -> str:
        phone = re.sub(r"[\s()（）]", "", tidy(cell_words(self._value(n, PHONE))))
        if phone and not _PHONE.fullmatch(phone):
            self._fault(n, self.columns[PHONE], f"{phone!r} is no number; expected one such as 13900000001")
        return phone

    def _accounts(self, n: int) -> Mapping[str, str]:
        columns = [name for name in self.columns if name.startswith(f"{ACCOUNT}:")]
        said = {name.removeprefix(f"{ACCOUNT}:"): cell_words(self._value(n, name)) for name in columns}
        for name in columns:
            if len(said[name.removeprefix(f"{ACCOUNT}:")]) > 120:
                self._fault(n, self.columns[name], "expected the network's own id of this person, 120 signs at most")
        return {channel: id for channel, id in said.items() if id}


def _find_twins(reading: Reading) -> None:
    """Two lines for one person, or one account for two."""
    seen: dict[object, Line] = {}
    for line in reading.lines:
        keys: list[tuple[object, str]] = [(("account", c, id), f"the account {id}") for c, id in line.accounts.items()]
        keys.append((("id", line.id), f"the id {line.id}") if line.id else (("who", line.name, line.role), line.name))
        for key, words in keys:
            if key in seen:
                how = "; an id (编号) tells two people apart" if words == line.name else ""
                reading.faults.append(f"{line.where}: {words} stands in {seen[key].where} already{how}")
            seen.setdefault(key, line)


def columns(channels: Sequence[str]) -> list[Column]:
    accounts = [Column(f"{ACCOUNT}（{channel}）", 24) for channel in channels]
    return [Column(ID, 16), Column(NAME), Column(ROLE), Column(BUILDINGS, 24), Column(PHONE, 16), *accounts]


def rows(people: Sequence[tuple[Staff, Mapping[str, str]]], channels: Sequence[str]) -> Iterator[Row]:
    """people: with their accounts by channel."""
    for staff, accounts in people:
        known = [accounts.get(channel, "") for channel in channels]
        yield [staff.id, staff.name, ROLE_NAMES[staff.role], "、".join(staff.buildings), staff.phone, *known]
