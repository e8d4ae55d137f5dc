"""Hops 3 to 5: the oldest waiting messages, understood, handled and committed, in order within each chat.

Units of work of a community take turns (they meet at one lock), so many chats' messages share one transaction and a
savepoint each. A message that fails leaves its chat waiting behind it and nobody else; after three tries it is parked.
"""

import asyncio
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot.adviser import Adviser
from bot.clocks import Bell, RunningClock
from bot.roster import added, duty_now, grown
from domain.announcements import Answering, answer
from domain.errors import StoreError
from domain.handling import Context
from domain.messages import Chat, Incoming, Json
from domain.ports import Store, Understanding, UnitOfWork
from domain.records import Handled, InboxRow, Outcome
from domain.roster import Community
from domain.understanding import SILENT, Verdict
from domain.vocabulary import IdSource
from handlers.joining import name_the_model
from handlers.routing import Routed

BATCH = 100
MOST_ATTEMPTS = 3
POLL_SECONDS = 2.0
"""Another process may have put something: nobody rings for that."""
MAY_GROW = frozenset({"command", "unbound"})
"""Routes that may bind a group or a person."""
PATIENCE_SECONDS = 0.2
"""How long messages wait for the store to become theirs before they are put into the inbox without being looked at."""
MOST_VERDICTS = 1000
LOOK_BACK = timedelta(days=30)
log = structlog.get_logger("dispatcher")


class Route(Protocol):
    async def route(self, message: Incoming, ctx: Context) -> Routed: ...

    async def passing(self, message: Incoming, ctx: Context) -> Routed | None: ...


