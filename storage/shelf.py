"""Rows of which there are few: read when asked for, written together, what is staged seen at once."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Table, select

from storage.staging import Staged
from storage.statements import Record, Statements
from storage.transaction import Transaction

V = TypeVar("V")


class Shelf(Generic[V]):
    """One table whose key is (community, number). row_of: without these two."""

    def __init__(
        self,
        transaction: Transaction,
        table: Table,
        row_of: Callable[[V], Mapping[str, object]],
        value_of: Callable[[Record], V],
    ) -> None:
        self._transaction = transaction
        self._table = table
        self._row_of = row_of
        self._value_of = value_of
        self._staged: Staged[int, V] = Staged(transaction.journal, {})
        [self._key] = [c.name for c in table.primary_key if c.name != "community"]

    async def which(self, where: ColumnElement[bool], holds: Callable[[V], bool]) -> list[V]:
        """By number. where: for what is stored; holds: the same for what is staged."""
        ours = select(self._table).where(self._table.c.community == self._transaction.community, where)
        rows = await self._transaction.rows(ours)
        found = {getattr(row, self._key): self._value_of(row) for row in rows}
        for number, value in self._staged.changed.items():
            found.pop(number, None)
            if holds(value):
                found[number] = value
        return [value for _, value in sorted(found.items())]

    def put(self, number: int, value: V) -> None:
        self._staged.put(number, value)

    def flush(self, statements: Statements) -> None:
        ours = {"community": self._transaction.community}
        rows = [{**ours, self._key: number, **self._row_of(v)} for number, v in self._staged.changed.items()]
        statements.run_many(statements.dialect.replaced(self._table), rows)
