from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.roster import FEWEST_HOMES_IN_A_BAND, PLACE_NAMES, Building, QuietHours, floor_band
from domain.understanding import Location
from domain.vocabulary import BuildingId, Place, Role
from tests.domain.values import COMMUNITY


def building(floors: int, rooms: int, basements: int = 2) -> Building:
    return Building(BuildingId("3"), "3号楼", ("1", "2", "3"), floors, rooms, basements=basements)


@pytest.mark.parametrize(
    "floors, rooms, floor, band",
    [
        pytest.param(18, 4, 1, "低层", id="the first"),
        pytest.param(18, 4, 6, "低层", id="the last of the lower third"),
        pytest.param(18, 4, 7, "中层", id="the first of the middle third"),
        pytest.param(18, 4, 12, "中层", id="the last of the middle third"),
        pytest.param(18, 4, 13, "高层", id="the first of the upper third"),
        pytest.param(18, 4, 18, "高层", id="the top"),
        pytest.param(11, 3, 4, "中层", id="thirds that do not come out even"),
        pytest.param(6, 2, 1, "低层", id="two floors of two homes are four"),
        pytest.param(6, 1, 1, "", id="two homes only"),
        pytest.param(5, 2, 3, "中层", id="floors 2 and 3: four homes"),
        pytest.param(5, 2, 1, "", id="floor 1 alone: two homes"),
        pytest.param(3, 3, 2, "", id="one floor of three homes"),
        pytest.param(3, 4, 2, "中层", id="one floor of four homes"),
        pytest.param(18, 4, 19, "", id="above the roof"),
        pytest.param(18, 4, 0, "", id="there is no floor 0"),
        pytest.param(18, 4, -1, "", id="below ground"),
        pytest.param(18, 4, None, "", id="not known"),
    ],
)
def test_the_band_of_a_floor(floors: int, rooms: int, floor: int | None, band: str):
    assert floor_band(building(floors, rooms), floor) == band


def test_no_register_no_band():
    assert floor_band(None, 5) == ""


@given(st.integers(1, 60), st.integers(1, 12))
def test_a_band_never_points_at_fewer_than_four_homes(floors: int, rooms: int):
    house = building(floors, rooms)
    bands = [floor_band(house, floor) for floor in range(1, floors + 1)]
    for band in set(bands) - {""}:
        assert bands.count(band) * rooms >= FEWEST_HOMES_IN_A_BAND
    heights = ["低中高".index(band[0]) for band in bands if band]
    assert heights == sorted(heights)


@pytest.mark.parametrize(
    "where, fault",
    [
        pytest.param(Location(), None, id="nothing said"),
        pytest.param(Location(unit="2", room="502", floor=5), None, id="a home"),
        pytest.param(Location(unit="4"), "3号楼没有4单元", id="no such unit"),
        pytest.param(Location(floor=18), None, id="the top"),
        pytest.param(Location(floor=19), "3号楼只有18层", id="above the roof"),
        pytest.param(Location(floor=0), "3号楼只有18层", id="there is no floor 0"),
        pytest.param(Location(floor=-2), None, id="the lower basement"),
        pytest.param(Location(floor=-3), "3号楼只有18层，地下2层", id="below the basement"),
        pytest.param(Location(room="1804"), None, id="the last room"),
        pytest.param(Location(room="1805"), "3号楼没有1805这个房号", id="a door too many"),
        pytest.param(Location(room="2502"), "3号楼没有2502这个房号", id="a floor too high"),
        pytest.param(Location(room="500"), "3号楼没有500这个房号", id="a door 00"),
        pytest.param(Location(room="12345"), "3号楼没有12345这个房号", id="the hotline is no room"),
        pytest.param(Location(room="12A04"), None, id="a letter inside"),
        pytest.param(Location(room="A502"), None, id="lettered: the register has no say"),
        pytest.param(Location(room="1"), None, id="too short to tell"),
        pytest.param(Location(room="50²"), None, id="a superscript"),
    ],
)
def test_why_a_place_cannot_be(where: Location, fault: str | None):
    assert building(18, 4).fault(where) == fault


def test_a_building_without_a_basement():
    assert building(6, 2, basements=0).fault(Location(floor=-1)) == "3号楼只有6层，没有地下层"


@given(st.text(max_size=8))
def test_no_room_is_too_odd(room: str):
    assert building(18, 4).fault(Location(room=room)) in {None, f"3号楼没有{room}这个房号"}


@pytest.mark.parametrize(
    "where, role, names",
    [
        pytest.param("3", Role.SOCIAL_WORKER, ["李敏"], id="who has the building"),
        pytest.param("B", Role.SOCIAL_WORKER, ["赵蕾"], id="one of several buildings"),
        pytest.param("3", Role.REPAIRER, ["王建国"], id="who has no building has all"),
        pytest.param("9", Role.SOCIAL_WORKER, [], id="nobody"),
        pytest.param("3", Role.SECRETARY, [], id="no such role here"),
        pytest.param(None, Role.SOCIAL_WORKER, ["李敏", "赵蕾"], id="outside every building: all of the role"),
    ],
)
def test_who_is_in_charge(where: str | None, role: Role, names: list[str]):
    assert [staff.name for staff in COMMUNITY.in_charge(where, role)] == names


@pytest.mark.parametrize(
    "id, name",
    [
        pytest.param("3", "3号楼", id="known"),
        pytest.param("B", "B座", id="by its own name"),
        pytest.param("77", "77号楼", id="not in the register"),
        pytest.param(None, "", id="none"),
    ],
)
def test_the_name_of_a_building(id: str | None, name: str):
    assert COMMUNITY.building_name(id) == name


@given(st.times(), st.times(), st.times())
def test_quiet_hours_split_the_day_in_two(start: time, end: time, at: time):
    if start != end:
        assert QuietHours(start, end).holds(at) is not QuietHours(end, start).holds(at)


def test_every_place_has_a_name():
    assert set(PLACE_NAMES) == set(Place)
