"""Takes what sources of warnings say, one after the other; passes on what is new, in one commit with its posts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.clocks import Bell
from bot.roster import as_it_is
from domain.editions import LOOK_BACK, Edition, Relay, Why
from domain.merging import agrees, aligned, trusted
from domain.messages import Reply
from domain.ports import Store, UnitOfWork
from domain.relaying import decide, without_a_person
from domain.roster import Community
from domain.warnings import SKEW, OfficialWarning, in_force
from handlers.passing_on import missing_reference, pass_on
from handlers.storm_keeping import Keeping

AT_ONCE = 20
"""Of one commit: whoever brings hundreds must not keep the groups' messages waiting. After a crash the rest is read
again."""
log = structlog.get_logger("feeds")
Silent = Callable[[OfficialWarning], bool]
"""Whether it was in force before anybody listened, so that it is no news."""


@dataclass(slots=True)
class Intake:
    """One for all sources of a process. levels: those that are passed on without a person. spoken: rung when something
    was put.
    """

    levels: Collection[str]
    store: Store
    community: Community
    spoken: Bell
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    """two sources that bring the same warning must each see what the other did"""

    async def take(
        self, source: str, warnings: Iterable[OfficialWarning], now: datetime, silent: Silent,
        more: Sequence[Reply] = (),
    ) -> list[OfficialWarning]:  # fmt: skip
        """In the order in which they were issued, whatever the order in the feed; each once. more: said beside it.
        Those that were not known. Raises StoreError, and nothing was done then."""
        news: list[OfficialWarning] = []
        ordered = sorted(warnings, key=lambda w: (w.issued_at, w.action.order, w.key))
        async with self._one_at_a_time:
            for start in range(0, len(ordered) or 1, AT_ONCE):
                async with self.store.begin(now) as work:
                    await work.outbox.put(() if start else more, now)
                    async for warning, said in self._pass_on(
                        work, source, ordered[start : start + AT_ONCE], now, silent
                    ):
                        news.append(warning)
                        await work.outbox.put(said, now)  # at once: the next one may withdraw it
            if news or more:
                self.spoken.ring()
        return news

    async def in_force(self, now: datetime) -> list[OfficialWarning]:
        """What stands, the highest level first. Raises StoreError."""
        async with self.store.begin(now) as work:
            return in_force(trusted(await work.storms.editions(now - LOOK_BACK)), now)

    async def _pass_on(
        self, work: UnitOfWork, source: str, warnings: Iterable[OfficialWarning], now: datetime, silent: Silent
    ) -> AsyncIterator[tuple[OfficialWarning, list[Reply]]]:
        community = await as_it_is(self.community, work, now)
        keeping = Keeping(work, community, now, "")
        for said in warnings:
            known = await work.storms.editions(now - LOOK_BACK)
            warning = aligned(replace(said, source=source), known)
            if any(_dealt_with(warning, known, now)):
                continue
            found = decide(warning, known, now, community.preparation.again_after)
            decision = without_a_person(found, warning, levels=self.levels, silent=silent(warning))
            log.info(
                "warning", source=source, key=warning.key, warning=warning.name, relay=decision.relay.value,
                why=decision.why.value, delay_seconds=round((now - warning.issued_at).total_seconds()),
            )  # fmt: skip
            replies = await pass_on(keeping, warning, decision)
            if decision.relay is not Relay.NOBODY and not silent(warning):
                replies += missing_reference(community, warning, known)
            yield warning, replies


def _dealt_with(warning: OfficialWarning, known: Sequence[Edition], now: datetime) -> Iterator[bool]:
    """What came ahead of its time is looked at once more when that has come."""
    for edition in known:
        known_as = edition.warning.key == warning.key and agrees(edition.warning, warning)
        yield known_as and not (edition.why is Why.AHEAD and warning.issued_at <= now + SKEW)
