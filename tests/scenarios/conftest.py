"""The town of the scenarios, with a photo to send."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.scenarios.town import Town
from tests.scenarios.town import town as open_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    Image.new("RGB", (320, 240), "grey").save(tmp_path / "photo.jpg")
    async with open_town(tmp_path) as opened:
        yield opened
