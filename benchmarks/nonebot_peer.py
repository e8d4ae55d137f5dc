"""The peer: NoneBot2 doing what such bots do, a keyword, an insert through SQLAlchemy, a reply.

    python -m benchmarks.nonebot_peer --messages 5000 --share 0.05 --in-flight 50

It is measured at its best: its log is off (it prints a line an event otherwise), no plugin but this one is loaded, the
network is in memory; --wal gives it faster database settings than such bots come with. It keeps no inbox, no outbox,
no order within a group and no pace, asks nothing and understands nothing: it bounds what the same messages cost with
the usual parts.
"""

import argparse
import asyncio
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import nonebot
from nonebot.adapters import Adapter, Bot, Event, Message, MessageSegment
from nonebot.drivers import Driver
from nonebot.message import handle_event
from nonebot.plugin import on_keyword
from sqlalchemy import event as database_events
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.measuring import HEADER, Figures, figures
from benchmarks.messages import Line, messages
from domain.messages import Incoming

KEYWORDS = {
    "漏水",
    "漏雨",
    "滴水",
    "渗水",
    "积水",
    "进水",
    "返水",
    "冒水",
    "滴答",
    "淌水",
    "往下流",
    "全是水",
    "水漫",
    "漏得",
    "水挺深",
    "在渗",
    "下水口",
}


class Segment(MessageSegment["Text"]):
    @classmethod
    def get_message_class(cls) -> type["Text"]:
        return Text

    def __str__(self) -> str:
        return str(self.data["text"])

    def is_text(self) -> bool:
        return True


class Text(Message[Segment]):
    @classmethod
    def get_segment_class(cls) -> type[Segment]:
        return Segment

    @staticmethod
    def _construct(msg: str) -> Iterable[Segment]:
        yield Segment("text", {"text": msg})


class GroupMessage(Event):
    group: str
    user: str
    message: Text
    handed_over: float

    def get_type(self) -> str:
        return "message"

    def get_event_name(self) -> str:
        return "message.group"

    def get_event_description(self) -> str:
        return self.get_plaintext()

    def get_user_id(self) -> str:
        return self.user

    def get_session_id(self) -> str:
        return f"{self.group}_{self.user}"

    def get_message(self) -> Text:
        return self.message

    def is_tome(self) -> bool:
        return False


class Network(Adapter):
    """The network's side, in memory: notes when each reply arrived."""

    def __init__(self, driver: Driver, **kwargs: object) -> None:
        super().__init__(driver, **kwargs)
        self.latencies: list[float] = []

    @classmethod
    def get_name(cls) -> str:
        return "memory"

    async def _call_api(self, bot: Bot, api: str, **data: object) -> None:
        handed_over = data["handed_over"]
        assert isinstance(handed_over, float)
        self.latencies.append(perf_counter() - handed_over)


class Account(Bot):
    async def send(self, event: Event, message: str | Message[Any] | MessageSegment[Any], **kwargs: object) -> None:
        assert isinstance(event, GroupMessage)
        await self.call_api(
            "send_group_msg", group=event.group, message=str(message), handed_over=event.handed_over, **kwargs
        )


class Base(DeclarativeBase):
    pass


class Report(Base):
    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str]
    user: Mapped[str]
    text: Mapped[str]
    status: Mapped[str]


async def open_database(path: Path, *, wal: bool) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")

    @database_events.listens_for(engine.sync_engine, "connect")
    def settings(connection: DBAPIConnection, _record: object) -> None:
        if not wal:
            return
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return engine


def register(engine: AsyncEngine) -> None:
    """The whole bot: what a plugin of this kind looks like."""
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    leak = on_keyword(KEYWORDS)

    @leak.handle()
    async def reply(event: GroupMessage) -> None:
        async with sessions() as session:
            row = Report(group=event.group, user=event.user, text=event.get_plaintext(), status="registered")
            session.add(row)
            await session.commit()
        await leak.finish(f"已登记 #{row.id}，我们马上安排人处理")


def received(message: Incoming) -> GroupMessage:
    return GroupMessage(
        group=message.chat.id, user=message.sender.id, message=Text(message.text), handed_over=perf_counter()
    )


async def speak(lines: Sequence[Line], bot: Bot, in_flight: int) -> float:
    """Hands the messages over, ``in_flight`` at a time; the seconds it took."""
    waiting = iter(lines)

    async def group() -> None:
        for line in waiting:
            await handle_event(bot, received(line.message))

    started = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(in_flight):
            tasks.create_task(group())
    return perf_counter() - started


async def run(lines: Sequence[Line], in_flight: int, database: Path, *, wal: bool) -> tuple[float, list[float]]:
    """The seconds it took, and the seconds that each reply took."""
    nonebot.init(driver="~none", log_level="ERROR", _env_file=())
    driver = nonebot.get_driver()
    driver.register_adapter(Network)
    network = nonebot.get_adapter(Network)
    account = Account(network, "bot")
    network.bot_connect(account)
    engine = await open_database(database, wal=wal)
    register(engine)
    seconds = await speak(lines, account, in_flight)
    await engine.dispose()
    return seconds, network.latencies


def measure(options: argparse.Namespace) -> Figures:
    lines = messages(options.messages, options.share)
    with TemporaryDirectory() as folder:
        seconds, latencies = asyncio.run(run(lines, options.in_flight, Path(folder) / "peer.sqlite3", wal=options.wal))
    name = f"NoneBot2 {version('nonebot2')}, {options.in_flight} in flight{', WAL' if options.wal else ''}"
    return figures(name, options.share, len(lines), seconds, latencies)


def main() -> None:
    parser = argparse.ArgumentParser(description="measure NoneBot2 on the messages of the benchmarks")
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--share", type=float, default=0.05, help="of the messages that are reports, 0 to 1")
    parser.add_argument("--in-flight", type=int, default=50, help="messages handed over at the same time")
    parser.add_argument("--wal", action="store_true", help="SQLite in WAL mode, synchronous=NORMAL")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    measured = measure(options)
    print(measured.as_json() if options.json else f"{HEADER}\n{measured.as_row()}")


if __name__ == "__main__":
    main()
