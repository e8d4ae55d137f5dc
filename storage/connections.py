"""Where transactions come from. What fails in the database leaves as StoreError.

A transaction is a function over its statements that may block: on SQLite it runs in the database's own thread, so that
the event loop pays for one change of threads a transaction and not for four a statement; on PostgreSQL it runs in a
greenlet that waits without blocking.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from storage.dialects import Dialect
from storage.statements import Statements

T = TypeVar("T")
Work = Callable[[Statements], T]


class Session(Protocol):
    """Visits that read, and one that writes. PostgreSQL: one transaction, rolled back unless it ends with ``commit``.
    SQLite: nothing is locked between the visits, so that others write while the event loop thinks; sessions of one
    process take turns, and ``commit`` finds out whether another process wrote meanwhile.
    """

    async def visit(self, work: Work[T]) -> T: ...

    async def glance(self, work: Work[T]) -> T:
        """As ``visit``, for a few rows by an index. SQLite: read at once, since the change of threads costs more."""
        ...

    async def commit(self, work: Work[None]) -> None:
        """The last visit."""
        ...


class Connections(Protocol):
    dialect: Dialect

    async def write(self, work: Work[T]) -> T:
        """A transaction of one visit; rolled back when it raises. SQLite: writers take turns here."""
        ...

    async def write_alone(self, work: Work[T]) -> T:
        """As ``write``, for what changes tickets or counters: no session of this process is open meanwhile."""
        ...

    async def read(self, work: Work[T]) -> T: ...

    def session(self) -> AbstractAsyncContextManager[Session]: ...

    async def settle_in(self) -> None:
        """Once the database is known to be ours."""
        ...

    async def close(self) -> None: ...
