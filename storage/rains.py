"""Rains that people are asked about, inside a unit of work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.rains import Rain, Told
from domain.vocabulary import TicketNumber
from storage.moments import Moments, stored
from storage.shelf import Shelf
from storage.statements import Record, Statements
from storage.storm_tables import rains
from storage.transaction import Transaction


class SqlRains:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._shelf: Shelf[Rain] = Shelf(transaction, rains, _row, lambda row: _rain(row, transaction.moments))

    async def put(self, rain: Rain) -> Rain:
        rain = replace(rain, id=rain.id or self._transaction.counters.next("last_storm"))
        self._shelf.put(rain.id, rain)
        return rain

    async def current(self) -> Rain | None:
        def stands(rain: Rain) -> bool:
            return rain.asked_at is None and rain.told is not Told.PERSON

        c = rains.c
        found = await self._shelf.which(c.asked_at.is_(None) & (c.told != Told.PERSON.value), stands)
        return found[-1] if found else None

    async def due(self, now: datetime) -> Sequence[Rain]:
        def is_due(rain: Rain) -> bool:
            return rain.due_at is not None and rain.due_at <= now

        return await self._shelf.which(rains.c.due_at.is_not(None) & (rains.c.due_at <= stored(now)), is_due)

    def flush(self, statements: Statements) -> None:
        self._shelf.flush(statements)


def _row(rain: Rain) -> dict[str, object]:
    return {
        "began_at": stored(rain.began_at),
        "told": rain.told.value,
        "over_at": stored(rain.over_at),
        "due_at": stored(rain.due_at),
        "asked_at": stored(rain.asked_at),
        "tickets": list(rain.only),
    }


def _rain(row: Record, moments: Moments) -> Rain:
    return Rain(
        moments.at(row.began_at), Told(row.told), moments.maybe(row.over_at), moments.maybe(row.due_at),
        moments.maybe(row.asked_at), tuple(TicketNumber(n) for n in row.tickets), row.id,
    )  # fmt: skip
