"""How often a language model is asked: a budget for each hour, and a rest after failures in a row."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
FAILURES_IN_A_ROW = 3
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=30)
SHORTEST_REST = timedelta(seconds=1)


@dataclass(slots=True)
class Limits:
    """In memory: a process that is started again begins with a full budget, which costs at most one hour's calls more;
    a table would cost a write for each call. What must never be exceeded is set at the provider.

    Three failures in a row begin a rest of a minute, each further one doubles it up to half an hour; after a rest one
    call tries whether it works again.
    """

    per_hour: int
    failures: int = 0
    """in a row"""
    rests_until: datetime | None = None
    fault: str = ""
    """the last one"""
    _calls: deque[datetime] = field(default_factory=deque)
    _trying: bool = False

    def open(self, now: datetime) -> bool:
        rested = self.rests_until is None or now >= self.rests_until
        return rested and not self._trying and self.calls(now) < self.per_hour

    def take(self, now: datetime) -> bool:
        """Before a call; False: it must not be made."""
        if not self.open(now):
            return False
        self._calls.append(now)
        self._trying = self.failures >= FAILURES_IN_A_ROW
        return True

    def calls(self, now: datetime) -> int:
        """In the last hour."""
        while self._calls and now - self._calls[0] >= HOUR:
            self._calls.popleft()
        return len(self._calls)

    def succeeded(self) -> None:
        self.failures, self.rests_until, self._trying = 0, None, False

    def dropped(self) -> None:
        """The call was given up by ourselves: it says nothing about the other side."""
        self._trying = False

    def failed(self, now: datetime, fault: str, rest: float | None) -> None:
        """rest: seconds that the other side asked for."""
        self.failures += 1
        self.fault, self._trying = fault, False
        if rest is not None:
            self.rests_until = now + min(max(timedelta(seconds=rest), SHORTEST_REST), HOUR)
        elif self.failures >= FAILURES_IN_A_ROW:
            doubled = FIRST_REST * 2 ** min(self.failures - FAILURES_IN_A_ROW, 10)
            self.rests_until = now + min(doubled, LONGEST_REST)
