"""送达 and 重发: which groups a broadcast or a warning reached, and once more to those that it did not."""

import re
from collections.abc import Sequence
from datetime import timedelta

from domain.announcements import answer
from domain.editions import LOOK_BACK
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.mailings import MOST_AGAIN, Fate, Mailing, Sort, again, tally
from domain.merging import standing_at
from domain.messages import Incoming, Json, Reply
from domain.reaching import names, told_of
from domain.relaying import keys_of
from domain.vocabulary import ReplyKind
from domain.warnings import Action
from handlers.telling import answering

USAGE = "重发（发给没送到的群）；重发 3（第3条）"
RECENT = timedelta(days=2)
MOST_SHOWN = 5


async def reached(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """The last ones, the newest first."""
    lines: list[Json] = []
    for mailing in [*await ctx.work.mailings.since(ctx.now - RECENT)][: -MOST_SHOWN - 1 : -1]:
        found = tally(mailing, await ctx.work.mailings.posts(mailing))
        lines.append(told_of(ctx.community, mailing, found))
    return [answer("mailings", answering(message, ctx), kind=ReplyKind.STATUS, lines=lines)]


async def send_again(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    mailings = await ctx.work.mailings.since(ctx.now - RECENT)
    mailing = await _meant(ctx, mailings, args.text)
    posts = await ctx.work.mailings.posts(mailing)
    lost = tally(mailing, posts).of(Fate.FAILED, Fate.UNSURE)
    if not lost:
        raise RuleBroken(f"第{mailing.number}条没有要重发的群")
    if len(mailing.keys) > MOST_AGAIN:
        raise RuleBroken(f"已经重发{MOST_AGAIN}次了还没送到，请看看那几个群是不是把我移出去了")
    await _still_holds(ctx, mailing)
    mailing, replies = again(mailing, posts, lost, ctx.now)
    await ctx.work.mailings.put(mailing)
    groups: list[Json] = list(names(ctx.community, lost))
    told = answer("sent_again", answering(message, ctx), title=mailing.title, groups=groups)
    return [told, *replies]


async def _meant(ctx: Context, mailings: Sequence[Mailing], text: str) -> Mailing:
    """The one that is named; else the newest that did not reach everybody."""
    named = re.fullmatch(r"第?\s*(\d{1,6})\s*条?", text)
    if text and named is None:
        raise RuleBroken(f"没看懂要重发哪一条，请这样说：{USAGE}")
    for mailing in reversed(mailings):
        if named is not None and mailing.number == int(named[1]):
            return mailing
        if named is None and tally(mailing, await ctx.work.mailings.posts(mailing)).of(Fate.FAILED, Fate.UNSURE):
            return mailing
    raise RuleBroken(f"没有第{named[1]}条，说“送达”看最近几条" if named else "最近发的都送到了，没有要重发的")


async def _still_holds(ctx: Context, mailing: Mailing) -> None:
    """A warning is said again only while it stands: nobody is told an old level."""
    if mailing.sort is not Sort.WARNING:
        return
    editions = await ctx.work.storms.editions(ctx.now - LOOK_BACK)
    said = next((e.warning for e in editions if mailing.keys[0] in keys_of(e.warning)), None)
    standing = standing_at(editions, ctx.now)
    cleared = said is not None and said.action is Action.CANCEL and not any(w.event == said.event for w in standing)
    if not cleared and said not in standing:
        raise RuleBroken("这份预警已经有了更新的，或者已经解除、过期，不再发")


router = Router(
    (
        Command(("送达", "送达情况"), "送达", "广播和预警送到了哪些群", reached, OFFICE, private=True, unasked=""),
        Command(
            ("重发",), USAGE, "再发给没送到的群", send_again, OFFICE, private=True, unasked=r"\s*第?\s*\d{0,6}\s*条?",
        ),
    )
)  # fmt: skip
