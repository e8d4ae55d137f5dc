"""What is forgotten beside the database: the files of photos whose sender had them erased."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.media import MediaStore
from domain.queues import Housekeeping


class Forgetful(Housekeeping, Protocol):
    async def drop_files(self, drop: Callable[[str], Awaitable[None]]) -> int:
        """Has the files of erased media dropped, by digest, that nothing else holds; how many records it was."""
        ...


@dataclass(frozen=True, slots=True)
class WithFiles:
    """Housekeeping that takes files off the disk as well."""

    inner: Forgetful
    media: MediaStore

    async def erase_chatter(self, before: datetime) -> int:
        erased = await self.inner.erase_chatter(before)
        await self.inner.drop_files(self._drop)
        return erased

    async def fired(self, name: str, fire_at: datetime) -> bool:
        return await self.inner.fired(name, fire_at)

    async def _drop(self, digest: str) -> None:
        await asyncio.to_thread(self.media.drop, digest)
