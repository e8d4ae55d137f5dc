from collections.abc import AsyncIterator

import pytest

from storage.database import Database, open_database
from tests.storage.values import ZONE, community


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url, community(), ZONE) as opened:
        yield opened


@pytest.fixture
async def other_process(database_url: str, database: Database) -> AsyncIterator[Database]:
    """The same database, opened once more: it shares nothing in memory with the first."""
    async with open_database(database_url, community(), ZONE) as opened:
        yield opened
