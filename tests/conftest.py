"""What tests of several folders use: databases of both kinds, each test its own, copied from a migrated one."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.schema import upgrade
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server, out of a wheel, on a socket in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="louqun-pg-") as folder:
        server = Postgres(Path(folder))
        server.start()
        server.create("template")
        asyncio.run(upgrade(server.url("template")))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "louqun.sqlite3"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database in its newest form; the test runs once for each kind."""
    if database_kind == "sqlite":
        path = tmp_path / "louqun.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    server.create(name, template="template")
    yield server.url(name)
    server.drop(name)
