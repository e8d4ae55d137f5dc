"""Complaint risk as chats: staff hear of each rise once, with the reasons; residents never see a word of it."""

from tests.scenarios.town import STAFF, Town


def warnings(town: Town, group: str | None = STAFF) -> list[str]:
    return [text for text in town.heard(group) if "投诉风险高" in text]


async def test_waiting_and_chasing_become_high_and_are_told_once(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.passes(minutes=20)
    await town.says("r1", "怎么还没人来")
    await town.passes(minutes=15)
    assert warnings(town) == []
    await town.says("r1", "人呢，到底来不来")
    [warning] = warnings(town)
    assert "催了2次" in warning
    assert "没人接单" in warning
    assert "不劝阻" in warning
    await town.passes(minutes=5)
    await town.says("r1", "还没人来")
    assert warnings(town) == []


async def test_a_hotline_is_told_at_once_and_to_the_secretary(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    town.heard()
    await town.says("r1", "再不来我打12345了")
    lines = town.lines()
    [posted] = [line for line in lines if line["group"] == STAFF]
    assert "投诉风险高" in posted["text"]
    assert "sec-chen" in posted["mentions"]
    assert not any("风险" in str(line["text"]) for line in lines if line["group"] == "g3" or line["to"] == "r1")


async def test_waiting_alone_makes_it_high_in_the_end(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.passes(hours=9)
    [warning] = warnings(town)
    assert "没人接单" in warning


async def test_what_was_done_and_broke_again_is_told_again(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("r1", "再不来我打12345了")
    await town.says("rp-wang", "完成 #1 换了软管", group=STAFF)
    await town.says("r1", "修好了")
    town.heard()
    await town.passes(days=1)
    await town.says("r1", "没修好，又漏了")
    assert "修过又坏了1次" in warnings(town)[0]


async def test_the_list_of_open_tickets_shows_it_to_staff_only(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("r2", "1单元301厨房漏水，你们是不是不管了，真是受够了，我打12345")
    town.heard()
    await town.says("sw-limin", "待办", group=STAFF)
    [todo] = town.heard(STAFF)
    assert todo.index("#2") < todo.index("#1")
    assert "投诉风险高（提到打热线或找媒体" in todo
    await town.says("sw-limin", "进度 #2", group=STAFF)
    assert "投诉风险高" in town.heard(STAFF)[0]
    await town.says("sw-limin", "待办", mention=True)
    assert "风险" not in "".join(town.heard("g3"))
    await town.says("r2", "进度", group=None)
    assert "风险" not in "".join(town.heard())
