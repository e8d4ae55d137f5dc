"""The main job by the whole bot behind a real puppet server: words and photos over the wire, both ways."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.app import Setting, open_app
from bot.clocks import SystemClock
from bot.config import Config
from bot.roster import community_of
from domain.ports import Link
from tests.channels.contract import photo
from tests.channels.puppet_process import TOKEN, PuppetProcess, puppet_process
from tests.channels.rig import ANN, BEN, Heard, Says, until
from tests.channels.wechaty_rig import IDS, ROOM, WechatyRig, wechaty_rig
from tests.scenarios.town import CONFIG

pytestmark = [pytest.mark.puppet, pytest.mark.timeout(90)]


@pytest.fixture(scope="module")
def puppet() -> Iterator[PuppetProcess]:
    with puppet_process() as puppet:
        yield puppet


@pytest.fixture
async def rig(puppet: PuppetProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WechatyRig]:
    """ANN lives in building 3; BEN is its social worker, known by his account on that network."""
    monkeypatch.setenv("LOUQUN_WECHATY_TOKEN", TOKEN)
    async with wechaty_rig(puppet, pace={"same_chat_seconds": 1, "any_chat_seconds": 0, "jitter": 0}) as rig:
        town = community_of(configured(puppet.endpoint))
        clock = SystemClock(ZoneInfo(town.timezone))
        url = f"sqlite:///{tmp_path}/louqun.sqlite3"
        setting = Setting(town, clock, {"wechaty": rig.channel}, url, tmp_path / "media")
        async with open_app(configured(puppet.endpoint), setting) as app, asyncio.TaskGroup() as group:
            stop = asyncio.Event()
            group.create_task(app.machine.run(stop))
            await until(lambda: rig.channel.health().link is Link.UP, "the channel is up")
            yield rig
            stop.set()


def configured(endpoint: str) -> Config:
    raw = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    raw["channels"] = {"wechaty": {"endpoint": endpoint}}
    raw["groups"] = [{"id": ROOM, "name": "3号楼邻里群", "building": "3", "role": "building"}]
    raw["staff"][0]["accounts"] = {"wechaty": IDS[BEN]}
    return Config.model_validate(raw)


async def in_group(rig: WechatyRig, count: int) -> list[Heard]:
    """What the group has heard, once that is so much; a photo is a message of its own."""
    heard: list[Heard] = []
    for n in range(count, count + 40):
        heard = [entry for entry in await rig.heard(n) if entry.chat == ROOM]
        if len(heard) >= count:
            break
    return heard


async def test_from_a_message_to_a_closed_ticket(rig: WechatyRig):
    await rig.says(Says(ANN, "2单元门口积水了"))
    await rig.says(Says(ANN, photo=photo(220)))
    [ack] = await in_group(rig, 1)
    assert ack.mentions == (IDS[ANN],)
    assert [word for word in (f"@{ANN}", "#1", "3号楼2单元门口积水", "李敏") if word not in ack.text] == []

    await rig.says(Says(BEN, "到场 #1"))
    arrived = (await in_group(rig, 2))[1]
    assert "李敏到现场了" in arrived.text

    picture = photo(260)
    await rig.says(Says(BEN, "完成 #1 树叶清掉了，水退了"))
    closing = (await in_group(rig, 3))[2]
    assert "从报修到处理好用了" in closing.text
    await rig.says(Says(BEN, photo=picture))
    *_, shown = await in_group(rig, 5)
    assert shown.file is not None
    assert shown.file.mime == "image/jpeg"
    assert len(shown.file.data) > 20 * 1024

    await rig.says(Says(ANN, "修好了"))
    thanks = (await in_group(rig, 6))[5]
    assert "#1" in thanks.text
    assert thanks.mentions == (IDS[ANN],)


async def test_a_stranger_who_calls_himself_staff_is_nobody(rig: WechatyRig):
    await rig.says(Says(BEN, "2单元门口积水了"))
    await in_group(rig, 1)
    await rig.renames(ANN, "李敏")
    await rig.says(Says(ANN, "误报 #1", mentions_bot=True))
    refusal = (await in_group(rig, 2))[1]
    assert "撤销" not in refusal.text
