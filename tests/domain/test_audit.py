"""Whether promises are kept is seen from the state of a ticket alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.audit import GRACE, Missed, Promised, Report, missed
from domain.promises import climbed, renewed
from domain.records import Watched
from domain.tickets import Promise, Ticket, move
from domain.vocabulary import Status, Urgency
from tests.domain.test_promises import EIGHT, MINUTE, TEN_AT_NIGHT, TOWN, due, fresh, moved

HOUR = 60 * MINUTE


def watched(ticket: Ticket) -> Watched:
    return Watched(
        ticket.number, ticket.status, ticket.urgency, ticket.location.building, ticket.clocks, ticket.since,
        ticket.told_at, ticket.next_at, ticket.due,
    )  # fmt: skip


def found(ticket: Ticket, now: datetime) -> list[tuple[str, datetime, bool]]:
    return [(one.what.value, one.due, one.raised) for one in missed(watched(ticket), TOWN, now)]


def kept_up(ticket: Ticket, now: datetime) -> Ticket:
    """As the scheduler leaves it at ``now``."""
    while ticket.due is not None and ticket.due.at <= now:
        following, _ = climbed(ticket, ticket.due, TOWN, ticket.due.at)
        ticket = renewed(replace(ticket, due=following), TOWN)
    return ticket


def unheard(ticket: Ticket) -> Ticket:
    return replace(ticket, clocks=replace(ticket.clocks, acknowledged=None))


ACCEPT, ARRIVE = EIGHT + 10 * MINUTE, EIGHT + 45 * MINUTE


@pytest.mark.parametrize(
    "ticket, after, expected",
    [
        pytest.param(unheard(fresh()), MINUTE, [], id="the acknowledgement may take a moment"),
        pytest.param(
            unheard(fresh()), 4 * MINUTE, [("acknowledged", EIGHT + MINUTE, False)], id="it has not gone out"
        ),
        pytest.param(fresh(), 9 * MINUTE, [], id="nobody has to have accepted yet"),
        pytest.param(fresh(), 11 * MINUTE, [("accepted", ACCEPT, True)], id="nobody did, and the steward was told"),
        pytest.param(
            fresh(), HOUR, [("accepted", ACCEPT, True), ("arrived", ARRIVE, True)], id="and nobody is there either"
        ),
        pytest.param(moved(fresh(), Status.ACCEPTED, EIGHT), 30 * MINUTE, [], id="somebody is on the way"),
        pytest.param(
            moved(fresh(), Status.ON_SITE, EIGHT), 3 * HOUR, [("updated", EIGHT + 2 * HOUR, True)], id="no word"
        ),
        pytest.param(moved(fresh(), Status.RESOLVED, EIGHT), timedelta(days=2), [], id="asked in time"),
        pytest.param(moved(fresh(), Status.CLOSED, EIGHT), timedelta(days=9), [], id="over"),
        pytest.param(
            fresh(Urgency.NORMAL, TEN_AT_NIGHT), 9 * HOUR, [("accepted", TEN_AT_NIGHT + 30 * MINUTE, True)],
            id="the night is not counted",
        ),
    ],
)  # fmt: skip
def test_with_a_scheduler_that_runs(ticket: Ticket, after: timedelta, expected: list[tuple[str, datetime, bool]]):
    now = ticket.since + after
    assert found(kept_up(ticket, now), now) == expected


@pytest.mark.parametrize(
    "ticket, what",
    [
        pytest.param(fresh(), "accepted", id="nobody was told that nobody accepts"),
        pytest.param(moved(fresh(), Status.ACCEPTED, EIGHT), "arrived", id="no lapse"),
        pytest.param(moved(fresh(), Status.REPAIRING, EIGHT), "updated", id="no reminder"),
        pytest.param(moved(fresh(), Status.RESOLVED, EIGHT), "asked back", id="no question"),
        pytest.param(
            renewed(replace(move(fresh(), Status.WAITING, at=EIGHT), next_at=EIGHT + HOUR), TOWN),
            "gone on",
            id="no call",
        ),
    ],
)
def test_with_a_scheduler_that_stands_still(ticket: Ticket, what: str):
    at = due(ticket).at
    assert found(ticket, at + GRACE) == []
    assert (what, at, False) in found(ticket, at + GRACE + MINUTE)


def test_a_ticket_that_waits_for_nothing_or_for_what_is_over_is_found():
    without = replace(fresh(), due=None)
    assert found(without, EIGHT) == [("accepted", ACCEPT, False)]
    wrong = replace(move(fresh(), Status.RESOLVED, at=EIGHT), due=due(fresh()))
    assert [what for what, _, _ in found(wrong, EIGHT)] == ["asked back"]


def test_what_nobody_was_told_of_is_set_apart():
    told, forgotten = (Missed(fresh().number, None, Promised.ACCEPTED, EIGHT, raised=r) for r in (True, False))
    assert Report(EIGHT, 7, (told, forgotten)).unraised == (forgotten,)


def test_without_limits_nothing_is_promised():
    assert list(missed(watched(fresh()), replace(TOWN, service_times={}), EIGHT + HOUR)) == []


def test_a_step_in_the_future_is_trusted():
    ahead = replace(fresh(), due=Promise(due(fresh()).awaits, 3, EIGHT, EIGHT, EIGHT + 9 * HOUR))
    assert found(ahead, EIGHT + 11 * MINUTE) == [("accepted", ACCEPT, True)]
