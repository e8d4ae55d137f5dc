"""What a line looks like: names, numbers and addresses in its words are marked, everything else is escaped."""

import re

import pytest

from domain.chatroom import BOT, Line
from domain.messages import Chat
from tests.moments import NOON
from web.rendering import worded


def marked(text: str, *called: str) -> list[str]:
    line = Line(Chat("console", "g3"), NOON, BOT, "楼群小助手", text=text, called=called)
    return re.findall(r'<span class="(?:at|ticket)">(.*?)</span>', worded(line))


@pytest.mark.parametrize(
    "text,called,expected",
    [
        ("@张阿姨 2-301 收到，已登记 #1：3号楼", ["张阿姨 2-301"], ["@张阿姨 2-301", "#1"]),
        ("@老赵 18楼 @老赵 都好", ["老赵", "老赵 18楼"], ["@老赵 18楼", "@老赵"]),
        ("@小林 #9 收到 #1", ["小林 #9"], ["@小林 #9", "#1"]),
        ("@王师傅 #2 去看看", [], ["@王师傅", "#2"]),
        ("＠楼群小助手 到场 #2", [], ["＠楼群小助手", "#2"]),
        ("@a<b> c 好", ["a<b> c"], ["@a&lt;b&gt; c"]),
        ("@ 谁都不是", [""], []),
    ],
)
def test_names_are_marked_whole(text: str, called: list[str], expected: list[str]):
    assert marked(text, *called) == expected
