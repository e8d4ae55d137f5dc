"""One transaction's statements. They block: they run in SQLite's own thread, or in a greenlet over asyncpg."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import sqlalchemy
from sqlalchemy import Connection, Executable, Row
from sqlalchemy.sql.compiler import SQLCompiler
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

    def rows(self, query: Query, values: Values | None = None) -> Sequence[Record]:
        return self.inner.execute(query, values).all()

    def row(self, query: Query, values: Values | None = None) -> Record | None:
        return self.inner.execute(query, values).first()

    def number(self, query: Query, values: Values | None = None) -> int | None:
        """The first column of the first row."""
        row = self.row(query, values)
        return None if row is None or row[0] is None else int(row[0])

    def run(self, statement: Executable) -> int:
        """How many rows it changed."""
        return self.inner.execute(statement).rowcount

    def run_many(self, statement: Executable, values: Sequence[Values]) -> None:
        """The statement is kept compiled: expects one that is made once, and the same names in all values."""
        if not values:
            return
        if not self.dialect.by_position:
            self.inner.execute(statement, values)
            return
        prepared = _prepare(statement, tuple(values[0]), self.inner.dialect)
        self.inner.exec_driver_sql(prepared.text, [prepared.row(each) for each in values])


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What SQLAlchemy would work out again for every row: which value goes where, and made into what."""

    text: str
    places: tuple[tuple[str, Callable[[object], object] | None], ...]
    fixed: Values

    def row(self, values: Values) -> tuple[object, ...]:
        given = {**self.fixed, **values} if self.fixed else values
        return tuple([given[name] if bind is None else bind(given[name]) for name, bind in self.places])


@lru_cache(maxsize=256)
def _prepare(statement: Executable, names: tuple[str, ...], dialect: sqlalchemy.Dialect) -> _Prepared:
    assert isinstance(statement, sqlalchemy.ClauseElement)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    assert compiled.positiontup is not None, "the values of this database's statements go by position"
    binds = [(name, compiled.binds[name]) for name in compiled.positiontup]
    places = tuple((bind.key, bind.type.dialect_impl(dialect).bind_processor(dialect)) for _, bind in binds)
    fixed = {bind.key: bind.effective_value for _, bind in binds if bind.key not in names}
    return _Prepared(compiled.string, places, fixed)
