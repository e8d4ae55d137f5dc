"""What was said and which tickets it belongs to; questions and photo windows, open for a while."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from domain.conversation import Asks
from domain.messages import Chat, Quote
from domain.records import Handled, Outcome, PersonRecord, PhotoWindow, Question
from domain.vocabulary import StaffId, TicketNumber
from tests.storage.values import (
    ANN,
    BEN,
    CHAT,
    LONG_AGO,
    MINUTE,
    NOW,
    OTHER_CHAT,
    SECOND,
    STEWARD,
    ack,
    claim,
    handle_all,
    message,
    put,
    sent,
    ticket,
)

ONE, TWO = TicketNumber(1), TicketNumber(2)


async def handle(database, *messages, tickets=(), outcome=Outcome.SILENT):
    await database.inbox.put(messages, NOW)
    async with database.store.begin(NOW) as work:
        for number in tickets:
            await work.tickets.save(ticket(number))
        for row in await work.inbox.waiting(1000):
            await work.inbox.finish(Handled(row, outcome, None, tickets), NOW)


async def said(database, chat=CHAT, since=LONG_AGO):
    async with database.store.begin(NOW) as work:
        return [(s.external_id, s.text, s.ticket) for s in await work.conversations.said(chat, since)]


async def stored_texts(database):
    return await database.store._connections.read(
        lambda work: [tuple(row) for row in work.rows(text("SELECT text, sender_name FROM inbox ORDER BY id"))]
    )


async def test_what_was_handled_in_a_chat_oldest_first(database, other_process):
    await handle(database, message("m1", "a"), message("m2", "b", chat=OTHER_CHAT), message("m3", "c"))
    await database.inbox.put([message("m4", "not handled yet")], NOW)
    for seen_by in (database, other_process):
        assert await said(seen_by) == [("m1", "a", None), ("m3", "c", None)]
        assert await said(seen_by, Chat("console", "g3", private=True)) == []


async def test_only_what_was_said_since(database, other_process):
    await handle(database, *(message(f"m{n}", at=NOW + n * MINUTE) for n in range(5)))
    for seen_by in (database, other_process):
        assert [id for id, _, _ in await said(seen_by, since=NOW + 3 * MINUTE)] == ["m3", "m4"]


async def test_a_chat_that_is_remembered_goes_on(database):
    assert await said(database) == []
    await handle(database, message("m1", "a"))
    await handle(database, message("m2", "b"))
    assert [id for id, _, _ in await said(database)] == ["m1", "m2"]


async def test_who_opted_out_leaves_nothing(database, other_process):
    await handle(database, message("m1", "secret"), outcome=Outcome.OPTED_OUT)
    assert await stored_texts(database) == [("", "")]
    for seen_by in (database, other_process):
        assert await said(seen_by) == []


async def test_said_tells_staff_quotes_and_the_ticket(database, other_process):
    async with database.store.begin(NOW) as work:
        await work.people.save(PersonRecord(BEN, "本", StaffId("ben")))
    by_staff = (message("m1", sender=STEWARD), message("m2", sender=BEN))
    quoting = replace(message("m3"), quote=Quote("m1", "好的"))
    await handle(database, *by_staff, quoting)
    for seen_by in (other_process, database):
        async with seen_by.store.begin(NOW) as work:
            all_said = await work.conversations.said(CHAT, LONG_AGO)
            assert [(s.is_staff, s.quotes) for s in all_said] == [(True, None), (True, None), (False, "m1")]
            assert await work.conversations.message("console", "m3") == all_said[2]
            assert await work.conversations.message("console", "m9") is None
            assert await work.conversations.message("wechaty", "m3") is None


async def test_the_tickets_of_a_message_and_of_the_bots_post(database, other_process):
    await handle(database, message("m1"), tickets=(ONE, TWO))
    await put(database, ack(1), ack(2))
    [first] = await claim(database)
    await database.deliveries.finish([sent(first, ids=("r1", "r2"))], NOW)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            of = work.conversations.tickets_of
            assert await of("console", "m1") == (1, 2)
            assert await of("console", "r1") == await of("console", "r2") == (1, 2)
            assert await of("console", "r9") == await of("wechaty", "r1") == ()


@pytest.mark.parametrize("looked_before", [False, True])
async def test_assigned_words_stay_with_their_ticket(database, other_process, looked_before):
    await handle(database, message("m1", "early"), message("m2", "chatter"))
    if looked_before:
        await said(database)
    async with database.store.begin(NOW) as work:
        await work.tickets.save(ticket(1))
        await work.conversations.assign("console", ["m1", "unknown"], ONE)
        assert await work.conversations.tickets_of("console", "m1") == (1,)
        assert [s.ticket for s in await work.conversations.said(CHAT, LONG_AGO)] == [1, None]
    assert await database.housekeeping.erase_chatter(NOW + MINUTE) == 1
    for seen_by in (database, other_process):
        assert await said(seen_by) == [("m1", "early", 1), ("m2", "", None)]


@pytest.mark.parametrize("looked_before", [False, True])
@pytest.mark.parametrize("of_ticket", [False, True])
async def test_what_is_taken_back_is_erased_at_once(database, other_process, looked_before, of_ticket):
    await handle(database, message("m1", "secret"), tickets=(ONE,) if of_ticket else ())
    if looked_before:
        await said(database)
    async with database.store.begin(NOW) as work:
        await work.conversations.recall("console", "m1")
        [seen] = await work.conversations.said(CHAT, LONG_AGO)
        assert (seen.text, seen.sender_name, seen.recalled) == ("", "", True)
    assert await stored_texts(database) == [("", "")]
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            [seen] = await work.conversations.said(CHAT, LONG_AGO)
            assert (seen.text, seen.sender_name, seen.recalled) == ("", "", True)


async def test_a_message_handled_and_taken_back_in_one_commit_leaves_nothing(database, other_process):
    await database.inbox.put([message("m1", "secret")], NOW)
    async with database.store.begin(NOW) as work:
        [row] = await work.inbox.waiting(1)
        await work.inbox.finish(Handled(row, Outcome.SILENT), NOW)
        await work.conversations.recall("console", "m1")
    assert await stored_texts(database) == [("", "")]
    assert await said(other_process) == [("m1", "", None)]


async def test_what_is_taken_back_before_it_is_handled_is_not_remembered(database, other_process):
    await database.inbox.put([message("m1", "secret")], NOW)
    async with database.store.begin(NOW) as work:
        await work.conversations.recall("console", "m1")
    assert await stored_texts(database) == [("", "")]
    await handle_all(database)
    for seen_by in (database, other_process):
        assert await said(seen_by) == [("m1", "", None)]


def question(asks=Asks.LOCATION, *, chat=CHAT, person=ANN, until=NOW + MINUTE):
    return Question(chat, person, asks, ONE, NOW, until)


async def test_a_newer_question_replaces_the_older(database, other_process):
    async with database.store.begin(NOW) as work:
        await work.conversations.ask(question())
        await work.conversations.ask(question(Asks.FIXED))
        await work.conversations.ask(question(chat=OTHER_CHAT))
        await work.conversations.ask(question(person=BEN))
    async with database.store.begin(NOW) as work:
        await work.conversations.ask(question(Asks.PHOTO_CONSENT, person=BEN))
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            of = work.conversations.question
            assert await of(CHAT, ANN, NOW) == question(Asks.FIXED)
            assert await of(OTHER_CHAT, ANN, NOW) == question(chat=OTHER_CHAT)
            assert await of(CHAT, BEN, NOW) == question(Asks.PHOTO_CONSENT, person=BEN)
            assert await of(OTHER_CHAT, BEN, NOW) is None


async def test_an_answered_or_expired_question_is_closed(database, other_process):
    async with database.store.begin(NOW) as work:
        await work.conversations.ask(question())
        await work.conversations.ask(question(person=BEN))
    async with other_process.store.begin(NOW) as work:
        await work.conversations.answered(CHAT, ANN)
        await work.conversations.answered(OTHER_CHAT, ANN)
        assert await work.conversations.question(CHAT, ANN, NOW) is None
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert await work.conversations.question(CHAT, ANN, NOW) is None
            assert await work.conversations.question(CHAT, BEN, NOW + MINUTE - SECOND) is not None
            assert await work.conversations.question(CHAT, BEN, NOW + MINUTE) is None


async def test_a_question_may_be_asked_again_after_its_answer(database, other_process):
    for _ in range(2):
        async with database.store.begin(NOW) as work:
            await work.conversations.ask(question())
            await work.conversations.answered(CHAT, ANN)
            await work.conversations.ask(question())
        async with other_process.store.begin(NOW) as work:
            assert await work.conversations.question(CHAT, ANN, NOW) == question()
            await work.conversations.answered(CHAT, ANN)


async def test_a_photo_window_is_of_one_person_in_one_chat_for_a_while(database, other_process):
    window = PhotoWindow(CHAT, ANN, (ONE, TWO), "done", NOW + MINUTE)
    async with database.store.begin(NOW) as work:
        await work.conversations.expect_photos(PhotoWindow(CHAT, ANN, (), "arrived", NOW + 9 * MINUTE))
        await work.conversations.expect_photos(window)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            of = work.conversations.photo_window
            assert await of(CHAT, ANN, NOW + MINUTE - SECOND) == window
            assert await of(CHAT, ANN, NOW + MINUTE) is None
            assert await of(CHAT, BEN, NOW) is None
            assert await of(OTHER_CHAT, ANN, NOW) is None
