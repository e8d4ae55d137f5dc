"""One account belongs to one process at a time: who has it, and what happens when somebody else takes it."""

import asyncio
import fcntl
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from bot.clocks import RunningClock
from domain.errors import ConfigError, StoreError
from domain.queues import Leases

LASTS = timedelta(seconds=30)
RENEW_SECONDS = 8.0
log = structlog.get_logger("lease")


@contextmanager
def only_process(database: Path) -> Iterator[None]:
    """The embedded database belongs to one process; the kernel lets go of the lock when that dies, however it dies.

    Raises ConfigError while another one runs.
    """
    path = database.with_name(f"{database.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(f"{path} cannot be made ({error.strerror}): expected a folder that may be written") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            other = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
            raise ConfigError(
                f"{database} is in use by another LouQun (process {other}): stop it, or give database.url another file"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Tenancy:
    """A named right in the shared database. held: set while it is ours."""

    leases: Leases
    name: str
    holder: str
    clock: RunningClock
    held: asyncio.Event

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Runs ``work`` while the right is ours; waits for it before, and again after losing it."""
        said = False
        while True:
            if await self._ours():
                await self._while_ours(work)
                said = False
            if not said:
                log.warning("lease.elsewhere", name=self.name, expected="one process an account; this one waits")
                said = True
            await asyncio.sleep(RENEW_SECONDS)

    async def _while_ours(self, work: Callable[[], Awaitable[None]]) -> None:
        self.held.set()
        try:
            async with asyncio.TaskGroup() as group:
                working = group.create_task(_run(work))
                while not working.done() and await self._ours():
                    await asyncio.wait({working}, timeout=RENEW_SECONDS)
                working.cancel()
        finally:
            self.held.clear()
            with suppress(StoreError):
                await self.leases.release(self.name, self.holder)

    async def _ours(self) -> bool:
        """A database that is away takes nothing from us: nobody else can get the lease from it either."""
        try:
            if await self.leases.acquire(self.name, self.holder, self.clock.now(), LASTS) is not None:
                return True
            other = await self.leases.holder(self.name)
            if other is None or not _is_dead(other):
                return False
            log.warning("lease.taken_over", name=self.name, left_by=other)
            await self.leases.release(self.name, other)
            return await self.leases.acquire(self.name, self.holder, self.clock.now(), LASTS) is not None
        except StoreError as error:
            log.warning("lease.store_unavailable", name=self.name, error=str(error))
            return True


def this_process() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def _is_dead(holder: str) -> bool:
    """A process of this machine that was killed: nobody need wait until its lease has run out."""
    host, _, process = holder.rpartition("/")
    return host == socket.gethostname() and process.isdigit() and not Path(f"/proc/{process}").exists()


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()
