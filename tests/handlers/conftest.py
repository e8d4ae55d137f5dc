"""The town of the handlers' tests."""

from collections.abc import AsyncIterator

import pytest

from tests.handlers.town import Town, open_town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town() as opened:
        yield opened
