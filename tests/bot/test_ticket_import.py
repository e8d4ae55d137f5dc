"""import-tickets, as the person at the terminal meets it: good, late and wrong files."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.app import beside
from bot.config import Config, load_config
from bot.running import database_url
from bot.ticket_import import import_tickets
from domain.errors import ConfigError
from domain.tickets import Ticket, What
from domain.vocabulary import Kind, Scope, Status, TicketNumber

DEMO = Path(__file__).parent.parent.parent / "config.yaml"
HEAD: list[object] = ["编号", "楼栋", "单元", "房号", "报修内容", "报修时间", "报修人", "电话", "状态", "完成时间"]
OPEN: list[object] = [
    "W-1", "3号楼", 2, 502, "卧室顶上漏水", "2021-08-23 21:40", "张阿姨", 13812345678, "处理中", "",
]  # fmt: skip
DONE: list[object] = [
    "W-2", "5", "1", "", "单元门口积水", datetime(2021, 8, 23, 20, 0), "", "", "已完成", "2021/8/23 20:30",  # noqa: DTZ001
]  # fmt: skip


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("LOUQUN_DATABASE_URL", f"sqlite:///{tmp_path / 'louqun.sqlite3'}")
    return load_config(DEMO)


def sheet(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    book.worksheets[0].title = "台账"
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / "台账.xlsx")
    return folder / "台账.xlsx"


async def tickets(config: Config) -> list[Ticket]:
    async with beside(config, database_url(config)) as here, here.store.begin(here.clock.now()) as work:
        found = [await work.tickets.get(TicketNumber(n)) for n in range(1, 9)]
    return [ticket for ticket in found if ticket is not None]


# -- good --------------------------------------------------------------------------------------------------------


async def test_the_first_run_only_says_what_would_become_of_it(config: Config, tmp_path: Path):
    said = await import_tickets(config, sheet(tmp_path, HEAD, OPEN, DONE), apply=False)
    assert said[:2] == [
        "+ 台账!E3 5号楼1单元门口积水, 2021-08-23 20:00, done [W-2]",
        "+ 台账!E2 3号楼2单元502卧室漏水, 2021-08-23 21:40, open [W-1]",
    ]
    assert (
        said[-1] == "2 new reports (1 open) in 台账.xlsx; nothing was changed yet: the same again with --apply does it"
    )
    assert await tickets(config) == []


async def test_applied_each_has_its_number_and_history(config: Config, tmp_path: Path):
    said = await import_tickets(config, sheet(tmp_path, HEAD, OPEN, DONE), apply=True)
    assert said[1].endswith("open [W-1]: #2")
    done, waiting = await tickets(config)
    assert (done.status, done.kind, done.scope) == (Status.CLOSED, Kind.PONDING, Scope.PUBLIC)
    assert done.clocks.cleared is not None
    assert done.clocks.cleared - done.clocks.reported == timedelta(minutes=30)
    assert (waiting.status, waiting.location.room, waiting.chat.id) == (Status.REGISTERED, "502", "g3")
    assert waiting.due is not None
    async with beside(config, database_url(config)) as here, here.store.begin(here.clock.now()) as work:
        opened, note = await work.tickets.events(waiting.number)
        assert (opened.what, opened.details["channel"], opened.details["reference"]) == (
            What.OPENED, "物业台账", "W-1",
        )  # fmt: skip
        assert (note.what, note.details["words"]) == (What.NOTE, "报修人 张阿姨 13812345678")
        [told] = await here.read_models.accesses(here.clock.now() - timedelta(days=1), here.clock.now())
        assert (told.what, told.about) == ("导入", "物业台账 2单")


async def test_the_address_and_the_words_may_say_where(config: Config, tmp_path: Path):
    file = tmp_path / "台账.csv"
    rows = ["地址,问题,日期", "3-2-1801,厨房天花板渗水,8月23日", "B座,地库入口进水了,2021年8月23日 19点", ""]
    file.write_bytes("\n".join(rows).encode("gb18030"))
    await import_tickets(config, file, apply=True)
    places = {(t.location.building, t.location.unit, t.location.room, t.location.place) for t in await tickets(config)}
    assert places == {("3", "2", "1801", "kitchen"), ("B", "1", None, "garage")}


# -- late --------------------------------------------------------------------------------------------------------


async def test_the_same_list_again_is_recognised_line_by_line(config: Config, tmp_path: Path):
    await import_tickets(config, sheet(tmp_path, HEAD, OPEN, DONE), apply=True)
    new: list[object] = ["W-3", "3", "2", "502", "厨房又漏水", "2021-08-26 8:00", "", "", "", ""]
    said = await import_tickets(config, sheet(tmp_path, HEAD, OPEN, DONE, new), apply=True)
    assert "  台账!E2 3号楼2单元502卧室漏水, 2021-08-23 21:40, open [W-1]: is #2 (已登记) already, left out" in said
    assert "  台账!E3 5号楼1单元门口积水, 2021-08-23 20:00, done [W-2]: is #1 (已办结) already, left out" in said
    assert said[-1].startswith("1 new reports (1 open)")
    assert len(await tickets(config)) == 3


async def test_one_home_twice_on_one_evening_is_one_report(config: Config, tmp_path: Path):
    again: list[object] = ["", "3", "2", "502", "卧室还在漏水", "2021-08-23 22:30", "", "", "", ""]
    said = await import_tickets(config, sheet(tmp_path, HEAD, OPEN, again), apply=True)
    assert said[0].endswith("stands in 台账!E2 already, left out")
    assert len(await tickets(config)) == 1


# -- wrong -------------------------------------------------------------------------------------------------------


async def test_every_wrong_cell_is_named_and_nothing_is_imported(config: Config, tmp_path: Path):
    file = sheet(
        tmp_path, ["物业报修台账"], HEAD,
        ["", "99号楼", "", "", "卧室漏水", "", "", "", "", ""],
        ["", "3", "2", "2502", "卧室漏水", "昨天", "", "", "", ""],
        ["", "3", "2", "502", "楼道灯坏了", "2099-01-01", "", "", "不知道", ""],
        ["", "3", "2", "502", "卧室漏水", "2021-08-23 10:00", "", "", "已完成", "2021-08-22"],
        OPEN,
    )  # fmt: skip
    with pytest.raises(ConfigError) as refused:
        await import_tickets(config, file, apply=True)
    told = str(refused.value)
    assert "nothing was imported" in told
    cells = ("台账!B3", "台账!D4", "台账!F4", "台账!E5", "台账!F5", "台账!I5", "台账!J6")
    assert [cell for cell in cells if f"{cell}: " not in told] == []
    assert "3号楼没有2502这个房号" in told
    assert "no water in these words" in told
    assert "E7" not in told
    assert await tickets(config) == []


@pytest.mark.parametrize(
    "rows, words",
    [
        ([["随便", "写写"]], "expected a line with the column names 报修内容 and 楼栋"),
        ([HEAD], "expected at least one report"),
        ([["楼栋", "内容", "内容"], ["3", "漏水", "漏水"]], "the column 报修内容 is there twice"),
        ([["楼栋", "内容", "类别"], ["3", "灯坏了", "电"]], "'电' is no kind; expected one of 漏水"),
    ],
)
async def test_a_file_of_another_form(config: Config, tmp_path: Path, rows: list[list[object]], words: str):
    with pytest.raises(ConfigError) as refused:
        await import_tickets(config, sheet(tmp_path, *rows), apply=True)
    assert words in str(refused.value)


async def test_what_does_not_say_that_it_is_water_can_be_told_by_its_kind(config: Config, tmp_path: Path):
    head: list[object] = ["楼栋", "单元", "房号", "内容", "类别", "爱好"]
    file = sheet(tmp_path, head, ["3", "2", "502", "马桶堵了", "堵塞返水", "茶"])
    said = await import_tickets(config, file, apply=True)
    assert said[0] == "台账!F1: the column 爱好 is not read"
    [ticket] = await tickets(config)
    assert (ticket.kind, ticket.status) == (Kind.BLOCKAGE, Status.REGISTERED)
