"""What is asked of the store about storms, and about what is sent on somebody's word."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.drafts import Draft
from domain.editions import Edition
from domain.messages import Chat, Person
from domain.plans import Plan
from domain.storms import Check, Storm, StormSummary, SupplyMove

SOURCE_KEY = "warnings:"
"""What a source of warnings is called among the channels that are heard, before its name."""


class Drafts(Protocol):
    async def put(self, draft: Draft) -> None:
        """New or changed."""
        ...

    async def of(self, chat: Chat, person: Person, since: datetime) -> Sequence[Draft]:
        """Those that did not end, made after ``since``, the newest first."""
        ...


class Plans(Protocol):
    """Broadcasts for later."""

    async def put(self, plan: Plan) -> Plan:
        """New or changed; a new one gets its number."""
        ...

    async def coming(self) -> Sequence[Plan]:
        """Those with a next time, the soonest first."""
        ...

    async def scheduled(self) -> Sequence[Plan]:
        """Those of the configuration, called off or not."""
        ...


class Storms(Protocol):
    """Storms and what belongs to them."""

    async def put(self, storm: Storm) -> Storm:
        """New or changed; a new one gets its id."""
        ...

    async def current(self) -> Storm | None:
        """The one that is open."""
        ...

    async def latest(self) -> Storm | None:
        """The one that is open, else the one that was closed last."""
        ...

    async def add_edition(self, edition: Edition) -> Edition: ...

    async def editions(self, since: datetime) -> Sequence[Edition]:
        """Warnings dealt with since, oldest first."""
        ...

    async def sources_heard(self) -> Mapping[str, datetime]:
        """Until when each source of warnings was surely read, by its name; also those of earlier configurations."""
        ...

    async def add_move(self, move: SupplyMove) -> None: ...

    async def moves(self) -> Sequence[SupplyMove]:
        """Of the supplies, oldest first."""
        ...

    async def put_check(self, check: Check) -> Check:
        """New or changed; a new one gets its id."""
        ...

    async def checks(self, since: datetime) -> Sequence[Check]:
        """Of the patrol, from that moment on, oldest first."""
        ...


class StormWork(Protocol):
    """The part of a unit of work that is about storms."""

    @property
    def drafts(self) -> Drafts: ...

    @property
    def plans(self) -> Plans: ...

    @property
    def storms(self) -> Storms: ...


class StormModels(Protocol):
    """The part of the read models that is about storms."""

    async def storms(self) -> Sequence[StormSummary]:
        """Oldest first."""
        ...
