"""What was sent to many groups is looked after: staff hear which of them it did not reach."""

from collections.abc import Sequence
from datetime import timedelta

from domain.announcements import all_staff_chats
from domain.mailings import Mailing, Tally, looked_at, tally
from domain.messages import Reply
from domain.ports import UnitOfWork
from domain.reaching import told_of
from domain.vocabulary import Priority, ReplyKind
from schedules.job import Job, Tick


async def say(tick: Tick, work: UnitOfWork) -> Sequence[Reply]:
    replies: list[Reply] = []
    for mailing in await work.mailings.due(tick.now):
        found = tally(mailing, await work.mailings.posts(mailing))
        look = looked_at(mailing, found, tick.now)
        await work.mailings.put(look.mailing)
        replies += _told(tick, mailing, found) if look.tell else []
    return replies


def _told(tick: Tick, mailing: Mailing, found: Tally) -> list[Reply]:
    params = told_of(tick.community, mailing, found)
    key = f"mailing:{mailing.number}:{tick.now.isoformat()}"
    return [
        Reply(chat, "mailing_short", params, ReplyKind.ALERT, Priority.ANSWER, dedupe_key=key)
        for chat in all_staff_chats(tick.community)
    ]


job = Job("mailings", timedelta(seconds=10), say=say, by_rows=True)
