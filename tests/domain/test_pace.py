from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages import Reply
from domain.pace import MOST_FILES, MOST_IN_ONE, plan
from domain.records import OutboxRow, SentPost
from domain.roster import Budget, QuietHours
from domain.vocabulary import MediaId, Priority, ReplyKind
from tests.domain.values import BUDGET, GROUP, QUIET, ZONE

EVENING = datetime(2021, 8, 23, 21, 58, tzinfo=ZONE)
NIGHT = datetime(2021, 8, 23, 23, 30, tzinfo=ZONE)
MORNING = datetime(2021, 8, 24, 7, 0, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)
SAME_CHAT = timedelta(seconds=1)

ACK = Reply(GROUP, "ack", kind=ReplyKind.ACK, merge="ack")
URGENT_ACK = replace(ACK, priority=Priority.EMERGENCY)
ANSWER = Reply(GROUP, "status", kind=ReplyKind.STATUS)
POST = Reply(
    GROUP,
    "progress_news",
    kind=ReplyKind.PROGRESS,
    priority=Priority.PROGRESS,
    merge="progress",
    own_accord=True,
    may_wait=True,
)
PHOTO = replace(POST, media=(MediaId("p1"),))
CLOSING = replace(POST, template="progress_done", kind=ReplyKind.CLOSING)
URGENT_POST = replace(POST, may_wait=False)
EMERGENCY_POST = replace(POST, priority=Priority.EMERGENCY, may_wait=False)
QUESTION = replace(POST, template="still_leaking", kind=ReplyKind.QUESTION, merge=None)
WARNING = replace(QUESTION, template="warning", kind=ReplyKind.BROADCAST, priority=Priority.EMERGENCY)


def queued(*replies: Reply, at: datetime = EVENING) -> list[OutboxRow]:
    rows = [OutboxRow(id, reply, at) for id, reply in enumerate(replies, 1)]
    return sorted(rows, key=lambda row: (row.reply.priority, row.id))


def posted(reply: Reply, *ago: float, now: datetime = EVENING) -> list[SentPost]:
    """What went out so many seconds ago."""
    urgent = reply.priority is Priority.EMERGENCY
    return [
        SentPost(now - timedelta(seconds=s), 100 + i, reply.own_accord, reply.merge, urgent) for i, s in enumerate(ago)
    ]


def planned(rows: list[OutboxRow], recent: list[SentPost], now: datetime = EVENING) -> tuple[list[int], datetime]:
    made = plan(rows, recent, now, BUDGET, QUIET)
    return [row.id for row in made.send], made.wait_until


@pytest.mark.parametrize(
    "waiting, recent, sent",
    [
        pytest.param([ACK], [], [1], id="calm: at once"),
        pytest.param([ACK], posted(ACK, 2, 1), [1], id="the third within a minute is still at once"),
        pytest.param([ACK, ACK, ACK], [], [1, 2, 3], id="what waits together goes together"),
        pytest.param([ACK] * 20, [], list(range(1, 16)), id="as many lines as a phone shows"),
        pytest.param([ACK] * 15, posted(ACK, 3, 2, 1), list(range(1, 16)), id="burst: a full message need not wait"),
        pytest.param([URGENT_ACK], posted(ACK, 5, 3, 2, 1), [1], id="emergency: at once in a burst of others"),
        pytest.param([ACK, URGENT_ACK], posted(ACK, 3, 2, 1), [2, 1], id="an emergency takes the others along, first"),
        pytest.param([ANSWER, ACK], posted(ACK, 3, 2, 1), [1], id="an answer does not wait for the burst"),
        pytest.param([POST], posted(POST, *range(60, 360, 60)), [], id="the last post of a budget is kept"),
        pytest.param([CLOSING], posted(POST, *range(60, 360, 60)), [1], id="for the end of a job"),
        pytest.param(
            [POST, CLOSING], posted(POST, *range(60, 360, 60)), [1, 2], id="which takes along what came before"
        ),
        pytest.param([CLOSING], posted(POST, *range(60, 420, 60)), [], id="a spent budget holds the end of a job too"),
        pytest.param([EMERGENCY_POST], posted(POST, *range(60, 420, 60)), [1], id="emergencies pass a spent budget"),
        pytest.param([WARNING], posted(POST, *range(60, 420, 60)), [1], id="so do orange and red warnings"),
        pytest.param([ACK], posted(POST, *range(60, 420, 60)), [1], id="acknowledgements are not in the budget"),
        pytest.param([ANSWER], posted(POST, *range(60, 420, 60)), [1], id="answers are not in the budget"),
        pytest.param([POST, POST], [], [1, 2], id="lines without photos go together"),
        pytest.param([PHOTO, POST], [], [1], id="photos stay under their own words"),
        pytest.param([POST, PHOTO, POST], [], [1], id="and nothing overtakes them"),
        pytest.param([POST, CLOSING], [], [1], id="room enough: the end of a job is a message of its own"),
        pytest.param([PHOTO, PHOTO, POST, CLOSING], posted(POST, *range(60, 300, 60)), [1, 2, 3, 4], id="digest"),
        pytest.param(
            [QUESTION, CLOSING], posted(POST, *range(60, 360, 60)), [2], id="a question may not take the kept one"
        ),
    ],
)
def test_what_goes_now(waiting: list[Reply], recent: list[SentPost], sent: list[int]):
    assert planned(queued(*waiting), recent)[0] == sent


