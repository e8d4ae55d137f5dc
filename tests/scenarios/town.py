"""A town to write scenarios in: somebody says something, time passes, and what the bot said is looked at.

It is the machinery of ``replay``: the real bot on a fresh embedded database, on a clock that is set by hand.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import Config, load_config
from bot.replay import Player, on_stage
from bot.sources.source import Source
from bot.summary import summary_of
from bot.transcript import Happening
from domain.ports import Understanding
from domain.vocabulary import MessageKind
from tests.moments import CHINA

CONFIG = Path(__file__).parent.parent.parent / "config.yaml"
EVENING = datetime(2021, 8, 23, 21, 58, tzinfo=CHINA)
STAFF = "gstaff"


class Town:
    """Groups g1, g3, g5, g8, gB and gstaff of the demo community; ids of staff are those of config.yaml."""

    def __init__(self, player: Player, photos: Path) -> None:
        self._player = player
        self._photos = photos
        self._read = 0
        self._said = 0

    @property
    def player(self) -> Player:
        return self._player

    @property
    def now(self) -> datetime:
        return self._player.clock.now()

    async def says(self, who: str, text: str = "", group: str | None = "g3", **more: object) -> str:
        """Returns the message's id. group None: in private. photo=True sends a picture along, a name that file. id,
        quote, name, mention and kind as in a transcript."""
        self._said += 1
        id = str(more.get("id") or f"t{self._said}")
        sent = more.get("photo")
        photo = self._photos / ("photo.jpg" if sent is True else str(sent)) if sent else None
        kind = more.get("kind") or (MessageKind.IMAGE if photo and not text else MessageKind.TEXT)
        assert isinstance(kind, MessageKind)
        quote = more.get("quote")
        await self._play(
            Happening(
                id, self.now, who, group, str(more.get("name") or who), text, kind, photo,
                str(quote) if quote else None, mentions_bot=bool(more.get("mention")),
            )
        )  # fmt: skip
        return id

    async def recalls(self, who: str, message: str, group: str = "g3") -> None:
        self._said += 1
        happening = Happening(f"t{self._said}", self.now, who, group, kind=MessageKind.RECALL)
        await self._play(replace(happening, recalls=message))

    async def joins(self, group: str) -> None:
        """The bot is brought into a group."""
        self._said += 1
        await self._play(Happening(f"t{self._said}", self.now, "adm-zhou", group, kind=MessageKind.JOIN))

    async def passes(self, **span: float) -> None:
        """Time goes by; what falls due on the way happens."""
        await self._player.pass_time(self.now + timedelta(**span))

    async def is_away(self, **span: float) -> None:
        """The bot stands still meanwhile; then it looks at what it finds."""
        self._player.clock.set(self.now + timedelta(**span))
        await self._player.app.machine.timekeeper.fire_what_is_due()
        await self._player.settle()

    def heard(self, group: str | None = None, to: str | None = None) -> list[str]:
        """The texts since the last call (of one group, or to one person in private)."""
        return [str(line["text"]) for line in self.lines(group, to)]

    def lines(self, group: str | None = None, to: str | None = None) -> list[dict[str, Any]]:
        """The same as lines of a replay. What is not asked for now is gone as well."""
        fresh, self._read = self._player.stage.lines[self._read :], len(self._player.stage.lines)
        wanted = [line for line in fresh if group is None or line["group"] == group]
        return [line for line in wanted if to is None or line["to"] == to]

    @property
    def all_lines(self) -> list[dict[str, Any]]:
        return self._player.stage.lines

    async def tickets(self) -> list[dict[str, Any]]:
        summary = await summary_of(self._player.app.machine.read_models)
        tickets = summary["tickets"]
        assert isinstance(tickets, list)
        return [ticket for ticket in tickets if isinstance(ticket, dict)]

    async def ticket(self, number: int = 1) -> Mapping[str, Any]:
        return next(ticket for ticket in await self.tickets() if ticket["number"] == number)

    async def counts(self) -> Mapping[str, Any]:
        counts = (await summary_of(self._player.app.machine.read_models))["counts"]
        assert isinstance(counts, dict)
        return counts

    async def please_look(self) -> Any:
        return (await summary_of(self._player.app.machine.read_models))["unanswered"]

    async def _play(self, happening: Happening) -> None:
        await self._player.play([happening])


@asynccontextmanager
async def town(
    folder: Path,
    *,
    config: Config | None = None,
    start: datetime = EVENING,
    understanding: Understanding | None = None,
    sources: Sequence[Source] = (),
) -> AsyncIterator[Town]:
    config = config or load_config(CONFIG)
    async with on_stage(config, start, understanding=understanding, sources=sources) as player:
        yield Town(player, folder)
