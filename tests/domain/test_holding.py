"""What may still be said of a post that was held back or could not go out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.announcements import progress
from domain.holding import about, as_it_holds, late, time_of
from domain.messages import Chat, Reply
from domain.records import OutboxRow
from domain.tickets import MOVES, Reporter, Ticket, confirm, move
from domain.vocabulary import ReplyKind, Status, TicketNumber
from tests.domain.values import COMMUNITY, GROUP, NOW, RESIDENT, TICKET

S = Status
MORNING = NOW + timedelta(hours=9)
HOUR = timedelta(hours=1)
STEPS = {
    S.ACCEPTED: "progress_accepted",
    S.ON_SITE: "progress_arrived",
    S.WAITING: "progress_waiting",
    S.RESOLVED: "progress_done",
    S.CANCELLED: "progress_cancelled",
}


def posted(of: Ticket, step: str) -> OutboxRow:
    return OutboxRow(1, progress(COMMUNITY, of, step, NOW)[0], NOW)


def in_state(state: Status, at=NOW) -> Ticket:
    return move(TICKET, state, at=at)


@pytest.mark.parametrize("state, step", STEPS.items())
def test_a_post_about_a_state_holds_as_long_as_the_state(state: Status, step: str):
    there = in_state(state)
    assert as_it_holds(posted(there, step), there, MORNING) is not None


@pytest.mark.parametrize("state, after", [(state, after) for state in STEPS for after in sorted(MOVES[state])])
def test_it_holds_no_more_after_any_move(state: Status, after: Status):
    there, step = in_state(state), STEPS[state]
    moved = move(there, after, at=NOW + HOUR)
    still = as_it_holds(posted(there, step), moved, MORNING)
    assert (still is not None) is (state is S.RESOLVED and after is S.CLOSED)


def test_the_end_of_a_job_that_was_confirmed_meanwhile_asks_nobody():
    done = in_state(S.RESOLVED)
    reply = as_it_holds(posted(done, "progress_done"), confirm(done, at=NOW + HOUR), MORNING)
    assert reply is not None
    assert reply.params["confirmed"] is True


def test_a_second_end_replaces_the_first():
    done = in_state(S.RESOLVED)
    again = move(move(done, S.REOPENED, at=NOW + HOUR), S.RESOLVED, at=NOW + 2 * HOUR)
    assert as_it_holds(posted(done, "progress_done"), again, MORNING) is None


@pytest.mark.parametrize("step", ["progress_news", "progress_photos"])
@pytest.mark.parametrize("state", Status)
def test_words_about_the_work_hold_while_it_goes_on(step: str, state: Status):
    working = in_state(S.REPAIRING)
    now = replace(working, status=state)
    ended = state in {S.RESOLVED, S.CLOSED, S.CANCELLED, S.MERGED}
    assert (as_it_holds(posted(working, step), now, MORNING) is None) is ended


def test_a_date_that_has_passed_is_not_announced():
    waiting = replace(in_state(S.WAITING), next_at=NOW + HOUR)
    row = posted(waiting, "progress_waiting")
    assert as_it_holds(row, waiting, NOW + HOUR / 2) is not None
    assert as_it_holds(row, waiting, MORNING) is None


def test_a_ticket_that_went_to_another_building_is_not_followed_in_the_old_group():
    there = in_state(S.ON_SITE)
    row = posted(there, "progress_arrived")
    elsewhere = replace(there, chat=Chat("console", "g5"), reporters=())
    assert as_it_holds(row, elsewhere, MORNING) is None
    reporter = Reporter(RESIDENT, "张阿姨", GROUP, "m1", NOW)
    assert as_it_holds(row, replace(elsewhere, reporters=(reporter,)), MORNING) is not None


def asked(template: str, kind: ReplyKind) -> OutboxRow:
    return OutboxRow(1, Reply(GROUP, template, {"number": 1}, kind, tickets=(TicketNumber(1),)), NOW)


def test_nobody_is_asked_about_what_has_ended_or_was_answered():
    done = in_state(S.RESOLVED)
    question = asked("ask_consent", ReplyKind.QUESTION)
    assert as_it_holds(question, done, MORNING) is not None
    assert as_it_holds(question, replace(done, photo_consent=False), MORNING) is None
    assert as_it_holds(question, in_state(S.CANCELLED), MORNING) is None


@pytest.mark.parametrize("kind", [ReplyKind.ACK, ReplyKind.ALERT, ReplyKind.STATUS, ReplyKind.COMMAND])
def test_what_a_person_waits_for_is_said_however_late(kind: ReplyKind):
    assert about(asked("ack", kind)) is None


@pytest.mark.parametrize(
    "later, words",
    [
        (timedelta(minutes=10), "21:58"),
        (timedelta(hours=9), "昨天21:58"),
        (timedelta(days=2), "8月23日21:58"),
    ],
)
def test_the_time_it_is_from_as_a_person_says_it(later: timedelta, words: str):
    row = asked("ack", ReplyKind.ACK)
    assert time_of(row, NOW + later) == words


@given(st.integers(0, 3600), st.integers(0, 3600))
def test_what_is_for_later_is_late_from_then_on(planned: int, passed: int):
    later = NOW + timedelta(seconds=planned)
    row = replace(asked("ack", ReplyKind.ACK), reply=Reply(GROUP, "ack", not_before=later))
    assert late(row, later + timedelta(seconds=passed)) is (passed >= 600)


REMINDED = {
    "remind_untaken": {S.REGISTERED, S.REOPENED},
    "remind_lapsed": {S.REGISTERED, S.REOPENED},
    "remind_news": {S.ON_SITE, S.ASSESSED, S.REPAIRING},
    "remind_next_date": {S.WAITING},
    "remind_unhappy": {S.RESOLVED},
    "survey": {S.RESOLVED},
}


@pytest.mark.parametrize("state", Status)
@pytest.mark.parametrize("template", REMINDED)
def test_nobody_is_reminded_late_of_what_was_done_meanwhile(template: str, state: Status):
    kind = ReplyKind.SURVEY if template == "survey" else ReplyKind.REMINDER
    row = OutboxRow(1, Reply(GROUP, template, kind=kind, tickets=(TICKET.number,)), NOW)
    assert about(row) == TICKET.number
    held = as_it_holds(row, replace(TICKET, status=state), MORNING)
    assert (held is not None) is (state in REMINDED[template])