@pytest.mark.parametrize(
    "waiting, recent, seconds",
    [
        pytest.param([ACK], posted(ACK, 3, 2, 1), 19, id="burst: twenty seconds after the last message"),
        pytest.param([ACK], posted(ACK, 55, 50, 1), 5, id="or when the group is calm again"),
        pytest.param([URGENT_ACK], posted(ACK, *range(6, 0, -1)), 3, id="emergency: a breath after the last"),
        pytest.param([POST], posted(POST, *range(60, 420, 60)), 300, id="budget: when two posts are free again"),
        pytest.param([CLOSING], posted(POST, *range(60, 420, 60)), 240, id="the end of a job: when one is"),
        pytest.param([POST, CLOSING], posted(POST, *range(60, 420, 60)), 240, id="both together then"),
    ],
)
def test_how_long_the_others_wait(waiting: list[Reply], recent: list[SentPost], seconds: int):
    sent, until = planned(queued(*waiting), recent)
    assert (sent, until) == ([], EVENING + timedelta(seconds=seconds))
    assert planned(queued(*waiting), recent, until)[0] != []


def test_an_acknowledgement_that_has_waited_long_goes_before_its_turn():
    rows = queued(ACK, at=EVENING - timedelta(seconds=50))
    assert planned(rows, posted(ACK, 3, 2, 1))[0] == [1]


def test_a_digest_bears_nine_photos():
    rows = queued(*[replace(PHOTO, media=tuple(MediaId(f"{n}{m}") for m in range(4))) for n in range(4)])
    sent, _ = planned(rows, posted(POST, *range(60, 300, 60)))
    assert sent == [1, 2]
    assert 2 * 4 <= MOST_FILES < 3 * 4


def test_a_budget_of_one_post_is_used():
    made = plan(queued(POST), [], EVENING, Budget(1, 10 * MINUTE), QUIET)
    assert len(made.send) == 1


@pytest.mark.parametrize(
    "reply, goes",
    [
        pytest.param(POST, False, id="a normal post waits"),
        pytest.param(QUESTION, False, id="a question waits"),
        pytest.param(replace(POST, kind=ReplyKind.DIGEST), False, id="a digest waits"),
        pytest.param(replace(POST, priority=Priority.EMERGENCY), True, id="an emergency does not, whatever it says"),
        pytest.param(URGENT_POST, True, id="an urgent post does not"),
        pytest.param(ACK, True, id="an acknowledgement does not"),
        pytest.param(ANSWER, True, id="an answer does not"),
        pytest.param(WARNING, True, id="an orange or red warning does not"),
    ],
)
def test_quiet_hours(reply: Reply, goes: bool):
    sent, until = planned(queued(reply, at=NIGHT), [], NIGHT)
    assert (sent, until) == (([1], NIGHT) if goes else ([], MORNING))


@pytest.mark.parametrize(
    "at, until",
    [
        pytest.param("22:59:59", None, id="a second before"),
        pytest.param("23:00:00", "07:00 next", id="the first second"),
        pytest.param("23:59:59", "07:00 next", id="before midnight"),
        pytest.param("00:00:00", "07:00", id="midnight"),
        pytest.param("06:59:59", "07:00", id="the last second"),
        pytest.param("07:00:00", None, id="morning"),
    ],
)
def test_quiet_hours_across_midnight(at: str, until: str | None):
    now = datetime.combine(EVENING.date(), time.fromisoformat(at), ZONE)
    sent, wait = planned(queued(POST, at=now), [], now)
    if until is None:
        assert sent == [1]
    else:
        day = now.date() + timedelta(days="next" in until)
        assert (sent, wait) == ([], datetime.combine(day, time(7), ZONE))


def test_quiet_hours_at_noon():
    now, quiet = EVENING.replace(hour=13), QuietHours(time(12, 0), time(14, 0))
    assert plan(queued(POST), [], now, BUDGET, quiet).wait_until == now.replace(hour=14, minute=0)


def test_no_quiet_hours_when_both_ends_meet():
    assert plan(queued(POST), [], NIGHT, BUDGET, QuietHours(time(23), time(23))).send != ()


