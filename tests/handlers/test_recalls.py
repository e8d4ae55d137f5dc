"""A message that was taken back is forgotten, and what stood on it goes."""

from dataclasses import replace

import pytest

from domain.conversation import Action
from domain.understanding import Location
from domain.vocabulary import MessageKind, Status
from tests.handlers.meaning import Meaning, about, door, home
from tests.handlers.town import STAFF, Town, in_group, open_town

SAYS = {
    "漏了": (home(),),
    "门口有水": (door(),),
    "这儿也是": (about(Action.JOIN),),
    "602": (about(Action.ADD, location=Location(room="602", floor=6)),),
}


class Rooms(Meaning):
    def judge(self, text, building):
        where = Location(room=text, floor=6) if text == "602" else Location()
        return replace(super().judge(text, building), location=where)


@pytest.fixture
async def town():
    async with open_town(Rooms(SAYS)) as opened:
        yield opened


async def takes_back(town: Town, who: str, message: str):
    return await town.says(who, "", kind=MessageKind.RECALL, recalls=message)


async def test_a_report_that_is_taken_back_is_cancelled_without_a_word_in_the_group(town: Town):
    await town.says("r3-zhao", "漏了", id="leak", photo=1)
    heard = await takes_back(town, "r3-zhao", "leak")
    assert in_group(heard) == []
    assert in_group(heard, STAFF) == ["@李敏 #1 3号楼漏水：报修人撤回了，不用去了。"]
    ticket = await town.ticket()
    assert (ticket.status, ticket.words, ticket.location, ticket.media) == (
        Status.CANCELLED, "", Location("3"), (),
    )  # fmt: skip
    assert all("漏了" not in str(e.details) for e in await town.events())


async def test_what_others_reported_too_stays(town: Town):
    await town.says("r3-zhang", "门口有水", id="water")
    await town.says("r3-lin", "这儿也是")
    assert await takes_back(town, "r3-zhang", "water") == []
    ticket = await town.ticket()
    assert (ticket.status, [r.person.id for r in ticket.reporters]) == (Status.REGISTERED, ["r3-lin"])


async def test_work_that_has_begun_goes_on(town: Town):
    await town.says("r3-zhao", "漏了", id="leak")
    await town.says("rp-liu", "到场 #1", None)
    assert await takes_back(town, "r3-zhao", "leak") == []
    ticket = await town.ticket()
    assert (ticket.status, ticket.words) == (Status.ON_SITE, "")


async def test_a_room_that_was_taken_back_is_no_longer_known(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("r3-zhao", "602", id="room")
    assert (await town.ticket()).location.room == "602"
    await takes_back(town, "r3-zhao", "room")
    assert (await town.ticket()).location.room is None


async def test_taking_back_chatter_or_something_unknown_does_nothing(town: Town):
    await town.says("r3-wu", "桃子到了", id="peach")
    assert await takes_back(town, "r3-wu", "peach") == []
    assert await takes_back(town, "r3-wu", "never seen") == []
