"""Keeps one connection to the service and reads its events, in order, for as long as the channel runs.

Who has the account: the service has one event stream for an account, and who calls stop() gets it. A client whose link
broke may find its own dead stream still there, and takes it over. A client whose stream was ended by the service asks
before it takes: if somebody else has the account by then, it was evicted, and two clients never fight over it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from enum import Enum, auto

import structlog
from wechaty_grpc.wechaty.puppet import EventType, PayloadType

from bot.channels.wechaty.account import Account, Announced
from bot.channels.wechaty.failures import BROKEN, account_in_use, wrong_token
from bot.channels.wechaty.puppet import Event
from bot.channels.wechaty.scanning import show_code
from bot.channels.wechaty.settings import CHANNEL
from domain.messages import Json
from domain.ports import Link, Sink

log = structlog.get_logger("wechaty")

FIRST_WAIT_SECONDS = 0.1
LIVED_SECONDS = 1.0
"""A connection that lasted so long was a good one: the next attempt follows at once."""
POLITE_SECONDS = 1.0
"""Time for another client, which has just ended our stream, to open its own."""

React = Callable[[dict[str, Json]], Awaitable[None]]


class Ended(Enum):
    LOST = auto()
    BY_SERVICE = auto()
    """Without an error: the service stops, or another client takes the account."""
    REFUSED = auto()
    IN_USE = auto()


class Listening:
    def __init__(self, account: Account, groups: frozenset[str], sink: Sink) -> None:
        """groups: the rooms that the community has configured."""
        self._account = account
        self._sink = sink
        self._groups = groups
        self._wait = FIRST_WAIT_SECONDS
        self._logged_out = False
        self._may_take = True
        self._take = False
        self._last_event = account.clock.now()
        self._last_event_tick = asyncio.get_running_loop().time()
        self._reactions: dict[int, React] = {
            int(EventType.EVENT_TYPE_LOGIN): self._login,
            int(EventType.EVENT_TYPE_LOGOUT): self._logout,
            int(EventType.EVENT_TYPE_SCAN): self._scan,
            int(EventType.EVENT_TYPE_DIRTY): self._dirty,
            int(EventType.EVENT_TYPE_ROOM_TOPIC): self._room_changed,
            int(EventType.EVENT_TYPE_ROOM_LEAVE): self._left,
            int(EventType.EVENT_TYPE_ERROR): self._error,
        }

    async def run(self) -> None:
        """Until cancelled. Raises only what the sink raises."""
        self._account.state.turn(Link.CONNECTING)
        while True:
            began = asyncio.get_running_loop().time()
            ended = await self._connection()
            lived = asyncio.get_running_loop().time() - began
            await asyncio.sleep(self._pause(ended, lived))

    def _pause(self, ended: Ended, lived: float) -> float:
        if ended in {Ended.REFUSED, Ended.IN_USE} and not self._take:
            return _with_jitter(self._account.settings.refused_wait_seconds)
        if lived >= LIVED_SECONDS or self._take:
            self._wait = FIRST_WAIT_SECONDS
            return _with_jitter(FIRST_WAIT_SECONDS)
        wait, self._wait = self._wait, min(self._wait * 2, self._account.settings.longest_wait_seconds)
        return _with_jitter(wait)

    # -- one connection -----------------------------------------------------------------------------------------

    async def _connection(self) -> Ended:
        puppet = self._account.puppet
        puppet.connect()
        try:
            await self._begin()
            async with aclosing(puppet.events()) as events:
                async for event in events:
                    self._opened()
                    await self._react(event)
        except BROKEN as error:
            return self._broken(error)
        finally:
            self._account.open.clear()
            puppet.disconnect()
        return self._ended_by_service()

    async def _begin(self) -> None:
        puppet = self._account.puppet
        await puppet.reach()
        if self._take:
            self._take = self._may_take = False
            log.info("wechaty.taking_over")
            await puppet.take_over()
            return
        await puppet.begin()
        if not self._may_take:
            await asyncio.sleep(POLITE_SECONDS)

    def _opened(self) -> None:
        self._last_event = self._account.clock.now()
        self._last_event_tick = asyncio.get_running_loop().time()
        if self._account.open.is_set():
            return
        self._may_take = True
        self._account.names.forget_all()  # what changed meanwhile was not told
        self._account.open.set()
        if self._logged_out:
            self._account.state.turn(Link.LOGGED_OUT, "the account is logged out")
        else:
            self._account.state.turn(Link.CONNECTING, "connected; the account is not logged in yet")

    def _broken(self, error: Exception) -> Ended:
        state, text = self._account.state, self._account.plain(error)
        state.stop_hearing(self._last_sign_of_life())
        if wrong_token(error):
            state.turn(Link.DOWN, f"the service refuses the token ({self._account.settings.token_env}): {text}")
            return Ended.REFUSED
        if account_in_use(error):
            self._take = self._may_take
            if not self._take:
                state.turn(Link.EVICTED, "another client has the account: only one bot may use it at a time")
            return Ended.IN_USE
        if state.health().link in {Link.UP, Link.LOGGED_OUT}:
            state.turn(Link.CONNECTING, f"connection lost: {text}")
        elif state.health().link is not Link.EVICTED:
            state.turn(Link.DOWN, f"no connection to {self._account.settings.endpoint}: {text}")
        return Ended.LOST

    def _ended_by_service(self) -> Ended:
        state = self._account.state
        state.stop_hearing(self._account.clock.now())
        self._may_take = False
        state.turn(Link.CONNECTING, "the service ended the connection")
        return Ended.BY_SERVICE

    def _last_sign_of_life(self) -> datetime:
        """A link that is dead for longer would have missed a ping, unless the machine slept: then nobody pinged."""
        settings, now = self._account.settings, self._account.clock.now()
        unnoticed = timedelta(seconds=settings.keepalive_seconds + settings.keepalive_timeout_seconds)
        awake = timedelta(seconds=asyncio.get_running_loop().time() - self._last_event_tick)
        slept = now - self._last_event - awake > unnoticed
        return self._last_event if slept else max(self._last_event, now - unnoticed)

    # -- events -------------------------------------------------------------------------------------------------

    async def _react(self, event: Event) -> None:
        if event.type in {EventType.EVENT_TYPE_MESSAGE, EventType.EVENT_TYPE_ROOM_JOIN}:
            await self._account.announced.put(Announced(event, self._last_event))
        elif event.type == EventType.EVENT_TYPE_READY:
            await self._check_groups()
        elif event.type in self._reactions:
            await self._reactions[event.type](event.payload)

    async def _login(self, payload: dict[str, Json]) -> None:
        account, who = self._account, payload.get("contactId")
        if not isinstance(who, str) or not who:
            log.warning("wechaty.odd_event", kind="login", keys=sorted(payload))
            return
        if account.id and account.id != who:
            log.warning("wechaty.other_account", before=account.id, now=who)
            account.names.forget_all()
        account.id, self._logged_out = who, False
        account.state.turn(Link.UP)
        missing_since = account.state.hear_again()
        if missing_since is not None:
            await self._sink.gap(CHANNEL, missing_since, account.clock.now())

    async def _logout(self, payload: dict[str, Json]) -> None:
        self._logged_out = True
        self._account.state.stop_hearing(self._last_event)
        reason = str(payload.get("data") or payload.get("reason") or "no reason given")
        self._account.state.turn(Link.LOGGED_OUT, f"the account is logged out: {reason}")

    async def _scan(self, payload: dict[str, Json]) -> None:
        code = payload.get("qrcode")
        if isinstance(code, str) and code and not self._account.state.up:
            self._logged_out = True
            self._account.state.turn(Link.LOGGED_OUT, "scan the code in the log with the account's phone")
            show_code(code)

    async def _dirty(self, payload: dict[str, Json]) -> None:
        """Names are remembered until the service says that they changed."""
        kind, id = payload.get("payloadType"), str(payload.get("payloadId") or "")
        if kind == PayloadType.PAYLOAD_TYPE_CONTACT:
            self._account.names.forget_person(id)
        elif kind in (PayloadType.PAYLOAD_TYPE_ROOM, PayloadType.PAYLOAD_TYPE_ROOM_MEMBER):  # it may be unhashable
            self._account.names.forget_room(id)

    async def _room_changed(self, payload: dict[str, Json]) -> None:
        room = str(payload.get("roomId") or "")
        self._account.names.forget_room(room)
        log.info("wechaty.room_renamed", room=room, configured=room in self._groups)

    async def _left(self, payload: dict[str, Json]) -> None:
        room, removed = str(payload.get("roomId") or ""), payload.get("removeeIdList")
        self._account.names.forget_room(room)
        if isinstance(removed, list) and self._account.id in removed:
            log.error("wechaty.removed_from_room", room=room, configured=room in self._groups)

    async def _check_groups(self) -> None:
        """The account's rooms are known now: are the community's groups among them?"""
        try:
            there = await self._account.puppet.rooms()
        except BROKEN as error:
            log.warning("wechaty.rooms_unknown", error=self._account.plain(error))
            return
        for group in sorted(self._groups - set(there)):
            log.error("wechaty.group_not_there", group=group)

    async def _error(self, payload: dict[str, Json]) -> None:
        text = str(payload.get("data") or payload).replace(self._account.token, "…")
        log.warning("wechaty.service_error", error=text[:200])


def _with_jitter(seconds: float) -> float:
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311  keeps many bots from knocking at the same moment
