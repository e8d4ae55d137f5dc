"""The outbox as the sender sees it: the properties that a queue with one head per chat must hold."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.records import DeliveryState
from domain.tickets import What
from domain.vocabulary import Priority, ReplyKind
from tests.storage.values import (
    CHAT,
    MINUTE,
    NOW,
    OTHER_CHAT,
    SECOND,
    ack,
    claim,
    ended,
    opened,
    put,
    reply,
    said_by,
    sent,
    ticket,
)

GAP = 3 * SECOND


async def test_rows_of_a_chat_come_by_priority_then_by_age(database):
    await put(database, reply("progress", priority=Priority.PROGRESS), reply("first"), reply("second"))
    await put(database, reply("alarm", priority=Priority.EMERGENCY))
    assert said_by(await claim(database)) == [("g3", ["alarm", "first", "second", "progress"])]


async def test_chats_come_by_their_most_urgent_row_then_by_waiting_time(database):
    broadcast = [reply("broadcast", chat=replace(CHAT, id=f"g{n}"), priority=Priority.BROADCAST) for n in range(5)]
    await put(database, *broadcast)
    await put(database, ack(1, OTHER_CHAT), now=NOW + SECOND)
    claims = await claim(database, NOW + MINUTE, limit=3)
    assert [c.chat.id for c in claims] == ["g5", "g0", "g1"]


async def test_a_claimed_chat_is_nobody_elses_until_the_lease_runs_out(database, other_process):
    await put(database, reply())
    [first] = await claim(database, lease=MINUTE)
    assert await claim(other_process, NOW + MINUTE - SECOND) == []
    [second] = await claim(other_process, NOW + MINUTE)
    assert second.rows == first.rows
    assert second.token > first.token


async def test_the_late_first_sender_is_fenced_off(database, other_process):
    await put(database, reply())
    [late] = await claim(database, lease=MINUTE)
    [new] = await claim(other_process, NOW + MINUTE)
    await database.deliveries.finish([sent(late)], NOW + MINUTE)
    await other_process.deliveries.finish([ended(new, DeliveryState.RETRY, NOW + 2 * MINUTE)], NOW + MINUTE)
    [again] = await claim(database, NOW + 2 * MINUTE)
    assert [row.attempts for row in again.rows] == [1]


async def test_a_key_is_used_once_in_its_chat_for_ever(database):
    twice = reply("digest", dedupe_key="digest:22:00")
    await put(database, twice, twice, reply("digest", chat=OTHER_CHAT, dedupe_key="digest:22:00"))
    [first, second] = await claim(database)
    assert [len(c.rows) for c in (first, second)] == [1, 1]
    await database.deliveries.finish([sent(first), sent(second)], NOW)
    await put(database, twice, now=NOW + MINUTE)
    assert await claim(database, NOW + MINUTE) == []


async def test_what_is_rolled_back_was_never_put(database):
    async def put_and_fail():
        async with database.store.begin(NOW) as work:
            await work.outbox.put([reply(dedupe_key="k")], NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await put_and_fail()
    assert await claim(database) == []
    await put(database, reply(dedupe_key="k"))
    assert len(await claim(database)) == 1


async def test_what_expired_is_dropped_not_sent_late(database):
    await put(database, reply("storm", expires_at=NOW + MINUTE), reply("news"))
    assert said_by(await claim(database, NOW + MINUTE)) == [("g3", ["news"])]


async def test_a_chat_whose_rows_all_expired_goes_to_sleep(database):
    await put(database, reply("storm", expires_at=NOW + MINUTE))
    assert await claim(database, NOW + MINUTE) == []
    assert await database.deliveries.next_due("console") is None


async def test_a_dead_row_lets_the_chat_move_on(database):
    await put(database, reply("refused"), reply("news"))
    [first] = await claim(database)
    await database.deliveries.finish([ended(first, DeliveryState.DEAD, NOW + GAP, first.rows[0].id)], NOW)
    assert said_by(await claim(database, NOW + GAP)) == [("g3", ["news"])]


async def test_an_unknown_outcome_is_left_to_a_person(database):
    await put(database, reply())
    [first] = await claim(database)
    await database.deliveries.finish([ended(first, DeliveryState.UNKNOWN, NOW)], NOW)
    assert await claim(database, NOW + MINUTE) == []


async def test_a_retry_keeps_its_place_and_counts(database):
    await put(database, reply("first"), reply("second"))
    [first] = await claim(database)
    await database.deliveries.finish([ended(first, DeliveryState.RETRY, NOW + 2 * SECOND, first.rows[0].id)], NOW)
    assert await claim(database, NOW + SECOND) == []
    [again] = await claim(database, NOW + 2 * SECOND)
    assert [(row.reply.template, row.attempts) for row in again.rows] == [("first", 1), ("second", 0)]
    assert again.fails == 1


async def test_the_rate_gap_holds_when_the_queue_ran_empty_in_between_even_for_emergencies(database):
    await put(database, reply("first"))
    [first] = await claim(database)
    await database.deliveries.finish([sent(first, next_at=NOW + GAP)], NOW)
    assert await database.deliveries.next_due("console") is None
    await put(database, reply("second", priority=Priority.EMERGENCY), now=NOW + SECOND)
    assert await claim(database, NOW + 2 * SECOND) == []
    assert await database.deliveries.next_due("console") == NOW + GAP
    assert len(await claim(database, NOW + GAP)) == 1


async def test_a_put_does_not_shorten_a_back_off(database):
    await put(database, reply("first"))
    [first] = await claim(database)
    await database.deliveries.finish([ended(first, DeliveryState.RETRY, NOW + MINUTE)], NOW)
    await put(database, reply("second", priority=Priority.EMERGENCY))
    assert await claim(database, NOW + 59 * SECOND) == []


async def test_a_message_for_later_does_not_block_one_that_is_due(database):
    await put(database, reply("later", priority=Priority.EMERGENCY, not_before=NOW + MINUTE), reply("now"))
    [first] = await claim(database)
    assert said_by([first]) == [("g3", ["now"])]
    await database.deliveries.finish([sent(first)], NOW)
    assert await database.deliveries.next_due("console") == NOW + MINUTE
    assert said_by(await claim(database, NOW + MINUTE)) == [("g3", ["later"])]


async def test_a_message_for_later_does_not_lend_its_urgency(database):
    await put(
        database,
        reply("broadcast", priority=Priority.BROADCAST),
        reply("later", priority=Priority.EMERGENCY, not_before=NOW + MINUTE),
        reply("answer", chat=OTHER_CHAT),
    )
    assert [c.chat.id for c in await claim(database)] == ["g5", "g3"]


@pytest.mark.parametrize("state", list(DeliveryState))
async def test_a_row_put_while_its_chat_is_being_sent_is_not_lost(database, state):
    await put(database, reply("first", may_wait=True))
    [first] = await claim(database, lease=MINUTE)
    await put(database, reply("meanwhile"), now=NOW + SECOND)
    assert await claim(database, NOW + SECOND) == []
    end = sent(first) if state is DeliveryState.SENT else ended(first, state, NOW + timedelta(hours=9))
    await database.deliveries.finish([end], NOW + SECOND)
    blocks = state not in {DeliveryState.SENT, DeliveryState.WAIT}
    [second] = await claim(database, NOW + (timedelta(hours=9) if blocks else SECOND))
    assert second.rows[-1].reply.template == "meanwhile"


async def test_a_hold_is_pulled_forward_by_a_put_but_not_by_what_was_seen(database):
    await put(database, *(reply(f"quiet{n}", may_wait=True) for n in range(50)))
    [held] = await claim(database)
    assert len(held.rows) == 40
    morning = NOW + timedelta(hours=9)
    await database.deliveries.finish([ended(held, DeliveryState.WAIT, morning)], NOW)
    assert await claim(database, NOW + MINUTE) == []
    await put(database, ack(1), now=NOW + MINUTE)
    [woken] = await claim(database, NOW + MINUTE)
    assert ReplyKind.ACK in {row.reply.kind for row in woken.rows}


async def test_a_hold_ends_when_a_later_row_falls_due(database):
    await put(database, reply("quiet", may_wait=True), reply("later", not_before=NOW + MINUTE))
    [held] = await claim(database)
    await database.deliveries.finish([ended(held, DeliveryState.WAIT, NOW + timedelta(hours=9))], NOW)
    assert await database.deliveries.next_due("console") == NOW + MINUTE


async def test_what_went_out_lately_is_told_with_the_next_claim(database):
    await put(database, reply("old"), reply("new", own_accord=True, merge="acks", priority=Priority.EMERGENCY))
    [first] = await claim(database)
    old, new = first.rows[1].id, first.rows[0].id
    await database.deliveries.finish([sent(first, old)], NOW)
    [second] = await claim(database, NOW + 9 * MINUTE)
    await database.deliveries.finish([sent(second, new, at=NOW + 9 * MINUTE)], NOW + 9 * MINUTE)
    await put(database, reply("now"), now=NOW + 10 * MINUTE)
    [third] = await claim(database, NOW + 10 * MINUTE)
    [post] = third.recent
    assert (post.at, post.row, post.own_accord, post.merge, post.emergency) == (
        NOW + 9 * MINUTE,
        new,
        True,
        "acks",
        True,
    )


async def test_an_acknowledgement_that_went_out_sets_the_clock_and_is_history(database, other_process):
    async with database.store.begin(NOW) as work:
        number = await work.tickets.next_number()
        await work.tickets.save(ticket(number), opened(number))
        await work.outbox.put([ack(number), ack(number)], NOW)
    [first] = await claim(database)
    await database.deliveries.finish([sent(first, first.rows[0].id, at=NOW + SECOND, ids=("r1", "r2"))], NOW + SECOND)
    [second] = await claim(database, NOW + MINUTE)
    await database.deliveries.finish([sent(second, at=NOW + MINUTE)], NOW + MINUTE)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW + MINUTE) as work:
            known = await work.tickets.get(number)
            assert known is not None
            assert known.clocks.acknowledged == NOW + SECOND
            assert [e.what for e in await work.tickets.events(number)] == [What.OPENED, What.ACKNOWLEDGED]
            assert await work.conversations.tickets_of("console", "r2") == (number,)


async def test_sweep_wakes_what_has_rows_but_no_wake_up(database, database_url):
    await put(database, reply())
    await database.store._connections.write(
        lambda statements: statements.run(text("UPDATE queues SET ready_at = NULL"))
    )
    assert await claim(database) == []
    assert await database.deliveries.sweep(NOW) == 1
    assert len(await claim(database)) == 1
    assert await database.deliveries.sweep(NOW) == 0


async def test_finish_of_many_chats_is_one_transaction(database):
    chats = [replace(CHAT, id=f"g{n}") for n in range(70)]
    await put(database, *(reply(chat=c) for c in chats))
    claims = await claim(database, limit=100)
    assert len(claims) == 70
    await database.deliveries.finish([sent(c, ids=(f"r{c.chat.id}",)) for c in claims], NOW)
    assert await database.deliveries.next_due("console") is None
