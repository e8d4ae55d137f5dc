"""When a message that did not go out is tried again, or given up. Data in, decision out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import ChannelError, UnknownOutcome
from domain.records import DeliveryState
from domain.vocabulary import Priority, ReplyKind

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
MOST_ATTEMPTS = 12
"""Twenty-three minutes: long enough for a restart, short enough that one odd message does not block its group."""


@dataclass(frozen=True, slots=True)
class Verdict:
    state: DeliveryState
    at: datetime
    reason: str


def after(error: ChannelError, *, attempts: int, kind: ReplyKind, priority: Priority, now: datetime) -> Verdict:
    """What becomes of a message whose ``attempts``-th try (counting from 1) ended with ``error``."""
    wait = now + _wait(error, attempts)
    if isinstance(error, UnknownOutcome):
        return _after_unknown(error, attempts, kind, priority, wait)
    if not error.retry:
        return Verdict(DeliveryState.DEAD, now, f"refused for good: {error}")
    if attempts >= MOST_ATTEMPTS:
        return Verdict(DeliveryState.DEAD, now, f"given up after {attempts} tries: {error}")
    return Verdict(DeliveryState.RETRY, wait, str(error))


def _after_unknown(
    error: UnknownOutcome, attempts: int, kind: ReplyKind, priority: Priority, wait: datetime
) -> Verdict:
    """A double acknowledgement or call is better than none; a double post is worse than a line in the ledger."""
    worth_a_double = kind in {ReplyKind.ACK, ReplyKind.ALERT, ReplyKind.REMINDER} or priority is Priority.EMERGENCY
    if worth_a_double and attempts < MOST_ATTEMPTS:
        return Verdict(DeliveryState.RETRY, wait, f"outcome unknown, sent again: {error}")
    return Verdict(DeliveryState.UNKNOWN, wait, f"outcome unknown, left for a person: {error}")


def _wait(error: ChannelError, attempts: int) -> timedelta:
    if error.after_seconds is not None:
        return timedelta(seconds=max(0.0, error.after_seconds))
    return min(FIRST_WAIT * (1 << min(max(attempts - 1, 0), 10)), LONGEST_WAIT)
