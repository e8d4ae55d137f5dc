"""A source as a transcript tells of it: which documents it has from when on, and when it is away."""

import asyncio
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.sources.cap import read_cap
from bot.sources.qweather import read_answer
from bot.sources.safe_xml import Unreadable
from bot.sources.source import Batch, Fault, Refused, SourceError
from bot.transcript import Happening
from domain.warnings import OfficialWarning


@dataclass(frozen=True, slots=True)
class Moment:
    """document: one more that it has, CAP or an answer of QWeather. away: from now on, or no more."""

    at: datetime
    document: Path | None
    away: bool | None


@dataclass(slots=True)
class Recorded:
    """Read like any other, on the transcript's clock. areas: as of a real source."""

    name: str
    moments: Sequence[Moment]
    areas: Collection[str]
    zone: tzinfo
    every: timedelta = timedelta(minutes=3)
    _known: set[str] = field(default_factory=set)

    async def fetch(self, now: datetime) -> Batch:
        past = [moment for moment in self.moments if moment.at <= now]
        if next((m.away for m in reversed(past) if m.away is not None), False):
            raise SourceError("away, as the transcript says", Fault.NO_ANSWER)
        return await asyncio.to_thread(self._read, list(self._current(past)))

    async def dealt_with(self, batch: Batch) -> None:
        self._known.update(batch.items)

    def _current(self, past: Sequence[Moment]) -> Iterator[Path]:
        """Files stay in a feed; of QWeather's answers the last one counts."""
        documents = [m.document for m in past if m.document is not None]
        answers = [path for path in documents if path.suffix == ".json"]
        yield from (p for p in documents if str(p) not in self._known and (p.suffix != ".json" or p == answers[-1]))

    def _read(self, paths: Sequence[Path]) -> Batch:
        warnings: list[OfficialWarning] = []
        refused: list[Refused] = []
        for path in paths:
            try:
                data = path.read_bytes()
                if path.suffix == ".json":
                    batch = read_answer(json.loads(data), self.zone)
                    warnings += batch.warnings
                    refused += batch.refused
                    continue
                alert = read_cap(data, self.zone)
                warnings += [alert.warning] if not self.areas or alert.areas & set(self.areas) else []
            except (OSError, ValueError, Unreadable) as error:
                refused.append(Refused(path.name, str(error)))
        return Batch(warnings, refused, [str(path) for path in paths])


def recorded(happenings: Sequence[Happening], areas: Collection[str], zone: tzinfo) -> list[Recorded]:
    """The sources of a transcript, in the order in which it names them."""
    found: dict[str, list[Moment]] = {}
    for one in happenings:
        if one.feed is not None:
            found.setdefault(one.feed, []).append(Moment(one.at, one.document, one.away))
    return [Recorded(name, moments, areas, zone) for name, moments in found.items()]
