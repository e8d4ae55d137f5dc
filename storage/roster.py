"""Staff from a spreadsheet, and who said that they are on duty, in a unit of work. There are few: all are loaded."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from domain.duty import DutyWord
from domain.roster import Staff
from domain.vocabulary import BuildingId, Role, StaffId
from storage.desk_tables import duty_words, roster
from storage.moments import stored
from storage.staging import Staged
from storage.statements import Record, Statements
from storage.transaction import Transaction


class SqlRoster:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._people: Staged[StaffId, Staff | None] | None = None
        self._words: Staged[StaffId, DutyWord] | None = None

    async def imported(self) -> Sequence[Staff]:
        return [staff for staff in (await self._all_people()).values() if staff is not None]

    async def put(self, staff: Staff) -> None:
        (await self._all_people()).put(staff.id, staff)

    async def drop(self, id: StaffId) -> None:
        (await self._all_people()).put(id, None)

    async def duty_words(self) -> Sequence[DutyWord]:
        return list((await self._all_words()).values())

    async def say(self, word: DutyWord) -> None:
        (await self._all_words()).put(word.staff, word)

    def flush(self, statements: Statements) -> None:
        community = self._transaction.community
        if self._people is not None:
            changed = self._people.changed
            gone = [id for id, staff in changed.items() if staff is None]
            if gone:
                statements.run(delete(roster).where(roster.c.community == community, roster.c.staff.in_(gone)))
            rows = [_staff_row(community, staff) for staff in changed.values() if staff is not None]
            statements.run_many(statements.dialect.replaced(roster), rows)
        if self._words is not None:
            words = [
                {"community": community, "staff": word.staff, "on_duty": word.on, "at": stored(word.at)}
                for word in self._words.changed.values()
            ]
            statements.run_many(statements.dialect.replaced(duty_words), words)

    def keep(self) -> None:
        for staged in (self._people, self._words):
            if staged is not None:
                staged.keep()

    async def _all_people(self) -> Staged[StaffId, Staff | None]:
        memory = self._transaction.memory
        if memory.all_roster is None:
            query = select(roster).where(roster.c.community == self._transaction.community).order_by(roster.c.staff)
            memory.all_roster = {StaffId(row.staff): _staff(row) for row in await self._transaction.rows(query)}
        if self._people is None:
            self._people = Staged(self._transaction.journal, memory.all_roster)
        return self._people

    async def _all_words(self) -> Staged[StaffId, DutyWord]:
        memory, at = self._transaction.memory, self._transaction.moments.at
        if memory.all_duty_words is None:
            of_us = duty_words.c.community == self._transaction.community
            rows = await self._transaction.rows(select(duty_words).where(of_us).order_by(duty_words.c.staff))
            words = [DutyWord(StaffId(row.staff), row.on_duty, at(row.at)) for row in rows]
            memory.all_duty_words = {word.staff: word for word in words}
        if self._words is None:
            self._words = Staged(self._transaction.journal, memory.all_duty_words)
        return self._words


def _staff_row(community: str, staff: Staff) -> dict[str, object]:
    return {
        "community": community,
        "staff": staff.id,
        "name": staff.name,
        "role": staff.role.value,
        "buildings": list(staff.buildings),
        "phone": staff.phone,
    }


def _staff(row: Record) -> Staff:
    buildings = tuple(BuildingId(id) for id in row.buildings)
    return Staff(StaffId(row.staff), row.name, Role(row.role), buildings, row.phone)
