"""What is done about a message: the steps in their order, the first that knows what to do has the word."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.announcements import answer
from domain.commands import CommandBook, numbers_in, parse
from domain.conversation import Asks
from domain.handling import Command, Context, Parsed
from domain.messages import Incoming, Reply
from domain.records import PHOTO_WINDOW, Outcome
from domain.tickets import Ticket
from domain.understanding import SILENT, Cue, Verdict
from domain.vocabulary import MessageKind, ReplyKind, TicketNumber
from handlers import (
    agreeing,
    confirming,
    duty,
    joining,
    own_data,
    photos,
    readings,
    recalls,
    showing,
    snapshot,
    standing_by,
)
from handlers.commanding import WHICH, Done, carry_out
from handlers.finding import LOOK_BACK
from handlers.menu import Topics, help_for
from handlers.residents import note_missing
from handlers.telling import answering

_ALL_OF_THEM = re.compile(r"^(?:两个|几个|全部|全)?都(?:是|有|好|行|修好|没修好)?了?[。!！]?$")
_ONE_NUMBER = re.compile(r"^第?(\d{1,5})号?单?[。!！]?$")


@dataclass(frozen=True, slots=True)
class Routed:
    """What came of a message. look: why it belongs on the please-look list. route: the step's name, for the log."""

    replies: list[Reply]
    outcome: Outcome
    tickets: tuple[TicketNumber, ...]
    look: str | None
    verdict: Verdict
    route: str


Step = Callable[[Incoming, Context], Awaitable[Done | None]]


class Routing:
    def __init__(self, topics: Topics) -> None:
        routers = [router for of_topic in topics.values() for router in of_topic]
        commands = tuple(command for router in routers for command in router.commands)
        self.commands: tuple[Command, ...] = (*commands, help_for(topics))
        self._book = CommandBook(self.commands)
        self._steps: tuple[tuple[str, Step], ...] = (
            ("recall", _recall),
            ("join", _join),
            ("unbound", self._unbound),
            ("photos", _record_photos),
            ("draft", confirming.step),
            ("standing_by", standing_by.step),
            ("command", self._command),
            ("silence", _nothing_to_say),  # passing() jumps to here: nothing above may heed a resident's plain words
            ("staff_photo", showing.with_words),
            ("photo_window", showing.after_command),
            ("answer", self._answer),
            ("called", _only_called),
            ("reading", _read),
        )

    async def route(self, message: Incoming, ctx: Context) -> Routed:
        if ctx.sender.opted_out and not message.addressed:
            return Routed([], Outcome.OPTED_OUT, (), None, SILENT, "opted_out")
        for name, step in self._steps:
            done = await step(message, ctx)
            if done is not None:
                return _routed(done, ctx, name)
        return _routed(Done(), ctx, "nothing")

    async def passing(self, message: Incoming, ctx: Context) -> Routed | None:
        """What comes of plain words of a resident that ``route`` would pass over in silence; None: route it.

        Asks for nothing of the chat and writes nothing, so that it can be done while messages become durable.
        """
        if ctx.sender.opted_out and not message.addressed:
            return Routed([], Outcome.OPTED_OUT, (), None, SILENT, "opted_out")
        plain = message.kind is MessageKind.TEXT and not message.media and ctx.staff is None and ctx.group is not None
        if not plain or (message.text and parse(message.text, self._book, addressed=message.addressed)):
            return None
        done = await _nothing_to_say(message, ctx)
        return None if done is None else _routed(done, ctx, "silence")

    async def _command(self, message: Incoming, ctx: Context) -> Done | None:
        parsed = parse(message.text, self._book, addressed=message.addressed) if message.text else None
        return await carry_out(message, ctx, parsed) if parsed else None

    async def _unbound(self, message: Incoming, ctx: Context) -> Done | None:
        """A group that nobody bound is not ours to read: commands are carried out, staff are asked once."""
        if message.chat.private or ctx.group is not None:
            return None
        done = await self._command(message, ctx) if ctx.staff or message.addressed else None
        return done or Done(tuple(await joining.ask_to_bind(message, ctx)))

    async def _answer(self, message: Incoming, ctx: Context) -> Done | None:
        """To the questions that handlers put themselves; the others are answered in the reading."""
        question = await ctx.work.conversations.question(message.chat, message.sender, ctx.now)
        if question is None or not message.text:
            return None
        if question.asks == Asks.WHAT_IS_MISSING and question.ticket is not None:
            return await _missing(message, ctx, question.ticket)
        if question.asks == Asks.AGREES and question.ticket is not None:
            return await _agreed(message, ctx, question.ticket)
        if question.asks == Asks.ERASE_ME:
            erased = await own_data.confirmed(message, ctx)
            return None if erased is None else Done(tuple(erased))
        if question.asks == Asks.HAND_OVER:
            handed = await duty.hand_over(message, ctx)
            return None if handed is None else Done(tuple(handed))
        if not question.asks.startswith(WHICH):
            return None
        numbers = await _chosen(message, ctx)
        command = next((c for c in self.commands if c.name == question.asks.removeprefix(WHICH)), None)
        if not numbers or command is None:
            return None
        await ctx.work.conversations.answered(message.chat, message.sender)
        return await carry_out(message, ctx, Parsed(command, numbers, ""))