def test_what_sleeps_does_not_ride_along_with_what_is_urgent():
    """The merged message of a night once carried the posts that were to wait for the morning."""
    rows = queued(POST, URGENT_POST, POST, at=NIGHT)
    assert planned(rows, [], NIGHT)[0] == [2]


def test_the_posts_of_a_night_are_one_digest_in_the_morning():
    rows = queued(*[PHOTO] * 8, at=NIGHT)
    assert planned(rows, [], MORNING)[0] == list(range(1, 9))


# -- a whole evening, played through the plan ------------------------------------------------------------------


def played(arrivals: list[tuple[datetime, Reply]], budget: Budget = BUDGET) -> list[tuple[datetime, list[OutboxRow]]]:
    """Every message with its time: replies arrive, the plan is asked at each arrival and whenever it said."""
    waiting = [OutboxRow(id, reply, at) for id, (at, reply) in enumerate(sorted(arrivals, key=lambda a: a[0]), 1)]
    sent: list[tuple[datetime, list[OutboxRow]]] = []
    recent: list[SentPost] = []
    now = waiting[0].created_at if waiting else EVENING
    while waiting:
        due = sorted((r for r in waiting if r.created_at <= now), key=lambda r: (r.reply.priority, r.id))
        looked = [post for post in recent if post.at > now - 10 * MINUTE]
        made = plan(due, looked, now, budget, QUIET)
        gone = {row.id for row in made.send}
        if gone:
            sent.append((now, list(made.send)))
            recent += [
                SentPost(now, r.id, r.reply.own_accord, r.reply.merge, r.reply.priority is Priority.EMERGENCY)
                for r in made.send
            ]
        waiting = [row for row in waiting if row.id not in gone]
        later = [row.created_at for row in waiting if row.created_at > now]
        nexts = [now + SAME_CHAT] if gone else [*later[:1], *([made.wait_until] if due else [])]
        assert gone or all(at > now for at in nexts), "the plan must say a later time"
        now = max(now + timedelta(milliseconds=1), min(nexts)) if waiting and nexts else now
    return sent


def test_thirty_reports_in_a_minute_get_few_answers_in_time():
    arrivals = [(EVENING + timedelta(seconds=2 * n), ACK) for n in range(30)]
    sent = played(arrivals)
    assert len(sent) <= 8
    assert sent[0] == (EVENING, sent[0][1])
    assert all(at - row.created_at <= MINUTE for at, rows in sent for row in rows)


def test_thirty_reports_at_once_get_two_answers_at_once():
    sent = played([(EVENING, ACK)] * 30)
    assert [len(rows) for _, rows in sent] == [MOST_IN_ONE, MOST_IN_ONE]
    assert sent[-1][0] - EVENING <= timedelta(seconds=2)


def test_thirty_emergencies_in_a_minute_are_each_answered_within_five_seconds():
    sent = played([(EVENING + timedelta(seconds=2 * n), URGENT_ACK) for n in range(30)])
    assert all(at - row.created_at <= timedelta(seconds=5) for at, rows in sent for row in rows)
    assert len(sent) <= 21


REPLIES = st.sampled_from([ACK, URGENT_ACK, ANSWER, POST, PHOTO, CLOSING, URGENT_POST, EMERGENCY_POST, QUESTION])
SECONDS = st.integers(0, 600).map(lambda s: EVENING - timedelta(hours=3) + timedelta(seconds=s))


@given(st.lists(st.tuples(SECONDS, REPLIES), max_size=60))
def test_nothing_is_lost_and_nothing_is_said_twice(arrivals: list[tuple[datetime, Reply]]):
    sent = played(arrivals)
    assert sorted(row.id for _, rows in sent for row in rows) == list(range(1, len(arrivals) + 1))


@given(st.lists(st.tuples(SECONDS, st.sampled_from([ACK, URGENT_ACK])), max_size=120))
def test_acknowledgements_leave_in_time(arrivals: list[tuple[datetime, Reply]]):
    for at, rows in played(arrivals):
        for row in rows:
            urgent = row.reply.priority is Priority.EMERGENCY
            assert at - row.created_at <= (timedelta(seconds=5) if urgent else MINUTE)


@given(st.lists(st.tuples(SECONDS, REPLIES), max_size=60))
def test_the_budget_holds_in_every_span(arrivals: list[tuple[datetime, Reply]]):
    sent = played(arrivals)
    unasked = [at for at, rows in sent if all(r.reply.own_accord and r.reply.priority != 0 for r in rows)]
    for start in unasked:
        assert sum(start <= at < start + BUDGET.per for at in unasked) <= BUDGET.posts


@given(st.lists(st.tuples(SECONDS, st.sampled_from([POST, PHOTO, CLOSING])), max_size=60))
def test_live_posts_keep_their_order(arrivals: list[tuple[datetime, Reply]]):
    ids = [row.id for _, rows in played(arrivals) for row in rows]
    assert ids == sorted(ids)
