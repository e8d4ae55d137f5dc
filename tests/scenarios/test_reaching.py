"""Broadcasts and warnings that did not reach every group: staff hear of it, and send them again; as chats."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from bot.stage import Stage
from domain.errors import ChannelError, UnknownOutcome
from domain.messages import File, MediaHandle, Outgoing, Receipt
from domain.ports import ChannelHealth, Pace, Sink
from tests.scenarios.test_storm import asks
from tests.scenarios.test_warnings import BLUE, CLEAR, YELLOW
from tests.scenarios.town import STAFF, Town


@dataclass
class Network:
    """A network that refuses some groups, and answers nothing about others."""

    stage: Stage
    gone: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    name: str = "console"
    pace: Pace = field(default_factory=lambda: Pace(same_chat_seconds=0))
    replays: bool = True

    async def run(self, sink: Sink) -> None:
        await self.stage.run(sink)

    async def send(self, message: Outgoing) -> Receipt:
        if message.chat.id in self.gone:
            raise ChannelError("not in the group any more", retry=False)
        if message.chat.id in self.silent:
            raise UnknownOutcome("no answer")
        return await self.stage.send(message)

    async def fetch(self, handle: MediaHandle) -> File:
        return await self.stage.fetch(handle)

    def health(self) -> ChannelHealth:
        return self.stage.health()


def network(town: Town, gone: Iterable[str] = (), silent: Iterable[str] = ()) -> Network:
    [delivery] = town.player.app.machine.deliveries.values()
    delivery.channel = Network(town.player.stage, set(gone), set(silent))
    return delivery.channel


async def broadcast(town: Town, text: str = "广播 今晚停水") -> None:
    await town.says("sw-limin", text, STAFF)
    await town.says("sw-limin", "确认", STAFF)
    town.heard()


def heard_by_staff(town: Town) -> list[str]:
    return [line["text"] for line in town.lines(STAFF) if line["kind"] == "alert"]


async def test_what_reached_everybody_is_told_only_when_asked(town: Town):
    await broadcast(town)
    await town.passes(hours=1)
    assert town.heard() == []
    assert "社区通知“今晚停水”已送达 5/5 个群" in await asks(town, "送达")
    assert "没有要重发的" in await asks(town, "重发")


async def test_a_group_that_was_not_reached_is_named_once_and_sent_again(town: Town):
    net = network(town, gone=["gB"])
    await broadcast(town)
    await town.passes(hours=2)
    [told] = heard_by_staff(town)
    assert "社区通知“今晚停水”已送达 4/5 个群。没送到：B座邻里群。再发一次请说：重发" in told
    net.gone.clear()
    assert "正在再发到B座邻里群" in await asks(town, "重发")
    assert [line["group"] for line in town.all_lines if "【社区通知】今晚停水" in line["text"]][-1] == "gB"
    assert "已送达 5/5 个群" in await asks(town, "送达")
    await town.passes(hours=2)
    assert heard_by_staff(town) == []


async def test_still_not_reached_is_told_again_and_after_five_times_somebody_has_to_look(town: Town):
    network(town, gone=["gB"])
    await broadcast(town)
    for _ in range(5):
        await town.passes(minutes=2)
        assert "没送到：B座邻里群" in heard_by_staff(town)[0]
        await asks(town, "重发")
    assert "已经重发5次了还没送到" in await asks(town, "重发")


async def test_an_unknown_outcome_is_said_as_what_it_is(town: Town):
    network(town, silent=["g8"])
    await broadcast(town)
    await town.passes(hours=1)
    [told] = heard_by_staff(town)
    assert "没收到回执，可能送到了：8号楼邻里群" in told


async def test_a_warning_is_sent_again_while_it_stands(town: Town):
    net = network(town, gone=["g5"])
    await broadcast(town, f"转发预警 {BLUE}")
    await town.passes(minutes=2)
    assert any("已送达 5/6 个群。没送到：5号楼邻里群" in text for text in heard_by_staff(town))
    net.gone.clear()
    await asks(town, "重发")
    assert [line["group"] for line in town.all_lines if "【官方预警】" in line["text"]][-1] == "g5"


async def test_an_old_level_is_not_sent_again(town: Town):
    net = network(town, gone=["g5"])
    await broadcast(town, f"转发预警 {BLUE}")
    number = (await asks(town, "送达")).partition("第")[2].partition("条")[0]
    net.gone.clear()
    await broadcast(town, f"转发预警 {YELLOW}")
    assert "有了更新的" in await asks(town, f"重发 {number}")


async def test_an_all_clear_is_sent_again(town: Town):
    await broadcast(town, f"转发预警 {BLUE}")
    await town.passes(hours=9)
    net = network(town, gone=["g5"])
    await broadcast(town, f"转发预警 {CLEAR}")
    net.gone.clear()
    assert "正在再发到5号楼邻里群" in await asks(town, "重发")


async def test_what_was_sent_again_is_withdrawn_like_the_first(town: Town):
    net = network(town, gone=["g5"])
    await broadcast(town, f"转发预警 {BLUE}")
    await asks(town, "重发")
    await broadcast(town, f"转发预警 {YELLOW}")
    net.gone.clear()
    await town.passes(hours=1)
    assert [line for line in town.all_lines if line["group"] == "g5" and "暴雨蓝色预警信号：" in line["text"]] == []


@pytest.mark.parametrize(
    "text, told", [("重发 99", "没有第99条"), ("重发 停水那条", "没看懂要重发哪一条"), ("重发", "没有要重发的")]
)
async def test_a_wrong_one_is_answered(town: Town, text: str, told: str):
    await broadcast(town)
    town.heard()
    await town.says("sw-limin", text, STAFF, mention=True)
    assert told in town.heard()[0]


async def test_residents_and_repairers_may_not(town: Town):
    network(town, gone=["gB"])
    await broadcast(town)
    assert await asks(town, "重发", "r3-zhang", "g3") == ""
    assert "社工" in await asks(town, "重发", "rp-wang")
