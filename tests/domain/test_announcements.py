from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from domain.announcements import (
    Acknowledged,
    Answering,
    Danger,
    about,
    acknowledge,
    answer,
    call_staff,
    danger_of,
    keepers_of,
    numbers,
    priority_of,
    progress,
    staff_chats,
)
from domain.messages import Chat, Mention, Person, Reply
from domain.tickets import Ticket
from domain.understanding import Cue
from domain.vocabulary import MediaId, Place, Priority, ReplyKind, StaffId, Status, Urgency
from tests.domain.values import COMMUNITY, GROUP, NOW, PUBLIC_TICKET, REPORTER, RESIDENT, STAFF, STAFF_GROUP, TICKET

LATER = NOW + timedelta(minutes=8)
EMERGENCY = replace(TICKET, urgency=Urgency.EMERGENCY)
PRIVATE = Chat.with_person(RESIDENT)
IN_GROUP = Answering(GROUP, RESIDENT, "李秀英", "e1")
IN_PRIVATE = Answering(PRIVATE, RESIDENT, "李秀英", "e1")
WORKER = Mention(Person("console", "sw-limin"), "李敏")


def at(place: Place | None, urgency: Urgency = Urgency.EMERGENCY) -> Ticket:
    return replace(TICKET, urgency=urgency, location=replace(TICKET.location, place=place))


@pytest.mark.parametrize(
    "ticket, cues, danger",
    [
        pytest.param(at(Place.CEILING, Urgency.NORMAL), {Cue.ELECTRIC}, Danger.ELECTRIC, id="power, however small"),
        pytest.param(at(Place.ELEVATOR), {Cue.ELECTRIC}, Danger.ELECTRIC, id="power before all else"),
        pytest.param(at(Place.GARAGE), (), Danger.GARAGE, id="garage"),
        pytest.param(at(Place.BASEMENT), (), Danger.GARAGE, id="basement"),
        pytest.param(at(Place.ELEVATOR), (), Danger.ELEVATOR, id="lift"),
        pytest.param(at(Place.CEILING), (), Danger.CEILING, id="ceiling"),
        pytest.param(at(Place.ROAD), (), Danger.WATER, id="any other emergency"),
        pytest.param(at(None), (), Danger.WATER, id="an emergency somewhere"),
        pytest.param(at(Place.GARAGE, Urgency.URGENT), (), None, id="urgent is no danger"),
        pytest.param(at(Place.CEILING, Urgency.NORMAL), {Cue.STILL}, None, id="normal is no danger"),
    ],
)
def test_the_safety_sentence(ticket: Ticket, cues: set[Cue], danger: Danger | None):
    assert danger_of(ticket, frozenset(cues)) is danger


@pytest.mark.parametrize(
    "to, own_room, title",
    [
        pytest.param(IN_GROUP, False, "3号楼2单元低层住户漏水", id="in a group: no room"),
        pytest.param(IN_GROUP, True, "3号楼2单元502卧室漏水", id="unless this person just typed it there"),
        pytest.param(IN_PRIVATE, False, "3号楼2单元502卧室漏水", id="in private: in full"),
    ],
)
def test_an_acknowledgement_shows_what_may_be_seen(to: Answering, own_room: bool, title: str):
    reply = acknowledge(COMMUNITY, TICKET, to, Acknowledged(("李敏",), own_room=own_room))
    assert (reply.params["title"], reply.params["number"], reply.tickets) == (title, 12, (12,))


def test_an_acknowledgement_answers_its_message_and_never_waits():
    reply = acknowledge(COMMUNITY, TICKET, IN_GROUP, Acknowledged(("李敏",)))
    assert (reply.chat, reply.reply_to, reply.kind) == (GROUP, "e1", ReplyKind.ACK)
    assert reply.mentions == (Mention(RESIDENT, "李秀英"),)
    assert (reply.may_wait, reply.own_accord, reply.priority) == (False, False, Priority.ANSWER)


def test_two_people_of_one_ticket_are_each_acknowledged():
    second = Answering(GROUP, Person("console", "u2"), "王强", "e2")
    replies = [acknowledge(COMMUNITY, PUBLIC_TICKET, to, Acknowledged((), joined=True)) for to in (IN_GROUP, second)]
    assert len({reply.dedupe_key for reply in replies}) == 2
    assert {reply.template for reply in replies} == {"joined"}


def test_an_emergency_goes_first():
    assert acknowledge(COMMUNITY, EMERGENCY, IN_GROUP, Acknowledged(())).priority is Priority.EMERGENCY
    assert priority_of(EMERGENCY, Priority.BROADCAST) is Priority.EMERGENCY
    assert priority_of(TICKET, Priority.BROADCAST) is Priority.BROADCAST


def test_nobody_is_mentioned_in_private():
    reply = answer("noted", IN_PRIVATE, [TICKET])
    assert (reply.mentions, reply.params["name"], reply.tickets) == ((), "", (12,))


def test_a_text_may_speak_of_whom_it_goes_to():
    """派单 once failed: its text has a parameter called ``to``, as the function had."""
    reply = answer("assigned", IN_GROUP, [TICKET], to="王建国", tickets=["#12"])
    assert (reply.params["to"], reply.params["tickets"], reply.tickets) == ("王建国", ["#12"], (12,))


