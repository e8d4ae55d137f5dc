"""Hop 6: claims the head of each ready chat, says what is due, records what became of it. One runs per channel."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from bot.breaker import PROBED_AGAIN, Breaker, Pause
from bot.clocks import Bell, RunningClock
from bot.enclosing import Enclosing
from bot.pacer import Pacer
from bot.texts import compose
from bot.undelivered import lost, tasks_for_staff
from domain import pace, retry
from domain.editions import LOOK_BACK
from domain.errors import ChannelError, SaidBefore, StoreError, UnknownOutcome
from domain.holding import about, as_it_holds, late
from domain.messages import Chat, Json, Outgoing, Receipt
from domain.ports import Channel, Store, Texts
from domain.queues import Deliveries
from domain.records import Claim, Delivered, DeliveryState, OutboxRow
from domain.relaying import still_true, tells_of_a_warning
from domain.roster import Community
from domain.vocabulary import Priority, TicketNumber

Running: TypeAlias = "dict[asyncio.Task[Delivered], Claim]"
"""What is being sent."""
LEASE = timedelta(seconds=120)
"""Longer than most sends take, files included; what takes longer has it renewed."""
RENEW_EVERY = timedelta(seconds=30)
AT_ONCE = 16
POLL_SECONDS = 5.0
SHORTEST_REST_SECONDS = 0.005
STORE_AWAY_SECONDS = 2.0
SET_BACK = timedelta(seconds=2)
"""A clock that goes back so far would keep what is due waiting."""
LAST_SENDS_SECONDS = 20.0
LOOK_SECONDS = 0.25
"""How soon a link that is back is noticed."""
WARNING_LATE = timedelta(seconds=30)
"""A warning that waited so long is sent only if it is in force; what replaces one sooner withdraws it itself."""
SWEEP_EVERY = timedelta(minutes=1)
PATIENCE = timedelta(seconds=20)
"""A post waits so long for its photos; then it goes without the missing ones."""
EVERYTHING = (TicketNumber(0),)
MOMENT = timedelta(microseconds=1)
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
    note: Callable[[Sequence[Delivered]], None] = lambda _: None
    """told of every end"""
    sent: int = 0
    trouble: str = ""
    """why nothing can be noted just now, for the health page"""
    _behind: int = 0
    _breaker: Breaker = field(init=False)
    _recovered: bool = False
    _latest: datetime | None = None
    _swept: datetime | None = field(default=None)
    _renewed: datetime | None = None

    def __post_init__(self) -> None:
        self._breaker = Breaker(self.channel)

    @property
    def pause(self) -> Pause | None:
        """Why nothing goes out just now, for the health page."""
        return self._breaker.pause

    async def run(self) -> None:
        """Until cancelled; then what is being sent is finished and recorded first."""
        running: Running = {}
        async with asyncio.TaskGroup() as group:
            try:
                await self._go_on(running, group)
            except asyncio.CancelledError:
                if running:
                    await asyncio.wait(running, timeout=LAST_SENDS_SECONDS)
                    with suppress(StoreError):  # it is said again after the next start
                        await self._record(running)
                for task in running:
                    task.cancel()
                raise

    async def _go_on(self, running: Running, group: asyncio.TaskGroup) -> None:
        while True:
            try:
                if not await self._round(running, group):
                    await self._rest(running)
                self.trouble = ""
            except StoreError as error:  # what was claimed is claimed again when its lease has run out
                if str(error) != self.trouble:
                    log.warning("delivery.store_unavailable", channel=self.channel.name, error=str(error))
                self.trouble = str(error)
                await self.spoken.wait(STORE_AWAY_SECONDS)

    async def _round(self, running: Running, group: asyncio.TaskGroup) -> bool:
        """Whether there was anything to do. After a pause everything may be tried at once again."""
        await self._heed_clock()
        if not self.held.is_set() or self._breaker.cut:
            self._recovered = False
            return bool(await self._record(running))
        if not self._recovered:
            await self._end_own(running)
            await self.deliveries.recover(self.channel.name, self.clock.now())
            self._recovered = True
        ended = await self._record(running)  # first: after the store was away what is over would be claimed again
        await self._renew(running)
        started = await self._claim(running, group)
        ended += await self._record(running)
        return bool(started or ended)

    async def _renew(self, running: Running) -> None:
        """A send may take longer than its lease: as long as it lives here nobody else gets its chat."""
        now = self.clock.now()
        if running and self._renewed is not None and now - self._renewed >= RENEW_EVERY:
            await self.deliveries.renew(list(running.values()), now + LEASE)
            self._renewed = now

    async def _heed_clock(self) -> None:
        """Where it was set back, pauses and leases that were noted before would last as much longer."""
        now = self.clock.now()
        if self._latest is not None and now < self._latest - SET_BACK:
            rows = await self.deliveries.set_back(self.channel.name, now, self._latest)
            log.warning(
                "delivery.clock_set_back", channel=self.channel.name, before=self._latest.isoformat(), rows=rows
            )
            self.pacer.forget()
            self._recovered, self._swept = False, None
        self._latest = now

    async def _end_own(self, running: Running) -> None:
        """What this process is still sending was not left by a dead one."""
        if running:
            await asyncio.wait(running)
            await self._record(running)

    async def _claim(self, running: Running, group: asyncio.TaskGroup) -> int:
        now = self.clock.now()
        limit = self._limit(now) - len(running)
        if limit <= 0:
            return 0
        if self._swept is None or now - self._swept >= SWEEP_EVERY:
            await self.deliveries.sweep(now)
            self._swept = now
        claims = await self.deliveries.claim(self.channel.name, now, LEASE, limit)
        self._renewed = self._renewed if running else now
        running |= {group.create_task(self._end(claim)): claim for claim in claims}
        if claims:
            await asyncio.sleep(0)  # what takes no time is over now, and recorded in one commit
        return len(claims)

    def _limit(self, now: datetime) -> int:
        """How many chats may be spoken to side by side. Where not even an emergency may be said yet, none is looked at:
        each look would move the chat behind the others."""
        if not self._breaker.may_send(now) or self.pacer.may_send_at(Priority.EMERGENCY, now) > now:
            return 0
        return 1 if self.pacer.one_at_a_time or self._breaker.open else AT_ONCE

    async def _record(self, running: Running) -> int:
        done = {task for task in running if task.done()}
        if done:
            await self._finish([task.result() for task in done])
            for task in done:
                del running[task]
        return len(done)

    async def _rest(self, running: Running) -> None:
        """Until a send is over, somebody has put something, the next row is due, or the link may be back."""
        if not self.held.is_set():
            seconds = STORE_AWAY_SECONDS
        elif not self._breaker.may_send(self.clock.now()):
            seconds = LOOK_SECONDS
        else:
            due = await self.next_due()
            seconds = POLL_SECONDS if due is None else min(POLL_SECONDS, self.clock.seconds_until(due))
        async with asyncio.TaskGroup() as group:
            bell = group.create_task(self.spoken.wait(max(seconds, SHORTEST_REST_SECONDS)))
            await asyncio.wait({bell, *running}, return_when=asyncio.FIRST_COMPLETED)
            bell.cancel()

    async def next_due(self) -> datetime | None:
        """When there is something to say again; not before the network may be spoken to."""
        due = await self.deliveries.next_due(self.channel.name)
        return None if due is None else max(due, self.pacer.may_send_at(Priority.EMERGENCY, self.clock.now()))

    async def step(self) -> bool:
        """One round of claims, one after the other, always in the same order; whether there was any."""
        await self._heed_clock()
        now = self.clock.now()
        if self._breaker.cut:
            self._recovered = False
            return False
        if not self._recovered:
            await self.deliveries.recover(self.channel.name, now)
            self._recovered = True
        limit = self._limit(now)
        claims = await self.deliveries.claim(self.channel.name, now, LEASE, limit) if limit else []
        if claims:
            await self._finish([await self._end(claim) for claim in claims])
        return bool(claims)

    async def _finish(self, ends: Sequence[Delivered]) -> None:
        """The task for a person first: after a crash in between the message is tried once more, and its key keeps the
        task one."""
        now = self.clock.now()
        if lost(ends):
            async with self.store.begin(now) as work:
                await work.outbox.put(await tasks_for_staff(ends, self.community, work), now)
        await self.deliveries.finish(ends, now)
        self.note(ends)

    async def _end(self, claim: Claim) -> Delivered:
        now = self.clock.now()
        try:
            planned = await self._planned(claim, now)
        except StoreError:
            return Delivered(claim, DeliveryState.WAIT, (), now + timedelta(seconds=STORE_AWAY_SECONDS))
        if not planned.send:
            return Delivered(claim, DeliveryState.WAIT, (), planned.wait_until)
        rows = planned.send
        ids = tuple(row.id for row in rows)
        priority = min(row.reply.priority for row in rows)
        free_at = self.pacer.may_send_at(priority, now)
        if free_at > now:
            self._behind += 1  # whoever was looked at first is looked at first again
            return Delivered(claim, DeliveryState.WAIT, (), free_at + self._behind * MOMENT)
        try:
            holding = await self._holding(rows, now)
            if not holding:
                return Delivered(claim, DeliveryState.OUTDATED, ids, now)
            message = await self._message(holding, now)
        except StoreError:
            return Delivered(claim, DeliveryState.WAIT, (), now + timedelta(seconds=STORE_AWAY_SECONDS))
        except Exception:  # a text that cannot be made must not stop the others; it is kept as dead
            log.exception("delivery.cannot_compose", rows=ids)
            return Delivered(claim, DeliveryState.DEAD, ids, now, error="the text cannot be made; see the log")
        if message is None:
            return Delivered(claim, DeliveryState.WAIT, (), now + FILES_LATER)
        return await self._send(claim, holding, message)

    async def _planned(self, claim: Claim, now: datetime) -> pace.Plan:
        rows, community = _not_given_up(claim.rows), self.community
        heard = pace.unmuted(rows)
        if len(heard) == len(rows) or claim.chat.private:
            return pace.plan(rows, claim.recent, now, community.budget, community.quiet_hours)
        async with self.store.begin(now) as work:
            muted = (await work.chats.get(claim.chat)).muted_until
        if muted is None or muted <= now:
            return pace.plan(rows, claim.recent, now, community.budget, community.quiet_hours)
        planned = pace.plan(heard, claim.recent, now, community.budget, community.quiet_hours)
        until = min(muted, planned.wait_until) if heard else muted
        return planned if planned.send else pace.Plan((), until, "muted")

    async def _holding(self, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
        """Those of a message that still hold. Only what is late is looked at again, official warnings the soonest."""
        numbers = {row.id: about(row) for row in rows if late(row, now)}
        official = {row.id for row in rows if tells_of_a_warning(row.reply) and now - row.created_at >= WARNING_LATE}
        if not official and not any(numbers.values()):
            return rows
        held: list[OutboxRow] = []
        async with self.store.begin(now) as work:
            known = await work.storms.editions(now - LOOK_BACK) if official else ()
            for row in rows:
                if row.id in official and not still_true(row.reply, known, now):
                    log.info("delivery.warning_outdated", chat=row.reply.chat.id, row=row.id)
                    continue
                number = numbers.get(row.id)
                ticket = await work.tickets.get(number) if number is not None else None
                reply = row.reply if ticket is None else as_it_holds(row, ticket, now)
                if reply is not None:
                    held.append(replace(row, reply=reply))
        return held

    async def _message(self, rows: Sequence[OutboxRow], now: datetime) -> Outgoing | None:
        """None: its photos are still on their way, and may be waited for."""
        composed = compose(rows, self.texts, now)
        patient = now - rows[0].created_at < PATIENCE
        files, remark = await self.enclosing.files(composed.media, composed.documents, patient=patient)
        if files is None:
            return None
        drill = await self._drilled(rows[0].reply.chat, composed.tickets, now)
        mark = self.texts.render("drill_mark", {}) if drill else ""
        papers, failed = await self.enclosing.drawn(composed.documents, mark)
        chat, remark = rows[0].reply.chat, remark + failed
        text = f"{composed.text}\n{remark}" if remark else composed.text
        if drill:
            some = [] if drill == EVERYTHING else [*drill]
            text = self.texts.render("drill", {"text": text, "numbers": list[Json](some)})
            files, papers = await self.enclosing.stamped(files, mark), await self.enclosing.stamped(papers, mark)
        ids = tuple(row.id for row in rows)
        return Outgoing(
            ids, chat, text, composed.kind, composed.mentions, composed.tickets, (*files, *papers), composed.reply_to,
            tuple(f"{row.id}@{row.created_at.timestamp():.6f}" for row in rows),
        )  # fmt: skip

    async def _drilled(self, chat: Chat, numbers: Sequence[TicketNumber], now: datetime) -> Collection[TicketNumber]:
        """Of which tickets it is a drill: all of a drill group's, wherever they are spoken of. EVERYTHING: no ticket
        but the message itself is one."""
        if self.drill or chat.id in self.drill_chats:
            return EVERYTHING
        if not numbers or not self.drill_chats:
            return ()
        async with self.store.begin(now) as work:
            tickets = [await work.tickets.get(number) for number in numbers]
        played = {t.number for t in tickets if t is not None and t.chat.id in self.drill_chats}
        return EVERYTHING if len(played) == len(numbers) else sorted(played)

    async def _send(self, claim: Claim, rows: Sequence[OutboxRow], message: Outgoing) -> Delivered:
        began = self.clock.now()
        try:
            receipt = await self.channel.send(message)
        except SaidBefore as before:  # by a process that died before it could note it
            log.info("delivery.said_before", chat=claim.chat.id, rows=list(before.rows))
            receipt = Receipt(before.remote_ids, before.at)
            return Delivered(claim, DeliveryState.SENT, before.rows, self.clock.now(), receipt)
        except ChannelError as error:
            return self._failed(claim, rows[0], message, error)
        at = sorted((began, receipt.at, self.clock.now()))[1]  # a network whose clock is wrong sets none of ours
        self.sent += 1
        self._behind = 0
        self.pacer.sent(at)
        if self._breaker.worked():
            self._recovered = False
        receipt = replace(receipt, at=at)
        return Delivered(claim, DeliveryState.SENT, message.ids, self.pacer.next_in_chat(self.clock.now()), receipt)

    def _failed(self, claim: Claim, first: OutboxRow, message: Outgoing, error: ChannelError) -> Delivered:
        """A try that only showed that the link is down is none of the message's."""
        now = self.clock.now()
        self._breaker.failed(claim.chat, error, now)
        again = error.retry and not isinstance(error, UnknownOutcome)
        if again and (self._breaker.open or self._breaker.cut):
            log.debug("delivery.link_down", chat=claim.chat.id, rows=list(message.ids), error=str(error))
            return Delivered(claim, DeliveryState.WAIT, (), now + PROBED_AGAIN)
        reachable = self._breaker.reachable(first.attempts + 1)
        tried = retry.Tried(first.attempts + 1, first.reply.kind, first.reply.priority, reachable)
        after = retry.after(error, tried, now)
        log.warning(
            "delivery.failed", chat=claim.chat.id, rows=list(message.ids), state=after.state.value, error=str(error)
        )
        return Delivered(claim, after.state, message.ids, after.at, error=after.reason)


def _not_given_up(rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """What has used up its tries lets the others of its chat go first: one of them shows whether it is to blame."""
    return [row for row in rows if row.attempts < retry.MOST_ATTEMPTS] or rows
