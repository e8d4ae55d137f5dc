"""What is due about a ticket stands with it: it is found when its time has come, and moves on with its commit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.tickets import Awaited, Ticket, move
from domain.vocabulary import Status, TicketNumber, Urgency
from storage.database import open_database
from tests.storage.values import LIMITS, MINUTE, NOW, SECOND, ZONE, community, ticket

ACCEPT = 10 * MINUTE


@pytest.fixture
async def database(database_url):
    async with open_database(database_url, community(limits=LIMITS), ZONE) as opened:
        yield opened


@pytest.fixture
async def other_process(database_url, database):
    async with open_database(database_url, community(limits=LIMITS), ZONE) as opened:
        yield opened


async def save(database, *tickets):
    async with database.store.begin(NOW) as work:
        for one in tickets:
            while await work.tickets.next_number() < one.number:
                pass
            await work.tickets.save(one)


async def due(database, at, limit=100):
    async with database.store.begin(at) as work:
        return [t.number for t in await work.tickets.due(at, limit)]


def at(number: int, minutes: int) -> Ticket:
    """Registered so many minutes later than the others."""
    return replace(ticket(number), since=NOW + minutes * MINUTE)


async def test_it_is_due_from_its_moment_on_and_not_before(database, other_process):
    await save(database, at(1, 0))
    for seen_by in (database, other_process):
        assert await due(seen_by, NOW + ACCEPT - SECOND) == []
        assert await due(seen_by, NOW + ACCEPT) == [1]
        assert await seen_by.read_models.next_due() == NOW + ACCEPT


async def test_the_longest_due_comes_first_and_no_more_than_asked_for(database):
    await save(database, at(1, 2), at(2, 0), at(3, 1))
    assert await due(database, NOW + timedelta(hours=1)) == [2, 3, 1]
    assert await due(database, NOW + timedelta(hours=1), limit=2) == [2, 3]


async def test_what_another_process_settled_is_not_due(database, other_process):
    await save(database, at(1, 0))
    assert await due(other_process, NOW + ACCEPT) == [1]
    async with other_process.store.begin(NOW) as work:
        await work.tickets.save(move(await work.tickets.get(TicketNumber(1)), Status.CANCELLED, at=NOW))
    assert await due(database, NOW + ACCEPT) == []
    assert await database.read_models.next_due() is None


async def test_what_this_commit_settled_is_not_due(database):
    await save(database, at(1, 0))
    later = NOW + ACCEPT
    async with database.store.begin(later) as work:
        await work.tickets.save(move(await work.tickets.get(TicketNumber(1)), Status.ON_SITE, at=later))
        assert await work.tickets.due(later, 100) == []


async def arrive_and_be_killed(database, at):
    async with database.store.begin(at) as work:
        [found] = await work.tickets.due(at, 100)
        await work.tickets.save(move(found, Status.ON_SITE, at=at))
        raise RuntimeError("killed")


async def test_a_commit_that_fails_leaves_it_due(database):
    await save(database, at(1, 0))
    later = NOW + ACCEPT
    with pytest.raises(RuntimeError, match="killed"):
        await arrive_and_be_killed(database, later)
    assert await due(database, later) == [1]


async def test_every_save_renews_it(database, other_process):
    await save(database, at(1, 0))
    async with database.store.begin(NOW) as work:
        await work.tickets.save(replace(await work.tickets.get(TicketNumber(1)), urgency=Urgency.EMERGENCY))
        await work.tickets.save(move(await work.tickets.get(TicketNumber(1)), Status.RESOLVED, at=NOW + MINUTE))
    [watched] = await other_process.read_models.watched(TicketNumber(0), 10)
    assert watched.due is not None
    assert (watched.due.awaits, watched.due.at) == (Awaited.ANSWER, NOW + MINUTE + timedelta(hours=24))


async def test_watching_goes_page_by_page_over_what_did_not_end(database):
    ended = (Status.CLOSED, Status.CANCELLED, Status.MERGED)
    await save(database, *(replace(ticket(n), status=s) for n, s in enumerate(Status, 1)))
    pages, after = [], TicketNumber(0)
    while page := await database.read_models.watched(after, 3):
        pages.append(page)
        after = page[-1].number
    assert [w.status for page in pages for w in page] == [s for s in Status if s not in ended]
    assert [len(page) for page in pages] == [3, 3, 2]
    assert pages[0][0].clocks == ticket(1).clocks
