"""How SQLite and PostgreSQL say the same thing differently."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Table, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError

from domain.errors import ConfigError

EXPECTED = 'expected "sqlite:///var/louqun.sqlite3", ":memory:" or "postgresql://user@host/name"'
Insert = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True, slots=True)
class Dialect:
    """upgrade_lock: statement that keeps two upgrades apart, where beginning to write does not.
    optimistic: a session holds no lock in the database, so that its commit must look whether somebody else wrote.
    by_position: its driver takes a statement's values as a plain sequence.
    """

    name: str
    insert: Callable[[Table], Insert]
    upgrade_lock: str | None = None
    optimistic: bool = False
    by_position: bool = False

    def added(self, table: Table) -> Insert:
        """Insert; a row that is there already stays."""
        return _added(self, table)

    def replaced(self, table: Table) -> Insert:
        """Insert; a row that is there already becomes the new one."""
        return _replaced(self, table)


@cache  # building such a statement costs more than running it
def _added(dialect: Dialect, table: Table) -> Insert:
    return dialect.insert(table).on_conflict_do_nothing()


@cache
def _replaced(dialect: Dialect, table: Table) -> Insert:
    insert = dialect.insert(table)
    changed = {c.name: insert.excluded[c.name] for c in table.columns if not c.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


def parsed_address(url: str) -> URL:
    """Raises ConfigError for what is no address."""
    try:
        return make_url("sqlite://" if url == ":memory:" else url)
    except ArgumentError as error:
        raise ConfigError(f"database address not understood; {EXPECTED}") from error


def sqlite_file(url: str) -> Path | None:
    """The file of an embedded database; None for one in memory or on a server. Raises ConfigError."""
    parsed = parsed_address(url)
    embedded = parsed.drivername.startswith("sqlite") and parsed.database not in {None, "", ":memory:"}
    return Path(parsed.database or "") if embedded else None
