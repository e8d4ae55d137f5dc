"""Names of people and rooms: fetched when first needed, remembered until the network says that they changed.

Nothing here knows wechaty. The memory is bounded, and while a name is being fetched everybody else who needs it waits
for the same request: a burst from one cold room is one request for each person, not one for each message.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

PEOPLE_KEPT = 20_000

Fetch = Callable[[str, str], Awaitable[str]]
"""(contact id, room id or "") to the name shown there. Raises whatever the network raises."""


class Names:
    """``nowhere`` as room stands for the private chat; a room's own topic is the name of "" in that room."""

    def __init__(self, fetch: Fetch, kept: int = PEOPLE_KEPT) -> None:
        self._fetch = fetch
        self._kept = kept
        self._known: OrderedDict[str, dict[str, tuple[int, str]]] = OrderedDict()
        self._epochs: dict[str, int] = {}
        self._asked: dict[tuple[str, str], asyncio.Future[str]] = {}

    async def name(self, contact: str, room: str = "") -> str:
        known = self._known.get(contact, {}).get(room)
        if known and known[0] == self._epochs.get(room, 0):
            self._known.move_to_end(contact)
            return known[1]
        asked = self._asked.get((contact, room))
        if asked is not None:
            return await asyncio.shield(asked)
        return await self._ask(contact, room)

    def forget_person(self, contact: str) -> None:
        self._known.pop(contact, None)
        for key in [key for key in self._asked if key[0] == contact]:
            del self._asked[key]  # its answer may be the old name: it is given out, but not remembered

    def forget_room(self, room: str) -> None:
        self._epochs[room] = self._epochs.get(room, 0) + 1
        for key in [key for key in self._asked if key[1] == room]:
            del self._asked[key]

    def forget_all(self) -> None:
        self._known.clear()
        self._epochs.clear()
        self._asked.clear()

    async def _ask(self, contact: str, room: str) -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._asked[contact, room] = answer
        epoch = self._epochs.get(room, 0)
        try:
            name = await self._fetch(contact, room)
        except BaseException as error:
            answer.set_exception(error if isinstance(error, Exception) else ConnectionError("given up"))
            answer.exception()  # seen, even when nobody else waits for it
            self._settle(contact, room, answer)
            raise
        answer.set_result(name)
        if self._settle(contact, room, answer):
            self._remember(contact, room, (epoch, name))
        return name

    def _settle(self, contact: str, room: str, answer: asyncio.Future[str]) -> bool:
        """Whether the answer is still the one that counts."""
        current = self._asked.get((contact, room)) is answer
        if current:
            del self._asked[contact, room]
        return current

    def _remember(self, contact: str, room: str, value: tuple[int, str]) -> None:
        self._known.setdefault(contact, {})[room] = value
        self._known.move_to_end(contact)
        if len(self._known) > self._kept:
            self._known.popitem(last=False)
