"""What a unit of work has written but not yet sent to the database, and how a failed step takes its part back."""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Journal:
    """The ways back, newest last. Steps may be nested; they never run at the same time."""

    def __init__(self) -> None:
        self._ways_back: list[Callable[[], object]] = []
        self._depth = 0
        self.written = False

    def note(self, way_back: Callable[[], object]) -> None:
        self.written = True
        if self._depth:
            self._ways_back.append(way_back)

    @contextmanager
    def step(self) -> Iterator[None]:
        mark = len(self._ways_back)
        self._depth += 1
        try:
            yield
        except BaseException:
            while len(self._ways_back) > mark:
                self._ways_back.pop()()
            raise
        finally:
            self._depth -= 1
            if not self._depth:
                self._ways_back.clear()


class Staged(Generic[K, V]):
    """Values by key: the committed ones as far as they are loaded (``below``), and over them the ``changed`` ones."""

    def __init__(self, journal: Journal, below: MutableMapping[K, V]) -> None:
        self._journal = journal
        self.below = below
        self.changed: dict[K, V] = {}

    def __contains__(self, key: K) -> bool:
        return key in self.changed or key in self.below

    def get(self, key: K) -> V | None:
        return self.changed[key] if key in self.changed else self.below.get(key)

    def put(self, key: K, value: V) -> None:
        if key in self.changed:
            before = self.changed[key]
            self._journal.note(lambda: self.changed.__setitem__(key, before))
        else:
            self._journal.note(lambda: self.changed.pop(key))
        self.changed[key] = value

    def values(self) -> Iterator[V]:
        yield from (value for key, value in self.below.items() if key not in self.changed)
        yield from self.changed.values()

    def keep(self) -> None:
        """After the commit: what was changed is what there is."""
        self.below.update(self.changed)


class StagedList(list[V]):
    """Rows that are only ever added."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def add(self, row: V) -> None:
        self.append(row)
        self._journal.note(self.pop)
