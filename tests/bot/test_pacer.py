"""How fast one account speaks."""

from datetime import timedelta
from random import Random

import pytest

from bot.pacer import Pacer
from domain.ports import Pace
from domain.vocabulary import Priority
from tests.moments import NOON

SECOND = timedelta(seconds=1)


def pacer(**pace: float) -> Pacer:
    return Pacer(Pace(**pace), Random(1))  # type: ignore[arg-type]  # numbers by name


def test_a_network_without_limits_may_speak_at_once():
    free = pacer(same_chat_seconds=0)
    free.sent(NOON)
    assert free.may_send_at(Priority.BROADCAST, NOON) == NOON
    assert not free.one_at_a_time


def test_between_two_chats_is_a_pause():
    slow = pacer(any_chat_seconds=3)
    slow.sent(NOON)
    assert slow.may_send_at(Priority.EMERGENCY, NOON + SECOND) == NOON + 3 * SECOND
    assert slow.one_at_a_time


def test_a_pause_is_never_shorter_than_asked_for_and_varies():
    pauses = {pacer_with(seed).next_in_chat(NOON) - NOON for seed in range(20)}
    assert min(pauses) >= SECOND
    assert max(pauses) <= 1.5 * SECOND
    assert len(pauses) > 10


def pacer_with(seed: int) -> Pacer:
    return Pacer(Pace(same_chat_seconds=1, jitter=0.5), Random(seed))


@pytest.mark.parametrize(
    "priority, sent, free",
    [
        (Priority.BROADCAST, 29, True),
        (Priority.BROADCAST, 30, False),
        (Priority.PROGRESS, 30, False),
        (Priority.ANSWER, 30, True),
        (Priority.ANSWER, 39, True),
        (Priority.ANSWER, 40, False),
        (Priority.EMERGENCY, 39, True),
    ],
)
def test_a_quarter_of_the_minute_is_kept_for_answers_and_emergencies(priority: Priority, sent: int, free: bool):
    slow = pacer(same_chat_seconds=0, per_minute=40)
    for n in range(sent):
        slow.sent(NOON + n * SECOND / 10)
    now = NOON + 10 * SECOND
    assert (slow.may_send_at(priority, now) == now) is free
    assert slow.may_send_at(priority, now) <= NOON + timedelta(minutes=1) + 10 * SECOND
