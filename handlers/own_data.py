"""我的数据, 删除我的数据: what is kept of the person who asks, and erasing it. Always in private.

What an open ticket needs stays until it is done; photos that staff took stay with their ticket; the numbers and places
stay, since the building's history is nobody's personal data.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from domain.announcements import answer
from domain.commands import tidy
from domain.conversation import Asks
from domain.handling import Arguments, Command, Context, Router, source_of
from domain.meetings import Meeting
from domain.messages import Chat, Incoming, Json, Reply
from domain.privacy import full_place
from domain.records import Access, Question
from domain.tickets import ENDED, Ticket
from domain.understanding import Location
from domain.vocabulary import ReplyKind
from handlers.telling import answering

ANSWER_WITHIN = timedelta(minutes=10)
NAMELESS = "住户"
"""Instead of the name of who had it erased."""
_YES = re.compile(r"(?:好的?|是的?|对)?[,。、 ]?(?:确认|确定)?(?:删除|删掉|删吧|删)?(?:我的数据)?[了吧。.!~]*")
_NO = re.compile(r"(?:先|那)?(?:不|别|取消).{0,6}")


async def show(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    traces = ctx.work.traces
    texts, numbers = await traces.texts(ctx.person), await traces.tickets(ctx.person)
    home = ctx.sender.home
    kept = await ctx.work.people.get(ctx.person)  # the sender has the name that they show just now
    texts = [text for text in texts if text.tickets]
    meetings: list[Json] = [meeting.at.isoformat() for meeting in await _signed_up(ctx)]
    told: dict[str, Json] = {
        "name": ctx.staff.name if ctx.staff else kept.name,
        "home": full_place(ctx.community, replace(home, place=None)) if home != Location() else "",
        "numbers": [*numbers], "texts": len(texts), "photos": await traces.photos(ctx.person),
        "meetings": meetings,
        "opted_out": ctx.sender.opted_out, "volunteer": ctx.sender.volunteer, "staff": ctx.staff is not None,
        "operator": ctx.community.operator or ctx.community.name,
    }  # fmt: skip
    await ctx.work.accesses.note(Access(ctx.now, _who(ctx), "我的数据", "本人", _source(message, ctx)))
    return _in_private(message, ctx, "own_data", told)


def _who(ctx: Context) -> str:
    """A resident's name is not written down once more for this."""
    return ctx.staff.name if ctx.staff else NAMELESS


def _source(message: Incoming, ctx: Context) -> str:
    """Nor is a resident's account, which stands in the address of their private chat."""
    return source_of(message) if ctx.staff else message.channel


def _in_private(message: Incoming, ctx: Context, template: str, params: dict[str, Json]) -> list[Reply]:
    """Whatever it says of a person is for that person."""
    to = answering(message, ctx)
    if message.chat.private:
        return [_reply(ctx, template, to.message, params)]
    return [_reply(ctx, template, None, params), answer("told_in_private", to)]


def _reply(ctx: Context, template: str, answers: str | None, params: dict[str, Json]) -> Reply:
    return Reply(Chat.with_person(ctx.person), template, params, ReplyKind.STATUS, reply_to=answers)


async def ask(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    private = Chat.with_person(ctx.person)
    until = ctx.now + ANSWER_WITHIN
    await ctx.work.conversations.ask(Question(private, ctx.person, Asks.ERASE_ME, None, ctx.now, until))
    still_open: list[Json] = [t.number for t in await _tickets(ctx) if t.status not in ENDED]
    return _in_private(message, ctx, "erase_question", {"still_open": still_open})


async def _signed_up(ctx: Context) -> list[Meeting]:
    """At any time."""
    meetings = await ctx.work.meetings.since(datetime.min.replace(year=2000, tzinfo=ctx.now.tzinfo))
    return [meeting for meeting in meetings if meeting.guest(ctx.person) is not None]


async def _tickets(ctx: Context) -> list[Ticket]:
    numbers = await ctx.work.traces.tickets(ctx.person)
    found = [await ctx.work.tickets.get(number) for number in numbers]
    return [ticket for ticket in found if ticket is not None]


async def confirmed(message: Incoming, ctx: Context) -> list[Reply] | None:
    """The answer to the question. None: it was about something else."""
    said = tidy(message.text)
    to = answering(message, ctx)
    if _NO.fullmatch(said):
        await ctx.work.conversations.answered(message.chat, message.sender)
        return [answer("erase_dropped", to)]
    if not said or not _YES.fullmatch(said):
        return None
    await ctx.work.conversations.answered(message.chat, message.sender)
    kept = await _erase(message, ctx)
    still_open: list[Json] = [ticket.number for ticket in kept]
    return [answer("erased", replace(to, name=""), still_open=still_open)]


async def _erase(message: Incoming, ctx: Context) -> list[Ticket]:
    """The tickets that are still open, which keep what they need."""
    tickets = await _tickets(ctx)
    kept = [ticket for ticket in tickets if ticket.status not in ENDED]
    needed = {ticket.number for ticket in kept}
    ended = [ticket for ticket in tickets if ticket.number not in needed]
    words = [ticket.words for ticket in ended if ticket.reporters[0].person == ctx.person]
    for ticket in ended:
        await ctx.work.tickets.save(await _without(ticket, ctx))
    of_home = await ctx.work.tickets.of_home(ctx.sender.home)
    await ctx.work.traces.forget_contacts([t.number for t in of_home if t.status in ENDED])
    known = await ctx.work.people.get(ctx.person)
    await ctx.work.traces.forget(ctx.person, [ticket.number for ticket in ended])
    await ctx.work.traces.wipe(ctx.person, "" if ctx.staff else known.name or ctx.sender.name, words, needed)
    for meeting in await _signed_up(ctx):
        await ctx.work.meetings.put(meeting.without(ctx.person))
    for text in await ctx.work.traces.texts(ctx.person):
        if text.message != message.external_id and needed.isdisjoint(text.tickets):
            await ctx.work.conversations.recall(ctx.person.channel, text.message)
    name = ctx.sender.name if kept or ctx.staff else ""
    await ctx.work.people.save(replace(ctx.sender, name=name, home=Location(), volunteer=False))
    await ctx.work.accesses.note(Access(ctx.now, _who(ctx), "删除我的数据", "本人", _source(message, ctx)))
    return kept


async def _without(ticket: Ticket, ctx: Context) -> Ticket:
    """The words are those of the first who reported it. Their own photos go, those that staff took stay."""
    reporters = tuple(r for r in ticket.reporters if r.person != ctx.person)
    words = "" if ticket.reporters[0].person == ctx.person else ticket.words
    own = {r.id for r in await ctx.work.media.get(ticket.media) if r.sender == ctx.person and not r.by_staff}
    media = tuple(id for id in ticket.media if id not in own)
    return replace(ticket, reporters=reporters, words=words, media=media)


router = Router(
    (
        Command(
            ("删除我的数据", "删除我的信息", "删掉我的数据"), "删除我的数据", "忘掉您（问一次再删）", ask, unasked=""
        ),
        Command(("我的数据", "我的信息"), "我的数据", "看看记着您什么（私信告诉您）", show, unasked=""),
    )
)
