"""The account of a storm: medians and the slowest, promises kept and missed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.accounts import Missed, Span, arrived_at, cleared_at, record, span
from domain.audit import Promised
from domain.roster import ServiceTimes
from domain.statistics import Case
from domain.tickets import BOT, Awaited, Clocks, TicketEvent, What
from domain.vocabulary import Status, TicketNumber, Urgency
from tests.domain.values import COMMUNITY, NOW, TICKET

TIMES = replace(COMMUNITY, service_times=dict.fromkeys(Urgency, ServiceTimes(1, 10, 45, 120, 10)))


def case(number: int, *, accepted: int | None = None, arrived: int | None = None, cleared: int | None = None,
         status: Status = Status.RESOLVED, events: tuple[TicketEvent, ...] = ()) -> Case:  # fmt: skip
    """Minutes since the report."""

    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOW + timedelta(minutes=minutes)

    clocks = Clocks(NOW, NOW, at(accepted), at(arrived), at(cleared))
    return Case(
        replace(TICKET, number=TicketNumber(number), clocks=clocks, status=status, urgency=Urgency.URGENT), events
    )


def test_the_median_and_the_slowest():
    cases = [case(1, arrived=2, cleared=8), case(2, arrived=30, cleared=90), case(3, arrived=10), case(4)]
    assert span(cases, arrived_at) == Span(10, 30, TicketNumber(2), 3)
    assert span(cases, cleared_at) == Span(49, 90, TicketNumber(2), 2)


def test_what_led_to_nothing_has_no_time():
    assert span([case(1, arrived=2, status=Status.CANCELLED), case(2)], arrived_at) is None


@pytest.mark.parametrize(
    "given, missed",
    [
        (case(1, accepted=5, arrived=40, cleared=60), []),
        (case(1, accepted=25, arrived=60), [(Promised.ACCEPTED, 15)]),
        (case(1, accepted=5, arrived=50), [(Promised.ARRIVED, 5)]),
        (case(1, cleared=9), []),  # 完成 says that somebody was there
        (case(1, status=Status.REGISTERED), [(Promised.ACCEPTED, None), (Promised.ARRIVED, None)]),
        (case(1, status=Status.CANCELLED), []),
        (case(1, status=Status.MERGED), []),
    ],
)
def test_what_was_promised_and_missed(given: Case, missed: list[tuple[Promised, int | None]]):
    found = record([given], TIMES, NOW + timedelta(days=1))
    assert found.missed == [Missed(TicketNumber(1), what, minutes) for what, minutes in missed]
    assert sum(found.of.values()) - sum(found.kept.values()) == len(missed)


def test_what_has_time_yet_is_neither_kept_nor_missed():
    found = record([case(1, status=Status.REGISTERED)], TIMES, NOW + timedelta(minutes=5))
    assert found.of == {Promised.ACKNOWLEDGED: 1}


def test_a_time_that_somebody_named_stands_for_the_table_s():
    tomorrow = NOW + timedelta(hours=12)
    named = TicketEvent(TicketNumber(1), NOW, What.PROGRESS, BOT, details={"next_at": tomorrow.isoformat()})
    found = record([case(1, accepted=5, arrived=725, events=(named,))], TIMES, NOW + timedelta(days=1))
    assert found.missed == []


def test_reminders_about_news_and_work_done_twice_are_counted():
    reminded = TicketEvent(TicketNumber(1), NOW, What.REMINDED, BOT, details={"awaits": Awaited.NEWS})
    again = TicketEvent(TicketNumber(1), NOW, What.MOVED, BOT, details={"to": Status.REOPENED})
    found = record([case(1, accepted=5, arrived=6, events=(reminded, reminded, again))], TIMES, NOW)
    assert (found.reminded, found.reopened) == (2, 1)
