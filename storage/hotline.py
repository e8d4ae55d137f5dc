"""Orders of the hotline inside a unit of work."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from domain.records import HotlineOrder
from domain.vocabulary import StaffId, TicketNumber
from storage.columns import storable
from storage.desk_tables import hotline_orders
from storage.moments import Moments, stored
from storage.staging import Staged
from storage.statements import Record, Statements
from storage.transaction import Transaction


class SqlHotline:
    """Few, and seldom asked for: nothing is remembered between units of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._orders: Staged[str, HotlineOrder] = Staged(transaction.journal, {})

    async def get(self, order: str) -> HotlineOrder | None:
        staged = self._orders.get(order)
        return staged or next(iter(await self._load(hotline_orders.c.order_number == storable(order))), None)

    async def save(self, order: HotlineOrder) -> None:
        self._orders.put(order.order, order)

    async def since(self, at: datetime) -> Sequence[HotlineOrder]:
        found = {order.order: order for order in await self._load(hotline_orders.c.at >= stored(at))}
        found |= {key: order for key, order in self._orders.changed.items() if order.at >= at}
        return sorted(found.values(), key=lambda order: (order.at, order.order))

    def flush(self, statements: Statements) -> None:
        rows = [
            {
                "community": self._transaction.community,
                "order_number": order.order,
                "at": stored(order.at),
                "by_staff": order.by,
                "words": order.words,
                "tickets": list(order.tickets),
            }
            for order in self._orders.changed.values()
        ]
        if rows:
            statements.run_many(statements.dialect.replaced(hotline_orders), rows)

    async def _load(self, which: ColumnElement[bool]) -> list[HotlineOrder]:
        of_us = hotline_orders.c.community == self._transaction.community
        rows = await self._transaction.rows(select(hotline_orders).where(of_us, which))
        return [order_of(row, self._transaction.moments) for row in rows]


def order_of(row: Record, moments: Moments) -> HotlineOrder:
    by = StaffId(row.by_staff) if row.by_staff is not None else None
    tickets = tuple(TicketNumber(number) for number in row.tickets)
    return HotlineOrder(row.order_number, moments.at(row.at), by, row.words, tickets)
