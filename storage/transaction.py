"""What the repositories of one unit of work share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from domain.errors import StoreError
from domain.messages import Chat, Person
from domain.records import ChatRecord, PersonRecord
from domain.roster import Community
from domain.vocabulary import StaffId
from storage.connections import Session
from storage.memory import Memory
from storage.moments import Moments
from storage.staging import Journal
from storage.statements import Query, Record, Statements, Values
from storage.tables import communities

COUNTED = (
    "version", "last_ticket", "last_event", "last_outbox", "last_look", "last_correction", "last_storm", "last_plan",
    "last_meeting",
    "last_access",
)  # fmt: skip
_OURS = communities.c.community == bindparam("of_community")
_VERSION = select(communities.c.version).where(_OURS)
_LOCK = select(*(communities.c[name] for name in COUNTED)).where(_OURS).with_for_update()
_WRITE = update(communities).where(_OURS).values({name: bindparam(f"new_{name}") for name in COUNTED})


class Configured:
    """What the configuration says of people and chats. It wins over what the database remembers."""

    def __init__(self, community: Community) -> None:
        self.community = community
        self.staff = {Person(channel, id): s.id for s in community.staff.values() for channel, id in s.accounts.items()}
        self.groups = {Chat(group.channel, group.id): group for group in community.groups}

    def person(self, person: Person) -> PersonRecord:
        return PersonRecord(person, staff=self.staff.get(person))

    def chat(self, chat: Chat) -> ChatRecord:
        return ChatRecord(chat, self.groups.get(chat))

    def accounts(self, staff: StaffId) -> tuple[Person, ...]:
        return tuple(person for person, id in self.staff.items() if id == staff)


class Counters:
    """The community's row: the last numbers given out, and the version. Holding it is holding the lock."""

    def __init__(self, journal: Journal, values: dict[str, int]) -> None:
        self._journal = journal
        self._values = values
        self._read = values["version"]

    @property
    def version(self) -> int:
        return self._values["version"]

    @property
    def last_ticket(self) -> int:
        return self._values["last_ticket"]

    def next(self, name: str) -> int:
        before = self._values[name]
        self._journal.note(lambda: self._values.__setitem__(name, before))
        self._values[name] = before + 1
        return before + 1

    def check_current(self, statements: Statements, community: str) -> None:
        """Raises StoreError where somebody else wrote since these were read. Nothing of ours is written then."""
        version = statements.number(_VERSION, {"of_community": community})
        if version != self._read:
            raise StoreError("another process wrote meanwhile; expected one process a database file")

    def write(self, statements: Statements, community: str) -> None:
        statements.run_many(_WRITE, [{"of_community": community, **{f"new_{k}": v for k, v in self._values.items()}}])


def lock_community(statements: Statements, community: str, journal: Journal) -> Counters:
    """Waits for everybody who changes tickets in this community. SQLite: the transaction has the lock already."""
    row = statements.row(_LOCK, {"of_community": community})
    assert row is not None, "the community's row is made when the database is opened"
    return Counters(journal, row._asdict())


@dataclass(frozen=True, slots=True)
class Transaction:
    session: Session
    community: str
    configured: Configured
    moments: Moments
    memory: Memory
    journal: Journal
    counters: Counters
    now: datetime

    async def rows(self, query: Query, values: Values | None = None) -> Sequence[Record]:
        return await self.session.glance(lambda statements: statements.rows(query, values))
