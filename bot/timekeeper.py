"""Fires the jobs of schedules/ against the store: once a fire time, in one commit with what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.clocks import Bell, RunningClock
from bot.roster import as_it_is
from domain.errors import StoreError
from domain.ports import Store
from domain.queues import Housekeeping
from domain.roster import Community
from schedules.job import Job, Tick
from schedules.runner import tick

LATE_AFTER = timedelta(minutes=2)
log = structlog.get_logger("timekeeper")


@dataclass(slots=True)
class Timekeeper:
    jobs: Sequence[Job]
    housekeeping: Housekeeping
    store: Store
    community: Community
    clock: RunningClock
    spoken: Bell

    async def run(self) -> None:
        await tick(self.jobs, self.fire, self.clock.speed)

    async def fire(self, job: Job) -> None:
        """A store that is away is no reason to stop: the next period finds the same work."""
        now = self.clock.now()
        fire_at = job.fire_time(now)
        try:
            await self._run(job, Tick(fire_at, now, self.community, self.housekeeping, LATE_AFTER * self.clock.speed))
        except StoreError as error:
            log.warning("job.store_unavailable", job=job.name, error=str(error))

    async def fire_what_is_due(self) -> None:
        """The jobs that go by rows: in a replay, and where the ticker is found to have stood still."""
        for job in self.jobs:
            if job.by_rows:
                await self.fire(job)

    async def _run(self, job: Job, at: Tick) -> None:
        if job.run is not None:
            await job.run(at)
        if job.say is not None and (job.by_rows or await self.housekeeping.fired(job.name, at.fire_at)):
            async with self.store.begin(at.now) as work:
                community = await as_it_is(at.community, work, at.now)
                replies = await job.say(replace(at, community=community), work)
                await work.outbox.put(replies, at.now)
            if replies:
                self.spoken.ring()
