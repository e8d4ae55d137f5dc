"""One transaction's statements. They block: they run in SQLite's own thread, or in a greenlet over asyncpg."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import Connection, Executable, Row
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.util.typing import TupleAny, Unpack

from storage.dialects import Dialect

Record: TypeAlias = Row[Unpack[TupleAny]]
Query: TypeAlias = TypedReturnsRows[Unpack[TupleAny]]
Values: TypeAlias = Mapping[str, object]


class Statements:
    def __init__(self, inner: Connection, dialect: Dialect) -> None:
        self.inner = inner
        self.dialect = dialect

    def rows(self, query: Query) -> Sequence[Record]:
        return self.inner.execute(query).all()

    def rows_of(self, query: Query, values: Values) -> Sequence[Record]:
        return self.inner.execute(query, values).all()

    def row(self, query: Query) -> Record | None:
        return self.inner.execute(query).first()

    def number(self, query: Query) -> int | None:
        """The first column of the first row."""
        row = self.row(query)
        return None if row is None or row[0] is None else int(row[0])

    def run(self, statement: Executable) -> int:
        """How many rows it changed."""
        return self.inner.execute(statement).rowcount

    def run_many(self, statement: Executable, values: Sequence[Values]) -> None:
        if values:
            self.inner.execute(statement, values)
