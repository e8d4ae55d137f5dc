"""What is kept of a person is found and forgotten; a history can lose a name and words, and nothing else."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from domain.drafts import Draft, DraftKind
from domain.errors import StoreError
from domain.messages import Chat, Person, Quote
from domain.records import CONTACT, MediaRecord, MediaState, Question
from domain.tickets import Actor, TicketEvent, What
from domain.vocabulary import MediaId, MessageKind, StaffId, TicketNumber
from storage.addresses import connections
from storage.tables import inbox, outbox
from tests.storage.values import (
    ANN,
    BEN,
    CHAT,
    LONG_AGO,
    MINUTE,
    NOW,
    claim,
    handle_all,
    message,
    put,
    reply,
    sent,
    ticket,
)

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
    assert (events[0].by.person, events[0].source, events[1].by.person) == (None, "", BEN)


async def outbox_of(database_url: str) -> list[tuple[str, str]]:
    opened = connections(database_url)
    try:
        rows = await opened.read(lambda work: work.rows(select(outbox.c.state, outbox.c.reply).order_by(outbox.c.id)))
        return [(row.state, str(row.reply)) for row in rows]
    finally:
        await opened.close()


async def test_what_was_sent_loses_the_words_and_what_waits_or_is_needed_keeps_them(lived, database_url):
    about = {"words": "我家卧室漏水了，一直滴", "number": 1}
    await put(lived, reply("call", params=about, tickets=(ONE,)), reply("other", params={"said": "别的事，也很长的"}))
    await put(lived, reply("needed", params={"reporters": ["安"]}, tickets=(TicketNumber(2),)))
    await put(lived, reply("private", chat=Chat.with_person(ANN), params={"home": "502"}))
    await lived.deliveries.finish([sent(each) for each in await claim(lived)], NOW)
    await put(lived, reply("waits", params=about))
    async with lived.store.begin(NOW) as work:
        await work.traces.wipe(ANN, "安", ["我家卧室漏水了，一直滴"], [TicketNumber(2)])
    now = await outbox_of(database_url)
    assert [state for state, _ in now] == ["sent"] * 4 + ["queued"]
    kept = ["erased_message" not in words for _, words in now]
    assert kept == [False, True, True, False, True]
    assert "502" not in now[3][1]
    assert "'tickets': [1]" in now[0][1]


async def test_open_questions_drafts_and_quotations_go_with_them(lived, other_process, database_url):
    quoting = replace(message("m9", "我家也是", sender=BEN), quote=Quote("m1", "漏水了"))
    await lived.inbox.put([quoting], NOW)
    await handle_all(lived)
    async with lived.store.begin(NOW) as work:
        await work.conversations.ask(Question(CHAT, ANN, "where", None, NOW, NOW + MINUTE))
        await work.conversations.ask(Question(CHAT, BEN, "where", None, NOW, NOW + MINUTE))
        await work.drafts.put(Draft(CHAT, ANN, DraftKind.BROADCAST, {"text": "x"}, NOW))
        await work.media.add(MediaRecord(MediaId("p"), CHAT, ANN, "m1", "h", MessageKind.IMAGE, NOW, digest="d"))
        await work.media.add(
            MediaRecord(MediaId("q"), CHAT, ANN, "m5", "h", MessageKind.IMAGE, NOW, ticket=TicketNumber(2))
        )
    async with lived.store.begin(NOW) as work:
        await work.traces.wipe(ANN, "安", [], [TicketNumber(2)])
    for seen_by in (lived, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await work.conversations.question(CHAT, ANN, NOW) is None
            assert await work.conversations.question(CHAT, BEN, NOW) is not None
            assert list(await work.drafts.of(CHAT, ANN, LONG_AGO)) == []
            gone, needed = await work.media.get([MediaId("p"), MediaId("q")])
            assert (gone.state, gone.sender.id, gone.handle) == (MediaState.ERASED, "", "")
            assert (needed.state, needed.sender) == (MediaState.WAITING, ANN)
    opened = connections(database_url)
    try:
        [row] = await opened.read(lambda w: w.rows(select(inbox.c.quote_text).where(inbox.c.external_id == "m9")))
        assert row.quote_text is None
    finally:
        await opened.close()


async def test_how_to_reach_whoever_phoned_goes_and_other_notes_stay(lived, other_process):
    phoned = TicketEvent(
        ONE, NOW, What.NOTE, Actor("物业台账"), "import", {"words": "张阿姨 13812345678", CONTACT: True}
    )
    note = TicketEvent(ONE, NOW, What.NOTE, Actor("李敏", None, StaffId("zhao")), "c:g:n", {"words": "先打电话"})
    async with lived.store.begin(NOW) as work:
        await work.tickets.save(ticket(1), phoned, note)
    async with lived.store.begin(NOW) as work:
        await work.traces.forget_contacts([ONE])
    async with other_process.store.begin(NOW) as work:
        notes = [dict(event.details) for event in await work.tickets.events(ONE) if event.what is What.NOTE]
    assert notes == [{}, {"words": "先打电话"}]


async def test_a_file_that_nothing_else_holds_is_dropped_once(lived):
    dropped: list[str] = []

    async def drop(digest: str) -> None:
        dropped.append(digest)

    async with lived.store.begin(NOW) as work:
        for id, who, digest in (("a", ANN, "own"), ("b", ANN, "shared"), ("c", BEN, "shared")):
            record = MediaRecord(MediaId(id), CHAT, who, id, "h", MessageKind.IMAGE, NOW, MediaState.STORED)
            await work.media.add(replace(record, digest=digest))
    async with lived.store.begin(NOW) as work:
        await work.traces.wipe(ANN, "安", [], [])
    assert await lived.housekeeping.drop_files(drop) == 2
    assert await lived.housekeeping.drop_files(drop) == 0
    assert dropped == ["own"]


@pytest.mark.parametrize(
    "change", ["by_name = 'x'", "by_name = '', at = 1", "by_name = '', source = 'x'", "by_name = '', by_person = 'x'"]
)
async def test_history_can_be_changed_in_no_other_way(lived, database_url, change):
    opened = connections(database_url)
    try:
        with pytest.raises(StoreError):
            await opened.write(lambda work: work.run(text(f"UPDATE ticket_events SET {change}")))
        with pytest.raises(StoreError):
            await opened.write(lambda work: work.run(text("DELETE FROM ticket_events")))
    finally:
        await opened.close()
