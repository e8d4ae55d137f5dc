"""What falls due about a ticket: people are reminded, acceptances lapse, reporters are asked, silence closes.

Which step is due is a row that moves on in the commit that says it: nothing is missed by a restart, nothing said twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from domain.announcements import about, call_staff, chat_of, priority_of, reporters_by_chat
from domain.conversation import Asks
from domain.errors import StoreError
from domain.messages import Chat, Json, Mention, Person, Reply
from domain.ports import UnitOfWork
from domain.privacy import public_title
from domain.promises import CLOSING, LADDER, TOLD_ALL, called, climbed, due_at, paged
from domain.records import Question
from domain.risk import Risk, alarmed, assess, changed
from domain.roster import Staff
from domain.tickets import BOT, Awaited, Promise, Reporter, Ticket, TicketEvent, What, move
from domain.vocabulary import GroupRole, Priority, ReplyKind, StaffId, Status, Urgency
from schedules.job import Job, Tick

MOST_AT_ONCE = 500
log = structlog.get_logger("promises")
TOLD_OFTEN = 12
"""The last step of an emergency that is also said in private: it is a night old then."""
ANSWER_WITHIN = timedelta(days=3)
TEMPLATES: Mapping[Awaited, str] = {
    Awaited.ACCEPTANCE: "remind_untaken",
    Awaited.ARRIVAL: "remind_lapsed",
    Awaited.NEWS: "remind_news",
    Awaited.NEXT_DATE: "remind_next_date",
    Awaited.ANSWER: "remind_unhappy",
}


@dataclass(frozen=True, slots=True)
class _Due:
    """One ticket's promise that is due. steps: what is said now, several after a downtime; then: what follows."""

    tick: Tick
    work: UnitOfWork
    ticket: Ticket
    promise: Promise
    then: Promise
    steps: Sequence[int]

    def event(self, what: What, **details: Json) -> TicketEvent:
        return TicketEvent(self.ticket.number, self.tick.now, what, BOT, "", details)

    @property
    def key(self) -> str:
        """One for each step of each promise, whoever says it."""
        promise = self.promise
        return f"due:{self.ticket.number}:{promise.awaits}:{promise.since.timestamp():.6f}:{self.steps[-1]}"


async def say(tick: Tick, work: UnitOfWork) -> list[Reply]:
    replies: list[Reply] = []
    late: list[datetime] = []
    for ticket in await work.tickets.due(tick.now, MOST_AT_ONCE):
        if ticket.due is None:
            continue
        said = await _apart(
            _Due(tick, work, ticket, ticket.due, *climbed(ticket, ticket.due, tick.community, tick.now))
        )
        if tick.now - ticket.due.at > tick.late_after and any(r.kind is ReplyKind.REMINDER for r in said):
            late.append(ticket.due.at)
        replies += said
    return [*_was_away(tick, min(late)), *replies] if late else replies


async def _apart(due: _Due) -> list[Reply]:
    """One that fails takes nothing from the others. It stays due, and the auditor tells staff of it."""
    try:
        async with due.work.step():
            return [*await _keep(due), *await _warn(due)]
    except StoreError:
        raise
    except Exception:
        log.exception("promise.failed", ticket=due.ticket.number, awaits=due.promise.awaits.value)
        return []


def _was_away(tick: Tick, since: datetime) -> list[Reply]:
    """Said honestly, once, in front of everything that is late."""
    params: dict[str, Json] = {"since": since.isoformat(), "until": tick.now.isoformat()}
    key = f"away:{since.isoformat()}"
    chats = [Chat(g.channel, g.id) for g in tick.community.groups if g.role is GroupRole.STAFF]
    return [Reply(c, "was_away", params, ReplyKind.REMINDER, merge="reminder", dedupe_key=key) for c in chats]


async def _keep(due: _Due) -> list[Reply]:
    if due.promise.awaits is Awaited.ARRIVAL:
        return await _lapse(due)
    if due.promise.awaits is Awaited.ANSWER:
        return await _ask(due)
    people = called(due.ticket, due.promise, due.steps, due.tick.community)
    await _go_on(due, due.ticket, people)
    return await _remind(due, due.ticket, people)


async def _go_on(due: _Due, ticket: Ticket, people: Sequence[Staff]) -> None:
    told: list[Json] = [person.name for person in people]
    event = due.event(What.REMINDED, awaits=due.promise.awaits, step=due.steps[-1], told=told)
    await due.work.tickets.save(replace(ticket, due=due.then), event)


