"""Storms, the warnings they hold, supplies and patrols."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, true

from domain.editions import Edition
from domain.storm_ports import SOURCE_KEY
from domain.storms import Check, Storm, StormSummary, SupplyMove
from domain.vocabulary import StaffId, TicketNumber
from domain.warnings import Action
from storage.moments import Moments, stored
from storage.shelf import Shelf
from storage.statements import Record, Statements
from storage.storm_tables import patrol_checks, storms, supply_moves, warnings
from storage.tables import heard
from storage.transaction import Transaction
from storage.warning_rows import edition_of, edition_row


class SqlStorms:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        moments = transaction.moments
        self._storms: Shelf[Storm] = Shelf(transaction, storms, _storm_row, lambda row: _storm(row, moments))
        self._editions: Shelf[Edition] = Shelf(transaction, warnings, edition_row, lambda row: edition_of(row, moments))
        self._moves: Shelf[SupplyMove] = Shelf(transaction, supply_moves, _move_row, lambda row: _move(row, moments))
        self._checks: Shelf[Check] = Shelf(transaction, patrol_checks, _check_row, lambda row: _check(row, moments))

    async def put(self, storm: Storm) -> Storm:
        storm = replace(storm, id=storm.id or self._next())
        self._storms.put(storm.id, storm)
        return storm

    async def current(self) -> Storm | None:
        found = await self._storms.which(storms.c.closed_at.is_(None), lambda storm: storm.open)
        return found[-1] if found else None

    async def latest(self) -> Storm | None:
        storm = await self.current()
        if storm is not None:
            return storm
        newest = select(func.max(storms.c.id)).where(storms.c.community == self._transaction.community)
        found = await self._storms.which(storms.c.id == newest.scalar_subquery(), lambda _: True)
        return found[-1] if found else None

    async def add_edition(self, edition: Edition) -> Edition:
        edition = replace(edition, id=self._next())
        self._editions.put(edition.id, edition)
        return edition

    async def editions(self, since: datetime) -> Sequence[Edition]:
        return await self._editions.which(warnings.c.seen_at > stored(since), lambda e: e.seen_at > since)

    async def sources_heard(self) -> Mapping[str, datetime]:
        named = (heard.c.community == self._transaction.community, heard.c.channel.startswith(SOURCE_KEY))
        rows = await self._transaction.rows(
            select(heard.c.channel, heard.c.until).where(*named).order_by(heard.c.channel)
        )
        return {row.channel.removeprefix(SOURCE_KEY): self._transaction.moments.at(row.until) for row in rows}

    async def add_move(self, move: SupplyMove) -> None:
        self._moves.put(self._next(), move)

    async def moves(self) -> Sequence[SupplyMove]:
        return await self._moves.which(true(), lambda _: True)

    async def put_check(self, check: Check) -> Check:
        check = replace(check, id=check.id or self._next())
        self._checks.put(check.id, check)
        return check

    async def checks(self, since: datetime) -> Sequence[Check]:
        return await self._checks.which(patrol_checks.c.at >= stored(since), lambda check: check.at >= since)

    def flush(self, statements: Statements) -> None:
        for shelf in (self._storms, self._editions, self._moves, self._checks):
            shelf.flush(statements)

    def _next(self) -> int:
        return self._transaction.counters.next("last_storm")


def summaries(statements: Statements, community: str, moments: Moments) -> list[StormSummary]:
    """Oldest first, with the number of warnings of each; what clears is none."""
    w = warnings.c
    told = (w.storm.is_not(None), w.action != Action.CANCEL.value)
    counted = select(w.storm, func.count().label("warnings")).where(w.community == community, *told)
    counts = {row.storm: row.warnings for row in statements.rows(counted.group_by(w.storm))}
    rows = statements.rows(select(storms).where(storms.c.community == community).order_by(storms.c.id))
    return [StormSummary(_storm(row, moments), counts.get(row.id, 0)) for row in rows]


def _storm_row(storm: Storm) -> dict[str, object]:
    return {
        "opened_at": stored(storm.opened_at),
        "level": storm.level,
        "reason": storm.reason,
        "by_name": storm.by,
        "closed_at": stored(storm.closed_at),
        "closed_by": storm.closed_by,
    }


def _storm(row: Record, moments: Moments) -> Storm:
    return Storm(
        moments.at(row.opened_at), row.level, row.reason, row.by_name, moments.maybe(row.closed_at), row.closed_by,
        row.id,
    )  # fmt: skip


def _move_row(move: SupplyMove) -> dict[str, object]:
    return {
        "thing": move.thing,
        "amount": move.amount,
        "counted": move.counted,
        "at": stored(move.at),
        "by_staff": move.by,
        "place": move.where,
    }


def _move(row: Record, moments: Moments) -> SupplyMove:
    return SupplyMove(
        row.thing, row.amount, row.counted, moments.at(row.at), StaffId(row.by_staff), row.place, row.id
    )  # fmt: skip


def _check_row(check: Check) -> dict[str, object]:
    return {
        "spot": check.spot,
        "words": check.words,
        "at": stored(check.at),
        "by_staff": check.by,
        "ticket": check.ticket,
        "photos": check.photos,
    }


def _check(row: Record, moments: Moments) -> Check:
    number = None if row.ticket is None else TicketNumber(row.ticket)
    return Check(row.spot, row.words, moments.at(row.at), StaffId(row.by_staff), number, row.photos, row.id)
