"""What staff put right, kept to learn from."""

from sqlalchemy import insert, or_, select

from domain.records import Corrected, Correction
from domain.vocabulary import StaffId, Status
from storage.moments import Moments, stored
from storage.staging import StagedList
from storage.statements import Query, Record, Statements, Values
from storage.tables import corrections, tickets
from storage.transaction import Transaction

_INSERT = insert(corrections)


class SqlCorrections:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._added: StagedList[Values] = StagedList(transaction.journal)

    async def add(self, correction: Correction) -> None:
        id = self._transaction.counters.next("last_correction")
        self._added.add({"community": self._transaction.community, "id": id, **_row(correction)})

    def flush(self, statements: Statements) -> None:
        statements.run_many(_INSERT, self._added)


def standing(community: str) -> Query:
    """Oldest first, without false alarms that were taken back since: their ticket is no longer cancelled."""
    c, t = corrections.c, tickets.c
    taken_back = (
        select(t.number)
        .where(t.community == c.community, t.number == c.ticket, t.status != Status.CANCELLED.value)
        .exists()
    )
    holds = or_(c.what != Corrected.FALSE_ALARM.value, ~taken_back)
    return select(corrections).where(c.community == community, holds).order_by(c.id)


def _row(correction: Correction) -> dict[str, object]:
    return {
        "at": stored(correction.at),
        "what": correction.what.value,
        "by_staff": correction.by,
        "ticket": correction.ticket,
        "look": correction.look,
        "text": correction.text,
        "before": dict(correction.before),
        "after": dict(correction.after),
    }


def correction_of(row: Record, moments: Moments) -> Correction:
    return Correction(
        moments.at(row.at), Corrected(row.what), StaffId(row.by_staff), row.text, row.before, row.after,
        row.ticket, row.look,
    )  # fmt: skip
