"""The last lines of every chat, and in what order they changed. In memory, bounded."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence

from domain.chatroom import Line, TooLongAgo
from domain.messages import Chat

LINES_A_CHAT = 300
CHARACTERS_A_CHAT = 4_000_000
_CHANGES = 5000


class History:
    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self.latest = 0
        self._chats: dict[Chat, OrderedDict[str, Line]] = {}
        self._sizes: dict[Chat, int] = {}
        self._where: dict[str, Chat] = {}
        self._changes: deque[tuple[int, str]] = deque()
        self._forgotten = 0
        for line in sorted(lines, key=lambda line: line.order):
            self.put(line)
        self._changes = deque(sorted(self._changes))
        full = [chat for chat in self._chats.values() if len(chat) >= LINES_A_CHAT]
        self._forgotten = max([self._forgotten, *(next(iter(chat.values())).order - 1 for chat in full)])

    def put(self, line: Line) -> None:
        """A new line at the end, or the new look of a known one where it stands."""
        chat = self._chats.setdefault(line.chat, OrderedDict())
        before = chat.get(line.id)
        chat[line.id] = line
        self._where[line.id] = line.chat
        self._sizes[line.chat] = self._sizes.get(line.chat, 0) + len(line.text) - (len(before.text) if before else 0)
        self.latest = max(self.latest, line.sequence)
        self._note(line)
        self._trim(line.chat)

    def chats(self) -> Sequence[Chat]:
        return list(self._chats)

    def __contains__(self, chat: Chat) -> bool:
        return chat in self._chats

    def of(self, chat: Chat) -> Sequence[Line]:
        return list(self._chats.get(chat, OrderedDict()).values())

    def last(self, chat: Chat) -> Line | None:
        lines = self._chats.get(chat)
        return next(reversed(lines.values())) if lines else None

    def line(self, id: str) -> Line | None:
        chat = self._where.get(id)
        return self._chats[chat][id] if chat else None

    def changed(self, since: int, visible: Callable[[Chat], bool]) -> Sequence[Line]:
        """Raises TooLongAgo, also for a ``since`` that is not of this history."""
        if since < self._forgotten or since > self.latest:
            raise TooLongAgo(f"changes are known from {self._forgotten} to {self.latest}, asked for {since}")
        newest_first: list[Line] = []
        for sequence, changed in reversed(self._changes):
            if sequence <= since:
                break
            line = self.line(changed)
            if line is not None and line.sequence == sequence and visible(line.chat):
                newest_first.append(line)
        return newest_first[::-1]

    def _note(self, line: Line) -> None:
        self._changes.append((line.sequence, line.id))
        if len(self._changes) > _CHANGES:
            sequence, _ = self._changes.popleft()
            self._forgotten = max(self._forgotten, sequence)

    def _trim(self, chat: Chat) -> None:
        lines = self._chats[chat]
        while len(lines) > LINES_A_CHAT or (self._sizes[chat] > CHARACTERS_A_CHAT and len(lines) > 1):
            _, line = lines.popitem(last=False)
            del self._where[line.id]
            self._sizes[chat] -= len(line.text)
            self._forgotten = max(self._forgotten, line.sequence)
