"""删除我的数据 in full: a person who left traces everywhere; afterwards every table is searched."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Text as AsText
from sqlalchemy import cast, select

from bot.config import load_config
from bot.replay import on_stage
from domain.messages import Person
from domain.vocabulary import TicketNumber
from storage.tables import metadata
from tests.scenarios.town import CONFIG, EVENING, STAFF, Town

ZHANG, NAME, PHONE = "wx-zhang-7788", "张秀兰", "13812345678"
WORDS = ("吊灯下面一直滴答", "床都挪开了", "老伴腿脚不好", "孙女睡客厅", "等得心焦啊")
DELIVERING = {"queues", "chats"}
"""Which chat hears what next: without it nobody could be answered. No words, no names."""
MASKED = {"corrections"}
"""What was made unreadable before it was kept as a lesson."""


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    for n, colour in enumerate(("grey", "teal")):
        Image.new("RGB", (320, 240), colour).save(tmp_path / ("photo.jpg" if not n else "worker.jpg"))
    async with on_stage(load_config(CONFIG), EVENING, tmp_path) as player:
        town = Town(player, tmp_path)
        await leaves_traces(town)
        yield town


async def leaves_traces(town: Town) -> None:
    """A report with a photo, a chase, a neighbour's quotation, a meeting, a volunteer, words in private; closed."""
    said = await town.says(ZHANG, f"2单元502卧室漏水，{WORDS[0]}，电话{PHONE}", name=NAME, photo=True)
    await town.passes(minutes=3)
    await town.says(ZHANG, f"怎么还没人来，{WORDS[4]}", name=NAME)
    await town.says("r9", "我家402也漏水了，跟楼上一样，2单元", name="小李", quote=said)
    await town.says("rp-wang", "到场 #1", group=STAFF)
    await town.says("rp-wang", "进展 #1 换了接头", group=STAFF, photo="worker.jpg")
    await town.says("sw-limin", "定责 #1 公共 楼顶防水开裂", group=STAFF)
    await town.says("sw-limin", "待办", group=STAFF)
    await town.says("sw-limin", "导出 待办", group=STAFF)
    await town.says("sw-limin", "议事 8月25日14:00 活动室 漏水 3号楼", group=STAFF)
    await town.says(ZHANG, "报名", name=NAME)
    await town.says("sw-limin", "议事 名单", group=STAFF)
    await town.says(ZHANG, "当志愿者", name=NAME, mention=True)
    await town.says("sw-limin", "志愿者", group=STAFF)
    await town.says("rp-wang", "完成 #1 好了", group=STAFF)
    await town.says(ZHANG, f"不满意 {WORDS[1]}，{WORDS[2]}", name=NAME, mention=True)
    await town.says(ZHANG, f"{WORDS[3]}，进度", group=None, name=NAME)
    await town.says(ZHANG, "修好了", name=NAME, mention=True)
    town.heard()


async def found(town: Town, *needles: str) -> dict[str, set[str]]:
    """In which columns of which tables each of the needles stands."""
    database = town.player.app.database
    store = database.store

    def search(statements) -> dict[str, set[str]]:
        hits: dict[str, set[str]] = {}
        for table in metadata.sorted_tables:
            for column in table.columns:
                texts = [row[0] or "" for row in statements.rows(select(cast(column, AsText)))]
                for needle in needles:
                    if any(needle in text for text in texts):
                        hits.setdefault(needle, set()).add(f"{table.name}.{column.name}")
        return hits

    return await store._connections.read(search)


async def erase(town: Town) -> list[str]:
    await town.says(ZHANG, "删除我的数据", group=None)
    await town.says(ZHANG, "确认删除", group=None)
    said = town.heard(to=ZHANG)
    await town.passes(minutes=40)
    housekeeping = town.player.app.machine.timekeeper.housekeeping
    await housekeeping.erase_chatter(town.now)
    return said


