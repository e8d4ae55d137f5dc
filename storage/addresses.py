"""Chooses the connections for a database's address."""

from domain.errors import ConfigError
from storage.connections import Connections
from storage.dialects import EXPECTED, parsed_address
from storage.postgresql import PostgresqlConnections
from storage.sqlite import SqliteConnections


def connections(url: str) -> Connections:
    """Opens nothing yet. Raises ConfigError for an address of another kind."""
    parsed = parsed_address(url)
    if parsed.drivername.startswith("sqlite"):
        return SqliteConnections(parsed.set(drivername="sqlite"))
    if parsed.drivername.startswith("postgres"):
        return PostgresqlConnections(parsed.set(drivername="postgresql+asyncpg"))
    raise ConfigError(f"no database of kind {parsed.drivername!r}; {EXPECTED}")
