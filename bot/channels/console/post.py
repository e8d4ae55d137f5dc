"""The post office of the web chat: what is said goes into journal and history, and waits there for the bot."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.console.history import LINES_A_CHAT, History
from bot.channels.console.journal import Accepted, Journal, Recalled, Record, Said
from bot.channels.console.translation import heard, heard_recall
from domain.chatroom import BOT, ChatRefused, Line
from domain.messages import Chat, Incoming
from domain.ports import Clock

_PAUSE = timedelta(minutes=5)
_BATCH = 100
_MOST_WAITING = 5000
_MOST_REMEMBERED = 5000
"""Rows of which it is known that they were said: far more than can be under way when a process dies."""
_COMPACT_FROM = 4 * LINES_A_CHAT


class PostOffice:
    """Everything that happens in the chat passes here, in one order. No line of a person is forgotten between the
    journal and the bot: what was not accepted when the process ended is offered again.
    """

    def __init__(self, journal: Journal, clock: Clock, bot_name: str) -> None:
        self._journal = journal
        self._clock = clock
        self._bot_name = bot_name
        self._happened = asyncio.Condition()
        self._waiting: OrderedDict[str, Incoming] = OrderedDict()
        self._said: OrderedDict[str, str] = OrderedDict()
        self.history = self._load()

    # -- writing ------------------------------------------------------------------------------------------------

    async def put(self, line: Line, rows: Sequence[str] = ()) -> Line:
        """A new line at the end of its chat, and to the bot unless the bot said it. rows: what the bot says with it.

        Raises OSError, ChatRefused.
        """
        if line.sender != BOT and len(self._waiting) >= _MOST_WAITING:
            raise ChatRefused("消息太多，机器人还没看完，请过一会儿再发。")
        last = self.history.last(line.chat)
        pause = last is None or abs(line.at - last.at) >= _PAUSE
        sequence = self._next_sequence()
        line = replace(line, id=line.id or f"c{sequence}", sequence=sequence, order=sequence, after_pause=pause)
        self._journal.append(line.chat, Said(line, tuple(rows)))
        self._remember(line, rows)
        self.history.put(line)
        if line.sender != BOT:
            self._waiting[line.id] = heard(line, self._bot_name)
        await self._tell()
        return line

    def said_with(self, row: str) -> Line | None:
        """The line that said it, by whichever process."""
        id = self._said.get(row)
        return self.history.line(id) if id else None

    async def take_back(self, line: Line, at: datetime) -> str:
        """Returns the id under which the bot hears of it. Raises OSError."""
        sequence = self._next_sequence()
        event = f"c{sequence}"
        self._journal.append(line.chat, Recalled(event, sequence, at, line.id))
        self.history.put(taken_back(line, sequence))
        self._waiting[event] = heard_recall(event, line, at)
        await self._tell()
        return event

    def offer_again(self, line: Line) -> None:
        """What a network does that is not sure whether it was heard."""
        self._waiting[line.id] = heard(line, self._bot_name)

    # -- to the bot ---------------------------------------------------------------------------------------------

    async def next_batch(self) -> Sequence[Incoming]:
        await self.until(lambda: bool(self._waiting))
        return list(self._waiting.values())[:_BATCH]

    async def accepted(self, batch: Sequence[Incoming]) -> None:
        events: dict[Chat, list[str]] = {}
        for message in batch:
            events.setdefault(message.chat, []).append(message.external_id)
            self._waiting.pop(message.external_id, None)
        with suppress(OSError):  # a full disk: they are offered once more at the next start and die as duplicates
            for chat, ids in events.items():
                self._journal.append(chat, Accepted(tuple(ids)))
        await self._tell()

    async def until_accepted(self, event: str) -> None:
        await self.until(lambda: event not in self._waiting)

    async def until(self, ready: Callable[[], bool]) -> None:
        async with self._happened:
            await self._happened.wait_for(ready)

    # -- inside -------------------------------------------------------------------------------------------------

    def _next_sequence(self) -> int:
        """Microseconds, so that it goes on growing even when a power cut took the last lines."""
        return max(self.history.latest + 1, int(self._clock.now().timestamp() * 1_000_000))

    async def _tell(self) -> None:
        async with self._happened:
            self._happened.notify_all()

    def _remember(self, line: Line, rows: Sequence[str]) -> None:
        self._said.update(dict.fromkeys(rows, line.id))
        while len(self._said) > _MOST_REMEMBERED:
            self._said.popitem(last=False)

    def _load(self) -> History:
        lines: list[Line] = []
        unheard: list[tuple[int, Incoming]] = []
        said: list[Said] = []
        for records in self._journal.read():
            shown, waiting = replayed(records, self._bot_name)
            by_bot = [record for record in records if isinstance(record, Said) and record.rows]
            said += by_bot
            if not waiting and shown and len(records) > _COMPACT_FROM:
                self._compact(shown[-LINES_A_CHAT:], {record.line.id: record.rows for record in by_bot})
            lines += shown
            unheard += waiting
        history = History(lines)
        for record in sorted(said, key=lambda record: record.line.sequence):
            self._remember(record.line, record.rows)
        self._waiting.update((m.external_id, m) for _, m in sorted(unheard, key=lambda pair: pair[0]))
        kept = {
            attachment.key for chat in history.chats() for line in history.of(chat) for attachment in line.attachments
        }
        self._journal.drop_unused(kept, self._clock.now())
        return history

    def _compact(self, lines: Sequence[Line], rows: Mapping[str, tuple[str, ...]]) -> None:
        """A chat of which the bot has everything: drop what is not shown any more, and the words of recalled lines."""
        records: list[Record] = [Said(line, rows.get(line.id, ())) for line in lines]
        self._journal.rewrite(lines[0].chat, [*records, Accepted(tuple(line.id for line in lines))])


def taken_back(line: Line, sequence: int) -> Line:
    return replace(line, sequence=sequence, text="", attachments=(), quote=None, mentions=(), called=(), recalled=True)


def replayed(records: Sequence[Record], bot_name: str) -> tuple[list[Line], list[tuple[int, Incoming]]]:
    """What a chat's journal amounts to: its lines as they stand now, and what the bot has not accepted yet."""
    lines: dict[str, Line] = {}
    waiting: dict[str, tuple[int, Incoming]] = {}
    for record in records:
        match record:
            case Said(line, _):
                lines[line.id] = line
                if line.sender != BOT:
                    waiting[line.id] = (line.sequence, heard(line, bot_name))
            case Recalled(event, sequence, at, id) if id in lines:
                waiting[event] = (sequence, heard_recall(event, lines[id], at))
                lines[id] = taken_back(lines[id], sequence)
            case Accepted(events):
                for event in events:
                    waiting.pop(event, None)
            case _:
                continue  # the taking back of a line that was lost with its record
    return list(lines.values()), list(waiting.values())
