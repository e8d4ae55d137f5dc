"""确认 and 取消: what becomes of the newest draft of the same person in the same conversation."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from domain.announcements import answer
from domain.commands import tidy
from domain.drafts import REMEMBERED, Draft, DraftKind
from domain.errors import RuleBroken
from domain.handling import OFFICE, Context
from domain.messages import Incoming, Reply
from handlers import articles, broadcasting, planning, warning_relay
from handlers.commanding import Done
from handlers.telling import answering


class Word(StrEnum):
    CONFIRM = "confirm"
    DROP = "drop"


Send = Callable[[Incoming, Context, Draft], Awaitable[list[Reply]]]
SENDERS: Mapping[DraftKind, Send] = {
    DraftKind.WARNING: warning_relay.send,
    DraftKind.BROADCAST: broadcasting.send,
    DraftKind.PLAN: planning.send,
    DraftKind.ARTICLE: articles.send,
}
LONGEST = 40
_CONFIRM = re.compile(r"(?:好的?|是的?|对)?[,。、 ]?确认(?:发送|发布|发出|转发|无误|发)?[了吧。.!~]*")
_DROP = re.compile(r"(?:取消(?:发送|转发|发布|广播)?|(?:先|那)?不发了?|作废|撤回草稿)[了吧。.!~]*")
_MENTION = re.compile(r"^@\S{1,20}\s+")


def word_of(text: str) -> Word | None:
    """ "@楼群 确认发送！" -> confirm; "确认一下几点" -> None."""
    if len(text) > LONGEST:
        return None
    line = _MENTION.sub("", tidy(text))
    if _CONFIRM.fullmatch(line):
        return Word.CONFIRM
    return Word.DROP if _DROP.fullmatch(line) else None


async def step(message: Incoming, ctx: Context) -> Done | None:
    """None where there is no draft: the words may mean something else."""
    if ctx.staff is None or ctx.staff.role not in OFFICE:
        return None
    word = word_of(message.text)
    if word is None:
        return None
    drafts = await ctx.work.drafts.of(message.chat, message.sender, ctx.now - REMEMBERED)
    if not drafts:
        return None
    draft = drafts[0]
    await ctx.work.drafts.put(replace(draft, ended_at=ctx.now))
    to = answering(message, ctx)
    if word is Word.DROP:
        return Done((answer("draft_dropped", to),))
    if not draft.open_at(ctx.now):
        return Done((answer("draft_late", to),))
    try:
        async with ctx.work.step():
            return Done(tuple(await SENDERS[draft.kind](message, ctx, draft)))
    except RuleBroken as error:
        return Done((answer("refused", to, reason=str(error), several=False),))
