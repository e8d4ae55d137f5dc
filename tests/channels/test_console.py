"""The console channel: the contract, and what it promises beyond it as the network that it is, too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.console import Console, ConsoleSettings, Injected
from bot.channels.console.cast import made_up
from bot.channels.console.journal import Journal
from domain.chatroom import ChatRefused, Line, NoSuchRoom, NotYetHeard, Saying, TooLongAgo
from domain.errors import SaidBefore
from domain.messages import Chat, File, MediaHandle, Outgoing
from domain.roster import Building
from domain.vocabulary import BuildingId, MessageKind
from tests.channels.console_rig import ConsoleRig, community, console, console_rig
from tests.channels.contract import ChannelContract, photo
from tests.channels.rig import ListeningSink, until

GROUP = Chat("console", "g3")


class TestConsole(ChannelContract):
    @pytest.fixture
    async def rig(self, tmp_path: Path) -> AsyncIterator[ConsoleRig]:
        async with console_rig(tmp_path) as rig:
            yield rig


@asynccontextmanager
async def running(room: Console, sink: ListeningSink | None = None) -> AsyncIterator[ListeningSink]:
    sink = sink or ListeningSink()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(room.run(sink))
        await until(lambda: room.health().link == "up", "the channel is up")
        yield sink
        task.cancel()


async def test_a_saying_returns_when_the_bot_has_it(tmp_path: Path):
    room, sink = console(tmp_path), ListeningSink()
    async with running(room, sink):
        sink.pause()
        async with asyncio.TaskGroup() as group:
            saying = group.create_task(room.say(Saying("r-ann", GROUP, "漏水了")))
            await sink.wait_until_called()
            assert not saying.done()
            sink.resume()
    assert [message.external_id for message in sink.messages] == [saying.result().id]


async def test_who_waits_too_long_is_told_and_the_message_is_handed_over_later(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("bot.channels.console.channel._PATIENCE_SECONDS", 0.05)
    with pytest.raises(NotYetHeard):
        await console(tmp_path).say(Saying("r-ann", GROUP, "漏水了"))
    async with running(console(tmp_path)) as sink:
        [message] = await sink.wait(1)
    assert message.text == "漏水了"


async def test_a_restart_keeps_the_conversation_and_offers_nothing_twice(tmp_path: Path):
    room = console(tmp_path)
    async with running(room):
        said = await room.say(Saying("r-ann", GROUP, "漏水了", files=(File("a.jpg", "image/jpeg", photo(30)),)))
        gone = await room.say(Saying("r-ann", GROUP, "看错了"))
        await room.recall("r-ann", gone.id)
        await room.send(Outgoing((1,), GROUP, "#1 已登记", reply_to=said.id))
    again = console(tmp_path)
    assert again.history("r-ben", GROUP) == room.history("r-ben", GROUP)
    assert again.latest() == room.latest()
    async with running(again) as sink:
        last = await again.say(Saying("r-ben", GROUP, "我家也是"))
        assert [message.external_id for message in sink.messages] == [last.id]
    assert last.sequence > room.latest()


async def test_what_was_taken_back_before_the_bot_heard_it_is_offered_whole_after_a_restart(tmp_path: Path):
    room = console(tmp_path)
    await room.inject(Injected("t1", GROUP, "r-ann", datetime.now(UTC), text="漏水了"))
    await room.inject_recall("t1", datetime.now(UTC))
    async with running(console(tmp_path)) as sink:
        said, recall = await sink.wait(2)
    assert (said.text, recall.kind, recall.recalls) == ("漏水了", MessageKind.RECALL, "t1")


async def test_a_torn_last_line_is_left_out_and_the_next_one_is_whole(tmp_path: Path):
    room = console(tmp_path)
    async with running(room):
        await room.say(Saying("r-ann", GROUP, "一"))
    [journal] = (tmp_path / "chats").iterdir()
    with journal.open("ab") as file:
        file.write(b'\n{"line": {"chat": {"chan')
    room = console(tmp_path)
    async with running(room):
        await room.say(Saying("r-ann", GROUP, "二"))
    assert [line.text for line in console(tmp_path).history("r-ann", GROUP)] == ["一", "二"]


async def test_memory_and_journal_are_bounded(tmp_path: Path):
    room = console(tmp_path)
    async with running(room) as sink:
        for n in range(1300):
            await room.inject(Injected(f"t{n}", GROUP, "r-ann", datetime.now(UTC), text=f"{n}"))
        await sink.wait(1300)
        await until(lambda: not room._post._waiting, "all accepted")
    assert [line.text for line in room.history("r-ann", GROUP)] == [f"{n}" for n in range(1000, 1300)]
    assert console(tmp_path).history("r-ann", GROUP) == room.history("r-ann", GROUP)
    [journal] = (tmp_path / "chats").iterdir()
    assert journal.read_bytes().count(b'"said"') == 300
    again = console(tmp_path)
    assert again.history("r-ann", GROUP) == room.history("r-ann", GROUP)
    with pytest.raises(TooLongAgo):
        again.changed("r-ann", room.history("r-ann", GROUP)[0].sequence - 1000)


async def test_a_browser_that_comes_back_gets_what_it_missed_once_and_in_order(tmp_path: Path):
    room = console(tmp_path)
    async with running(room):
        first = await room.say(Saying("r-ann", GROUP, "一"))
        second = await room.say(Saying("r-ben", GROUP, "二"))
        await room.say(Saying("r-far", Chat("console", "g5"), "别的楼"))
        await room.recall("r-ann", first.id)
    missed = room.changed("r-ben", first.sequence)
    assert [(line.id, line.recalled) for line in missed] == [(second.id, False), (first.id, True)]
    assert missed[-1].order == first.order
    assert room.changed("r-ben", room.latest()) == []
    with pytest.raises(TooLongAgo):
        room.changed("r-ben", room.latest() + 1)


async def test_the_same_request_twice_says_it_once(tmp_path: Path):
    room = console(tmp_path)
    async with running(room) as sink:
        one = await room.say(Saying("r-ann", GROUP, "漏水了", once="k1"))
        two = await room.say(Saying("r-ann", GROUP, "漏水了", once="k1"))
        other = await room.say(Saying("r-ann", GROUP, "漏水了", once="k2"))
    assert one == two
    assert [message.external_id for message in sink.messages] == [one.id, other.id]


@pytest.mark.parametrize(
    "viewer,chat,allowed",
    [
        ("r-ann", GROUP, True),
        ("r-far", GROUP, False),
        ("r-ann", Chat("console", "gstaff"), False),
        ("sw-limin", Chat("console", "gstaff"), True),
        ("sw-limin", Chat("console", "g5"), True),
        ("r-ann", Chat("console", "r-ann", private=True), True),
        ("r-ann", Chat("console", "r-ben", private=True), False),
        ("sw-limin", Chat("console", "r-ben", private=True), False),
        ("nobody", GROUP, False),
        ("r-ann", Chat("console", "no-such-group"), False),
    ],
)
async def test_who_may_see_and_speak_where(tmp_path: Path, viewer: str, chat: Chat, allowed: bool):
    room = console(tmp_path)
    async with running(room):
        if allowed:
            await room.say(Saying(viewer, chat, "在"))
            assert [line.text for line in room.history(viewer, chat)] == ["在"]
            return
        with pytest.raises(NoSuchRoom):
            room.history(viewer, chat)
        with pytest.raises(NoSuchRoom):
            await room.say(Saying(viewer, chat, "在"))


@pytest.mark.parametrize(
    "text,said",
    [
        ("漏\x00水\x07了\x1b", "漏水了"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("\ud83d半个", "半个"),
        ("👨‍👩‍👧 🌧️", "👨‍👩‍👧 🌧️"),
        ("零\u200b宽", "零\u200b宽"),
        ("水" * 1_000_000, "水" * 1_000_000),
    ],
)
async def test_odd_texts_survive(tmp_path: Path, text: str, said: str):
    room = console(tmp_path)
    async with running(room) as sink:
        await room.say(Saying("r-ann", GROUP, text))
    assert [message.text for message in sink.messages] == [said]
    assert [line.text for line in console(tmp_path).history("r-ann", GROUP)] == [said]


@pytest.mark.parametrize(
    "text,said,asked",
    [
        ("@楼群小助手 到场 #1", "到场 #1", True),
        ("＠楼群小助手 到场 #1", "到场 #1", True),
        ("到场 #1 @楼群小助手", "到场 #1", True),
        ("@楼群小助手", "", True),
        ("@王师傅 到场 #1", "@王师傅 到场 #1", False),
    ],
)
async def test_the_bots_name_behind_any_at_is_a_mention(tmp_path: Path, text: str, said: str, asked: bool):
    room = console(tmp_path)
    async with running(room) as sink:
        await room.say(Saying("r-ann", GROUP, text))
    assert [(message.text, message.mentions_bot) for message in sink.messages] == [(said, asked)]


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x01", "水" * 1_100_000])
async def test_empty_and_endless_messages_are_refused_in_words(tmp_path: Path, text: str):
    with pytest.raises(ChatRefused, match=r"。$"):
        await console(tmp_path).say(Saying("r-ann", GROUP, text))


async def test_only_ones_own_message_can_be_taken_back(tmp_path: Path):
    room = console(tmp_path)
    async with running(room) as sink:
        line = await room.say(Saying("r-ann", GROUP, "漏水了"))
        with pytest.raises(NoSuchRoom):
            await room.recall("r-ben", line.id)
        recalled = await room.recall("r-ann", line.id)
        await room.recall("r-ann", line.id)
    assert recalled.recalled
    assert recalled.text == ""
    assert [message.kind for message in sink.messages] == [MessageKind.TEXT, MessageKind.RECALL]


async def test_a_line_of_another_chat_cannot_be_quoted(tmp_path: Path):
    room = console(tmp_path)
    async with running(room):
        secret = await room.say(Saying("r-ben", Chat("console", "r-ben", private=True), "私下说的"))
        line = await room.say(Saying("r-ann", GROUP, "?", quote=secret.id))
    assert line.quote is None


@pytest.mark.parametrize("handle", ["../chats/group~g3.jsonl", "", "a" * 64 + ".jpg", "/etc/passwd"])
async def test_a_handle_leads_to_kept_files_only(tmp_path: Path, handle: str):
    room = console(tmp_path)
    assert room.stored(handle) is None
    with pytest.raises(Exception, match="has no file"):
        await room.fetch(MediaHandle(handle))


async def test_injecting_the_same_id_again_does_nothing(tmp_path: Path):
    room = console(tmp_path)
    at = datetime(2021, 8, 23, 21, 58, tzinfo=UTC)
    for _ in range(2):
        await room.inject(Injected("e1", GROUP, "r-ann", at, text="门口积水了"))
    assert [(line.id, line.at, line.name) for line in room.history("r-ann", GROUP)] == [("e1", at, "安女士")]


async def test_a_stranger_of_a_transcript_can_be_answered_in_private(tmp_path: Path):
    room = console(tmp_path)
    alone = Chat("console", "r-999", private=True)
    async with running(room):
        await room.inject(Injected("e1", alone, "r-999", datetime.now(UTC), text="在吗"))
        receipt = await room.send(Outgoing((1,), alone, "在的"))
    answered = room._post.history.of(alone)[-1]
    assert (answered.text, (answered.id,)) == ("在的", receipt.remote_ids)


def rooms(room: Console, viewer: str) -> list[tuple[str, Line | None]]:
    return [(entry.name, entry.last) for entry in room.rooms(viewer)]


async def test_the_list_has_the_latest_talk_first_and_who_is_addressed(tmp_path: Path):
    room = console(tmp_path)
    assert [entry.name for entry in room.rooms("r-far")] == ["5号楼邻里群", "楼群小助手"]
    async with running(room):
        line = await room.say(Saying("sw-limin", Chat("console", "g5"), "大家关好窗户"))
    assert rooms(room, "sw-limin")[0] == ("5号楼邻里群", line)
    assert [entry.size for entry in room.rooms("r-far")] == [4, 2]


def test_a_few_residents_are_made_up_from_the_buildings():
    people = made_up([Building(BuildingId("3"), "3号楼", ("1", "2", "3"), 18, 4), *community().buildings.values()])
    assert [(person.id, person.home) for person in people[:2]] == [("r-301", "2单元1801"), ("r-302", "3单元602")]


@pytest.mark.parametrize("bind", ["8765", "127.0.0.1", "127.0.0.1:http", ":80", "127.0.0.1:99999"])
def test_a_wrong_address_is_refused_with_an_example(bind: str):
    with pytest.raises(ValueError, match="expected address:port, for example"):
        ConsoleSettings(bind=bind)


@pytest.mark.parametrize(
    "bind,demo,alone,allowed",
    [
        ("127.0.0.1:1", False, True, True),
        ("localhost:1", False, True, True),
        ("[::1]:1", False, True, True),
        ("127.0.0.1:1", False, False, False),
        ("0.0.0.0:1", False, True, False),
        ("[::]:1", False, True, False),
        ("chat.example.org:1", False, True, False),
        ("0.0.0.0:1", True, False, True),
    ],
)
def test_picking_a_person_is_for_the_demo(bind: str, demo: bool, alone: bool, allowed: bool):
    assert ConsoleSettings(bind=bind, demo=demo).may_pick_a_person(alone=alone) is allowed


def spoken(*rows: int, epoch: str = "") -> Outgoing:
    return Outgoing(rows, GROUP, f"row {rows}", keys=tuple(f"{row}@{epoch}" for row in rows))


async def test_what_a_killed_bot_had_said_is_not_said_again(tmp_path: Path):
    """It was killed before it could note what it had said, and merges what is left in another way."""
    room = console(tmp_path)
    async with running(room):
        receipt = await room.send(spoken(1, 2))
    again = console(tmp_path)
    async with running(again):
        with pytest.raises(SaidBefore) as before:
            await again.send(spoken(1, 2, 3))
        assert (before.value.rows, before.value.remote_ids, before.value.at) == ((1, 2), receipt.remote_ids, receipt.at)
        await again.send(spoken(3))
    assert [line.text for line in again.history("r-ben", GROUP)] == ["row (1, 2)", "row (3,)"]


async def test_another_databases_row_of_the_same_number_is_another_row(tmp_path: Path):
    room = console(tmp_path)
    async with running(room):
        await room.send(spoken(1, epoch="2021"))
        await room.send(spoken(1, epoch="2022"))
    assert len(room.history("r-ben", GROUP)) == 2


async def test_one_picture_for_many_groups_is_kept_by_all_of_them_at_once(tmp_path: Path):
    journal, card = Journal(tmp_path), File("card.png", "image/png", b"\x89PNG" + bytes(2_000_000))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.to_thread(journal.keep, card)) for _ in range(16)]
    assert len({task.result().key for task in tasks}) == 1
    assert [path.suffix for path in (tmp_path / "files").iterdir()] == [".png"]
