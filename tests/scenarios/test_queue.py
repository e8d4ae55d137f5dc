"""Whoever reports when others of the building wait already is told how many, where it is known and worth saying."""

from tests.scenarios.town import STAFF, Town

FLATS = ("1单元501", "2单元602", "3单元703", "1单元804")


async def reports(town: Town, count: int) -> None:
    for number, flat in enumerate(FLATS[:count], 1):
        await town.says(f"r{number}", f"{flat}卧室漏水")
        await town.passes(minutes=1)
    town.heard()


async def told(town: Town, words: str = "2单元1003客厅漏水", group: str = "g3") -> str:
    await town.says("r9", words, group)
    [ack] = [line["text"] for line in town.lines(group) if line["kind"] == "ack"]
    return str(ack)


async def test_three_that_wait_are_told_of(town: Town):
    await reports(town, 3)
    assert "这栋楼前面还有3单在等人去，急的先去。" in await told(town)


async def test_one_or_two_are_no_queue(town: Town):
    await reports(town, 2)
    assert "前面还有" not in await told(town)


async def test_where_somebody_came_or_it_was_put_off_nobody_waits(town: Town):
    await reports(town, 4)
    await town.says("sw-limin", "到场 #1", STAFF)
    await town.says("sw-limin", "待续 #2 等雨停 明天9点", STAFF)
    town.heard()
    assert "前面还有" not in await told(town)


async def test_an_emergency_waits_for_nobody_and_another_building_has_its_own(town: Town):
    await reports(town, 4)
    assert "前面还有" not in await told(town, "2单元1003客厅顶上漏水，水滴到灯上了")
    assert "前面还有" not in await told(town, "6单元603北屋漏水", "g5")