def _routed(done: Done, ctx: Context, route: str) -> Routed:
    outcome = Outcome.SILENT
    if done.replies or done.tickets:
        outcome = Outcome.HANDLED
    elif done.look:
        outcome = Outcome.LOOK
    return Routed(list(done.replies), outcome, done.tickets, done.look, ctx.verdict, route)


async def _recall(message: Incoming, ctx: Context) -> Done | None:
    return await recalls.recall(message, ctx) if message.kind is MessageKind.RECALL else None


async def _join(message: Incoming, ctx: Context) -> Done | None:
    return Done(tuple(await joining.joined(message, ctx))) if message.kind is MessageKind.JOIN else None


async def _record_photos(message: Incoming, ctx: Context) -> Done | None:
    """Whatever becomes of the message, its files are known from now on."""
    if message.media:
        await photos.record(message, ctx)
    return None


async def _nothing_to_say(message: Incoming, ctx: Context) -> Done | None:
    """Plain chatter ends here, before anything is loaded."""
    if message.addressed or message.quote or ctx.understanding.matters(ctx.verdict, by_staff=ctx.staff is not None):
        return None
    if message.kind is MessageKind.VOICE and not message.text:
        return None
    if message.media and await _spoke_in_vain(message, ctx):
        return None
    return None if await _has_open_matter(message, ctx) else Done()


async def _spoke_in_vain(message: Incoming, ctx: Context) -> bool:
    """Whether a voice message without words came before this photo: together they may be a report."""
    said = await ctx.work.conversations.said(message.chat, ctx.now - PHOTO_WINDOW)
    return any(s.sender == message.sender and s.kind is MessageKind.VOICE and not s.text for s in said)


async def _has_open_matter(message: Incoming, ctx: Context) -> bool:
    talk, now = ctx.work.conversations, ctx.now
    if await ctx.work.tickets.of_reporter(message.sender, now - LOOK_BACK):
        return True
    if await talk.question(message.chat, message.sender, now) is not None:
        return True
    if ctx.staff is None:
        return False
    spoken_of = message.media or numbers_in(message.text)
    return bool(spoken_of) or await talk.photo_window(message.chat, message.sender, now) is not None


async def _read(message: Incoming, ctx: Context) -> Done:
    around = await snapshot.take(message, ctx)
    meant = ctx.understanding.read(snapshot.said(message, ctx), ctx.verdict, around)
    done = await readings.perform(message, ctx, meant)
    if done.replies or done.tickets or done.look or not _wants_an_answer(message, ctx):
        return done
    return _hint(message, ctx)


async def _only_called(message: Incoming, ctx: Context) -> Done | None:
    """The bot's name and nothing else."""
    said = message.text.strip() or message.media or message.quote or message.kind is not MessageKind.TEXT
    return None if said or not message.mentions_bot else _hint(message, ctx)


def _hint(message: Incoming, ctx: Context) -> Done:
    return Done((answer("hint", answering(message, ctx), kind=ReplyKind.STATUS, staff=ctx.staff is not None),))


def _wants_an_answer(message: Incoming, ctx: Context) -> bool:
    """Who speaks to the bot and is not understood hears how to say it; thanks need no answer."""
    thanks = Cue.THANKS in ctx.verdict.cues or Cue.CONSENT in ctx.verdict.cues
    return message.addressed and bool(message.text.strip()) and not thanks


async def _chosen(message: Incoming, ctx: Context) -> tuple[TicketNumber, ...]:
    """ "#12", "12", "两个都"."""
    numbers = numbers_in(message.text)
    if numbers:
        return numbers
    bare = _ONE_NUMBER.match(message.text.strip())
    if bare:
        return (TicketNumber(int(bare.group(1))),)
    if _ALL_OF_THEM.match(message.text.strip()):
        own = await ctx.work.tickets.of_reporter(ctx.person, ctx.now - LOOK_BACK)
        return tuple(t.number for t in own if t.open or t.clocks.cleared)
    return ()


async def _agreed(message: Incoming, ctx: Context, number: TicketNumber) -> Done | None:
    ticket = await ctx.work.tickets.get(number)
    said = await agreeing.decided(message, ctx, ticket) if ticket is not None else None
    return Done(tuple(said), (number,)) if said is not None else None


async def _missing(message: Incoming, ctx: Context, number: TicketNumber) -> Done | None:
    """What is still wrong, after 不满意: the next words of this person, unless they say something else."""
    ticket: Ticket | None = await ctx.work.tickets.get(number)
    told = len(message.text.strip()) >= 4 and not ctx.verdict.cues & {Cue.THANKS, Cue.FIXED, Cue.CONSENT}
    if ticket is None or ctx.verdict.report or not told:
        return None
    return Done(tuple(await note_missing(message, ctx, ticket)), (number,))
