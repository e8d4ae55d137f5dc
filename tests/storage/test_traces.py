"""What is kept of a person is found and forgotten; a history can lose a name and words, and nothing else."""

import pytest
from sqlalchemy import text

from domain.errors import StoreError
from domain.messages import Person
from domain.tickets import Actor, TicketEvent, What
from domain.vocabulary import StaffId, TicketNumber
from storage.addresses import connections
from tests.storage.values import ANN, BEN, NOW, handle_all, message, ticket

ONE = TicketNumber(1)


def said(by: Person, name: str, staff: str | None = None) -> TicketEvent:
    actor = Actor(name, by, StaffId(staff) if staff else None)
    return TicketEvent(ONE, NOW, What.CHASED, actor, "c:g:m", {"words": "快点", "step": 2})


@pytest.fixture
async def lived(database):
    await database.inbox.put([message("m1", "漏水了"), message("m2", "你好"), message("m3", "我也漏", sender=BEN)], NOW)
    await handle_all(database)
    async with database.store.begin(NOW) as work:
        await work.tickets.save(ticket(await work.tickets.next_number()), said(ANN, "安"), said(BEN, "本"))
        await work.tickets.save(ticket(1), said(ANN, "安", "zhao"))
        await work.conversations.assign("console", ["m1"], ONE)
    return database


async def test_what_is_kept_of_whom(lived, other_process):
    for seen_by in (lived, other_process):
        async with seen_by.store.begin(NOW) as work:
            kept = await work.traces.texts(ANN)
            assert [(one.message, one.tickets) for one in kept] == [("m1", (ONE,)), ("m2", ())]
            assert list(await work.traces.tickets(ANN)) == [ONE]
            assert (await work.traces.photos(ANN), list(await work.traces.tickets(BEN))) == (0, [])


async def test_the_name_and_the_words_go_and_the_rest_stays(lived, other_process):
    async with lived.store.begin(NOW) as work:
        await work.traces.forget(ANN, [ONE])
    async with other_process.store.begin(NOW) as work:
        events = await work.tickets.events(ONE)
    assert [(e.by.name, dict(e.details)) for e in events] == [
        ("", {"step": 2}), ("本", {"words": "快点", "step": 2}), ("安", {"words": "快点", "step": 2}),
    ]  # fmt: skip
    assert events[0].by.person == ANN


@pytest.mark.parametrize("change", ["by_name = 'x'", "by_name = '', at = 1", "by_name = '', source = 'x'"])
async def test_history_can_be_changed_in_no_other_way(lived, database_url, change):
    opened = connections(database_url)
    try:
        with pytest.raises(StoreError):
            await opened.write(lambda work: work.run(text(f"UPDATE ticket_events SET {change}")))
        with pytest.raises(StoreError):
            await opened.write(lambda work: work.run(text("DELETE FROM ticket_events")))
    finally:
        await opened.close()
