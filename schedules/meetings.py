"""Reminders of a meeting: to the groups that were invited, with those who said that they come, and to staff."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.meetings import HOUR_BEFORE, Meeting, next_reminder
from domain.messages import Chat, Json, Mention, Reply
from domain.ports import UnitOfWork
from domain.vocabulary import GroupRole, Priority, ReplyKind
from schedules.job import Job, Tick


async def say(tick: Tick, work: UnitOfWork) -> Sequence[Reply]:
    """What is due late is said once while there is time to come, and not at all when the meeting has begun."""
    replies: list[Reply] = []
    for meeting in await work.meetings.due(tick.now):
        then = next_reminder(meeting, tick.now, tick.community.quiet_hours)
        await work.meetings.put(replace(meeting, due_at=then))
        if meeting.coming(tick.now):
            replies += [*_to_guests(tick, meeting), *_to_staff(tick, meeting)]
    return replies


def _to_guests(tick: Tick, meeting: Meeting) -> list[Reply]:
    by_chat: dict[Chat, list[Mention]] = {chat: [] for chat in meeting.chats}
    for guest in meeting.guests:
        by_chat.setdefault(guest.chat, []).append(Mention(guest.person, guest.name))
    return [
        Reply(
            chat, "meeting_reminder", {**meeting.params, "same_day": meeting.at.date() == tick.now.date()},
            ReplyKind.REMINDER, Priority.BROADCAST, () if chat.private else tuple(people), dedupe_key=_key(meeting),
            expires_at=meeting.at, own_accord=True,
        )
        for chat, people in by_chat.items()
    ]  # fmt: skip


def _to_staff(tick: Tick, meeting: Meeting) -> list[Reply]:
    """Shortly before, with how many come: nobody is no reason to call it off."""
    if meeting.at - tick.now > HOUR_BEFORE + timedelta(hours=1):
        return []
    chats = [Chat(g.channel, g.id) for g in tick.community.groups if g.role is GroupRole.STAFF]
    told: dict[str, Json] = {**meeting.params, "count": len(meeting.guests)}
    return [
        Reply(
            chat, "meeting_reminder_staff", told, ReplyKind.REMINDER, Priority.ANSWER, dedupe_key=_key(meeting),
            expires_at=meeting.at,
        )
        for chat in chats
    ]  # fmt: skip


def _key(meeting: Meeting) -> str:
    assert meeting.due_at is not None, "what is due has a time"
    return f"meeting:{meeting.number}:{meeting.due_at.isoformat()}"


job = Job("meetings", timedelta(seconds=10), say=say, by_rows=True)
