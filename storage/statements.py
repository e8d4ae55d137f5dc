"""One transaction's statements. They block: they run in SQLite's own thread, or in a greenlet over asyncpg."""

from collections.abc import Sequence
from typing import TypeAlias, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.util.typing import TupleAny, Unpack

from storage.dialects import Dialect
from storage.prepared import Driver, Prepared, Record, Values, prepare

Query: TypeAlias = TypedReturnsRows[Unpack[TupleAny]]
__all__ = ["Query", "Record", "Statements", "Values"]


class Statements:
    """A statement that comes with values is kept compiled: expects one that is made once, and always the same names."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self.dialect = dialect
        self._driver = cast(Driver, connection.connection.driver_connection) if dialect.by_position else None

    @property
    def inner(self) -> Connection:
        """For statements that SQLAlchemy runs itself; it learns here that a transaction has begun."""
        if not self._connection.in_transaction():
            self._connection.begin()
        return self._connection

    def rows(self, query: Query, values: Values | None = None) -> Sequence[Record]:
        if self._driver is None or values is None:
            return self.inner.execute(query, values).all()
        return self._prepared(query, values).rows(self._driver, values)

    def row(self, query: Query, values: Values | None = None) -> Record | None:
        if self._driver is None or values is None:
            return self.inner.execute(query, values).first()
        return next(iter(self.rows(query, values)), None)

    def number(self, query: Query, values: Values | None = None) -> int | None:
        """The first column of the first row."""
        row = self.row(query, values)
        return None if row is None or row[0] is None else int(row[0])

    def run(self, statement: Executable, values: Values | None = None) -> int:
        """How many rows it changed."""
        if self._driver is None or values is None:
            return self.inner.execute(statement, values).rowcount
        return self._prepared(statement, values).run(self._driver, values)

    def run_many(self, statement: Executable, values: Sequence[Values]) -> None:
        if not values:
            return
        if self._driver is None:
            self.inner.execute(statement, values)
            return
        self._prepared(statement, values[0]).run_many(self._driver, values)

    def _prepared(self, statement: Executable, values: Values) -> Prepared:
        return prepare(statement, tuple(values), self._connection.dialect)
