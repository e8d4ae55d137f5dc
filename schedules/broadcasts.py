"""Broadcasts that somebody planned, or the configuration: said once for each time, and moved on in the same commit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain import mailings
from domain.announcements import all_staff_chats
from domain.broadcasts import broadcast, key_of
from domain.messages import Chat, Json, Mention, Reply
from domain.plans import Every, Plan
from domain.ports import UnitOfWork
from domain.roster import Community
from domain.timetable import LATE, Schedule
from domain.vocabulary import Priority, ReplyKind, StaffId
from schedules.job import Job, Tick

NOBODY = StaffId("")


async def adopt(work: UnitOfWork, community: Community, now: datetime) -> list[Reply]:
    """At the start: what the configuration says now. What was due meanwhile stays due, what a person called off stays
    called off, as long as its entry stays the same."""
    table, replies = community.timetable, list[Reply]()
    known = {plan.schedule: plan for plan in await work.plans.scheduled()}
    for schedule in table.schedules:
        plan = known.pop(schedule.name, None)
        if plan is None or plan.spec != schedule.spec:
            plan = await work.plans.put(_plan(schedule, community, now, plan.number if plan else 0))
        elif plan.due_at is not None and plan.due_at > now:  # the days off may have been entered since
            plan = await work.plans.put(plan.moved_on(now, table))
        replies += _guessed(community, plan)
    for gone in known.values():
        if gone.spec:
            await work.plans.put(replace(gone, due_at=None, spec=""))
    return replies


def _plan(schedule: Schedule, community: Community, now: datetime, number: int) -> Plan:
    due = schedule.after(now, community.timetable.calendar)
    return Plan(
        schedule.text, schedule.buildings, Every.TABLE, now, due, NOBODY, now, number, schedule.name, schedule.spec
    )  # fmt: skip


async def say(tick: Tick, work: UnitOfWork) -> Sequence[Reply]:
    replies: list[Reply] = []
    table = tick.community.timetable
    for plan in await work.plans.coming():
        if plan.due_at is not None and plan.due_at <= tick.now:
            moved = await work.plans.put(plan.moved_on(tick.now, table))
            replies += [*await _said(tick, work, plan, plan.due_at), *_guessed(tick.community, moved)]
        elif plan.too_far(tick.now, table):  # the clock was set back since
            await work.plans.put(plan.moved_on(tick.now, table))
    return replies


async def _said(tick: Tick, work: UnitOfWork, plan: Plan, due_at: datetime) -> list[Reply]:
    """What could not be said for hours is not said to residents any more; whoever planned it hears of that."""
    key = f"plan:{plan.number}:{due_at.isoformat()}"
    schedule = tick.community.timetable.named(plan.schedule)
    if tick.now - due_at > (schedule.late if schedule else LATE):
        return await _missed(tick, work, plan, due_at)
    posts = broadcast(tick.community, plan.text, plan.buildings, key_of(key))
    mailing = mailings.begun(mailings.Sort.PLAN, plan.text, posts, tick.now)
    if mailing is not None:
        await work.mailings.put(mailing)
    return posts


async def _missed(tick: Tick, work: UnitOfWork, plan: Plan, due_at: datetime) -> list[Reply]:
    """In the staff group by name; where there is none, in private."""
    who = tick.community.staff.get(plan.by)
    accounts = await work.people.accounts(plan.by) if who is not None else []
    mentions = [Mention(account, who.name) for account in accounts if who is not None]
    chats = all_staff_chats(tick.community) or [Chat.with_person(account) for account in accounts[:1]]
    repeats = plan.every is not Every.ONCE
    params: dict[str, Json] = {"plan": plan.number, "due": due_at.isoformat(), "text": plan.text, "repeats": repeats}
    return [
        Reply(
            chat, "plan_missed", params, ReplyKind.REMINDER, Priority.ANSWER,
            tuple(m for m in mentions if m.person.channel == chat.channel and not chat.private)[:1],
            dedupe_key=f"missed:plan:{plan.number}:{due_at.isoformat()}",
        )
        for chat in chats
    ]  # fmt: skip


def _guessed(community: Community, plan: Plan) -> list[Reply]:
    """Its next time was worked out without the days off of that year: staff are told once a year."""
    schedule = community.timetable.named(plan.schedule)
    year = community.timetable.guessed(schedule, plan.due_at) if schedule else None
    if year is None:
        return []
    params: dict[str, Json] = {"name": plan.schedule, "year": year}
    return [
        Reply(c, "holidays_unknown", params, ReplyKind.ALERT, Priority.PROGRESS, dedupe_key=f"holidays:{year}")
        for c in all_staff_chats(community)
    ]


job = Job("broadcasts", timedelta(seconds=5), say=say, by_rows=True)
