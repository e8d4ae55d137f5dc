"""Homes and spots with past trouble: each once, the most often first, without what was none."""

from dataclasses import replace

from domain.trouble import past_trouble
from domain.understanding import Location
from domain.vocabulary import Place, Status, TicketNumber
from tests.domain.values import COMMUNITY, PUBLIC_TICKET, TICKET


def at(number: int, *, room: str = "502", place: Place = Place.BEDROOM, status: Status = Status.CLOSED):
    where = Location("3", "2", room, 5, place)
    return replace(TICKET, number=TicketNumber(number), location=where, status=status)


def test_a_home_counts_as_one_place_and_the_most_often_comes_first():
    tickets = [at(1, room="301"), at(2), at(3, place=Place.KITCHEN), PUBLIC_TICKET]
    assert past_trouble(COMMUNITY, tickets) == ["3号楼2单元502（2次）", "3号楼2单元301", "3号楼2单元门口"]


def test_what_was_none_is_left_out():
    assert past_trouble(COMMUNITY, [at(1, status=Status.CANCELLED), at(2, status=Status.MERGED)]) == []
