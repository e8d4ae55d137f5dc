"""What a storm's level means for its preparation, and what is left of the supplies."""

import pytest

from domain.storms import Preparation, Storm, SupplyMove, stock
from domain.vocabulary import StaffId
from tests.domain.values import NOW

STORM = Storm(NOW, "蓝色", "暴雨蓝色", "陈向红")
READY = Preparation(checklist={"黄色": ("试水泵",), "蓝色": ("沙袋到位", "清点工具"), "橙色": ("劝离地下室",)})


@pytest.mark.parametrize(
    "level, after, code",
    [
        ("黄色", "黄色", "yellow"),
        ("三级", "三级", "yellow"),
        ("四级", "蓝色", "blue"),
        ("白色", "蓝色", "blue"),
        ("红色", "红色", "red"),
    ],
)
def test_a_level_only_rises(level: str, after: str, code: str):
    risen = STORM.risen(level)
    assert (risen.level, risen.code) == (after, code)


@pytest.mark.parametrize(
    "open_at, level, opens",
    [("蓝色", "蓝色", True), ("黄色", "四级", False), ("黄色", "橙色", True), ("蓝色", "白色", False)],
)
def test_which_level_opens_a_storm(open_at: str, level: str, opens: bool):
    assert Preparation(open_at).opens(level) is opens


def test_a_higher_level_adds_to_the_lower_ones():
    assert READY.steps("四级") == ["沙袋到位", "清点工具"]
    assert READY.steps("黄色") == ["沙袋到位", "清点工具", "试水泵"]


def test_stock_is_what_was_counted_last_and_moved_since():
    moves = [("沙袋", 200, True), ("水泵", 3, True), ("沙袋", -50, False), ("沙袋", 120, True), ("沙袋", 30, False)]
    assert stock([SupplyMove(t, n, c, NOW, StaffId("s")) for t, n, c in moves]) == {"沙袋": 150, "水泵": 3}
