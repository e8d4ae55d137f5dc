"""Statements that are made once, compiled once, and given to a driver that takes values by position.

SQLAlchemy works out again for every call which value goes where and what becomes of it; on SQLite that costs several
times as much as the statement itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeAlias

import sqlalchemy
from sqlalchemy import BindParameter, ClauseElement, Executable, Row, Select
from sqlalchemy.engine import result_tuple
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlalchemy.util.typing import TupleAny, Unpack

from storage.columns import Words, storable_or_none

Record: TypeAlias = Row[Unpack[TupleAny]]
Values: TypeAlias = Mapping[str, object]
Convert: TypeAlias = Callable[[object], object]


class Cursor(Protocol):
    @property
    def description(self) -> Sequence[Sequence[object]]: ...

    @property
    def rowcount(self) -> int: ...

    def fetchall(self) -> list[tuple[object, ...]]: ...


class Driver(Protocol):
    """What of a driver's connection is used."""

    def execute(self, text: str, values: Sequence[object], /) -> Cursor: ...

    def executemany(self, text: str, rows: Sequence[Sequence[object]], /) -> object: ...


@dataclass(frozen=True, slots=True)
class _Text:
    """places: for each "?" the name of its value, its place in it where that is a list, and what it is made into."""

    text: str
    places: tuple[tuple[str, int | None, Convert | None], ...]

    def row(self, values: Values) -> tuple[object, ...]:
        return tuple([values[name] if make is None else make(values[name]) for name, _, make in self.places])

    def row_with_lists(self, values: Values, lists: Mapping[str, Sequence[object]]) -> tuple[object, ...]:
        given = ((values[name] if at is None else lists[name][at], make) for name, at, make in self.places)
        return tuple([value if make is None else make(value) for value, make in given])


class Prepared:
    """One statement with one set of names. Where ``IN`` takes a list, its length is part of the text."""

    def __init__(self, statement: ClauseElement, names: Sequence[str], dialect: sqlalchemy.Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        assert isinstance(compiled, SQLCompiler)
        self._compiled = compiled
        self._dialect = dialect
        self._lists = tuple(bind.key for bind in compiled.binds.values() if bind.expanding)
        self._fixed = {b.key: b.effective_value for b in compiled.binds.values() if b.key not in names}
        self._texts: dict[tuple[int, ...], _Text] = {}
        self._results = _results(statement, dialect)
        self._make: Callable[[tuple[object, ...]], Record] | None = None

    def rows(self, driver: Driver, values: Values) -> Sequence[Record]:
        text, row = self._filled(values)
        cursor = driver.execute(text, row)
        found = cursor.fetchall()
        if not found:
            return []
        if self._make is None:
            self._make = result_tuple([str(column[0]) for column in cursor.description])
        make, results = self._make, self._results
        if not results:
            return [make(each) for each in found]
        return [make(tuple(_converted(list(each), results))) for each in found]

    def run(self, driver: Driver, values: Values) -> int:
        text, row = self._filled(values)
        return driver.execute(text, row).rowcount

    def run_many(self, driver: Driver, values: Sequence[Values]) -> None:
        assert not self._lists, "a statement with a list is run by itself"
        text = self._text(())
        given = [{**self._fixed, **each} for each in values] if self._fixed else values
        driver.executemany(text.text, [text.row(each) for each in given])

    def _filled(self, values: Values) -> tuple[str, tuple[object, ...]]:
        given = {**self._fixed, **values} if self._fixed else values
        if not self._lists:
            text = self._text(())
            return text.text, text.row(given)
        lists = {name: _flat(given[name]) for name in self._lists}
        text = self._text(tuple(map(len, lists.values())), given)
        return text.text, text.row_with_lists(given, lists)

    def _text(self, sizes: tuple[int, ...], sample: Values | None = None) -> _Text:
        text = self._texts.get(sizes)
        if text is None:
            text = self._texts[sizes] = self._expanded(sample) if sizes else self._plain()
        return text

    def _plain(self) -> _Text:
        compiled = self._compiled
        assert compiled.positiontup is not None, "the values of this database's statements go by position"
        binds = [compiled.binds[name] for name in compiled.positiontup]
        return _Text(compiled.string, tuple((bind.key, None, self._convert(bind.type)) for bind in binds))

    def _expanded(self, sample: Values | None) -> _Text:
        compiled = self._compiled
        state = compiled.construct_expanded_state(dict(sample or {}))
        assert state.positiontup is not None, "the values of this database's statements go by position"
        within = {
            part: (name, at) for name, parts in state.parameter_expansion.items() for at, part in enumerate(parts)
        }
        places: list[tuple[str, int | None, Convert | None]] = []
        for name in state.positiontup:
            key, at = within.get(name, (name, None))
            bind = compiled.binds[key]
            places.append((bind.key, at, self._convert(_type_within(bind, at))))
        return _Text(state.statement, tuple(places))

    def _convert(self, kind: TypeEngine[object]) -> Convert | None:
        if isinstance(kind, Words):  # of most columns: without the detour over its class
            return storable_or_none
        return kind.dialect_impl(self._dialect).bind_processor(self._dialect)


@lru_cache(maxsize=512)
def prepare(statement: Executable, names: tuple[str, ...], dialect: sqlalchemy.Dialect) -> Prepared:
    assert isinstance(statement, ClauseElement)
    return Prepared(statement, names, dialect)


def _type_within(bind: BindParameter[object], at: int | None) -> TypeEngine[object]:
    """Of a list of tuples, the type of the column in it."""
    types = getattr(bind.type, "types", None)
    return bind.type if types is None or at is None else types[at % len(types)]


def _flat(values: object) -> list[object]:
    assert isinstance(values, Sequence), "IN takes a list"
    if values and isinstance(values[0], tuple):
        return [part for each in values for part in each]
    return list(values)


def _results(statement: ClauseElement, dialect: sqlalchemy.Dialect) -> tuple[tuple[int, Convert], ...]:
    """Which columns of a result are made into something else, and how."""
    if not isinstance(statement, Select):
        return ()
    return tuple(_converters(statement, dialect))


def _converters(statement: Select[Unpack[TupleAny]], dialect: sqlalchemy.Dialect) -> Iterator[tuple[int, Convert]]:
    for index, column in enumerate(statement.selected_columns):
        make = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if make is not None:
            yield index, make


def _converted(row: list[object], results: tuple[tuple[int, Convert], ...]) -> list[object]:
    for index, make in results:
        row[index] = make(row[index])
    return row