@pytest.mark.parametrize("full, title", [(True, "3号楼2单元502卧室漏水"), (False, "3号楼2单元低层住户漏水")])
def test_about_a_ticket(full: bool, title: str):
    assert about(COMMUNITY, TICKET, full=full) == {
        "number": 12,
        "title": title,
        "status": "已登记",
        "urgency": "normal",
        "public": False,
        "care": "",
    }


def test_staff_are_called_by_name_in_their_group_and_without_in_private():
    chats = [STAFF_GROUP, Chat("console", "sw-limin", private=True)]
    group, private = call_staff(COMMUNITY, EMERGENCY, chats, [WORKER], "call", waited=5)
    assert (group.mentions, group.params["names"]) == ((WORKER,), ["李敏"])
    assert (private.mentions, private.params["names"]) == ((), [])
    for reply in (group, private):
        assert (reply.params["words"], reply.params["reporters"], reply.params["waited"]) == (
            "502卧室漏水",
            ["李秀英"],
            5,
        )
        assert (reply.kind, reply.priority) == (ReplyKind.ALERT, Priority.EMERGENCY)


@pytest.mark.parametrize("channel, ids", [("console", ["gstaff"]), ("wechaty", ["wstaff"]), ("aibot", [])])
def test_the_staff_groups_of_a_channel(channel: str, ids: list[str]):
    assert [chat.id for chat in staff_chats(COMMUNITY, channel)] == ids


def post(ticket: Ticket, step: str = "progress_news") -> Reply:
    return progress(COMMUNITY, ticket, step, LATER)[0]


@pytest.mark.parametrize(
    "urgency, may_wait, priority",
    [
        (Urgency.NORMAL, True, Priority.PROGRESS),
        (Urgency.URGENT, False, Priority.PROGRESS),
        (Urgency.EMERGENCY, False, Priority.EMERGENCY),
    ],
)
def test_only_a_normal_post_waits_for_the_morning(urgency: Urgency, may_wait: bool, priority: Priority):
    reply = post(replace(TICKET, urgency=urgency))
    assert (reply.may_wait, reply.priority, reply.own_accord) == (may_wait, priority, True)


def test_a_live_post_goes_to_the_ticket_s_group_and_shows_no_room():
    [reply] = progress(COMMUNITY, TICKET, "progress_arrived", LATER, media=[MediaId("p1")], worker="李敏")
    assert (reply.chat, reply.media, reply.params["worker"]) == (GROUP, ("p1",), "李敏")
    assert (reply.params["title"], reply.params["minutes"]) == ("3号楼2单元低层住户漏水", 8)
    assert "502" not in str(dict(reply.params))
    assert "李秀英" not in str(dict(reply.params))
    assert reply.mentions == ()


@pytest.mark.parametrize(
    "status, step, kind",
    [
        (Status.RESOLVED, "progress_done", ReplyKind.CLOSING),
        (Status.RESOLVED, "progress_news", ReplyKind.PROGRESS),
        (Status.ON_SITE, "progress_arrived", ReplyKind.PROGRESS),
    ],
)
def test_the_closing_post(status: Status, step: str, kind: ReplyKind):
    assert post(replace(TICKET, status=status), step).kind is kind


def test_times_are_told_in_the_clock_s_zone():
    """Networks and databases give UTC: the group once read 13:58 for 21:58."""
    clocks = replace(TICKET.clocks, reported=NOW.astimezone(UTC), arrived=LATER.astimezone(UTC))
    params = post(replace(TICKET, clocks=clocks)).params
    assert (params["reported"], params["arrived"], params["now"], params["same_day"]) == (
        "21:58",
        "22:06",
        "22:06",
        True,
    )


def test_the_day_after_is_not_the_same_day():
    params = progress(COMMUNITY, TICKET, "progress_news", NOW + timedelta(hours=3))[0].params
    assert (params["same_day"], params["arrived"]) == (False, None)


def test_who_reported_elsewhere_hears_it_there():
    parents, here = Chat("console", "g8"), Chat("console", "u3", private=True)
    reporters = (
        REPORTER,
        replace(REPORTER, person=Person("console", "u2"), name="王强", chat=parents),
        replace(REPORTER, person=Person("console", "u3"), name="赵四", chat=here),
        replace(REPORTER, person=Person("console", "u4"), name="钱五", chat=parents),
    )
    replies = progress(COMMUNITY, replace(TICKET, reporters=reporters), "progress_news", LATER)
    assert {r.chat: [m.name for m in r.mentions] for r in replies} == {GROUP: [], parents: ["王强", "钱五"], here: []}
    assert len({str(dict(r.params)) for r in replies}) == 1


@pytest.mark.parametrize(
    "assignee, keepers",
    [
        pytest.param("rp-wang", ("王建国",), id="who has it"),
        pytest.param(None, ("李敏",), id="else who is in charge"),
        pytest.param("gone", ("李敏",), id="who has it is no longer on the roster"),
    ],
)
def test_who_takes_care(assignee: str | None, keepers: tuple[str, ...]):
    ticket = replace(TICKET, assignee=StaffId(assignee) if assignee else None)
    assert keepers_of(COMMUNITY, ticket, STAFF[:1]) == keepers


def test_numbers():
    assert numbers([TICKET, PUBLIC_TICKET]) == [12, 12]
