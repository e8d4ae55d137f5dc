"""Staff who talk plainly move the ticket; where residents read it themselves the bot adds nothing."""

import pytest

from domain.conversation import Action
from domain.vocabulary import Status
from tests.handlers.meaning import Meaning, about, home
from tests.handlers.town import STAFF, Town, in_group, open_town

SAYS = {
    "漏了": (home(),),
    "收到，我来": (about(Action.STAFF_TAKEN),),
    "我到门口了": (about(Action.STAFF_ARRIVED),),
    "正在换软管": (about(Action.STAFF_NEWS),),
    "换好了": (about(Action.STAFF_DONE),),
}


@pytest.fixture
async def town():
    async with open_town(Meaning(SAYS)) as opened:
        await opened.says("r3-zhao", "漏了")
        yield opened


@pytest.mark.parametrize(
    "words, status",
    [
        ("收到，我来", Status.ACCEPTED),
        ("我到门口了", Status.ON_SITE),
        ("正在换软管", Status.REPAIRING),
        ("换好了", Status.RESOLVED),
    ],
)
async def test_in_the_tickets_group_silently(town: Town, words: str, status: Status):
    assert await town.says("rp-liu", words) == []
    ticket = await town.ticket()
    assert (ticket.status, ticket.assignee) == (status, "rp-liu")
    assert town.routed.tickets == (1,)


@pytest.mark.parametrize("words, live", [("我到门口了", "刘海到现场了"), ("换好了", "处理好了")])
async def test_said_elsewhere_the_group_hears_of_it_without_the_words(town: Town, words: str, live: str):
    heard = await town.says("rp-liu", words, STAFF)
    [post] = in_group(heard)
    assert live in post
    assert words not in post
    assert len(in_group(heard, STAFF)) == 1


async def test_news_among_staff_stay_there(town: Town):
    assert await town.says("rp-liu", "正在换软管", STAFF) == []
    assert (await town.ticket()).status is Status.REPAIRING


@pytest.mark.parametrize("words", list(SAYS)[1:])
async def test_a_residents_words_move_nothing(town: Town, words: str):
    await town.says("r3-wu", words)
    assert (await town.ticket()).status is Status.REGISTERED


async def test_what_somebody_else_took_stays_theirs(town: Town):
    await town.says("rp-wang", "接单 #1", STAFF)
    await town.says("rp-liu", "收到，我来")
    assert (await town.ticket()).assignee == "rp-wang"


async def test_what_has_ended_is_not_moved_by_talk(town: Town):
    await town.says("rp-wang", "误报 #1", STAFF)
    for words in list(SAYS)[1:]:
        assert await town.says("rp-liu", words) == []
    assert (await town.ticket()).status is Status.CANCELLED


async def test_a_photo_with_plain_words_is_filed(town: Town):
    await town.says("rp-liu", "换好了", photo=1)
    assert len((await town.ticket()).media) == 1
