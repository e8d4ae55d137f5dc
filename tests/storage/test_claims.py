"""Claims and how they end, in the cases where somebody is late, dead or in between."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.records import DeliveryState
from domain.tickets import What
from domain.vocabulary import Priority, TicketNumber
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

NIGHT = timedelta(hours=9)
THE_ROW = text("SELECT state, attempts, error, ended_at IS NOT NULL FROM outbox ORDER BY id LIMIT 1")


async def row(database):
    return await database.store._connections.read(lambda work: tuple(work.rows(THE_ROW)[0]))


async def open_ticket(database, *replies):
    async with database.store.begin(NOW) as work:
        number = await work.tickets.next_number()
        await work.tickets.save(ticket(number), opened(number))
        await work.outbox.put(replies, NOW)


async def clock_and_history(database):
    async with database.store.begin(NOW) as work:
        known = await work.tickets.get(TicketNumber(1))
        assert known is not None
        return known.clocks.acknowledged, [(e.what, e.at, e.source) for e in await work.tickets.events(known.number)]


ENDS = [
    (DeliveryState.SENT, ("sent", 1, "", True)),
    (DeliveryState.RETRY, ("queued", 1, "the network said no", True)),
    (DeliveryState.DEAD, ("dead", 1, "the network said no", True)),
    (DeliveryState.UNKNOWN, ("unknown", 1, "the network said no", True)),
    (DeliveryState.WAIT, ("queued", 0, "", False)),
]


def end(state, one):
    return sent(one) if state is DeliveryState.SENT else ended(one, state, NOW + MINUTE)


@pytest.mark.parametrize("state, left", ENDS)
async def test_what_becomes_of_a_row(database, state, left):
    await put(database, reply())
    [one] = await claim(database)
    await database.deliveries.finish([end(state, one)], NOW)
    name, attempts, error, over = await row(database)
    assert (name, attempts, error) == left[:3]
    if state is not DeliveryState.RETRY:
        assert bool(over) == left[3]


@pytest.mark.parametrize("state", list(DeliveryState))
async def test_a_late_finish_changes_nothing_whatever_it_says(database, other_process, state):
    await open_ticket(database, ack(1))
    [late] = await claim(database, lease=SECOND)
    [_present] = await claim(other_process, NOW + SECOND)
    before = await row(database), await other_process.deliveries.next_due("console")
    await database.deliveries.finish([end(state, late)], NOW + SECOND)
    assert (await row(database), await database.deliveries.next_due("console")) == before
    for process in (database, other_process):
        acknowledged, history = await clock_and_history(process)
        assert acknowledged is None
        assert len(history) == 1
        async with process.store.begin(NOW) as work:
            assert await work.conversations.tickets_of("console", f"r{late.token}") == ()


async def test_a_finish_after_the_lease_counts_while_nobody_else_took_the_chat(database):
    """It did go out: to send it again would be worse."""
    await put(database, reply())
    [one] = await claim(database, lease=SECOND)
    await database.deliveries.finish([sent(one, at=NOW + MINUTE)], NOW + MINUTE)
    assert await claim(database, NOW + NIGHT) == []


async def test_a_finish_twice_counts_once(database):
    await put(database, reply())
    [one] = await claim(database)
    for _ in range(2):
        await database.deliveries.finish([sent(one)], NOW)
    assert await row(database) == ("sent", 1, "", True)


async def test_what_a_dead_process_held_is_free_after_recovery(database, other_process):
    await put(database, reply("held"), reply("held too", chat=OTHER_CHAT))
    held = await claim(database, lease=NIGHT)
    assert len(held) == 2
    assert await other_process.deliveries.recover("wechaty", NOW + SECOND) == 0
    assert await claim(other_process, NOW + SECOND) == []
    assert await other_process.deliveries.recover("console", NOW + SECOND) == 2
    assert len(await claim(other_process, NOW + SECOND)) == 2
    await database.deliveries.finish([sent(one) for one in held], NOW + SECOND)
    assert await row(database) == ("queued", 0, "", False)


async def test_a_lease_is_renewed_by_who_has_it(database, other_process):
    await put(database, reply())
    [first] = await claim(database, lease=MINUTE)
    await database.deliveries.renew([first], NOW + 2 * MINUTE)
    assert await claim(other_process, NOW + MINUTE + SECOND) == []
    [second] = await claim(other_process, NOW + 2 * MINUTE, lease=MINUTE)
    await database.deliveries.renew([first], NOW + NIGHT)  # too late: it is somebody else's
    assert await claim(database, NOW + 3 * MINUTE - SECOND) == []
    await other_process.deliveries.finish([sent(second)], NOW + 3 * MINUTE)
    assert await database.deliveries.next_due("console") is None


async def test_recovery_of_a_quiet_channel_frees_nothing(database):
    assert await database.deliveries.recover("console", NOW) == 0
    await put(database, reply())
    assert await database.deliveries.recover("console", NOW) == 0
    assert len(await claim(database)) == 1


async def test_next_due_is_the_earliest_of_the_channel(database):
    assert await database.deliveries.next_due("console") is None
    await put(database, reply(not_before=NOW + MINUTE), reply(chat=OTHER_CHAT, not_before=NOW + SECOND))
    assert await database.deliveries.next_due("console") == NOW + SECOND
    assert await database.deliveries.next_due("wechaty") is None
    [_soonest] = await claim(database, NOW + SECOND, lease=NIGHT)
    assert await database.deliveries.next_due("console") == NOW + MINUTE


async def test_a_claim_stays_with_its_channel_and_its_limit(database):
    await put(database, reply(), reply(chat=OTHER_CHAT))
    assert await database.deliveries.claim("wechaty", NOW, MINUTE, 10) == []
    assert len(await claim(database, limit=1)) == 1
    assert len(await claim(database, limit=1)) == 1
    assert await claim(database, limit=1) == []


async def test_answers_are_not_crowded_out_by_what_may_wait(database):
    await put(database, *(reply(f"quiet{n}", may_wait=True, priority=Priority.EMERGENCY) for n in range(60)))
    await put(database, *(reply(f"answer{n}", priority=Priority.BROADCAST) for n in range(60)))
    [(_, names)] = said_by(await claim(database))
    assert names == [f"quiet{n}" for n in range(40)] + [f"answer{n}" for n in range(40)]


async def test_nothing_is_acknowledged_by_what_did_not_go_out(database):
    await open_ticket(database, ack(1))
    for state in (DeliveryState.WAIT, DeliveryState.RETRY, DeliveryState.UNKNOWN):
        [one] = await claim(database, NOW + MINUTE)
        await database.deliveries.finish([ended(one, state, NOW + MINUTE)], NOW)
        acknowledged, history = await clock_and_history(database)
        assert acknowledged is None
        assert len(history) == 1


async def test_the_first_acknowledgement_of_one_finish_counts_and_names_its_message(database):
    await open_ticket(database, ack(1), ack(1, OTHER_CHAT))
    first, second = await claim(database)
    ends = [sent(first, ids=("r1",), at=NOW + SECOND), sent(second, ids=("r2",), at=NOW + MINUTE)]
    await database.deliveries.finish(ends, NOW + MINUTE)
    acknowledged, [_, event] = await clock_and_history(database)
    assert acknowledged == NOW + SECOND
    assert event == (What.ACKNOWLEDGED, NOW + SECOND, f"console:{first.chat.id}:r1")


async def test_an_acknowledgement_of_an_unknown_ticket_does_no_harm(database):
    await put(database, ack(99))
    [one] = await claim(database)
    await database.deliveries.finish([sent(one)], NOW)
    assert await row(database) == ("sent", 1, "", True)


async def test_a_row_put_during_a_retry_waits_for_the_back_off_and_keeps_its_place(database):
    await put(database, reply("first"))
    [one] = await claim(database)
    await put(database, reply("meanwhile"), now=NOW + SECOND)
    await database.deliveries.finish([ended(one, DeliveryState.RETRY, NOW + MINUTE)], NOW + SECOND)
    assert await claim(database, NOW + MINUTE - SECOND) == []
    assert said_by(await claim(database, NOW + MINUTE)) == [("g3", ["first", "meanwhile"])]


async def test_private_and_group_chats_of_one_id_are_two(database):
    private = type(CHAT)(CHAT.channel, CHAT.id, private=True)
    await put(database, reply("group"), reply("private", chat=private))
    group_claim, private_claim = sorted(await claim(database), key=lambda c: c.chat.private)
    await database.deliveries.finish([ended(group_claim, DeliveryState.RETRY, NOW + NIGHT), sent(private_claim)], NOW)
    assert await database.deliveries.next_due("console") == NOW + NIGHT
