"""A command, from the words as parsed to its handler: may this person, which tickets, are the words enough."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.announcements import answer
from domain.conversation import Asks
from domain.errors import RuleBroken
from domain.handling import Arguments, Command, Context, Needs, Parsed
from domain.messages import Incoming, Json, Reply
from domain.privacy import full_title, public_title
from domain.records import Question
from domain.tickets import Ticket
from domain.vocabulary import ReplyKind, Role, TicketNumber
from handlers.finding import Meant, meant
from handlers.telling import answering, sees_all, with_params

ANSWER_WITHIN = timedelta(minutes=30)
WHICH = f"{Asks.WHICH_TICKET}:"
"""An open question of this kind carries the command that waits for its ticket."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a message. look: why it belongs on the please-look list."""

    replies: tuple[Reply, ...] = ()
    tickets: tuple[TicketNumber, ...] = ()
    look: str | None = None


async def carry_out(message: Incoming, ctx: Context, parsed: Parsed) -> Done | None:
    """None: it was talk after all."""
    command = parsed.command
    as_told = re.fullmatch(command.unasked, parsed.text) is not None
    if not command.allows(ctx.staff):
        roles: list[Json] = [role for role in Role if role in command.roles]
        told = _only(message, ctx, "not_allowed", staff=ctx.staff is not None, roles=roles)
        return told if ctx.staff or (message.addressed and as_told) else None
    if command.unless & ctx.verdict.cues:
        return None
    if not message.addressed and not as_told:
        return None
    if command.private and not ctx.for_staff_only:
        return _only(message, ctx, "say_it_in_private")
    about = await meant(message, ctx, parsed)
    if not message.addressed and _is_talk(ctx, command, about):
        return None
    refusal = await _not_yet(message, ctx, command, about)
    return Done((refusal,)) if refusal else await _run(message, ctx, command, about)


def _is_talk(ctx: Context, command: Command, about: Meant) -> bool:
    """修好了 and its like, where this person has no ticket that they could mean; 完成! where nothing is open."""
    if command.needs is Needs.NOTHING or about.named or about.unclear or about.tickets:
        return False
    return ctx.staff is None or not ctx.for_staff_only


async def _not_yet(message: Incoming, ctx: Context, command: Command, about: Meant) -> Reply | None:
    """What is missing before it can be carried out, in words."""
    to = answering(message, ctx)
    if about.missing:
        numbers: list[Json] = list(about.missing)
        return answer("no_such_ticket", to, kind=ReplyKind.STATUS, numbers=numbers)
    if about.unclear:
        return await _ask_which(message, ctx, command, about)
    count = len(about.tickets)
    enough = {
        Needs.NOTHING: True, Needs.MAYBE: True, Needs.ONE: count == 1, Needs.SOME: count >= 1, Needs.TWO: count >= 2,
    }[command.needs]  # fmt: skip
    if not enough and not command.roles:
        return answer("no_ticket_of_yours", to, kind=ReplyKind.STATUS)
    if count == 0 and not enough and command.needs is not Needs.TWO:
        return answer("none_fits", to, kind=ReplyKind.STATUS, word=command.name, usage=command.usage)
    if not enough or (command.wants_text and not about.text):
        return answer("usage", to, usage=command.usage)
    return None


async def _ask_which(message: Incoming, ctx: Context, command: Command, about: Meant) -> Reply:
    """The choice, and an open question: the number alone is enough then, unless words or photos would be lost."""
    lines: list[Json] = [_choice(message, ctx, t) for t in about.unclear]
    number_alone = not about.text and not message.media
    if number_alone:
        asks = f"{WHICH}{command.name}"
        until = ctx.now + ANSWER_WITHIN
        await ctx.work.conversations.ask(Question(message.chat, message.sender, asks, None, ctx.now, until))
    reply = answer("which_ticket", answering(message, ctx), about.unclear, kind=ReplyKind.QUESTION, word=command.name)
    return replace(reply, params={**reply.params, "lines": lines, "number_alone": number_alone})


def _choice(message: Incoming, ctx: Context, ticket: Ticket) -> Json:
    full = sees_all(ctx) or (message.chat.private and ticket.reported_by(ctx.person))
    title = full_title(ctx.community, ticket) if full else public_title(ctx.community, ticket)
    return {"number": ticket.number, "title": title}


async def _run(message: Incoming, ctx: Context, command: Command, about: Meant) -> Done:
    """A broken rule takes back what was begun: several tickets are dealt with together or not at all."""
    try:
        async with ctx.work.step():
            replies = await command.run(message, ctx, Arguments(about.tickets, about.text, about.incident))
    except RuleBroken as error:
        several = len(about.tickets) > 1
        return Done((answer("refused", answering(message, ctx), reason=str(error), several=several),))
    return Done(tuple(replies), tuple(t.number for t in about.tickets))


def _only(message: Incoming, ctx: Context, template: str, **params: Json) -> Done:
    return Done((with_params(answer(template, answering(message, ctx)), params),))
