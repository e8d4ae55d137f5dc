"""Whatever is said, by whomever, in whatever state: an answer, at once, that can be carried out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.conversation import Action, Asks
from domain.understanding import Cue, Location
from domain.vocabulary import MessageKind, Place, Scope, Status, Urgency
from tests.understanding.moments import ANNA, BEN, DOOR, GARAGE, HOME, KIM, around, public, report, said, talk, ticket
from understanding.conversation import matters, read

PEOPLE = st.sampled_from([ANNA, BEN, KIM])
PLACES = st.builds(
    Location,
    building=st.sampled_from([None, "3", "8"]),
    unit=st.sampled_from([None, "1", "2"]),
    room=st.sampled_from([None, "502", "602", "12A05"]),
    floor=st.sampled_from([None, -1, 5]),
    place=st.sampled_from([None, *Place]),
)
VERDICTS = st.builds(
    lambda verdict, where, cues, urgency: replace(
        verdict, location=where, cues=frozenset(cues), urgency=urgency if verdict.report else None
    ),
    st.sampled_from([report(), public(), talk(), replace(talk(), unsure=True, confidence=0.5)]),
    PLACES,
    st.sets(st.sampled_from(Cue), max_size=4),
    st.sampled_from(Urgency),
)
TICKETS = st.builds(
    lambda number, by, where, status, minutes: ticket(number, by, where, minutes, status=status),
    st.integers(1, 3),
    PEOPLE,
    st.sampled_from([HOME, GARAGE, DOOR, Location("3")]),
    st.sampled_from(Status),
    st.sampled_from([1, 15, 300, 3000]),
)
_OWN_ONLY = {Action.CONFIRM, Action.WITHDRAW, Action.REOPEN, Action.CONSENT}


@settings(max_examples=300, deadline=None)
@given(
    st.builds(said, st.text(max_size=40), PEOPLE, kind=st.sampled_from(MessageKind)),
    VERDICTS,
    st.lists(TICKETS, max_size=3, unique_by=lambda t: t.number),
    st.sampled_from([None, *Asks]),
)
def test_what_comes_out_can_be_carried_out(message, verdict, tickets, asks):
    known = around(*tickets, asks=asks)
    numbers = {t.number: t for t in tickets}
    for reading in read(message, verdict, known):
        assert reading.reason
        if reading.ticket is not None:
            assert numbers[reading.ticket].status is not Status.MERGED or reading.action is Action.CHASE
        if reading.action in _OWN_ONLY and asks is None:
            assert reading.ticket is not None
            assert message.sender in numbers[reading.ticket].reporters
        if reading.action is Action.JOIN:
            joined = numbers[reading.ticket]
            assert joined.scope is Scope.PUBLIC or reading.location.room or joined.location.room
        assert reading.like is None or reading.like in numbers
    assert matters(verdict, by_staff=message.is_staff) in {True, False}


@pytest.mark.parametrize("piece", ["但", "好了", "漏", "我家也", "12-", "谢谢师傅", "？", "没", " ", "🙏"])
def test_a_megabyte_is_borne(piece):
    """A pattern that goes back and forth would run into the time that every test has."""
    text = piece * (1_000_000 // len(piece))
    known = around(ticket(1, status=Status.RESOLVED), talked=(said(text, BEN, 1, verdict=talk()),))
    verdict = talk(Cue.FIXED, Cue.ME_TOO, Cue.CHASE)
    for asks in (None, *Asks):
        asked = replace(known, question=around(asks=asks).question)
        assert isinstance(read(said(text), verdict, asked), tuple)
    read(said(text, KIM), talk(Cue.WORK_TAKEN), around(ticket(1), talked=known.said))
