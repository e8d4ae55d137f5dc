"""Complaint risk of a ticket: what raises it, what does not, and when staff have to hear of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.messages import Json
from domain.risk import Risk, alarmed, assess, changed
from domain.roster import ServiceTimes
from domain.tickets import BOT, Ticket, TicketEvent, What, move
from domain.vocabulary import Role, Status
from tests.domain.values import COMMUNITY, TICKET, ZONE, _staff

LIMITS = ServiceTimes(1, 10, 45, 120, 10)
EIGHT = datetime(2021, 8, 24, 8, 0, tzinfo=ZONE)
NEW = replace(TICKET, clocks=replace(TICKET.clocks, reported=EIGHT), since=EIGHT, updated=EIGHT)


def after(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def event(what: What, minutes: float = 1, **details: Json) -> TicketEvent:
    return TicketEvent(NEW.number, after(minutes), what, BOT, "", details)


CHASE = event(What.CHASED)
HOTLINE = event(What.ALERTED, tones=["HOTLINE"])
ANGER = event(What.ALERTED, tones=["ANGER"])
REOPENED = event(What.MOVED, to=Status.REOPENED)
ACCEPTED = move(NEW, Status.ACCEPTED, at=after(5))


@pytest.mark.parametrize(
    "ticket, events, minutes, level",
    [
        (NEW, [], 5, Risk.LOW),
        (NEW, [], 20, Risk.LOW),
        (NEW, [], 40, Risk.RAISED),
        (NEW, [], 24 * 10 + 1, Risk.HIGH),
        (NEW, [CHASE], 5, Risk.LOW),
        (NEW, [CHASE, CHASE], 5, Risk.RAISED),
        (NEW, [CHASE, CHASE], 40, Risk.HIGH),
        (NEW, [CHASE] * 20, 5, Risk.RAISED),
        (NEW, [HOTLINE], 5, Risk.HIGH),
        (NEW, [ANGER], 5, Risk.RAISED),
        (NEW, [ANGER, ANGER, ANGER], 5, Risk.RAISED),
        (NEW, [ANGER, CHASE, CHASE], 5, Risk.HIGH),
        (NEW, [event(What.ALERTED, tones=["WANTS_HUMAN"])], 5, Risk.LOW),
        (NEW, [event(What.ALERTED, reason="情绪激动")], 5, Risk.LOW),
        (NEW, [event(What.ALERTED, tones="HOTLINE")], 5, Risk.LOW),
        (NEW, [REOPENED, event(What.DISSATISFIED)], 5, Risk.HIGH),
        (ACCEPTED, [], 40, Risk.LOW),
        (ACCEPTED, [], 3 * 45 + 1, Risk.RAISED),
        (replace(ACCEPTED, next_at=after(600)), [], 3 * 45 + 1, Risk.LOW),
        (replace(ACCEPTED, next_at=after(100)), [], 3 * 45 + 1, Risk.RAISED),
        (move(ACCEPTED, Status.ON_SITE, at=after(30)), [], 140, Risk.LOW),
        (move(ACCEPTED, Status.RESOLVED, at=after(30)), [], 5000, Risk.LOW),
        (move(ACCEPTED, Status.CLOSED, at=after(30)), [HOTLINE, CHASE, CHASE], 5000, Risk.LOW),
    ],
)
def test_levels(ticket: Ticket, events: list[TicketEvent], minutes: float, level: Risk):
    assert assess(ticket, events, LIMITS, after(minutes)).level is level


def test_the_reasons_are_those_of_the_ticket_the_heaviest_first():
    assessed = assess(NEW, [CHASE, HOTLINE], LIMITS, after(15))
    assert assessed.reasons == ("提到打热线或找媒体", "15分钟没人接单", "催了1次")


def test_what_is_still_to_come_counts_for_nothing():
    assert assess(NEW, [event(What.ALERTED, 30, tones=["HOTLINE"])], LIMITS, after(5)).level is Risk.LOW


def test_chases_before_it_was_opened_again_are_over():
    again = replace(NEW, status=Status.REOPENED, clocks=replace(NEW.clocks, reopened=after(60)), since=after(60))
    assert assess(again, [CHASE, CHASE, CHASE], LIMITS, after(61)).reasons == ()


def test_a_rise_is_told_once_and_again_after_a_fall():
    high, low = assess(NEW, [HOTLINE], LIMITS, after(5)), assess(NEW, [], LIMITS, after(5))
    assert changed(high, [HOTLINE])
    said = [HOTLINE, event(What.RISK, level=Risk.HIGH)]
    assert not changed(high, said)
    assert changed(low, said)
    fell = [*said, event(What.RISK, level=Risk.LOW)]
    assert not changed(low, fell)
    assert changed(high, fell)
    assert changed(high, [*said, event(What.MOVED, to=Status.CLOSED)])


def test_whoever_has_it_and_the_secretary_hear_of_it():
    secretary = _staff("sec-chen", "陈向红", Role.SECRETARY, "3")
    town = replace(COMMUNITY, staff={**COMMUNITY.staff, secretary.id: secretary})
    worker = next(iter(COMMUNITY.staff.values()))
    people = alarmed(town, replace(NEW, assignee=worker.id))
    assert people[0] == worker
    assert secretary in people
    assert len({p.id for p in people}) == len(people)
