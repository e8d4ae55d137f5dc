"""What one process remembers from one unit of work to the next, valid for one version of the community.

Every commit under the community's lock raises the version. A unit of work that finds another version than the
remembered one (another process wrote) loads the tickets that changed and forgets the rest.
"""

from datetime import datetime, timedelta

from domain.duty import DutyWord
from domain.messages import Chat, Person
from domain.records import ChatRecord, Code, PersonRecord, PhotoWindow, Question
from domain.roster import Staff
from domain.vocabulary import StaffId
from storage.talk_memory import TalkMemory
from storage.ticket_memory import TicketMemory

TICKETS_KEPT = timedelta(days=32)
"""How long ended tickets stay in memory: longer than anybody looks back."""
_MOST_PEOPLE = 20_000

InChat = tuple[Chat, Person]


class Memory:
    """Dictionaries that say "all" in their name are complete once they are not None."""

    def __init__(self) -> None:
        self.version: int | None = None
        self.tickets = TicketMemory()
        self.people: dict[Person, PersonRecord] = {}
        self.talks = TalkMemory()
        self.all_chats: dict[Chat, ChatRecord] | None = None
        self.all_accounts: dict[StaffId, tuple[Person, ...]] | None = None
        self.all_codes: dict[str, Code] | None = None
        self.all_roster: dict[StaffId, Staff | None] | None = None
        """None: dropped"""
        self.all_duty_words: dict[StaffId, DutyWord] | None = None
        self.all_questions: dict[InChat, Question | None] | None = None
        self.all_windows: dict[InChat, PhotoWindow] | None = None
        self._tidied: datetime | None = None

    def forget_all_but_tickets(self) -> None:
        self.people.clear()
        self.talks.forget()
        self.all_chats = self.all_accounts = self.all_codes = None
        self.all_roster = self.all_duty_words = None
        self.all_questions = self.all_windows = None

    def tidy(self, now: datetime) -> None:
        """Between units of work: keeps the size in bounds, however long the process runs."""
        if len(self.people) > _MOST_PEOPLE:
            self.people.clear()
        self.talks.tidy()
        if self._tidied is None or now - self._tidied > timedelta(hours=6):
            self._tidied = now
            self.all_questions = self.all_windows = None
            if self.tickets.since is not None:
                self.tickets.forget_ended(now - TICKETS_KEPT)
