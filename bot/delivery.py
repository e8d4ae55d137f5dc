"""Hop 6: claims the head of each ready chat, says what is due, records what became of it. One runs per channel."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clocks import Bell, RunningClock
from bot.enclosing import Enclosing
from bot.pacer import Pacer
from bot.texts import compose
from bot.undelivered import tasks_for_staff
from domain import pace, retry
from domain.errors import ChannelError, StoreError
from domain.messages import Outgoing
from domain.ports import Channel, Deliveries, Store, Texts
from domain.records import Claim, Delivered, DeliveryState, OutboxRow
from domain.roster import Community

LEASE = timedelta(seconds=120)
"""Longer than a send may take, files included: a channel has deadlines of its own."""
AT_ONCE = 16
POLL_SECONDS = 5.0
SHORTEST_REST_SECONDS = 0.005
STORE_AWAY_SECONDS = 2.0
LAST_SENDS_SECONDS = 20.0
SWEEP_EVERY = timedelta(minutes=1)
PATIENCE = timedelta(seconds=20)
"""A post waits so long for its photos; then it goes without the missing ones."""
FILES_LATER = timedelta(milliseconds=300)
log = structlog.get_logger("delivery")


@dataclass(slots=True)
class Delivery:
    """spoken: rung when something was put into the outbox. drill: every text says that it is one."""

    channel: Channel
    deliveries: Deliveries
    store: Store
    texts: Texts
    enclosing: Enclosing
    community: Community
    clock: RunningClock
    pacer: Pacer
    spoken: Bell
    held: asyncio.Event
    """set while the account is ours"""
    drill: bool = False
    drill_chats: frozenset[str] = frozenset()
    sent: int = 0
    _swept: datetime | None = field(default=None)

    async def run(self) -> None:
        """Until cancelled; then what is being sent is finished and recorded first."""
        running: set[asyncio.Task[Delivered]] = set()
        async with asyncio.TaskGroup() as group:
            try:
                await self._go_on(running, group)
            except asyncio.CancelledError:
                if running:
                    await asyncio.wait(running, timeout=LAST_SENDS_SECONDS)
                    await self._record(running)
                for task in running:
                    task.cancel()
                raise

    async def _go_on(self, running: set[asyncio.Task[Delivered]], group: asyncio.TaskGroup) -> None:
        last, recovered = "", False
        while True:
            if not self.held.is_set():
                recovered = False
                await self._record(running)
                await self.spoken.wait(STORE_AWAY_SECONDS)
                continue
            try:
                if not recovered:
                    await self._end_own(running)
                    await self.deliveries.recover(self.channel.name, self.clock.now())
                    recovered = True
                started = await self._claim(running, group)
                ended = await self._record(running)
                last = ""
            except StoreError as error:  # what was claimed is claimed again when its lease has run out
                if str(error) != last:
                    log.warning("delivery.store_unavailable", channel=self.channel.name, error=str(error))
                last = str(error)
                await self.spoken.wait(STORE_AWAY_SECONDS)
                continue
            if not started and not ended:
                await self._rest(running)

    async def _end_own(self, running: set[asyncio.Task[Delivered]]) -> None:
        """What this process is still sending was not left by a dead one."""
        if running:
            await asyncio.wait(running)
            await self._record(running)

    async def _claim(self, running: set[asyncio.Task[Delivered]], group: asyncio.TaskGroup) -> int:
        limit = (1 if self.pacer.one_at_a_time else AT_ONCE) - len(running)
        if limit <= 0:
            return 0
        now = self.clock.now()
        if self._swept is None or now - self._swept >= SWEEP_EVERY:
            await self.deliveries.sweep(now)
            self._swept = now
        claims = await self.deliveries.claim(self.channel.name, now, LEASE, limit)
        running |= {group.create_task(self._end(claim)) for claim in claims}
        if claims:
            await asyncio.sleep(0)  # what takes no time is over now, and recorded in one commit
        return len(claims)

    async def _record(self, running: set[asyncio.Task[Delivered]]) -> int:
        done = {task for task in running if task.done()}
        if done:
            await self._finish([task.result() for task in done])
            running -= done
        return len(done)

    async def _rest(self, running: set[asyncio.Task[Delivered]]) -> None:
        """Until a send is over, somebody has put something, or the next row is due."""
        due = await self.deliveries.next_due(self.channel.name)
        seconds = POLL_SECONDS if due is None else min(POLL_SECONDS, self.clock.seconds_until(due))
        async with asyncio.TaskGroup() as group:
            bell = group.create_task(self.spoken.wait(max(seconds, SHORTEST_REST_SECONDS)))
            await asyncio.wait({bell, *running}, return_when=asyncio.FIRST_COMPLETED)
            bell.cancel()

    async def step(self) -> bool:
        """One round of claims, one after the other, always in the same order; whether there was any."""
        now = self.clock.now()
        claims = await self.deliveries.claim(self.channel.name, now, LEASE, AT_ONCE)
        if claims:
            await self._finish([await self._end(claim) for claim in claims])
        return bool(claims)

    async def _finish(self, ends: Sequence[Delivered]) -> None:
        now = self.clock.now()
        await self.deliveries.finish(ends, now)
        tasks = tasks_for_staff(ends, self.community)
        if tasks:
            async with self.store.begin(now) as work:
                await work.outbox.put(tasks, now)

    async def _end(self, claim: Claim) -> Delivered:
        now = self.clock.now()
        planned = pace.plan(claim.rows, claim.recent, now, self.community.budget, self.community.quiet_hours)
        if not planned.send:
            return Delivered(claim, DeliveryState.WAIT, (), planned.wait_until)
        rows = planned.send
        ids = tuple(row.id for row in rows)
        priority = min(row.reply.priority for row in rows)
        free_at = self.pacer.may_send_at(priority, now)
        if free_at > now:
            return Delivered(claim, DeliveryState.WAIT, (), free_at)
        try:
            message = await self._message(rows, now)
        except StoreError:
            return Delivered(claim, DeliveryState.WAIT, (), now + timedelta(seconds=STORE_AWAY_SECONDS))
        except Exception:  # a text that cannot be made must not stop the others; it is kept as dead
            log.exception("delivery.cannot_compose", rows=ids)
            return Delivered(claim, DeliveryState.DEAD, ids, now, error="the text cannot be made; see the log")
        if message is None:
            return Delivered(claim, DeliveryState.WAIT, (), now + FILES_LATER)
        return await self._send(claim, rows, message)

    async def _message(self, rows: Sequence[OutboxRow], now: datetime) -> Outgoing | None:
        """None: its photos are still on their way, and may be waited for."""
        composed = compose(rows, self.texts)
        files, remark = await self.enclosing.files(composed.media, patient=now - rows[0].created_at < PATIENCE)
        if files is None:
            return None
        chat = rows[0].reply.chat
        text = f"{composed.text}\n{remark}" if remark else composed.text
        if self.drill or chat.id in self.drill_chats:
            text = self.texts.render("drill", {"text": text})
        ids = tuple(row.id for row in rows)
        return Outgoing(ids, chat, text, composed.kind, composed.mentions, composed.tickets, files, composed.reply_to)

    async def _send(self, claim: Claim, rows: Sequence[OutboxRow], message: Outgoing) -> Delivered:
        first = rows[0]
        try:
            receipt = await self.channel.send(message)
        except ChannelError as error:
            now = self.clock.now()
            after = retry.after(
                error, attempts=first.attempts + 1, kind=first.reply.kind, priority=first.reply.priority, now=now
            )
            log.warning(
                "delivery.failed", chat=claim.chat.id, rows=list(message.ids), state=after.state.value, error=str(error)
            )
            return Delivered(claim, after.state, message.ids, after.at, error=after.reason)
        self.sent += 1
        self.pacer.sent(receipt.at)
        return Delivered(claim, DeliveryState.SENT, message.ids, self.pacer.next_in_chat(self.clock.now()), receipt)
