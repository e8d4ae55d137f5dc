"""Chatter is erased half an hour after it was handled, as the joining notice promises."""

from datetime import timedelta

from schedules.job import Job, Tick

KEPT = timedelta(minutes=30)


async def _forget(tick: Tick) -> None:
    await tick.housekeeping.erase_chatter(tick.now - KEPT)


job = Job("forgetting", timedelta(minutes=1), run=_forget)
