"""People, their bindings and the one-time codes, inside a unit of work."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import ColumnElement, bindparam, case, select, tuple_

from domain.messages import Person
from domain.records import Code, PersonRecord
from domain.vocabulary import BuildingId, Role, StaffId
from storage.columns import padded
from storage.dialects import Dialect, Insert
from storage.moments import Moments, stored
from storage.staging import Staged
from storage.statements import Record, Statements
from storage.tables import codes, people
from storage.ticket_rows import location_of, location_row
from storage.transaction import Transaction

_THESE = select(people).where(
    people.c.community == bindparam("of_community"),
    tuple_(people.c.channel, people.c.person).in_(bindparam("keys", expanding=True)),
)


class SqlPeople:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._memory = transaction.memory
        self._staged = Staged(transaction.journal, self._memory.people)
        self._codes: Staged[str, Code] | None = None

    async def get(self, person: Person) -> PersonRecord:
        if person not in self._staged:
            await self.preload([person])
        return self._staged.get(person) or self._transaction.configured.person(person)

    async def preload(self, persons: Collection[Person]) -> None:
        missing = list(dict.fromkeys(p for p in persons if p not in self._staged))
        if not missing:
            return
        configured = self._transaction.configured
        for person in missing:
            self._memory.people[person] = configured.person(person)
        which = {"of_community": self._transaction.community, "keys": padded([(p.channel, p.id) for p in missing])}
        for row in await self._transaction.rows(_THESE, which):
            record = self._record(row)
            self._memory.people[record.person] = record

    async def save(self, record: PersonRecord) -> None:
        await self.preload([record.person])
        self._staged.put(record.person, record)

    async def accounts(self, staff: StaffId) -> Sequence[Person]:
        if self._memory.all_accounts is None:
            self._memory.all_accounts = await self._load_accounts()
        changed = self._staged.changed
        fresh = [p for p, record in changed.items() if record.staff == staff]
        bound = [p for p in self._memory.all_accounts.get(staff, ()) if p not in changed]
        configured = self._transaction.configured.accounts(staff)
        return list(dict.fromkeys([*reversed(fresh), *bound, *configured]))

    async def volunteers(self, building: BuildingId | None) -> Sequence[PersonRecord]:
        c = people.c
        ours = select(people).where(c.community == self._transaction.community, c.volunteer.is_(True))
        rows = await self._transaction.rows(ours if building is None else ours.where(c.building == building))
        found = {record.person: record for record in map(self._record, rows)}
        for person, record in self._staged.changed.items():
            found.pop(person, None)
            if record.volunteer and building in {None, record.home.building}:
                found[person] = record
        return sorted(found.values(), key=lambda record: record.person)

    async def save_code(self, code: Code) -> None:
        (await self._all_codes()).put(code.digest, code)

    async def code(self, digest: str) -> Code | None:
        return (await self._all_codes()).get(digest)

    async def authorised(self) -> Sequence[Code]:
        used = (code for code in (await self._all_codes()).values() if code.used_at is not None)
        return sorted(used, key=lambda code: (code.used_at, code.digest))

    def flush(self, statements: Statements) -> None:
        community = self._transaction.community
        rows = [{"community": community, **self._row(record)} for record in self._staged.changed.values()]
        statements.run_many(_saving(statements.dialect), rows)
        if self._codes is not None:
            code_rows = [{"community": community, **_code_row(code)} for code in self._codes.changed.values()]
            statements.run_many(statements.dialect.replaced(codes), code_rows)

    def keep(self) -> None:
        if any(self._staged.below[p].staff != record.staff for p, record in self._staged.changed.items()):
            self._memory.all_accounts = None
        self._staged.keep()
        if self._codes is not None:
            self._codes.keep()

    async def _all_codes(self) -> Staged[str, Code]:
        if self._memory.all_codes is None:
            query = select(codes).where(codes.c.community == self._transaction.community).order_by(codes.c.digest)
            rows = await self._transaction.rows(query)
            self._memory.all_codes = {row.digest: _code(row, self._transaction.moments) for row in rows}
        if self._codes is None:
            self._codes = Staged(self._transaction.journal, self._memory.all_codes)
        return self._codes

    async def _load_accounts(self) -> dict[StaffId, tuple[Person, ...]]:
        c = people.c
        bound = select(c.staff, c.channel, c.person).where(
            c.community == self._transaction.community, c.staff.is_not(None)
        )
        rows = await self._transaction.rows(bound.order_by(c.bound_at.desc(), c.channel, c.person))
        accounts: dict[StaffId, tuple[Person, ...]] = {}
        for row in rows:
            staff = StaffId(row.staff)
            accounts[staff] = (*accounts.get(staff, ()), Person(row.channel, row.person))
        return accounts

    def _record(self, row: Record) -> PersonRecord:
        person = Person(row.channel, row.person)
        staff = self._transaction.configured.staff.get(person) or row.staff
        return PersonRecord(person, row.name, staff, location_of(row), row.opted_out, row.volunteer)

    def _row(self, record: PersonRecord) -> dict[str, object]:
        person = record.person
        configured = self._transaction.configured.staff.get(person) == record.staff
        staff = None if configured else record.staff
        return {
            "channel": person.channel,
            "person": person.id,
            "name": record.name,
            "staff": staff,
            "bound_at": stored(self._transaction.now) if staff else None,
            **location_row(record.home),
            "opted_out": record.opted_out,
            "volunteer": record.volunteer,
        }


@cache
def _saving(dialect: Dialect) -> Insert:
    """Somebody bound already keeps the time of it."""
    table = dialect.insert(people)
    changed: dict[str, ColumnElement[object]] = {
        c.name: table.excluded[c.name] for c in people.columns if not c.primary_key
    }
    same = people.c.staff.is_not_distinct_from(table.excluded.staff)
    changed["bound_at"] = case((same, people.c.bound_at), else_=table.excluded.bound_at)
    return table.on_conflict_do_update(index_elements=list(people.primary_key), set_=changed)


def _code_row(code: Code) -> dict[str, object]:
    return {
        "digest": code.digest,
        "staff": code.staff,
        "name": code.name,
        "role": code.role.value,
        "buildings": list(code.buildings),
        "issued_at": stored(code.issued_at),
        "expires_at": stored(code.expires_at),
        "used_at": stored(code.used_at),
    }


def _code(row: Record, moments: Moments) -> Code:
    return Code(
        row.digest, StaffId(row.staff), row.name, Role(row.role), tuple(row.buildings),
        moments.at(row.issued_at), moments.at(row.expires_at), moments.maybe(row.used_at),
    )  # fmt: skip
