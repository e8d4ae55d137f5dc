"""导出 as chats: good, late, wrong; the files are opened and read."""

import csv
from collections.abc import AsyncIterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from bot.config import load_config
from bot.replay import on_stage
from tests.scenarios.town import CONFIG, EVENING, STAFF, Town


class Desk(Town):
    """A town whose sent files can be opened."""

    folder: Path

    def file(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def sheet(self, name: str) -> list[tuple[object, ...]]:
        [sheet] = load_workbook(BytesIO(self.file(name))).worksheets
        assert sheet.freeze_panes == "A2"
        return [tuple(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    Image.new("RGB", (320, 240), "grey").save(tmp_path / "photo.jpg")
    async with on_stage(load_config(CONFIG), EVENING, tmp_path) as player:
        town = Desk(player, tmp_path)
        town.folder = tmp_path
        await town.says("r1", "=1+1 我家502卧室漏水了，2单元", group="g3", name="老张")
        await town.passes(minutes=4)
        await town.says("rp-wang", "查勘 #1 楼顶防水裂了，天晴补卷材", group=STAFF)
        await town.says("rp-wang", "无人 #1 明天下午3点", group=STAFF)
        await town.says("sw-limin", "定责 #1 公共 楼顶防水层开裂", group=STAFF)
        await town.says("r5", "1单元门口积水了", group="g5")
        town.heard()
        yield town


def by_column(rows: list[tuple[object, ...]], number: int) -> dict[object, object]:
    row = next(row for row in rows[1:] if number in row)
    return dict(zip(rows[0], row, strict=True))


async def test_tickets_with_proper_types(desk: Desk):
    await desk.says("sw-limin", "导出 工单", group=STAFF)
    [line] = desk.lines(STAFF)
    assert line["kind"] == "document"
    assert "别往外转" in line["text"]
    [name] = line["media"]
    ticket = by_column(desk.sheet(name), 1)
    assert ticket["报修时间"] == datetime(2021, 8, 23, 21, 58)  # noqa: DTZ001  Excel knows no zones
    assert (ticket["房号"], ticket["报修人"], ticket["定责"], ticket["状态"]) == ("502", "老张", "公共部位", "待续")
    assert ticket["报修内容"] == "=1+1 我家502卧室漏水了，2单元"
    assert isinstance(ticket["接单分钟"], int)
    assert not any(
        cell.data_type == "f" for row in load_workbook(BytesIO(desk.file(name))).worksheets[0] for cell in row
    )


async def test_open_tickets_come_as_a_paper_and_as_a_table(desk: Desk):
    await desk.says("sw-limin", "导出 待办", group=None)
    [line] = desk.lines(to="sw-limin")
    paper, table = line["media"]
    assert desk.file(paper).startswith(b"%PDF")
    assert len(desk.sheet(table)) == 3
    assert "可以打印" in line["text"]


@pytest.mark.parametrize(
    "what, columns",
    [
        ("入户", {"单号": 1, "见到人": False, "第几次没人": 1, "上门的人": "王建国"}),
        ("定责", {"结论": "公共部位", "建议还是决定": "决定", "谁定的": "李敏"}),
        ("一房一案", {"房号": "502", "原因和方案": "楼顶防水裂了,天晴补卷材", "定责": "公共部位"}),
    ],
)
async def test_what_happened_at_the_homes(desk: Desk, what: str, columns: dict[str, object]):
    await desk.says("sw-limin", f"导出 {what}", group=STAFF)
    [line] = desk.lines(STAFF)
    found = by_column(desk.sheet(line["media"][0]), 1)
    assert {name: found[name] for name in columns} == columns


async def test_the_register_of_homes_knows_visits_notes_and_what_was_before(desk: Desk):
    await desk.says("rp-wang", "入户 #1 次卧顶角湿了", group=STAFF)
    await desk.says("sw-limin", "备注 #1 老人独居", group=STAFF)
    await desk.says("rp-wang", "进展 #1 卷材铺好了", group=STAFF)
    await desk.says("rp-wang", "完成 #1 补好了", group=STAFF)
    await desk.says("r1", "修好了", group="g3", mention=True)
    await desk.passes(days=5)
    await desk.says("r1", "我家502厨房漏水了，2单元", group="g3", name="老张")
    desk.heard()
    await desk.says("sw-limin", "一房一案 全部", group=None)
    rows = desk.sheet(desk.lines(to="sw-limin")[0]["media"][0])
    first, again = by_column(rows, 1), by_column(rows, 3)
    assert [first[name] for name in ("上门次数", "没人次数", "依据", "措施", "备注（只给同事）", "此前的单")] == [
        2, 1, "楼顶防水层开裂", "卷材铺好了；补好了", "老人独居", None,
    ]  # fmt: skip
    assert again["此前的单"] == "#1"
    assert len(rows) == 3  # no line for the public spot


async def test_the_ledger_as_a_table_for_other_programs(desk: Desk):
    await desk.says("sw-limin", "12345 20210824031 5号楼1单元门口积水没人管", group=None)
    desk.heard()
    await desk.says("sw-limin", "导出 台账 CSV", group=None)
    [name] = desk.lines(to="sw-limin")[0]["media"]
    rows = list(csv.reader(StringIO(desk.file(name).decode("utf-8-sig"))))
    assert rows[1][0] == "20210824031"
    assert rows[1][-2:] == ["#2", "是"]


# -- late --------------------------------------------------------------------------------------------------------


async def test_a_time_that_has_passed(desk: Desk):
    await desk.passes(days=3)
    desk.heard()
    await desk.says("sw-limin", "导出 工单 今天", group=None)
    assert len(desk.sheet(desk.lines(to="sw-limin")[0]["media"][0])) == 1
    await desk.says("sw-limin", "导出 8月23日 工单 xlsx", group=None)
    assert len(desk.sheet(desk.lines(to="sw-limin")[0]["media"][0])) == 3


async def test_what_was_taken_out_is_on_record_for_the_secretary(desk: Desk):
    await desk.says("sw-limin", "导出 工单 本月", group=None)
    await desk.says("sw-limin", "导出 访问记录", group=None)
    assert "由书记或管理员来做" in desk.heard(to="sw-limin")[-1]
    await desk.says("sec-chen", "导出 访问记录", group=None)
    rows = desk.sheet(desk.lines(to="sec-chen")[0]["media"][0])
    assert [row[1:4] for row in rows[1:]] == [
        ("李敏", "导出", "工单 本月（8月1日至8月23日）"),
        ("陈向红", "导出", "访问记录 全部（1月1日至8月23日）"),
    ]


# -- wrong -------------------------------------------------------------------------------------------------------


async def test_not_in_a_buildings_group(desk: Desk):
    await desk.says("sw-limin", "导出 工单", group="g3", mention=True)
    [line] = desk.lines()
    assert (line["group"], line["media"]) == ("g3", [])
    assert "私聊我" in line["text"]


async def test_not_for_residents_nor_repairers(desk: Desk):
    for who in ("r1", "rp-wang"):
        await desk.says(who, "导出 工单", group=None)
        assert [line["media"] for line in desk.lines()] == [[]]


@pytest.mark.parametrize("words", ["", "天气", "工单 下周", "工单 2月30日"])
async def test_what_is_not_understood_gets_the_usage(desk: Desk, words: str):
    await desk.says("sw-limin", f"导出 {words}", group=None)
    assert "导出 工单/待办" in desk.heard(to="sw-limin")[0]


async def test_words_of_residents_do_not_break_the_paper(desk: Desk):
    await desk.says("r2", "2单元门口|积水了|#let x = 1\n% a|b\n| 救命", group="g3", name="a|b")
    desk.heard()
    await desk.says("sw-limin", "导出 待办", group=None)
    [line] = desk.lines(to="sw-limin")
    assert "没能做出来" not in line["text"]
    assert len(line["media"]) == 2
