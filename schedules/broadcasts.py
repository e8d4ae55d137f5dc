"""Broadcasts that somebody planned: said at their time, once for each time, and moved on in the same commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain import mailings
from domain.broadcasts import broadcast, key_of
from domain.messages import Chat, Json, Reply
from domain.plans import LATE, Every, Plan
from domain.ports import UnitOfWork
from domain.roster import Community
from domain.vocabulary import GroupRole, Priority, ReplyKind
from schedules.job import Job, Tick


async def say(tick: Tick, work: UnitOfWork) -> Sequence[Reply]:
    replies: list[Reply] = []
    for plan in await work.plans.coming():
        if plan.due_at is None or plan.due_at > tick.now:
            break  # the soonest come first
        await work.plans.put(plan.moved_on(tick.now))
        posts = _said(tick, plan, plan.due_at)
        mailing = mailings.begun(mailings.Sort.PLAN, plan.text, posts, tick.now)
        if mailing is not None and tick.now - plan.due_at <= LATE:
            await work.mailings.put(mailing)
        replies += posts
    return replies


def _said(tick: Tick, plan: Plan, due_at: datetime) -> list[Reply]:
    """What could not be said for hours is not said to residents any more; staff hear that it was missed."""
    key = f"plan:{plan.number}:{due_at.isoformat()}"
    if tick.now - due_at <= LATE:
        return broadcast(tick.community, plan.text, plan.buildings, key_of(key))
    return _missed(tick.community, plan, due_at, key)


def _missed(community: Community, plan: Plan, due_at: datetime, key: str) -> list[Reply]:
    repeats = plan.every is not Every.ONCE
    params: dict[str, Json] = {"plan": plan.number, "due": due_at.isoformat(), "text": plan.text, "repeats": repeats}
    return [
        Reply(
            Chat(group.channel, group.id), "plan_missed", params, ReplyKind.REMINDER, Priority.ANSWER,
            dedupe_key=f"missed:{key}",
        )
        for group in community.groups
        if group.role is GroupRole.STAFF
    ]  # fmt: skip


job = Job("broadcasts", timedelta(seconds=5), say=say, by_rows=True)
