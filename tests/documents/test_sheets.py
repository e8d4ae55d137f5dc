"""Tables in and out: the proper types, nothing that another program would run, and words for what cannot be read."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from documents import sheets
from documents.sheets import Column, Table, read_tables, writer
from domain.errors import ConfigError
from tests.moments import CHINA

COLUMNS = [Column("编号"), Column("说明", 30), Column("时间", 16)]
AT = datetime(2021, 8, 23, 21, 58, 7, tzinfo=CHINA)
EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.example","点我")', "  =1"]


def written(suffix: str, *rows: sheets.Row, columns: list[Column] = COLUMNS) -> bytes:
    out = BytesIO()
    sheet = writer(suffix, "工单", columns, AT)
    for row in rows:
        sheet.add([row])
    sheet.save(out)
    return out.getvalue()


def sheet_of(data: bytes):
    [sheet] = load_workbook(BytesIO(data)).worksheets
    return sheet


def test_a_spreadsheet_has_types_a_frozen_head_and_chinese_columns():
    sheet = sheet_of(written(".xlsx", [12, "卧室漏水", AT], [13, "", None]))
    assert sheet.title == "工单"
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == ["编号", "说明", "时间"]
    assert (sheet["A2"].value, sheet["B2"].value) == (12, "卧室漏水")
    assert (sheet["C2"].value, sheet["C2"].is_date) == (datetime(2021, 8, 23, 21, 58, 7), True)  # noqa: DTZ001  Excel knows no zones
    assert sheet["C3"].value is None


@pytest.mark.parametrize("text", EVIL)
def test_nothing_becomes_a_formula_in_a_spreadsheet(text: str):
    cell = sheet_of(written(".xlsx", [1, text, None]))["B2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert str(cell.value).lstrip().startswith(text.strip()[:1])


@pytest.mark.parametrize("text", EVIL)
def test_nothing_becomes_a_formula_in_a_table(text: str):
    line = written(".csv", [1, text, None]).decode("utf-8-sig").split("\r\n")[1]
    assert line.split(",")[1].lstrip('"').startswith("'")


def test_signs_that_no_spreadsheet_takes_are_left_out():
    assert sheet_of(written(".xlsx", [1, "漏\x00水\x1b[1m\ufffe", None]))["B2"].value == "漏水[1m"
    assert len(str(sheet_of(written(".xlsx", [1, "漏" * 40_000, None]))["B2"].value)) == sheets.LONGEST_CELL


def test_a_table_begins_with_the_mark_that_excel_wants_and_quotes_what_must_be():
    data = written(".csv", [1, '他说"漏了",快来\n真的', AT])
    assert data.startswith(b"\xef\xbb\xbf")
    assert '1,"他说""漏了"",快来\n真的",2021-08-23 21:58\r\n'.encode() in data


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    book = load_workbook(BytesIO(written(".xlsx", *([n, "", None] for n in range(5)))))
    assert [(s.title, s.max_row) for s in book.worksheets] == [("工单", 3), ("工单2", 3), ("工单3", 2)]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_same_rows_give_the_same_bytes(suffix: str, monkeypatch: pytest.MonkeyPatch):
    before = written(suffix, [1, "漏水", AT])
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert written(suffix, [1, "漏水", AT]) == before


# -- reading -----------------------------------------------------------------------------------------------------


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str):
    text = f"姓名{delimiter}角色\n李敏{delimiter}社工\n"
    assert read_tables(saved(tmp_path, "名册.csv", text.encode(encoding))) == [
        Table("名册.csv", [["姓名", "角色"], ["李敏", "社工"]])
    ]


def test_what_was_written_is_read_again(tmp_path: Path):
    [table] = read_tables(saved(tmp_path, "a.xlsx", written(".xlsx", [12, "=1", AT])))
    assert table.rows[0] == ("编号", "说明", "时间")
    assert table.rows[1][:2] == (12, "=1")


def test_every_sheet_is_read_and_a_cell_is_called_as_the_program_calls_it(tmp_path: Path):
    book = Workbook()
    book.worksheets[0].title = "说明"
    book.create_sheet("名册").append(["姓名"])
    book.save(tmp_path / "a.xlsx")
    tables = read_tables(tmp_path / "a.xlsx")
    assert [table.name for table in tables] == ["说明", "名册"]
    assert (tables[1].cell(0, 0), tables[1].cell(4, 27)) == ("名册!A1", "名册!AB5")


@pytest.mark.parametrize(
    "name, data, words",
    [
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 100, "save it as .xlsx"),
        ("a.xlsx", b"PK\x03\x04 torn", "cannot be read as a spreadsheet"),
        ("a.csv", b"\x81\x00\xff\xff\xff", "expected text in UTF-8 or GB18030"),
        ("a.csv", b"\xff\xfe\x00", "expected text in UTF-8 or GB18030"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(tmp_path: Path, name: str, data: bytes, words: str):
    with pytest.raises(ConfigError, match=words):
        read_tables(saved(tmp_path, name, data))


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_tables(tmp_path / "nothing.xlsx")
