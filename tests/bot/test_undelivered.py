"""A message that did not arrive, or perhaps did not, becomes a task for the building's social worker, among staff, and
never a post to a building."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.community import community
from bot.config import Config
from domain.errors import ChannelError, UnknownOutcome
from domain.messages import Chat, Person, Reply
from domain.records import PersonRecord
from domain.tickets import Reporter
from domain.vocabulary import ReplyKind, TicketNumber
from tests.bot.sending import NAME, Office, group, office
from tests.moments import NOON
from tests.storage.values import opened, ticket

STAFF = Chat(NAME, "gstaff")
RESIDENT = Chat(NAME, "r1", private=True)
WORKERS = [
    {"id": "li", "name": "李敏", "role": "social_worker", "buildings": ["1", "3"], "phone": "13900000001"},
    {"id": "zhao", "name": "赵蕾", "role": "social_worker", "buildings": ["2"], "phone": "13900000002"},
    {"id": "zhou", "name": "周红", "role": "secretary", "buildings": [], "phone": "13900000004"},
]
CONFIG = Config.model_validate({**community(3), "staff": WORKERS})
ALONE = {"id": "g1", "name": "1号楼邻里群", "building": "1", "role": "building"}
NO_STAFF_GROUP = Config.model_validate({**community(3), "staff": WORKERS, "groups": [ALONE]})
REFUSED = ChannelError("not a friend", retry=False)


@pytest.fixture
async def post(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(database_url, tmp_path, config=CONFIG) as opened_office:
        yield opened_office


async def loses(post: Office, reply: Reply, error: ChannelError = REFUSED) -> list:
    """What the bot says after it could not say this; #1 is a ticket of building 3, reported in private by r1."""
    async with post.database.store.begin(NOON) as work:
        number = await work.tickets.next_number()
        reporter = Reporter(Person(NAME, "r1"), "张阿姨", RESIDENT, "m1", NOON)
        await work.tickets.save(replace(ticket(number), reporters=(reporter,)), opened(number))
    post.network.broken = lambda message: error if message.chat == reply.chat else None
    await post.put(reply)
    await post.passes(minutes=1)
    return [message for _, message in post.network.said]


def news(chat: Chat, *tickets: int, kind: ReplyKind = ReplyKind.STATUS) -> Reply:
    return Reply(chat, "opted_in", kind=kind, tickets=tuple(TicketNumber(n) for n in tickets))


@pytest.mark.parametrize("error, perhaps", [(REFUSED, False), (UnknownOutcome("no answer"), True)])
async def test_a_private_message_becomes_a_task_for_the_buildings_social_worker(
    post: Office, error: ChannelError, perhaps: bool
):
    [task] = await loses(post, news(RESIDENT, 1), error)
    assert task.chat == STAFF
    assert [mention.name for mention in task.mentions] == ["李敏"]
    assert task.text.startswith("@李敏 ")
    assert "#1 3号楼2单元502" in task.text
    assert "发给张阿姨的私信" in task.text
    assert ("也可能送到了" in task.text) is perhaps


async def test_without_a_ticket_the_persons_own_building_tells_whose_task_it_is(post: Office):
    async with post.database.store.begin(NOON) as work:
        home = PersonRecord(Person(NAME, "r1"), "老周", home=replace(ticket(1).location, building="2"))
        await work.people.save(home)
    [task] = await loses(post, news(RESIDENT))
    assert [mention.name for mention in task.mentions] == ["赵蕾"]


async def test_of_a_stranger_nothing_is_known_but_that_somebody_must_look(post: Office):
    [task] = await loses(post, news(RESIDENT))
    assert (task.chat, task.mentions) == (STAFF, ())


async def test_a_post_to_a_group_is_a_task_of_its_building(post: Office):
    [task] = await loses(post, news(group(3)))
    assert [mention.name for mention in task.mentions] == ["李敏"]
    assert "发到3号楼邻里群的" in task.text


async def test_without_a_staff_group_the_social_worker_is_asked_in_private(database_url: str, tmp_path: Path):
    async with office(database_url, tmp_path, config=NO_STAFF_GROUP) as post:
        [task] = await loses(post, news(RESIDENT, 1))
        assert task.chat == Chat(NAME, "li", private=True)


async def test_who_is_called_in_the_staff_group_as_well_makes_no_task(post: Office):
    """Social workers who are no friends of the account would make one of every report."""
    assert await loses(post, news(Chat(NAME, "li", private=True), 1, kind=ReplyKind.ALERT)) == []


async def test_what_staff_themselves_were_not_told_makes_no_task_without_end(post: Office):
    assert await loses(post, news(STAFF, 1)) == []
    assert await post.left() == {"dead": 1}


async def test_a_message_that_is_tried_again_is_no_task(post: Office):
    assert await loses(post, news(RESIDENT, 1), ChannelError("busy")) == []
