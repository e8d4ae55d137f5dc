"""The inbox: what was put is there for good, once, in the order in which it came."""

from dataclasses import replace

import pytest

from domain.errors import StoreError
from domain.messages import Chat, Incoming, MediaHandle, Person, Quote
from domain.records import Handled, Outcome
from domain.understanding import Advice, Cue, Location, Verdict
from domain.vocabulary import Kind, MessageKind, Place, Scope, Urgency
from storage.database import open_database
from tests.storage.values import BEN, CHAT, NOW, OTHER_CHAT, SECOND, ZONE, community, handle_all, message

FULL = Incoming(
    "console", "m1", Chat("console", "u-ann", private=True), Person("console", "u-ann"), NOW, MessageKind.IMAGE,
    "安 🏠", "2-502漏水\n还在漏", (MediaHandle("file/1", "IMG_1.jpg"), MediaHandle("file/2")), True,
    Quote("r7", "已登记 #12"), None,
)  # fmt: skip


async def waiting(database, limit=1000):
    async with database.store.begin(NOW) as work:
        return list(await work.inbox.waiting(limit))


async def texts(database):
    return [row.incoming.text for row in await waiting(database)]


async def test_what_was_put_outlives_the_process(database, database_url):
    assert await database.inbox.put([FULL], NOW) == 1
    async with open_database(database_url, community(), ZONE) as later:
        [row] = await waiting(later)
    assert row.incoming == FULL
    assert (row.attempts, row.verdict) == (0, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"quote": None},
        {"quote": Quote(None, "只有字，没有号")},
        {"quote": Quote("r7", "")},
        {"kind": MessageKind.RECALL, "recalls": "m0", "text": ""},
        {"kind": MessageKind.VOICE, "media": (MediaHandle("", ""),)},
        {"text": "", "media": (), "mentions_bot": False},
    ],
)
async def test_every_shape_of_message_comes_back_as_it_went_in(database, changes):
    odd = replace(FULL, **changes)
    await database.inbox.put([odd], NOW)
    [row] = await waiting(database)
    assert row.incoming == odd


async def test_a_message_that_comes_again_dies(database, other_process):
    assert await database.inbox.put([message("m1", "first")], NOW) == 1
    assert await database.inbox.put([message("m1", "again"), message("m2")], NOW) == 1
    assert await other_process.inbox.put([message("m1", "again"), message("m2")], NOW) == 0
    assert await texts(database) == ["first", "好的"]


async def test_a_duplicate_within_one_batch_dies_and_the_first_stays(database):
    assert await database.inbox.put([message("m1", "first"), message("m2"), message("m1", "second")], NOW) == 2
    assert await texts(database) == ["first", "好的"]


async def test_a_duplicate_of_what_was_handled_long_ago_dies(database):
    await database.inbox.put([message("m1")], NOW)
    await handle_all(database)
    await database.housekeeping.erase_chatter(NOW + SECOND)
    assert await database.inbox.put([message("m1")], NOW) == 0


async def test_the_same_id_on_another_channel_is_another_message(database):
    other = Incoming("wechaty", "m1", Chat("wechaty", "g3"), Person("wechaty", "u-ann"), NOW, text="other")
    assert await database.inbox.put([message("m1"), other], NOW) == 2


async def test_the_order_is_that_of_arrival_whatever_the_messages_clocks_say(database, other_process):
    await database.inbox.put([message("m3", "a", at=NOW + SECOND), message("m1", "b", chat=OTHER_CHAT)], NOW)
    await other_process.inbox.put([message("m2", "c", at=NOW - SECOND, sender=BEN)], NOW - SECOND)
    await database.inbox.put([message("m0", "d")], NOW)
    rows = await waiting(database)
    assert [row.incoming.text for row in rows] == ["a", "b", "c", "d"]
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert [row.incoming.text for row in await waiting(database, 2)] == ["a", "b"]


@pytest.mark.parametrize(
    "said, kept",
    [
        ("a\0b\0", "ab"),
        ("\ud83d漏水", "?漏水"),
        ("漏\udc00", "漏?"),
        ("\u200b\u202e\x07\ufeff\u2028", "\u200b\u202e\x07\ufeff\u2028"),
        ("👨‍👩‍👧‍👦🔥", "👨‍👩‍👧‍👦🔥"),
        ("'; DROP TABLE inbox; -- :name %s %(a)s", "'; DROP TABLE inbox; -- :name %s %(a)s"),
        ("水" * 350_000, "水" * 350_000),
    ],
)
async def test_odd_text_is_kept_as_far_as_a_database_can(database, said, kept):
    await database.inbox.put([message("m1", said)], NOW)
    assert await texts(database) == [kept]


