"""On joining a group: one notice (PIPL section 17), and the question to staff which building it is. Opting out."""

from dataclasses import replace

from domain.announcements import answer
from domain.handling import Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.vocabulary import ReplyKind
from handlers.calling import staff_groups
from handlers.telling import answering


async def joined(message: Incoming, ctx: Context) -> list[Reply]:
    """One notice in a group's life, however often the bot is brought in."""
    replies: list[Reply] = []
    if not ctx.chat.notice_posted and not message.chat.private:
        ctx = replace(ctx, chat=replace(ctx.chat, notice_posted=True, told_of=ctx.community.language_model))
        await ctx.work.chats.save(ctx.chat)
        replies.append(notice(message, ctx))
    return [*replies, *await ask_to_bind(message, ctx)]


async def name_the_model(ctx: Context) -> list[Reply]:
    """For a group that was told nothing, or of another provider: the notice that has to come before the first question.

    In quiet hours nothing is posted, so nothing may be asked either.
    """
    provider = ctx.community.language_model
    if ctx.community.quiet_hours.holds(ctx.now.time()):
        return []
    await ctx.work.chats.save(replace(ctx.chat, told_of=provider))
    told: dict[str, Json] = {"provider": provider, "operator": ctx.community.operator or ctx.community.name}
    return [Reply(ctx.chat.chat, "model_notice", told, ReplyKind.OTHER, dedupe_key=f"model_notice:{provider}")]


def notice(message: Incoming, ctx: Context) -> Reply:
    community = ctx.community
    return Reply(
        message.chat,
        "joining_notice",
        {
            "community": community.name,
            "operator": community.operator or community.name,
            "phone": community.duty_phone,
            "provider": community.language_model,
        },
        ReplyKind.OTHER,
        reply_to=message.external_id,
        dedupe_key="joining_notice",
    )


async def ask_to_bind(message: Incoming, ctx: Context) -> list[Reply]:
    """Asks staff, once, which building an unknown group belongs to; the group itself is not disturbed."""
    if message.chat.private or ctx.group is not None or ctx.chat.asked_to_bind:
        return []
    await ctx.work.chats.save(replace(ctx.chat, asked_to_bind=True))
    return [
        Reply(chat, "ask_to_bind", {"group": message.chat.id}, ReplyKind.QUESTION, dedupe_key=f"bind:{message.chat.id}")
        for chat in staff_groups(ctx)
    ]


async def opt_out(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    await ctx.work.people.save(replace(ctx.sender, opted_out=True))
    return [answer("opted_out", answering(message, ctx))]


async def opt_in(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    await ctx.work.people.save(replace(ctx.sender, opted_out=False))
    return [answer("opted_in", answering(message, ctx))]


router = Router(
    (
        Command(("不要记录我",), "不要记录我", "不读我的话，只在@时回答", opt_out),
        Command(("可以记录我", "恢复记录我"), "可以记录我", "恢复，随口一说也能报修", opt_in),
    )
)
