"""报名: a resident says that they come to the meeting, or not after all."""

from dataclasses import replace

from domain.announcements import answer
from domain.handling import Arguments, Command, Context, Router
from domain.meetings import Guest, Meeting
from domain.messages import Incoming, Reply
from domain.vocabulary import ReplyKind
from handlers.meetings import coming
from handlers.telling import answering, one_line, with_params

_JUST_THAT = r"(?:参加)?(?:议事会?|开会)?\s*(?:\+?\d{1,2}[个人位]?人?|[一两二三]个?[人位])?[了啦!。~]*"


async def sign_up(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    meeting = await _meant(message, ctx)
    if meeting is None:
        return _none(message, ctx)
    again = meeting.guest(ctx.person) is not None
    name = one_line(ctx.sender.name) or ctx.person.id
    await ctx.work.meetings.put(meeting.signed_up(Guest(ctx.person, name, message.chat)))
    reply = with_params(answer("signed_up", answering(message, ctx)), {**meeting.params, "again": again})
    return [replace(reply, merge="signup")]


async def sign_off(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    meeting = await _meant(message, ctx, signed_up=True) or await _meant(message, ctx)
    if meeting is None:
        return _none(message, ctx)
    was = meeting.guest(ctx.person) is not None
    if was:
        await ctx.work.meetings.put(meeting.without(ctx.person))
    return [with_params(answer("signed_off", answering(message, ctx)), {**meeting.params, "was": was})]


async def _meant(message: Incoming, ctx: Context, *, signed_up: bool = False) -> Meeting | None:
    """The soonest that was said in this group; in private the soonest of all."""
    found = await coming(ctx)
    if not message.chat.private and not ctx.for_staff_only:
        found = [meeting for meeting in found if message.chat in meeting.chats]
    if signed_up:
        found = [meeting for meeting in found if meeting.guest(ctx.person)]
    return next(iter(found), None)


def _none(message: Incoming, ctx: Context) -> list[Reply]:
    """Residents sign up for many things; where no meeting is to come it is none of ours."""
    return [answer("no_meeting", answering(message, ctx), kind=ReplyKind.STATUS)] if message.addressed else []


router = Router(
    (
        Command(("报名", "我报名", "我要报名"), "报名", "参加议事会", sign_up, unasked=_JUST_THAT),
        Command(("取消报名", "不报名了"), "取消报名", "议事会来不了了", sign_off, unasked=_JUST_THAT),
    )
)
