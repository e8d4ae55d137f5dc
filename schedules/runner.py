"""The ticker: the only file that knows APScheduler. Whether a job was done is in our tables, not in its memory."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from schedules.job import Job

LATE_SECONDS = 3600
"""A late run still counts: the default of one second drops it."""


SHORTEST_SECONDS = 0.5


async def tick(jobs: Sequence[Job], fire: Callable[[Job], Awaitable[None]], speed: float = 1) -> None:
    """Calls ``fire`` for each job once in its period, until cancelled. What ``fire`` raises ends the ticker.

    speed: how much faster than the world the jobs' clock runs.
    """
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    scheduler = AsyncIOScheduler(
        executors={"default": AsyncIOExecutor()},
        job_defaults={"coalesce": True, "misfire_grace_time": LATE_SECONDS, "max_instances": 1},
    )

    async def run(job: Job) -> None:
        try:
            await fire(job)
        except Exception as error:  # noqa: BLE001  handed to whoever waits below: the process must stop loudly
            if not failed.done():
                failed.set_exception(error)

    for job in jobs:
        seconds = max(SHORTEST_SECONDS, job.every.total_seconds() / speed)
        scheduler.add_job(run, IntervalTrigger(seconds=seconds), args=[job], id=job.name)
    scheduler.start()
    try:
        await failed
    finally:
        scheduler.shutdown(wait=False)
