"""When a message that did not go out is tried again, or given up. Data in, decision out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import ChannelError, UnknownOutcome
from domain.records import DeliveryState
from domain.vocabulary import Priority, ReplyKind

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
MOST_ATTEMPTS = 12
"""Twenty-three minutes: long enough for a restart, short enough that one odd message does not block its group. Only
where the account is known to reach others: a link that is down kills nothing, however long."""


@dataclass(frozen=True, slots=True)
class Verdict:
    state: DeliveryState
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """attempts: with the last one, counting from 1. reachable: other messages of the account went out meanwhile."""

    attempts: int
    kind: ReplyKind
    priority: Priority
    reachable: bool = True


def after(error: ChannelError, tried: Tried, now: datetime) -> Verdict:
    """What becomes of a message whose last try ended with ``error``."""
    wait = now + _wait(error, tried.attempts)
    if isinstance(error, UnknownOutcome):
        return _after_unknown(error, tried, wait)
    if not error.retry:
        return Verdict(DeliveryState.DEAD, now, f"refused for good: {error}")
    if tried.attempts >= MOST_ATTEMPTS and tried.reachable:
        return Verdict(DeliveryState.DEAD, now, f"given up after {tried.attempts} tries: {error}")
    return Verdict(DeliveryState.RETRY, wait, str(error))


def _after_unknown(error: UnknownOutcome, tried: Tried, wait: datetime) -> Verdict:
    """A double acknowledgement or call is better than none; a double post is worse than a line in the ledger."""
    worth_a_double = (
        tried.kind in {ReplyKind.ACK, ReplyKind.ALERT, ReplyKind.REMINDER} or tried.priority is Priority.EMERGENCY
    )
    if worth_a_double and tried.attempts < MOST_ATTEMPTS:
        return Verdict(DeliveryState.RETRY, wait, f"outcome unknown, sent again: {error}")
    return Verdict(DeliveryState.UNKNOWN, wait, f"outcome unknown, left for a person: {error}")


def _wait(error: ChannelError, attempts: int) -> timedelta:
    if error.after_seconds is not None:
        return timedelta(seconds=max(0.0, error.after_seconds))
    return min(FIRST_WAIT * (1 << min(max(attempts - 1, 0), 10)), LONGEST_WAIT)
