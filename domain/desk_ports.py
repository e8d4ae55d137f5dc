"""What the office asks of the store: who works here and when, who saw what, and what is taken out."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from domain.duty import DutyWord
from domain.messages import Person
from domain.records import Access, HotlineOrder, KeptText
from domain.roster import Staff
from domain.statistics import Case
from domain.vocabulary import StaffId, TicketNumber


class Roster(Protocol):
    """Staff from a spreadsheet (their accounts are bindings, see People), and who said that they are on duty."""

    async def imported(self) -> Sequence[Staff]: ...

    async def put(self, staff: Staff) -> None: ...

    async def drop(self, id: StaffId) -> None: ...

    async def duty_words(self) -> Sequence[DutyWord]:
        """The latest of each."""
        ...

    async def say(self, word: DutyWord) -> None: ...


class Accesses(Protocol):
    """Who saw, exported or erased data of persons; only ever added to."""

    async def note(self, access: Access) -> None: ...


class Traces(Protocol):
    """What is kept of one person."""

    async def texts(self, person: Person) -> Sequence[KeptText]: ...

    async def photos(self, person: Person) -> int: ...

    async def tickets(self, person: Person) -> Sequence[TicketNumber]:
        """Reported by this person, at any time."""
        ...

    async def forget(self, person: Person, tickets: Collection[TicketNumber]) -> None:
        """Person, name and words leave the histories of these tickets; that something was done stays."""
        ...

    async def forget_contacts(self, tickets: Collection[TicketNumber]) -> None:
        """How to reach whoever reported by phone leaves their histories."""
        ...

    async def wipe(self, person: Person, name: str, words: Collection[str], needed: Collection[TicketNumber]) -> None:
        """What repeats their words or names them goes: sent messages, quotations, drafts, open questions, their photos.
        needed: tickets that are still open, and keep what they need."""
        ...


class DeskWork(Protocol):
    """The part of a unit of work that is about the office."""

    @property
    def roster(self) -> Roster: ...

    @property
    def accesses(self) -> Accesses: ...

    @property
    def traces(self) -> Traces: ...


class DeskModels(Protocol):
    """The part of the read models that is about the office."""

    async def cases(self, after: TicketNumber, limit: int, since: datetime, until: datetime) -> Sequence[Case]:
        """Tickets reported from since up to until with their histories, by number, those above ``after``."""
        ...

    async def reported(self, since: datetime, until: datetime) -> int:
        """How many tickets that is."""
        ...

    async def ledger(self, since: datetime, until: datetime) -> Sequence[HotlineOrder]: ...

    async def accesses(self, since: datetime, until: datetime) -> Sequence[Access]: ...