async def test_what_is_kept_is_told_whole(town: Town):
    await town.says(ZHANG, "我的数据", group=None)
    [said] = town.heard(to=ZHANG)
    kept = (
        "称呼：张秀兰",
        "住处：3号楼2单元502",
        "报过的单：#1",
        "照片1张",
        "议事会：8月25日（周三）14:00",
        "您是志愿者",
    )
    assert [words for words in kept if words not in said] == []


async def test_before_they_are_everywhere(town: Town):
    hits = await found(town, ZHANG, NAME, PHONE, *WORDS)
    tables = {place.partition(".")[0] for places in hits.values() for place in places}
    assert {"people", "tickets", "ticket_reporters", "ticket_events", "inbox", "outbox", "media", "meetings"} <= tables
    assert set(hits) == {ZHANG, NAME, PHONE, *WORDS}


async def test_afterwards_no_table_holds_them(town: Town):
    said = await erase(town)
    assert "删好了" in said[-1]
    hits = await found(town, NAME, PHONE, *WORDS)
    assert {n: p for n, p in hits.items() if {x.partition(".")[0] for x in p} - MASKED} == {}
    where = (await found(town, ZHANG)).get(ZHANG, set())
    allowed = {"people.person", "outbox.chat", "inbox.sender", "inbox.chat", *(f"{t}.chat" for t in DELIVERING)}
    assert where - allowed == set()


async def test_the_buildings_history_stays_whole(town: Town):
    before = await town.ticket(1)
    await erase(town)
    after = await town.ticket(1)
    same = ("number", "status", "kind", "building", "unit", "room", "reported_at", "arrived_at", "ruling", "events")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert (before["media"], after["media"]) == (2, 1)  # what the repairer took stays


async def test_the_file_of_the_own_photo_leaves_the_disk_and_the_other_stays(town: Town):
    machine = town.player.app.machine
    async with machine.store.begin(town.now) as work:
        [own, worker] = [record.digest for record in await work.media.of_ticket(TicketNumber(1))]
    await erase(town)
    assert await asyncio.to_thread(machine.fetcher.media.get, worker)
    with pytest.raises(Exception, match="is gone"):
        machine.fetcher.media.get(own)


async def test_the_neighbour_keeps_what_is_theirs(town: Town):
    await erase(town)
    assert "小李" in await found(town, "小李")
    ticket = await town.ticket(2)
    assert ticket["reporters"] == ["r9"]


async def test_what_an_open_ticket_needs_stays_until_it_is_done(town: Town):
    await town.says(ZHANG, "厨房也漏了，还是502，锅都接满了两回", name=NAME)
    [number] = [t["number"] for t in await town.tickets() if t["status"] == "registered" and t["reporters"] == [ZHANG]]
    said = await erase(town)
    assert f"#{number} 还没办完" in said[-1]
    assert "锅都接满了两回" in await found(town, "锅都接满了两回")
    assert set(await found(town, *WORDS)) == set()
    await town.says("rp-wang", f"完成 #{number} 好了", group=STAFF)
    await town.says(ZHANG, "修好了", name=NAME, mention=True)
    await erase(town)
    hits = await found(town, "锅都接满了两回", NAME)
    assert {place.partition(".")[0] for places in hits.values() for place in places} - MASKED == set()


async def test_afterwards_nothing_is_known_and_a_new_report_begins_anew(town: Town):
    await erase(town)
    await town.says(ZHANG, "我的数据", group=None)
    assert "没有记着您的什么" in town.heard(to=ZHANG)[-1]
    await town.says("sw-limin", "议事 名单", group=STAFF)
    assert "还没有人报名" in town.heard(STAFF)[-1]
    await town.says(ZHANG, "2单元502厨房漏水了", name=NAME)
    assert "已登记 #" in town.heard("g3")[-1]
    async with town.player.app.machine.store.begin(town.now) as work:
        assert (await work.people.get(Person("console", ZHANG))).home.room == "502"
