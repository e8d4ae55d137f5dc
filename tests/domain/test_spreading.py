"""Who hears first where the network takes one message after the other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.messages import Chat, Reply
from domain.pace import plan
from domain.records import OutboxRow
from domain.spreading import ANSWERS_AHEAD, RED_AHEAD, at_risk_first, in_turn
from domain.tickets import Ticket
from domain.understanding import Location
from domain.vocabulary import BuildingId, Priority, Status
from tests.domain.values import COMMUNITY, NOW, TICKET

BUILDINGS = [BuildingId(id) for id in COMMUNITY.buildings]


def leaked(building: BuildingId, times: int, status: Status = Status.CLOSED) -> list[Ticket]:
    return [replace(TICKET, location=Location(building=building), status=status) for _ in range(times)]


def test_buildings_that_lie_low_come_first_then_those_that_leaked_most():
    first, *others = BUILDINGS
    last = others[-1]
    past = [*leaked(last, 3), *leaked(first, 1)]
    assert at_risk_first(COMMUNITY, past)[:2] == [last, first]
    low = replace(COMMUNITY.buildings[first], low_lying=True)
    lying = replace(COMMUNITY, buildings={**COMMUNITY.buildings, first: low})
    assert at_risk_first(lying, past)[:2] == [first, last]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.MERGED])
def test_what_was_no_trouble_counts_for_nothing(status: Status):
    assert at_risk_first(COMMUNITY, leaked(BUILDINGS[-1], 3, status)) == BUILDINGS


def test_they_fall_due_in_the_order_given_and_none_later_than_now():
    replies = [Reply(Chat("c", str(n)), "broadcast") for n in range(5)]
    dues = [reply.not_before or NOW for reply in in_turn(replies, NOW)]
    assert dues == sorted(set(dues))
    assert all(NOW - timedelta(seconds=1) < due < NOW for due in dues)


def row(id: int, template: str, ahead: timedelta, priority: Priority = Priority.EMERGENCY) -> OutboxRow:
    [reply] = in_turn([Reply(Chat("c", "g"), template, priority=priority)], NOW, ahead)
    return OutboxRow(id, reply, NOW)


def test_in_one_group_the_answer_comes_before_red_and_red_before_orange():
    rows = [
        row(1, "orange", timedelta(0)),
        row(2, "red", RED_AHEAD),
        row(3, "ack", ANSWERS_AHEAD),
        row(4, "blue", RED_AHEAD, Priority.BROADCAST),
    ]
    said = []
    while rows:
        [now] = plan(rows, (), NOW, COMMUNITY.budget, COMMUNITY.quiet_hours).send
        said.append(now.reply.template)
        rows = [r for r in rows if r.id != now.id]
    assert said == ["ack", "red", "orange", "blue"]
