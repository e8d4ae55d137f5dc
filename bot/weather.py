"""What the health page and the metrics say of the sources of warnings: read when, what went wrong, what is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.feeds import Failure, Feed
from bot.intake import Intake
from bot.push import Receiver
from domain.messages import Json
from domain.warnings import OfficialWarning


class Heard(Protocol):
    """A source, read or pushed. heard_at, failure: of this process."""

    @property
    def name(self) -> str: ...

    @property
    def misses(self) -> int: ...

    @property
    def heard_at(self) -> datetime | None: ...

    @property
    def failure(self) -> Failure | None: ...


@dataclass(frozen=True, slots=True)
class Weather:
    intake: Intake
    feeds: Sequence[Feed] = ()
    receiver: Receiver | None = None

    @property
    def sources(self) -> list[Heard]:
        return [*self.feeds, *([self.receiver] if self.receiver else [])]

    def state(self) -> dict[str, Json]:
        """By source, without the database."""
        return {source.name: _state(source) for source in self.sources}

    async def in_force(self, now: datetime) -> list[OfficialWarning]:
        """Raises StoreError."""
        return await self.intake.in_force(now)


def _state(source: Heard) -> Json:
    """fault: a word of bot/sources/source.py; why: in detail. misses: failures since the last success."""
    failure = source.failure
    return {
        "read_at": source.heard_at.isoformat() if source.heard_at else None,
        "misses": source.misses,
        "failed_at": failure.at.isoformat() if failure else None,
        "fault": failure.fault.value if failure else None,
        "why": failure.reason if failure else None,
    }


def in_words(warning: OfficialWarning) -> Json:
    return {
        "warning": warning.name, "issuer": warning.issuer, "issued_at": warning.issued_at.isoformat(),
        "until": warning.ends_at().isoformat(), "source": warning.source,
    }  # fmt: skip