@pytest.mark.parametrize("odd", ["m\0one", "m\ud83done", "m'one", "水" * 2000])
async def test_an_odd_id_is_still_one_id(database, odd):
    assert await database.inbox.put([message(odd), message(odd)], NOW) == 1
    assert await database.inbox.put([message(odd)], NOW) == 0
    await handle_all(database)
    assert await waiting(database) == []


async def test_odd_words_in_every_field_do_not_stop_the_inbox(database):
    odd = "\0\ud83d"
    strange = Incoming(
        "console", "m1", Chat("console", f"g{odd}"), Person("console", f"u{odd}"), NOW, MessageKind.IMAGE, odd, odd,
        (MediaHandle(odd, odd),), False, Quote(odd, odd), odd,
    )  # fmt: skip
    assert await database.inbox.put([strange, message("m2")], NOW) == 2
    assert len(await waiting(database)) == 2


async def test_depth_counts_what_waits(database):
    assert await database.inbox.depth() == 0
    assert await database.inbox.put([], NOW) == 0
    await database.inbox.put([message(f"m{n}") for n in range(300)], NOW)
    assert await database.inbox.depth() == 300
    async with database.store.begin(NOW) as work:
        for row in await work.inbox.waiting(100):
            await work.inbox.finish(Handled(row, Outcome.SILENT), NOW)
        assert len(await work.inbox.waiting(1000)) == 200
    assert await database.inbox.depth() == 200


async def test_a_row_that_failed_waits_on_and_counts(database, other_process):
    await database.inbox.put([message("m1"), message("m2")], NOW)
    for tries in (1, 2):
        async with database.store.begin(NOW) as work:
            row = (await work.inbox.waiting(1))[0]
            await work.inbox.fail(row, "Traceback: \0 \ud83d", park=False, now=NOW)
            assert [r.incoming.external_id for r in await work.inbox.waiting(10)] == ["m2"]
        assert [(r.incoming.external_id, r.attempts) for r in await waiting(other_process)] == [
            ("m1", tries),
            ("m2", 0),
        ]


async def test_a_parked_row_waits_no_longer(database):
    await database.inbox.put([message("m1"), message("m2")], NOW)
    async with database.store.begin(NOW) as work:
        await work.inbox.fail((await work.inbox.waiting(1))[0], "Traceback", park=True, now=NOW)
    assert await texts(database) == ["好的"]
    assert await database.inbox.depth() == 1


async def test_the_verdict_is_kept_with_the_message(database, other_process):
    verdict = Verdict(
        report=True, confidence=0.75, kind=Kind.LEAK, scope=Scope.PUBLIC, urgency=Urgency.EMERGENCY,
        location=Location("3", "2", "502", -1, Place.CEILING), source_room="602", many_homes=True,
        cues=frozenset({Cue.ELECTRIC, Cue.ANGER}), ambiguous=("3号楼还是13号楼",), reasons=("漏水",), unsure=True,
    )  # fmt: skip
    await database.inbox.put([message("m1", chat=CHAT)], NOW)
    async with database.store.begin(NOW) as work:
        [row] = await work.inbox.waiting(1)
        await work.inbox.finish(Handled(row, Outcome.HANDLED, verdict), NOW)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            said = await work.conversations.message("console", "m1")
            assert said is not None
            assert said.verdict == verdict


async def test_a_verdict_is_kept_with_a_row_that_still_waits(database, other_process):
    """It survives the process, a failed attempt too, and does not come back to what was handled meanwhile."""
    await database.inbox.put([message("m1"), message("m2", chat=OTHER_CHAT)], NOW)
    [first, second] = await waiting(database)
    verdict = Verdict(False, 0.3, unsure=True, advice=Advice.MAYBE)
    async with other_process.store.begin(NOW) as work:
        await work.inbox.finish(Handled(second, Outcome.SILENT), NOW)
    async with database.store.begin(NOW) as work:
        await work.inbox.judged(first, verdict)
        await work.inbox.judged(second, verdict)
    async with database.store.begin(NOW) as work:
        await work.inbox.fail((await work.inbox.waiting(1))[0], "Traceback", park=False, now=NOW)
    [row] = await waiting(other_process)
    assert (row.incoming.external_id, row.attempts, row.verdict) == ("m1", 1, verdict)


@pytest.mark.parametrize("advice", [None, *Advice])
async def test_every_advice_comes_back_as_it_went_in(database, advice):
    await database.inbox.put([message("m1")], NOW)
    async with database.store.begin(NOW) as work:
        [row] = await work.inbox.waiting(1)
        await work.inbox.judged(row, Verdict(False, 0.3, unsure=True, advice=advice))
    [row] = await waiting(database)
    assert row.verdict is not None
    assert row.verdict.advice is advice


