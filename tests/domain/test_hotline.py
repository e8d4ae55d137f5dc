"""An order of the hotline and our tickets: the same home, the same spot, or nothing that may be claimed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.hotline import LATELY, Likeness, alike
from domain.understanding import Location
from domain.vocabulary import Place, Status, TicketNumber
from tests.domain.values import NOW, PUBLIC_TICKET, TICKET

HOME, DOOR = TICKET, replace(PUBLIC_TICKET, number=TicketNumber(13))
MERGED = replace(TICKET, number=TicketNumber(14), status=Status.MERGED)


@pytest.mark.parametrize(
    "where, likeness, numbers",
    [
        pytest.param(Location("3", "2", "502"), Likeness.SAME, [12], id="the same home"),
        pytest.param(Location("3", None, "502"), Likeness.SAME, [12], id="the unit left out"),
        pytest.param(Location("3", "1", "502"), Likeness.NONE, [], id="another unit's home of that number"),
        pytest.param(Location("3", "2", "602"), Likeness.NONE, [], id="another home is another matter"),
        pytest.param(Location("3", "2", place=Place.UNIT_DOOR), Likeness.SAME, [13], id="the same spot"),
        pytest.param(Location("3"), Likeness.PERHAPS, [12, 13], id="the building alone"),
        pytest.param(Location("3", "1"), Likeness.NONE, [], id="a unit of which nothing was heard"),
    ],
)
def test_by_place(where: Location, likeness: Likeness, numbers: list[int]):
    found = alike(where, [HOME, DOOR, MERGED], NOW)
    assert (found[0], [ticket.number for ticket in found[1]]) == (likeness, numbers)


def test_by_time():
    later = NOW + LATELY + timedelta(minutes=1)
    assert alike(Location("3"), [HOME], later) == (Likeness.NONE, ())
    assert alike(Location("3", "2", "502"), [HOME], later)[0] is Likeness.SAME
