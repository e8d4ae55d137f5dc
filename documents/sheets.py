"""Tables read from and written to spreadsheets and CSV. What is written becomes a formula in nobody's program."""

import csv
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Protocol, TypeAlias

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from documents.papers import MOST_INFLATED
from domain.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed import SizedBuffer

Value: TypeAlias = "str | int | float | bool | datetime | date | None"
Row: TypeAlias = "Sequence[Value]"
LARGEST_FILE = 20_000_000
LONGEST_CELL = 32_000
"""Excel takes 32,767 characters."""
MOST_ROWS = 1_048_000
"""Of one sheet; Excel takes 1,048,576."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_TIME, _DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"
_EXPECTED = "expected a spreadsheet (.xlsx) or a table (.csv)"


@dataclass(frozen=True, slots=True)
class Column:
    """width: in characters of a digit's size; a Chinese character takes two."""

    title: str
    width: int = 12


@dataclass(frozen=True, slots=True)
class Table:
    """rows[0] is line 1 of the file."""

    name: str
    rows: Sequence[Row]

    def cell(self, row: int, column: int) -> str:
        """名册!C5, as the program that shows the file calls it. Both count from 0."""
        return f"{self.name}!{get_column_letter(column + 1)}{row + 1}"


def read_tables(path: Path) -> list[Table]:
    """Every sheet of an .xlsx, or the one table of a .csv in UTF-8 or GB18030. Raises ConfigError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    if len(data) > LARGEST_FILE:
        raise ConfigError(f"{path}: expected a file of at most {LARGEST_FILE // 1_000_000} MB")
    if data.startswith(b"PK"):
        return list(_sheets(path, data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ConfigError(f"{path}: this is Excel's old form (.xls); save it as .xlsx and try again")
    return [Table(path.name, list(csv.reader(StringIO(text := _text(path, data)), delimiter=_delimiter(text))))]


def _sheets(path: Path, data: bytes) -> Iterator[Table]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            inflated = sum(member.file_size for member in archive.infolist())
        book = load_workbook(BytesIO(data), read_only=True, data_only=True) if inflated <= MOST_INFLATED else None
    except Exception as error:  # whatever openpyxl and zipfile stumble over in a broken or foreign file
        raise ConfigError(f"{path}: cannot be read as a spreadsheet; {_EXPECTED}") from error
    if book is None:
        raise ConfigError(f"{path}: too large once it is unpacked")
    try:
        for sheet in book.worksheets:
            yield Table(sheet.title, [tuple(map(_plain, row)) for row in sheet.iter_rows(values_only=True)])
    finally:
        book.close()


def _plain(value: object) -> Value:
    return value if value is None or isinstance(value, str | int | float | bool | datetime | date) else str(value)


def _text(path: Path, data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for name in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ConfigError(f"{path}: expected text in UTF-8 or GB18030; {_EXPECTED}")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max((",", "\t", ";"), key=head.count)


class Writer(Protocol):
    """Rows are taken as they come. Times as they stand: give them in the community's zone."""

    def add(self, rows: Iterable[Row]) -> None: ...

    def save(self, out: IO[bytes]) -> None:
        """Once, at the end."""
        ...


def writer(suffix: str, title: str, columns: Sequence[Column], at: datetime) -> Writer:
    """suffix: .xlsx or .csv. at: when it is made; the same rows at the same time give the same bytes."""
    return _CsvWriter(columns) if suffix == ".csv" else _XlsxWriter(title, columns, at)


class _XlsxWriter:
    def __init__(self, title: str, columns: Sequence[Column], at: datetime) -> None:
        self._book = Workbook(write_only=True)
        self._book.properties.created = self._book.properties.modified = at.replace(tzinfo=None, microsecond=0)
        self._title, self._columns, self._sheets = title, columns, 0
        self._begin()

    def _begin(self) -> None:
        self._sheets, self._rows = self._sheets + 1, 0
        sheet = self._book.create_sheet(self._title if self._sheets == 1 else f"{self._title}{self._sheets}")
        sheet.freeze_panes = "A2"
        head = []
        for n, column in enumerate(self._columns, 1):
            sheet.column_dimensions[get_column_letter(n)].width = column.width
            cell = WriteOnlyCell(sheet, column.title)
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7E2")
            head.append(cell)
        sheet.append(head)
        self._sheet, self._cells = sheet, _Cells(sheet)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._rows == MOST_ROWS:
                self._begin()
            self._rows += 1
            self._sheet.append([self._cells.of(value) for value in row])

    def save(self, out: IO[bytes]) -> None:
        with _Still(out, "w", zipfile.ZIP_DEFLATED) as archive:
            ExcelWriter(self._book, archive).save()


class _Still(zipfile.ZipFile):
    """An archive whose members carry no time of their own."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: "SizedBuffer | str",
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        super().writestr(_member(str(zinfo_or_arcname)), data, compress_type, compresslevel)

    def write(self, filename: object, arcname: object = None, *_: object, **__: object) -> None:
        with (
            Path(str(filename)).open("rb") as source,
            self.open(_member(str(arcname)), "w", force_zip64=True) as target,
        ):
            shutil.copyfileobj(source, target)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


class _Cells:
    """Strings are written as strings, whatever they begin with; numbers and times as what they are."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self._sheet = sheet

    def of(self, value: Value) -> object:
        if isinstance(value, str):
            value = clean(value)
            if not value.startswith("="):
                return value
            cell = WriteOnlyCell(self._sheet, value)
            cell.data_type = "s"
            return cell
        if isinstance(value, datetime):
            cell = WriteOnlyCell(self._sheet, value.replace(tzinfo=None, microsecond=0))
            cell.number_format = _TIME
            return cell
        return value


def clean(text: str) -> str:
    """Without what no spreadsheet takes."""
    return _CONTROL.sub("", text)[:LONGEST_CELL]


class _CsvWriter:
    """In UTF-8 with the mark by which Excel sees that it is."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._file = SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115  closed when it was copied
        self._file.write(b"\xef\xbb\xbf")
        self.add([[column.title for column in columns]])

    def add(self, rows: Iterable[Row]) -> None:
        text = StringIO(newline="")
        csv.writer(text).writerows([_csv_value(value) for value in row] for row in rows)
        self._file.write(text.getvalue().encode())

    def save(self, out: IO[bytes]) -> None:
        with self._file as file:
            file.seek(0)
            shutil.copyfileobj(file, out)


def _csv_value(value: Value) -> str | int | float:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = clean(value)
        return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text
    return "" if value is None else value
