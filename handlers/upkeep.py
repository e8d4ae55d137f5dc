"""What an administrator asks of the bot itself: 静音 in a group, 健康."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.announcements import answer
from domain.errors import RuleBroken
from domain.handling import HEADS, Arguments, Command, Context, Router
from domain.messages import Incoming, Reply
from domain.spoken_time import find_time
from domain.vocabulary import ReplyKind
from handlers.telling import answering

USAGE = "静音 30分钟（或：静音 到22:00；提前恢复：静音 解除）"
LONGEST = timedelta(hours=12)
_OVER = frozenset({"解除", "取消", "结束", "恢复", "关", "关闭"})


async def mute(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """What it says here of its own accord waits until then. Answers, emergencies, orange and red warnings go out.

    Whether a post still holds is looked at again when its time has come.
    """
    if ctx.group is None:
        raise RuleBroken("静音只管一个群。请在要安静的那个群里@我说：静音 30分钟")
    if args.text.strip(" 。!！") in _OVER:
        await ctx.work.chats.save(replace(ctx.chat, muted_until=None))
        return [answer("unmuted", answering(message, ctx))]
    until = _until(args.text, ctx.now)
    await ctx.work.chats.save(replace(ctx.chat, muted_until=until))
    minutes = -(-(until - ctx.now) // timedelta(minutes=1))
    return [answer("muted", answering(message, ctx), until=until.isoformat(), minutes=minutes)]


def _until(text: str, now: datetime) -> datetime:
    spoken = find_time(text, now) or find_time(f"{text.strip()}后", now)
    if spoken is None:
        raise RuleBroken(f"没看懂要安静多久。请这样说：{USAGE}")
    if spoken.at > now + LONGEST:
        raise RuleBroken(f"最长静音{LONGEST // timedelta(hours=1)}小时，免得忘了恢复。请这样说：{USAGE}")
    return spoken.at


async def health(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """The links, what was not heard, what waits; the same as the health page says, in words."""
    if not ctx.for_staff_only:
        raise RuleBroken("请私聊我，或者到工作群里说：健康")
    state = dict(ctx.state())
    return [answer("health", answering(message, ctx), kind=ReplyKind.STATUS, state=state, now=ctx.now.isoformat())]


router = Router(
    (
        Command(
            ("静音",),
            USAGE,
            "这个群里先不主动发消息",
            mute,
            HEADS,
            wants_text=True,
            unasked=r"\s*(?:\d|[一二两三半]|到|解除|取消).*",
        ),
        Command(("健康", "自检"), "健康", "机器人自己好不好", health, HEADS, unasked=""),
    )
)
