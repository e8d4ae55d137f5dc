"""What is put into the outbox comes out as it was, once, and not before or after its time."""

from dataclasses import replace

import pytest

from domain.messages import PAIR, Document, Mention, Pair, Reply
from domain.vocabulary import MediaId, Priority, ReplyKind, TicketNumber
from tests.storage.values import ANN, BEN, CHAT, MINUTE, NOW, SECOND, claim, put, reply, said_by, sent

PHOTOS = Pair(MediaId("p1"), MediaId("p2"), TicketNumber(1), "门口", 8)
FULL = Reply(
    CHAT, "progress", {"words": "漏水 🌊", "n": 3, "list": ["a", None, True], "deep": {"a": 1.5}}, ReplyKind.PROGRESS,
    Priority.PROGRESS, (Mention(ANN, "安"), Mention(BEN, "本")), (TicketNumber(1), TicketNumber(2)),
    (MediaId("p1"),), "m1", "acks", "key", NOW - SECOND, NOW + MINUTE, True, True,
    (
        Document("slip", "slip_words", {"number": 1, "home": "2-502"}, "联系单1", ("pdf", "png"), "https://a.example"),
        Document(PAIR, "", {}, "修前修后", ("jpg",), pairs=(PHOTOS,)),
    ),
)  # fmt: skip


@pytest.mark.parametrize("said", [FULL, reply(), replace(FULL, not_before=None, dedupe_key=None)])
async def test_every_field_of_a_reply_comes_back(database, other_process, said):
    await put(database, said)
    [one] = await claim(other_process)
    [row] = one.rows
    assert (row.reply, row.created_at, row.attempts) == (said, NOW, 0)


async def test_odd_words_do_not_stop_the_outbox(database):
    odd = "\0\ud83d'"
    await put(database, reply(params={"words": odd}, mentions=(Mention(ANN, odd),), merge=odd, dedupe_key=odd))
    await put(database, reply(dedupe_key=odd))
    [one] = await claim(database)
    assert len(one.rows) == 1


async def test_a_key_belongs_to_its_chat(database):
    private = replace(CHAT, private=True)
    await put(database, *(reply(chat=chat, dedupe_key="k") for chat in (CHAT, private, replace(CHAT, id="g9"))))
    assert len(await claim(database)) == 3


@pytest.mark.parametrize("end", ["sent", "expired", "queued"])
async def test_a_key_is_used_up_whatever_became_of_its_row(database, other_process, end):
    await put(database, reply("first", dedupe_key="k", expires_at=NOW + MINUTE))
    if end == "sent":
        [one] = await claim(database)
        await database.deliveries.finish([sent(one)], NOW)
    if end == "expired":
        assert await claim(database, NOW + MINUTE) == []
    await put(other_process, reply("second", dedupe_key="k"))
    assert said_by(await claim(database)) == ([("g3", ["first"])] if end == "queued" else [])


async def test_a_dropped_duplicate_does_not_wake_its_chat(database):
    await put(database, reply(dedupe_key="k"))
    [one] = await claim(database)
    await database.deliveries.finish([sent(one)], NOW)
    await put(database, reply(dedupe_key="k"))
    assert await database.deliveries.next_due("console") is None


async def test_keys_of_many_replies_at_once(database):
    await put(database, *(reply(f"old{n}", dedupe_key=f"k{n}") for n in range(60)))
    await put(database, *(reply(f"new{n}", dedupe_key=f"k{n}") for n in range(50, 70)))
    said = []
    while claims := await claim(database):
        said += [row.reply.template for one in claims for row in one.rows]
        await database.deliveries.finish([sent(one) for one in claims], NOW)
    assert said == [f"old{n}" for n in range(60)] + [f"new{n}" for n in range(60, 70)]


async def test_nothing_goes_out_before_its_time(database):
    await put(database, reply("later", not_before=NOW + MINUTE))
    assert await database.deliveries.next_due("console") == NOW + MINUTE
    assert await claim(database, NOW + MINUTE - SECOND) == []
    assert said_by(await claim(database, NOW + MINUTE)) == [("g3", ["later"])]


async def test_what_would_expire_before_its_time_never_goes_out(database):
    await put(database, reply("never", not_before=NOW + MINUTE, expires_at=NOW + MINUTE))
    assert await claim(database, NOW + MINUTE) == []
    assert await database.deliveries.next_due("console") is None


async def test_priorities_of_one_commit_and_of_several_sort_alike(database):
    mixed = [Priority.BROADCAST, Priority.ANSWER, Priority.EMERGENCY, Priority.PROGRESS]
    await put(database, *(reply(f"a{p.value}", priority=p) for p in mixed))
    for p in mixed:
        await put(database, reply(f"b{p.value}", priority=p))
    assert said_by(await claim(database)) == [("g3", ["a0", "b0", "a1", "b1", "a3", "b3", "a5", "b5"])]


async def test_what_went_out_to_some_chats_in_a_time_is_counted_by_kind(database, other_process):
    other = replace(CHAT, id="g9")
    said = [reply(kind=ReplyKind.ACK), reply(kind=ReplyKind.PROGRESS), reply(kind=ReplyKind.ACK, chat=other)]
    await put(database, *said, reply(kind=ReplyKind.ACK, chat=replace(CHAT, private=True)))
    while claims := await claim(database):
        await database.deliveries.finish([sent(one) for one in claims], NOW)
    await put(database, reply(kind=ReplyKind.DIGEST))  # queued
    async with other_process.store.begin(NOW) as work:
        assert await work.outbox.sent([CHAT, other], NOW, NOW + SECOND) == {ReplyKind.ACK: 2, ReplyKind.PROGRESS: 1}
        assert await work.outbox.sent([other], NOW, NOW + SECOND) == {ReplyKind.ACK: 1}
        assert await work.outbox.sent([CHAT], NOW + SECOND, NOW + MINUTE) == {}
