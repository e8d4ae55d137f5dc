"""Records of photos, videos, voices and files."""

from dataclasses import fields, replace

from domain.messages import Chat
from domain.records import MediaRecord, MediaState
from domain.vocabulary import MediaId, MessageKind, TicketNumber
from tests.storage.values import ANN, BEN, CHAT, NOW, SECOND

FULL = MediaRecord(
    MediaId("p1"), Chat("console", "u-ann", private=True), ANN, "m1", "file/1", MessageKind.VIDEO, NOW,
    MediaState.FAILED, "漏水.mp4", "video/mp4", "a" * 64, 2**40, TicketNumber(1), True, 3, "不是视频",
)  # fmt: skip


def record(id, message="m1", *, at=NOW, **more):
    return MediaRecord(MediaId(id), CHAT, BEN, message, f"file/{id}", MessageKind.IMAGE, at, **more)


async def add(database, *records, now=NOW):
    async with database.store.begin(now) as work:
        for one in records:
            await work.media.add(one)


async def ids(found):
    return [one.id for one in await found]


async def test_every_field_comes_back(database, other_process):
    assert all(getattr(FULL, f.name) not in {f.default, None} for f in fields(FULL)), "each field holds something"
    plain = record("p2")
    await add(database, FULL, plain)
    for seen_by in (database, other_process):
        async with seen_by.store.begin(NOW) as work:
            assert list(await work.media.get([plain.id, MediaId("p9"), FULL.id])) == [plain, FULL]


async def test_of_messages_and_of_a_ticket_in_the_order_of_sending(database, other_process):
    at = NOW + SECOND
    await add(
        database, record("p3", at=at), record("p1", ticket=TicketNumber(1)), record("p2", "m2"), record("p4", "m3")
    )
    async with database.store.begin(NOW) as work:
        assert await ids(work.media.of_ticket(TicketNumber(1))) == ["p1"]
        [third] = await work.media.get([MediaId("p3")])
        await work.media.save(replace(third, ticket=TicketNumber(1)))
        assert await ids(work.media.of_ticket(TicketNumber(1))) == ["p1", "p3"]
        await work.media.add(record("p0", "m3", at=at))
        assert await ids(work.media.of_messages("console", ["m3", "m1"])) == ["p1", "p4", "p3", "p0"]
    async with other_process.store.begin(NOW) as work:
        assert await ids(work.media.of_ticket(TicketNumber(1))) == ["p1", "p3"]
        assert await ids(work.media.of_ticket(TicketNumber(2))) == []
        assert await ids(work.media.of_messages("console", ["m3", "m1"])) == ["p1", "p4", "p3", "p0"]
        assert await ids(work.media.of_messages("wechaty", ["m3", "m1"])) == []


async def test_what_waits_comes_the_longest_due_first(database, other_process):
    await add(database, record("p2"), record("p3"), now=NOW)
    await add(database, record("p1"), now=NOW + SECOND)
    await add(database, record("p4", state=MediaState.STORED), record("p5", state=MediaState.FAILED))
    async with other_process.store.begin(NOW) as work:
        assert await ids(work.media.waiting(NOW, 10)) == ["p2", "p3"]
        assert await ids(work.media.waiting(NOW + SECOND, 10)) == ["p2", "p3", "p1"]
        assert await ids(work.media.waiting(NOW + SECOND, 2)) == ["p2", "p3"]
        [second] = await work.media.get([MediaId("p2")])
        await work.media.save(replace(second, state=MediaState.STORED))
        assert await ids(work.media.waiting(NOW + SECOND, 10)) == ["p3", "p1"]


async def test_a_failed_try_waits_longer_each_time_but_not_for_ever(database):
    waits = []
    for attempts in (1, 2, 3, 9, 1000):
        await add(database, record("p1", attempts=attempts))
        async with database.store.begin(NOW) as work:
            due = [s for s in range(600) if await ids(work.media.waiting(NOW + s * SECOND, 1))]
        waits.append(due[0])
    assert waits == [4, 8, 16, 300, 300]
