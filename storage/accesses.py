"""The access log, inside a unit of work and beside it."""

from datetime import datetime

from sqlalchemy import insert, select

from domain.records import Access
from domain.vocabulary import StaffId
from storage.desk_tables import accesses
from storage.moments import Moments, stored
from storage.staging import StagedList
from storage.statements import Query, Record, Statements, Values
from storage.transaction import Transaction

_INSERT = insert(accesses)


class SqlAccesses:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._added: StagedList[Values] = StagedList(transaction.journal)

    async def note(self, access: Access) -> None:
        id = self._transaction.counters.next("last_access")
        self._added.add(
            {
                "community": self._transaction.community,
                "id": id,
                "at": stored(access.at),
                "who": access.who,
                "staff": access.staff,
                "what": access.what,
                "about": access.about,
                "source": access.source,
            }
        )

    def flush(self, statements: Statements) -> None:
        statements.run_many(_INSERT, self._added)


def accesses_between(community: str, since: datetime, until: datetime) -> Query:
    c = accesses.c
    theirs = (c.community == community, c.at >= stored(since), c.at < stored(until))
    return select(accesses).where(*theirs).order_by(c.id)


def access_of(row: Record, moments: Moments) -> Access:
    staff = StaffId(row.staff) if row.staff is not None else None
    return Access(moments.at(row.at), row.who, row.what, row.about, row.source, staff)
