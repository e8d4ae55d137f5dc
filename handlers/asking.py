"""One short question to somebody who may be reporting, and never a second one about the same."""

from datetime import timedelta

from domain.announcements import answer
from domain.conversation import Asks, Reading
from domain.handling import Context
from domain.messages import Incoming, Reply
from domain.records import Question
from domain.vocabulary import ReplyKind
from handlers.telling import answering

ANSWER_WITHIN = timedelta(minutes=30)


async def ask(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    return await _ask(message, ctx, "ask_report", reading.question or "")


async def ask_to_type(message: Incoming, ctx: Context, reading: Reading) -> list[Reply]:
    return await _ask(message, ctx, "ask_to_type", "")


async def _ask(message: Incoming, ctx: Context, template: str, question: str) -> list[Reply]:
    """The open question is what keeps the bot from asking again."""
    talk = ctx.work.conversations
    if await talk.question(message.chat, message.sender, ctx.now) is None:
        until = ctx.now + ANSWER_WITHIN
        await talk.ask(Question(message.chat, message.sender, Asks.IS_IT_A_REPORT, None, ctx.now, until))
    return [answer(template, answering(message, ctx), kind=ReplyKind.QUESTION, question=question)]
