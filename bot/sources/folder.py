"""Warnings that somebody else's program puts into a folder: one CAP file each, as the national platform pushes them."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.sources.cap import LARGEST, read_cap
from bot.sources.safe_xml import Unreadable
from bot.sources.source import Batch, Fault, Refused, SourceError
from domain.warnings import OfficialWarning

MOST_AT_ONCE = 500
"""Files of one round; the others wait for the next one."""
SETTLES = timedelta(seconds=5)
"""A file that was written to just now may be half there."""


@dataclass(slots=True)
class Folder:
    """Read files are moved into its folder read/, those that cannot be read into refused/. areas: the codes of the
    divisions that concern us; none: everything does.
    """

    path: Path
    areas: Collection[str]
    zone: tzinfo
    every: timedelta = timedelta(seconds=10)
    name: str = ""

    def __post_init__(self) -> None:
        self.name = self.name or f"folder {self.path.name}"

    async def fetch(self, now: datetime) -> Batch:
        return await asyncio.to_thread(self._read_all, now)

    async def dealt_with(self, batch: Batch) -> None:
        refused = {one.item for one in batch.refused}
        for item in batch.items:
            await asyncio.to_thread(self._move, item, "refused" if item in refused else "read")

    def _read_all(self, now: datetime) -> Batch:
        try:
            paths = sorted(p for p in self.path.iterdir() if p.suffix.lower() in {".xml", ".cap"} and p.is_file())
        except OSError as error:
            raise SourceError(f"{self.path}: cannot be read ({error.strerror})", Fault.FOLDER) from error
        warnings: list[OfficialWarning] = []
        refused: list[Refused] = []
        items: list[str] = []
        for path in paths[:MOST_AT_ONCE]:
            try:
                if now.timestamp() - path.stat().st_mtime < SETTLES.total_seconds():
                    continue
                alert = read_cap(_bytes(path), self.zone)
            except OSError as error:
                raise SourceError(f"{path.name}: cannot be read ({error.strerror})", Fault.FOLDER) from error
            except Unreadable as error:
                refused.append(Refused(path.name, str(error)))
            else:
                if not self.areas or alert.areas & set(self.areas):
                    warnings.append(alert.warning)
            items.append(path.name)
        return Batch(warnings, refused, items)

    def _move(self, item: str, where: str) -> None:
        """A file that cannot be moved is read once more, and known."""
        target = self.path / where
        try:
            target.mkdir(exist_ok=True)
            (self.path / item).replace(target / item)
        except OSError as error:
            raise SourceError(f"{item}: cannot be moved to {where}/ ({error.strerror})", Fault.FOLDER) from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)