async def _lapse(due: _Due) -> list[Reply]:
    """Back to whoever takes it; the ladder goes on where it stood, and who had it is told with the others."""
    ticket, tick, rung = due.ticket, due.tick, due.promise.step
    people = called(ticket, due.promise, [rung], tick.community)
    lapsed = replace(move(ticket, Status.REGISTERED, at=tick.now), assignee=None)
    then = Promise(Awaited.ACCEPTANCE, rung + 1, tick.now, tick.now, tick.now)
    lapsed = replace(lapsed, due=replace(then, at=due_at(lapsed, then, tick.community)))
    told: list[Json] = [person.name for person in people]
    moves: dict[str, Json] = {"from": ticket.status, "to": lapsed.status, "lapsed": True}
    await due.work.tickets.save(lapsed, due.event(What.MOVED, **moves, worker=ticket.assignee, told=told))
    return await _remind(due, ticket, people)


async def _remind(due: _Due, ticket: Ticket, people: Sequence[Staff]) -> list[Reply]:
    """The staff group by name, and each in private, as far as it is not too much of it (``_where``)."""
    accounts = [(person, await _account(due.work, person, ticket.chat.channel)) for person in people]
    reached = [Mention(account, person.name) for person, account in accounts if account is not None]
    unreached: list[Json] = [person.name for person, account in accounts if account is None]
    community, now = due.tick.community, due.tick.now
    worker = community.staff.get(ticket.assignee) if ticket.assignee else None
    common: dict[str, Json] = {
        **about(community, ticket, full=True),
        "minutes": ticket.minutes(now),
        "waited": int((now - due.promise.since).total_seconds() // 60),
        "worker": worker.name if worker else "",
        "reopened": ticket.status is Status.REOPENED,
        "fresh": ticket.since - ticket.clocks.reported < timedelta(minutes=1),
    }
    in_group, in_private = _where(due, alone=worker is not None and len(reached) == len(accounts) == 1)
    groups = [Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.STAFF and in_group]
    private = [Chat.with_person(m.person) for m in reached if in_private]
    chats = [*((chat, reached, unreached) for chat in groups), *((chat, [], []) for chat in private)]
    pages = _pages(due, ticket)
    names: list[Json] = [*dict.fromkeys(community.staff[StaffId(page.chat.id)].name for page in pages)]
    common["paged"] = names
    return pages + [
        Reply(
            chat, TEMPLATES[due.promise.awaits], {**common, "unreached": silent}, ReplyKind.REMINDER,
            priority_of(ticket, Priority.ANSWER), tuple(mentions), (ticket.number,),
            merge="reminder", dedupe_key=due.key,
        )
        for chat, mentions, silent in chats
    ]  # fmt: skip


def _pages(due: _Due, ticket: Ticket) -> list[Reply]:
    """By SMS or phone, to staff only. A gateway is somebody else's: it hears no more than a building's group may."""
    community = due.tick.community
    people = [p for p in paged(ticket, due.promise, due.steps, community) if p.phone]
    params: dict[str, Json] = {
        **about(community, ticket, full=False), "minutes": ticket.minutes(due.tick.now), "community": community.name,
        "lapsed": due.promise.awaits is Awaited.ARRIVAL, "duty_phone": community.duty_phone,
    }  # fmt: skip
    return [
        Reply(
            Chat(way, person.id, private=True), "page", params, ReplyKind.OTHER, Priority.ANSWER, (), (ticket.number,),
            merge="page", dedupe_key=due.key,
        )
        for person in people for way in community.pagers.get(ticket.urgency, ())
    ]  # fmt: skip


def _where(due: _Due, *, alone: bool) -> tuple[bool, bool]:
    """(in the staff group, in private). Who alone has something to say is not called before the others for it; what
    all were told already is told again in the group only, that of an emergency a good while later."""
    if due.promise.awaits not in LADDER:
        return not alone, True
    often = TOLD_OFTEN if due.ticket.urgency is Urgency.EMERGENCY else TOLD_ALL
    return True, due.promise.step <= often


async def _warn(due: _Due) -> list[Reply]:
    """Waiting has just made a complaint likely: staff hear of it once, with the reasons."""
    community, number = due.tick.community, due.ticket.number
    ticket, limits = await due.work.tickets.get(number), community.service_times.get(due.ticket.urgency)
    if ticket is None or limits is None:
        return []
    events = await due.work.tickets.events(number)
    assessed = assess(ticket, events, limits, due.tick.now)
    if not changed(assessed, events):
        return []
    reasons: list[Json] = [*assessed.reasons]
    event = due.event(What.RISK, level=assessed.level, points=assessed.points, reasons=reasons)
    await due.work.tickets.save(ticket, event)
    if assessed.level is not Risk.HIGH:
        return []
    people = [(p, await _account(due.work, p, ticket.chat.channel)) for p in alarmed(community, ticket)]
    reached = [Mention(account, person.name) for person, account in people if account is not None]
    silent: list[Json] = [person.name for person, account in people if account is None]
    groups = [Chat(g.channel, g.id) for g in community.groups if g.role is GroupRole.STAFF]
    private = [Chat.with_person(m.person) for m in reached]
    told = call_staff(community, ticket, groups, reached, "call_risk", unreached=silent, risk=reasons)
    told += call_staff(community, ticket, private, reached, "call_risk", unreached=[], risk=reasons)
    return [replace(reply, dedupe_key=f"risk:{due.key}") for reply in told]


async def _account(work: UnitOfWork, staff: Staff, channel: str) -> Person | None:
    """Where they hear us best: on the ticket's own channel before any other."""
    accounts = await work.people.accounts(StaffId(staff.id))
    return next(iter([*(a for a in accounts if a.channel == channel), *accounts]), None)


async def _ask(due: _Due) -> list[Reply]:
    """Asked twice, then closed; who said that something is missing is not closed over their head."""
    if due.promise.step < CLOSING:
        return await _ask_reporters(due)
    if not await _unhappy(due):
        return await _close(due)
    people = called(due.ticket, due.promise, [1], due.tick.community)
    await _go_on(due, due.ticket, people)
    return await _remind(due, due.ticket, people)


async def _unhappy(due: _Due) -> bool:
    """Whether somebody said so since the work was done."""
    events = await due.work.tickets.events(due.ticket.number)
    return any(e.what is What.DISSATISFIED and e.at >= due.ticket.since for e in events)


async def _ask_reporters(due: _Due) -> list[Reply]:
    """Nobody, where staff registered it for somebody who phoned; nobody who does not want to be heard."""
    ticket, now, again = due.ticket, due.tick.now, due.promise.step > 1
    reporters = [r for r in ticket.reporters if not (await due.work.people.get(r.person)).opted_out]
    asked = [due.event(What.ASKED, asks=Asks.FIXED, step=due.promise.step)] if reporters else []
    await due.work.tickets.save(replace(ticket, due=due.then), *asked)
    for reporter in reporters:
        chat = chat_of(due.tick.community, ticket, reporter)
        await due.work.conversations.ask(
            Question(chat, reporter.person, Asks.FIXED, ticket.number, now, now + ANSWER_WITHIN)
        )
    return [
        _to_reporters(due, "survey", chat, people, again=again) for chat, people in _by_chat(due, reporters).items()
    ]


async def _close(due: _Due) -> list[Reply]:
    ticket = due.ticket
    closed = move(ticket, Status.CLOSED, at=due.tick.now)
    moves: dict[str, Json] = {"from": ticket.status, "to": closed.status, "silent": True}
    await due.work.tickets.save(closed, due.event(What.MOVED, **moves))
    return [_to_reporters(due, "closed_silently", chat, ()) for chat in _by_chat(due, ticket.reporters)]


def _by_chat(due: _Due, reporters: Sequence[Reporter]) -> Mapping[Chat, Sequence[Reporter]]:
    return reporters_by_chat(due.tick.community, replace(due.ticket, reporters=tuple(reporters)))


def _to_reporters(due: _Due, template: str, chat: Chat, people: Sequence[Reporter], **more: Json) -> Reply:
    """Where they reported; a group sees no more than it may."""
    ticket = due.ticket
    mentions = () if chat.private else tuple(Mention(r.person, r.name) for r in people)
    params: dict[str, Json] = {"number": ticket.number, "title": public_title(due.tick.community, ticket), **more}
    return Reply(
        chat, template, params, ReplyKind.SURVEY if people else ReplyKind.STATUS, Priority.BROADCAST, mentions,
        (ticket.number,), merge="survey", dedupe_key=due.key, own_accord=True, may_wait=True,
    )  # fmt: skip


job = Job("promises", timedelta(seconds=10), say=say, by_rows=True)