@dataclass(slots=True)
class Dispatcher:
    """rung: new work; spoken: rung when something was put into the outbox; heard: when files wait to be fetched.

    adviser: where messages wait that somebody else is asked about; None: nobody is.
    """

    store: Store
    understanding: Understanding
    routing: Route
    community: Community
    clock: RunningClock
    new_id: IdSource
    rung: Bell
    spoken: Bell
    heard: Bell
    adviser: Adviser | None = None
    state: Callable[[], Mapping[str, Json]] = dict
    batch: int = BATCH
    handled: int = 0
    _said: bool = False
    _verdicts: dict[tuple[str, str | None], Verdict] = field(default_factory=dict)
    """of what was judged when it arrived and waits"""
    _grown: tuple[object, Community] | None = field(default=None)

    async def run(self) -> None:
        wait, last = 0.2, ""
        while True:
            try:
                done = await self.step()
            except StoreError as error:  # nothing was committed: the same messages are handled again
                if str(error) != last:
                    log.warning("dispatcher.store_unavailable", error=str(error))
                last = str(error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 15.0)
                continue
            wait, last = 0.2, ""
            if not done:
                await self.rung.wait(POLL_SECONDS)

    async def take_in(self, messages: Sequence[Incoming]) -> int | None:
        """Makes messages durable, and handles those that need nothing in the same commit. How many were new.

        None: other work has the store, nothing has happened. Raises StoreError.
        """
        now, done = self.clock.now(), 0
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    work = await stack.enter_async_context(self.store.begin(now))
            except TimeoutError:
                return None
            arrived = await work.inbox.arrive(messages, now)
            if arrived.free:
                await work.inbox.preload(arrived.free)
                done = await self._pass_over(work, arrived.free)
        self.handled += done
        if done < arrived.new:
            self.rung.ring()
        return arrived.new

    async def _pass_over(self, work: UnitOfWork, rows: Sequence[InboxRow]) -> int:
        """Handles what needs nothing, in order within each chat; the others, and what comes after them, wait."""
        done, behind = 0, set[Chat]()
        community = await self._community(work)
        for row in rows:
            if row.incoming.chat in behind:
                continue
            began = time.perf_counter()
            routed = await self._passing(work, row, community)
            if routed is None:
                behind.add(row.incoming.chat)
                continue
            await work.inbox.finish(Handled(row, routed.outcome, routed.verdict), self.clock.now())
            done += 1
            _note(row, routed, time.perf_counter() - began)
        return done

    async def _passing(self, work: UnitOfWork, row: InboxRow, community: Community) -> Routed | None:
        """None as well where something is wrong with it: it fails again in its turn, and is noted then."""
        try:
            ctx = await self._context(work, row, community)
            if self.adviser is not None and self.adviser.may_help(row, ctx):
                return None
            routed = await self.routing.passing(row.incoming, ctx)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001  one message must not keep the others from becoming durable
            log.debug("message.not_passed_over", message=row.id, error=traceback.format_exc())
            return None
        if routed is None and len(self._verdicts) < MOST_VERDICTS:
            self._verdicts[row.incoming.text, ctx.building] = ctx.verdict
        return routed

    async def step(self) -> int:
        """One transaction; how many messages it was about. Raises StoreError: then nothing has happened."""
        now, self._said, done = self.clock.now(), False, 0
        async with self.store.begin(now) as work:
            rows = await work.inbox.waiting(self.batch, self.adviser.chats if self.adviser else ())
            if rows:
                await work.inbox.preload(rows)
                done = await self._handle(work, rows)
        if rows:
            self.handled += done
            if self._said:
                self.spoken.ring()
            if any(row.incoming.media for row in rows):
                self.heard.ring()
        return len(rows)

    async def _handle(self, work: UnitOfWork, rows: Sequence[InboxRow]) -> int:
        """How many were handled."""
        done, behind, asking = 0, set[Chat](), set[Chat]()
        community = await self._community(work)
        for row in rows:
            chat = row.incoming.chat
            if chat in behind:
                continue  # order within a chat: what comes after a failed message waits for it
            began = time.perf_counter()
            try:
                async with work.step():
                    routed = await self._one(work, row, community, behind=chat in asking)
            except StoreError:
                raise
            except Exception:  # noqa: BLE001  the message stays in the inbox with its traceback; nobody else is held up
                behind.add(chat)
                await self._failed(work, row, traceback.format_exc())
                continue
            if routed is None:
                asking.add(chat)
                continue
            if routed.route in MAY_GROW:
                community = await self._community(work)
            done += 1
            _note(row, routed, time.perf_counter() - began)
        return done

    async def _one(self, work: UnitOfWork, row: InboxRow, community: Community, *, behind: bool) -> Routed | None:
        """None: somebody else is asked about it first, or about a message before it; nothing has happened yet."""
        now, message = self.clock.now(), row.incoming
        ctx = await self._context(work, row, community)
        if await self._set_aside(work, row, ctx) or behind:
            return None
        routed = await self.routing.route(message, ctx)
        await work.outbox.put(routed.replies, now)
        self._said = self._said or bool(routed.replies)
        if routed.look is not None:
            await work.look.add(row, routed.look)
        await work.inbox.finish(Handled(row, routed.outcome, routed.verdict, routed.tickets), now)
        return routed

    async def _set_aside(self, work: UnitOfWork, row: InboxRow, ctx: Context) -> bool:
        """Whether the message waits for a second opinion. Nothing of a group is shown to a model that it was not told
        of: the first message that would be brings the notice, and is handled as if there were no model.
        """
        if self.adviser is None or not self.adviser.may_help(row, ctx):
            return False
        if ctx.chat.told_of != ctx.community.language_model:
            notice = await name_the_model(ctx)
            await work.outbox.put(notice, ctx.now)
            self._said = self._said or bool(notice)
            return False
        self.adviser.ask(row, ctx)
        return True

    async def _context(self, work: UnitOfWork, row: InboxRow, community: Community) -> Context:
        message = row.incoming
        sender, chat = await work.people.get(message.sender), await work.chats.get(message.chat)
        if message.sender_name and message.sender_name != sender.name and sender.staff is None:
            sender = replace(sender, name=message.sender_name)  # kept only with what this person reports
        staff = community.staff.get(sender.staff) if sender.staff is not None else None
        if staff is not None and sender.name != staff.name:
            sender = replace(sender, name=staff.name)
        verdict = row.verdict or self._judged(message, sender.opted_out, chat.group.building if chat.group else None)
        return Context(
            self.clock.now(), community, work, self.understanding, self.new_id, sender, staff, chat, verdict, self.state
        )  # fmt: skip

    def _judged(self, message: Incoming, opted_out: bool, building: str | None) -> Verdict:
        """Who opted out is not read."""
        unread = not message.text or (opted_out and not message.addressed)
        if unread:
            return SILENT
        return self._verdicts.pop((message.text, building), None) or self.understanding.judge(message.text, building)

    async def _community(self, work: UnitOfWork) -> Community:
        """With what was added at run time; made anew only when that changed."""
        more = await added(work)
        duty = duty_now(self.community, more, self.clock.now())
        if self._grown is None or self._grown[0] != (more, duty):
            self._grown = ((more, duty), grown(self.community, more, duty))
        return self._grown[1]

    async def _failed(self, work: UnitOfWork, row: InboxRow, error: str) -> None:
        now, park = self.clock.now(), row.attempts + 1 >= MOST_ATTEMPTS
        reference = self.new_id("reference")
        log.error(
            "message.failed", message=row.id, chat=row.incoming.chat.id, attempt=row.attempts + 1, parked=park,
            reference=reference, error=error,
        )  # fmt: skip
        await work.inbox.fail(row, f"{reference}\n{error}", park=park, now=now)
        if park and await self._expects_an_answer(work, row.incoming):
            to = Answering(
                row.incoming.chat, row.incoming.sender, row.incoming.sender_name or row.incoming.sender.id,
                row.incoming.external_id,
            )  # fmt: skip
            await work.outbox.put([answer("apology", to, reference=reference)], now)
            self._said = True

    async def _expects_an_answer(self, work: UnitOfWork, message: Incoming) -> bool:
        """Chatter stays unanswered even when it makes us stumble."""
        if message.addressed:
            return True
        return bool(await work.tickets.of_reporter(message.sender, message.at - LOOK_BACK))


def _note(row: InboxRow, routed: Routed, seconds: float) -> None:
    """One line a message; plain chatter only when somebody debugs."""
    write = log.debug if routed.outcome in {Outcome.SILENT, Outcome.OPTED_OUT} else log.info
    write(
        "message", message=row.id, chat=row.incoming.chat.id, route=routed.route, outcome=routed.outcome.value,
        tickets=list(routed.tickets), milliseconds=round(seconds * 1000, 1),
    )  # fmt: skip
