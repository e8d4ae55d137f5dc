"""The console channel with people who speak through its chat room."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.channels.console import Console, ConsoleSettings, Injected, PersonSettings, connect
from bot.channels.console.cast import Cast
from bot.channels.console.journal import Journal, Record
from domain.chatroom import BOT, Line
from domain.messages import Chat, File
from domain.roster import Budget, Building, Closing, Community, Group, QuietHours, Staff
from domain.vocabulary import BuildingId, GroupRole, MessageKind, Role, StaffId
from tests.channels.rig import ANN, BEN, BOT_NAME, Heard, Says, until

PEOPLE = (
    PersonSettings(id="r-ann", name=ANN, building="3", home="2单元1801"),
    PersonSettings(id="r-ben", name=BEN, building="3", home="1单元302"),
    PersonSettings(id="r-far", name="远邻", building="5", home="1单元101"),
)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def community() -> Community:
    day = timedelta(days=1)
    return Community(
        id="gdl",
        name="广达路社区",
        timezone="Asia/Shanghai",
        buildings={
            BuildingId("3"): Building(BuildingId("3"), "3号楼", ("1", "2", "3"), 18, 4),
            BuildingId("5"): Building(BuildingId("5"), "5号楼", ("1",), 6, 2),
        },
        groups=(
            Group("console", "g3", "3号楼邻里群", BuildingId("3"), GroupRole.BUILDING),
            Group("console", "g5", "5号楼邻里群", BuildingId("5"), GroupRole.BUILDING),
            Group("console", "gstaff", "防汛工作群", None, GroupRole.STAFF),
        ),
        staff={
            StaffId("sw-limin"): Staff(StaffId("sw-limin"), "李敏", Role.SOCIAL_WORKER, (BuildingId("3"),)),
            StaffId("rp-wang"): Staff(StaffId("rp-wang"), "王师傅", Role.REPAIRER),
        },
        service_times={},
        closing=Closing(day, 2 * day, 3 * day),
        quiet_hours=QuietHours(time(23), time(7)),
        budget=Budget(6, timedelta(minutes=10)),
    )


def console(folder: Path) -> Console:
    return connect(ConsoleSettings(folder=folder, people=PEOPLE, bot_name=BOT_NAME), community(), SystemClock())


class Disk(Journal):
    full_once = False

    def append(self, chat: Chat, record: Record) -> None:
        if self.full_once:
            self.full_once = False
            raise OSError(28, "No space left on device")
        super().append(chat, record)


class ConsoleRig:
    secrets: Sequence[str] = ("gdl-never-said",)
    cannot: Mapping[str, str] = {
        "test_a_lost_answer_is_an_unknown_outcome": "the network lives in the bot's own process: no answer is lost",
        "test_it_comes_back_after_the_link_was_cut_and_owns_up_to_what_it_missed": "nothing lies between the two",
    }

    def __init__(self, folder: Path) -> None:
        self._disk = Disk(folder)
        settings = ConsoleSettings(folder=folder, people=PEOPLE, bot_name=BOT_NAME)
        self.channel = Console(Cast(community(), settings), self._disk, SystemClock())
        self.group = Chat("console", "g3")
        self._names = {ANN: ANN, BEN: BEN}
        self._numbers = itertools.count(1)

    def id_of(self, name: str) -> str:
        return {ANN: "r-ann", BEN: "r-ben"}[name]

    async def says(self, what: Says) -> str:
        sender, external_id = self.id_of(what.by), f"said-{next(self._numbers)}"
        injected = Injected(
            id=external_id,
            chat=Chat("console", sender, private=True) if what.private else self.group,
            sender=sender,
            at=datetime.now(UTC),
            name=self._names[what.by],
            text=what.text,
            files=(File("photo.jpg", "image/jpeg", what.photo),) if what.photo else (),
            quote=what.quotes,
            mentions_bot=what.mentions_bot,
        )
        await self.channel.inject(injected)
        return external_id

    async def recalls(self, external_id: str) -> None:
        await self.channel.inject_recall(external_id, datetime.now(UTC))

    async def repeats(self, external_id: str) -> None:
        line = self.channel._post.history.line(external_id)
        assert line is not None
        self.channel._post.offer_again(line)

    async def echoes(self) -> None:
        """The bot's own lines are never offered to it."""

    async def renames(self, name: str, new: str) -> None:
        self._names[name] = new

    async def brings_bot_into_new_group(self) -> Chat:
        chat = Chat("console", "g-new")
        joined = Injected("join-1", chat, "sw-limin", datetime.now(UTC), kind=MessageKind.JOIN)
        await self.channel.inject(joined)
        return chat

    async def heard(self, count: int) -> Sequence[Heard]:
        await until(lambda: len(self._bots_lines()) >= count, f"{count} messages of the bot")
        return [await self._heard(line) for line in self._bots_lines()]

    async def refuses_next_send(self) -> None:
        """The chat's file cannot be written, once: what a full disk does."""
        self._disk.full_once = True

    async def loses_next_answer(self) -> None:
        raise AssertionError("see cannot")

    async def cuts(self) -> None:
        raise AssertionError("see cannot")

    async def restores(self) -> None:
        raise AssertionError("see cannot")

    def _bots_lines(self) -> list[Line]:
        history = self.channel._post.history
        lines = [line for chat in history.chats() for line in history.of(chat) if line.sender == BOT]
        return sorted(lines, key=lambda line: line.order)

    async def _heard(self, line: Line) -> Heard:
        paths = [self.channel.stored(file.key) for file in line.attachments]
        data = [await asyncio.to_thread(path.read_bytes) for path in paths if path]
        files = [File(file.name, file.mime, d) for file, d in zip(line.attachments, data, strict=True)]
        return Heard((line.id,), line.chat.id, line.text, line.mentions, tuple(files))


@asynccontextmanager
async def console_rig(folder: Path) -> AsyncIterator[ConsoleRig]:
    yield ConsoleRig(folder)
