"""Clocks in the community's zone: the real one, one that is set by hand (replay), one that runs faster (drills)."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, tzinfo


class SystemClock:
    speed = 1.0

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(UTC).astimezone(self._zone)

    def seconds_until(self, at: datetime) -> float:
        """How long to wait, in seconds of this machine; zero when it is past."""
        return max(0.0, (at - self.now()).total_seconds())


class ManualClock:
    """Stands still until it is set. It never goes back: a transcript with a late line must not undo what is known."""

    speed = 1.0

    def __init__(self, start: datetime, zone: tzinfo) -> None:
        self._now = start.astimezone(zone)

    def now(self) -> datetime:
        return self._now

    def set(self, to: datetime) -> None:
        self._now = max(self._now, to.astimezone(self._now.tzinfo))

    def seconds_until(self, at: datetime) -> float:
        return 0.0 if at <= self._now else 3600.0


class ScaledClock:
    """``speed`` times as fast as the world, from ``start`` on."""

    def __init__(self, start: datetime, zone: tzinfo, speed: float) -> None:
        self._start = start.astimezone(zone)
        self.speed = speed
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self.now()).total_seconds() / self.speed)

    def skip(self, seconds: float) -> None:
        """Ahead by so many seconds of this machine at the clock's speed."""
        self._began -= seconds


RunningClock = SystemClock | ManualClock | ScaledClock


class Bell:
    """Wakes a loop that waits for work. Rung while nobody waits, the next wait returns at once."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """New work, or ``seconds`` are over, whichever is first."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()
