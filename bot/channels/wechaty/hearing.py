"""From announced messages to the sink: fetched side by side, handed over in order, one batch at a time."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog
from wechaty_grpc.wechaty.puppet import EventType

from bot.channels.wechaty.account import Account, Announced
from bot.channels.wechaty.failures import BROKEN
from bot.channels.wechaty.puppet import Payload
from bot.channels.wechaty.settings import CHANNEL
from bot.channels.wechaty.translation import RECALLED, heard, heard_join, heard_recall
from domain.messages import Incoming
from domain.ports import Sink

log = structlog.get_logger("wechaty")

MOST_ATTEMPTS = 3
FIRST_WAIT_SECONDS = 0.1


class Hearing:
    """Independent of the connection: what was announced before a cut is fetched after it."""

    def __init__(self, account: Account, sink: Sink) -> None:
        self._account = account
        self._sink = sink
        self._lost: list[datetime] = []

    async def run(self) -> None:
        """Until cancelled. Raises only what the sink raises."""
        while True:
            batch = await self._next_batch()
            heard = await asyncio.gather(*(self._heard(announced) for announced in batch))
            messages = [message for message in heard if message is not None]
            if messages:
                await self._sink.accept(messages)
            if self._lost:
                await self._sink.gap(CHANNEL, min(self._lost), self._account.clock.now())
                self._lost.clear()

    async def _next_batch(self) -> Sequence[Announced]:
        queue = self._account.announced
        batch = [await queue.get()]
        while len(batch) < self._account.settings.fetches_ahead and not queue.empty():
            batch.append(queue.get_nowait())
        return batch

    async def _heard(self, announced: Announced) -> Incoming | None:
        if announced.event.type == EventType.EVENT_TYPE_ROOM_JOIN:
            return await self._join(announced)
        id = announced.event.payload.get("messageId")
        if not isinstance(id, str) or not id:
            log.warning("wechaty.odd_event", kind="message", keys=sorted(announced.event.payload))
            return None
        payload = await self._payload(id)
        if payload is None:
            self._lost.append(announced.at)
            return None
        return await self._message(payload)

    async def _payload(self, id: str) -> Payload | None:
        """None when the service has said several times that it cannot tell. A cut does not count: we wait."""
        account, attempts = self._account, 0
        while True:
            await account.open.wait()
            try:
                return await account.puppet.message(id)
            except BROKEN as error:
                said = account.plain(error)
            attempts += account.open.is_set()
            if attempts >= MOST_ATTEMPTS:
                log.error("wechaty.message_lost", message=id, error=said)
                return None
            await asyncio.sleep(FIRST_WAIT_SECONDS * 2**attempts)

    async def _message(self, payload: Payload) -> Incoming | None:
        account, now = self._account, self._account.clock.now()
        if payload.talker == account.id:
            return None  # our own echo, or somebody writing with the account's phone
        if not payload.talker:
            log.info("wechaty.nobodys_message", message=payload.id, type=payload.type)
            return None
        name = await account.name_of(payload.talker, payload.room)
        if payload.type == RECALLED:
            recall = heard_recall(payload, name, now)
            if recall is None:
                log.warning("wechaty.odd_recall", message=payload.id)
            return recall
        return heard(payload, name, await self._own_names(payload), account.id, now)

    async def _own_names(self, payload: Payload) -> set[str]:
        """What an @ of the bot may say there; asked for only where there is an @."""
        if "@" not in payload.text or not payload.room:
            return set()
        account = self._account
        return {await account.name_of(account.id), await account.name_of(account.id, payload.room)} - {""}

    async def _join(self, announced: Announced) -> Incoming | None:
        account = self._account
        join = heard_join(announced.event, account.id, announced.at)
        if join is not None:
            topic = await account.name_of("", join.chat.id)
            log.info("wechaty.joined_room", room=join.chat.id, topic=topic)  # the id is what a configuration needs
        return join