async def test_chats_can_be_left_out(database):
    alone = replace(message("m3"), chat=Chat("console", CHAT.id, private=True))
    await database.inbox.put([message("m1"), message("m2", chat=OTHER_CHAT), alone], NOW)
    async with database.store.begin(NOW) as work:
        assert [r.incoming.external_id for r in await work.inbox.waiting(10, {CHAT})] == ["m2", "m3"]
        assert [r.incoming.external_id for r in await work.inbox.waiting(10, {CHAT, OTHER_CHAT})] == ["m3"]


async def test_a_message_that_was_taken_back_before_it_came_dies_when_it_comes(database):
    taken_back = replace(message("r1", ""), kind=MessageKind.RECALL, recalls="m1")
    assert await database.inbox.put([taken_back], NOW) == 1
    assert await database.inbox.put([message("m1", "2单元漏水")], NOW + SECOND) == 0
    assert await database.inbox.depth() == 1


async def test_both_in_one_batch_and_twice(database):
    taken_back = replace(message("r1", ""), kind=MessageKind.RECALL, recalls="m1")
    assert await database.inbox.put([taken_back, message("m1"), taken_back, message("m2")], NOW) == 2


async def test_a_message_that_came_first_is_taken_back_by_the_handler(database):
    taken_back = replace(message("r1", ""), kind=MessageKind.RECALL, recalls="m1")
    assert await database.inbox.put([message("m1"), taken_back], NOW) == 2
    assert await database.inbox.put([message("m1")], NOW) == 0


async def arrive(database, *messages, done=()):
    """As they come in, in one commit; those named in ``done`` are finished in it. The ids of the free ones."""
    async with database.store.begin(NOW) as work:
        arrived = await work.inbox.arrive(messages, NOW)
        for row in arrived.free:
            if row.incoming.external_id in done:
                await work.inbox.finish(Handled(row, Outcome.SILENT, Verdict(report=False, confidence=0.0)), NOW)
    return arrived.new, [row.incoming.external_id for row in arrived.free]


async def test_what_is_finished_as_it_arrives_never_waits(database, other_process):
    assert await arrive(database, message("m1", "chatter"), message("m2", "report"), done=["m1"]) == (2, ["m1", "m2"])
    assert await texts(database) == ["report"]
    assert await other_process.inbox.put([message("m1", "chatter")], NOW) == 0
    async with other_process.store.begin(NOW) as work:
        assert [s.text for s in await work.conversations.said(CHAT, NOW - SECOND)] == ["chatter"]
    assert await database.housekeeping.erase_chatter(NOW + SECOND) == 1


async def test_what_arrives_again_dies(database):
    await database.inbox.put([message("m1", "first")], NOW)
    assert await arrive(database, message("m1", "again")) == (0, [])
    assert (await arrive(database, message("m2", chat=OTHER_CHAT), message("m2", chat=OTHER_CHAT)))[0] == 1
    assert await texts(database) == ["first", "好的"]


async def test_nothing_overtakes_what_waits_in_its_chat(database):
    await database.inbox.put([message("m1")], NOW)
    assert await arrive(database, message("m2"), message("m3", chat=OTHER_CHAT)) == (2, ["m3"])
    assert [row.incoming.external_id for row in await waiting(database)] == ["m1", "m2", "m3"]


async def test_what_arrives_in_work_that_fails_was_never_there(database):
    async def stumble():
        async with database.store.begin(NOW) as work:
            await work.inbox.arrive([message("m1")], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    assert await arrive(database, message("m1")) == (1, ["m1"])


async def test_a_recall_that_comes_first_keeps_its_place(database):
    recall = replace(message("m2"), kind=MessageKind.RECALL, recalls="m1", text="")
    assert (await arrive(database, recall))[0] == 1
    assert await arrive(database, message("m1", "gone")) == (0, [])


async def test_ids_stay_in_order_when_others_become_durable_meanwhile(database, database_url):
    """SQLite reads without a lock, so it has to notice; PostgreSQL lets nobody in between."""
    if database_url.startswith("postgresql"):
        pytest.skip("the arrivals are locked")

    async def overtaken():
        async with database.store.begin(NOW) as work:
            await work.inbox.arrive([message("m1")], NOW)
            await database.inbox.put([message("m2")], NOW)

    with pytest.raises(StoreError, match="became durable meanwhile"):
        await overtaken()
    assert [row.incoming.external_id for row in await waiting(database)] == ["m2"]
