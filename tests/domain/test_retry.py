from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ChannelError, UnknownOutcome
from domain.records import DeliveryState
from domain.retry import LONGEST_WAIT, MOST_ATTEMPTS, Tried, after
from domain.vocabulary import Priority, ReplyKind
from tests.domain.values import NOW

DOWN = ChannelError("connection refused")
REFUSED = ChannelError("not in the group", retry=False)
SLOW_DOWN = ChannelError("too fast", after_seconds=90)
NONSENSE = ChannelError("too fast", after_seconds=-5)
TIMEOUT = UnknownOutcome("no answer")
FOLLOWING = {DeliveryState.RETRY, DeliveryState.UNKNOWN, DeliveryState.DEAD}


@pytest.mark.parametrize(
    "error, attempts, state, seconds",
    [
        pytest.param(DOWN, 1, DeliveryState.RETRY, 2, id="first failure: soon"),
        pytest.param(DOWN, 2, DeliveryState.RETRY, 4, id="then twice as long"),
        pytest.param(DOWN, 8, DeliveryState.RETRY, 256, id="and so on"),
        pytest.param(DOWN, 9, DeliveryState.RETRY, 300, id="five minutes at most"),
        pytest.param(DOWN, MOST_ATTEMPTS - 1, DeliveryState.RETRY, 300, id="the last but one"),
        pytest.param(DOWN, MOST_ATTEMPTS, DeliveryState.DEAD, 0, id="given up"),
        pytest.param(REFUSED, 1, DeliveryState.DEAD, 0, id="refused for good: never again"),
        pytest.param(SLOW_DOWN, 1, DeliveryState.RETRY, 90, id="the network says when"),
        pytest.param(NONSENSE, 1, DeliveryState.RETRY, 0, id="never in the past"),
        pytest.param(TIMEOUT, 1, DeliveryState.UNKNOWN, 2, id="unknown outcome of a post: left for a person"),
    ],
)
def test_what_becomes_of_a_post(error: ChannelError, attempts: int, state: DeliveryState, seconds: int):
    verdict = after(error, Tried(attempts, ReplyKind.PROGRESS, Priority.PROGRESS), NOW)
    assert (verdict.state, verdict.at) == (state, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("kind", ReplyKind)
@pytest.mark.parametrize("priority", Priority)
def test_an_unknown_outcome_of_every_kind(kind: ReplyKind, priority: Priority):
    """A double acknowledgement is better than none; a double progress post is not."""
    worth_a_double = kind in {ReplyKind.ACK, ReplyKind.ALERT, ReplyKind.REMINDER} or priority is Priority.EMERGENCY
    verdict = after(TIMEOUT, Tried(1, kind, priority), NOW)
    assert verdict.state is (DeliveryState.RETRY if worth_a_double else DeliveryState.UNKNOWN)
    last = after(TIMEOUT, Tried(MOST_ATTEMPTS, kind, priority), NOW)
    assert last.state is DeliveryState.UNKNOWN


def test_the_reason_names_the_error():
    for error in (DOWN, REFUSED, TIMEOUT):
        verdict = after(error, Tried(1, ReplyKind.ACK, Priority.ANSWER), NOW)
        assert str(error) in verdict.reason


def test_all_tries_together_take_twenty_three_minutes():
    waits = [after(DOWN, Tried(n, ReplyKind.ACK, Priority.ANSWER), NOW).at - NOW for n in range(1, MOST_ATTEMPTS)]
    assert list(accumulate(waits))[-1] // timedelta(minutes=1) == 23


@given(st.integers(0, 1000), st.sampled_from(ReplyKind), st.sampled_from(Priority), st.sampled_from([DOWN, TIMEOUT]))
def test_a_wait_is_bounded_and_ends(attempts: int, kind: ReplyKind, priority: Priority, error: ChannelError):
    verdict = after(error, Tried(attempts, kind, priority), NOW)
    assert verdict.state in FOLLOWING
    assert timedelta() <= verdict.at - NOW <= LONGEST_WAIT
    assert attempts < MOST_ATTEMPTS or verdict.state is not DeliveryState.RETRY


@given(st.integers(1, 10_000), st.sampled_from(ReplyKind), st.sampled_from(Priority))
def test_nothing_dies_of_a_link_that_reaches_nobody(attempts: int, kind: ReplyKind, priority: Priority):
    verdict = after(DOWN, Tried(attempts, kind, priority, reachable=False), NOW)
    assert verdict.state is DeliveryState.RETRY
    assert verdict.at - NOW <= LONGEST_WAIT
