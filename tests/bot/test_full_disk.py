"""A disk that is full for hours: photos are kept when there is room again, and the health page says it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from domain.errors import StoreError
from domain.media import MediaStore, StoredFile
from tests.scenarios.town import Town
from tests.scenarios.town import town as open_town

FULL = "the disk is full; free some space"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    Image.new("RGB", (320, 240), "grey").save(tmp_path / "photo.jpg")
    async with open_town(tmp_path) as opened:
        yield opened


@dataclass
class FullDisk:
    """Where photos are kept, while there is no room."""

    inner: MediaStore
    full: bool = True

    def put(self, data: bytes, kind: str, name: str) -> StoredFile:
        if self.full:
            raise StoreError(FULL)
        return self.inner.put(data, kind, name)

    def get(self, digest: str) -> bytes:
        return self.inner.get(digest)

    def drop(self, digest: str) -> None:
        self.inner.drop(digest)


async def test_a_photo_is_kept_when_there_is_room_again_however_long_that_takes(town: Town):
    machine = town.player.app.machine
    disk = FullDisk(machine.fetcher.media)
    machine.fetcher.media = disk
    await town.says("r3-zhang", "2单元门口积水了", photo=True)
    for _ in range(120):
        await town.passes(minutes=1)
        await town.player.settle()
    assert (await machine.doctor.ready()).details["troubles"] == {"media": FULL}
    assert not (await machine.doctor.ready()).ok
    disk.full = False
    await town.passes(minutes=5)
    await town.player.settle()
    assert (await machine.doctor.ready()).details["troubles"] == {}
    town.lines()
    await town.says("sw-limin", "完成 #1 扫干净了", photo=True)
    [closing] = [line for line in town.lines("g3") if line["kind"] == "closing"]
    assert len(closing["media"]) == 1
