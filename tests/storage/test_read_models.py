"""What pages show: read beside the work, even while somebody writes."""

from dataclasses import replace

from domain.records import Handled, Outcome, TicketSummary
from domain.vocabulary import MediaId, Status
from tests.storage.values import BEN, NOW, message, opened, ticket


async def test_every_ticket_with_its_counts(database, other_process):
    assert list(await database.read_models.summaries()) == []
    first = replace(ticket(1, reporters=(BEN,)), media=(MediaId("p1"), MediaId("p2")), status=Status.CLOSED)
    async with database.store.begin(NOW) as work:
        for one, events in ((first, [opened(1)] * 3), (ticket(2), [])):
            await work.tickets.next_number()
            await work.tickets.save(one, *events)
    expected = [TicketSummary(first, 2, 3), TicketSummary(ticket(2), 0, 0)]
    for seen_by in (database, other_process):
        assert list(await seen_by.read_models.summaries()) == expected


async def test_the_list_of_what_is_undecided(database):
    await database.inbox.put([message("m1"), message("m2")], NOW)
    async with database.store.begin(NOW) as work:
        for row in await work.inbox.waiting(2):
            await work.look.add(row, "maybe")
            await work.inbox.finish(Handled(row, Outcome.LOOK), NOW)
        expected = await work.look.undecided()
    assert list(await database.read_models.look_list()) == list(expected)


async def test_pages_read_while_a_unit_of_work_is_open_and_see_no_half_of_it(database):
    async with database.store.begin(NOW) as work:
        await work.tickets.save(ticket(await work.tickets.next_number()))
        assert list(await database.read_models.summaries()) == []
        assert list(await database.read_models.look_list()) == []
    assert len(await database.read_models.summaries()) == 1
