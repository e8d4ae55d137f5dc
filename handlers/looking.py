"""待看: what may be a report and was not answered. Staff read it, and say whether it is one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.announcements import answer
from domain.commands import numbers_in
from domain.conversation import Action, Reading
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.privacy import is_public_spot
from domain.records import LookItem
from domain.understanding import SILENT, Location
from domain.vocabulary import MessageKind, TicketNumber
from handlers import learning, reports
from handlers.correcting import KIND_SAID, SCOPE_SAID, URGENCY_SAID, said_first
from handlers.telling import answering, group_name, one_line, with_params

MOST_LINES = 20
USAGE = "待看（列出来）；待看 3 是；待看 3 不是"
_DECISION = re.compile(
    r"^(?P<ids>\d{1,9}(?:[\s、,;和]+\d{1,9})*)?[\s:,、]*(?P<no>不是|不算|否)?(?P<yes>是|算)?(?P<words>.*)$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Decision:
    """ids: of the items, as listed. words: what staff say besides (积水, 公共, 2单元502 …)."""

    ids: tuple[int, ...]
    report: bool
    words: str


async def look(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if not args.text and not numbers_in(message.text):
        return [await _list(message, ctx)]
    decision = _decision(message, args.text)
    if decision is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    waiting = {item.id: item for item in await ctx.work.look.undecided()}
    replies: list[Reply] = []
    numbers: list[Json] = []
    for id in decision.ids:
        if id not in waiting:
            raise RuleBroken(f"待看里没有第{id}条，或者已经有人看过了")
        said, opened = await _decide(ctx, waiting[id], decision)
        replies += said
        numbers += opened
    ids: list[Json] = list(decision.ids)
    told = answer("looked", answering(message, ctx), ids=ids, report=decision.report, numbers=numbers)
    return [told, *replies]


def _decision(message: Incoming, text: str) -> Decision | None:
    match = _DECISION.match(text)
    assert match is not None, "every part is optional"
    ids = [*map(int, re.findall(r"\d+", match["ids"] or "")), *numbers_in(message.text)]
    if not ids or not (match["yes"] or match["no"]):
        return None
    return Decision(tuple(dict.fromkeys(ids)), not match["no"], match["words"].strip())


async def _list(message: Incoming, ctx: Context) -> Reply:
    items = await ctx.work.look.undecided()
    lines = [await _line(ctx, item) for item in items[:MOST_LINES]]
    reply = answer("look_list", answering(message, ctx), count=len(items))
    return with_params(reply, {"lines": list[Json](lines)})


async def _line(ctx: Context, item: LookItem) -> dict[str, Json]:
    numbers: list[Json] = list(await ctx.work.conversations.tickets_of(item.chat.channel, item.message))
    return {
        "id": item.id,
        "at": item.at.isoformat(),
        "where": "私聊" if item.chat.private else group_name(ctx, item.chat),
        "sender": one_line(item.sender_name),
        "said": item.text,
        "reason": item.reason,
        "numbers": numbers,
    }


async def _decide(ctx: Context, item: LookItem, decision: Decision) -> tuple[list[Reply], Sequence[TicketNumber]]:
    """What is said, and the tickets of the message. A message that became a ticket meanwhile gets no second one."""
    assert ctx.staff is not None, "a command of the office"
    theirs, original = await _as_theirs(ctx, item)
    known = await ctx.work.conversations.tickets_of(item.chat.channel, item.message)
    replies: list[Reply] = []
    numbers = known
    if decision.report and not known:
        replies = await reports.open_ticket(original, theirs, _reading(ctx, theirs, item, decision))
        numbers = replies[0].tickets
    await ctx.work.look.decide(item.id, "report" if decision.report else "no", ctx.staff.id, ctx.now)
    after: dict[str, Json] = {"report": decision.report, **(_fields(decision.words) if decision.report else {})}
    await learning.looked(ctx, item, theirs.verdict, after, numbers[0] if decision.report else None)
    return replies, numbers


async def _as_theirs(ctx: Context, item: LookItem) -> tuple[Context, Incoming]:
    """The message as if it were heard now: its sender, its chat, what it means by itself."""
    said = await ctx.work.conversations.message(item.chat.channel, item.message)
    kind = said.kind if said else MessageKind.TEXT
    if said is not None and said.recalled:
        raise RuleBroken(f"第{item.id}条发的人自己撤回了，不用再看")
    if not item.text and kind is MessageKind.TEXT:
        raise RuleBroken(f"第{item.id}条的原话已经过期删除了，请直接问问住户")
    chat, sender = await ctx.work.chats.get(item.chat), await ctx.work.people.get(item.sender)
    verdict = ctx.understanding.judge(item.text, chat.group.building if chat.group else None) if item.text else SILENT
    theirs = replace(
        ctx,
        sender=replace(sender, name=item.sender_name or sender.name),
        staff=ctx.community.staff.get(sender.staff) if sender.staff else None,
        chat=chat,
        verdict=verdict,
    )
    original = Incoming(
        item.chat.channel, item.message, item.chat, item.sender, item.at, kind, item.sender_name, item.text
    )
    return theirs, original


def _reading(ctx: Context, theirs: Context, item: LookItem, decision: Decision) -> Reading:
    """What staff said wins over what the words hold by themselves; the rest is asked about as for any report."""
    verdict, words = theirs.verdict, decision.words
    place = ctx.understanding.judge(words, None).location if words else Location()
    return Reading(
        Action.OPEN,
        f"待看第{item.id}条，{ctx.actor.name}说是报修",
        kind=said_first(KIND_SAID, words) or verdict.kind or said_first(KIND_SAID, item.text),
        scope=said_first(SCOPE_SAID, words) or verdict.scope,
        urgency=said_first(URGENCY_SAID, words) or verdict.urgency,
        location=_where(theirs, _over(place, verdict.location)),
        source_room=verdict.source_room,
        question="",
    )


def _over(new: Location, old: Location) -> Location:
    return Location(
        new.building or old.building,
        new.unit or old.unit,
        new.room or old.room,
        new.floor if new.floor is not None else old.floor,
        new.place or old.place,
    )


def _where(theirs: Context, said: Location) -> Location:
    """Somebody who told their address before need not be asked again."""
    home = theirs.sender.home
    same = said.building in {None, home.building} and home.building in {None, theirs.building}
    return _over(said, home) if same and said.room is None and not is_public_spot(said.place) else said


def _fields(words: str) -> dict[str, Json]:
    """What staff said with their decision, as labels."""
    said = {
        "kind": said_first(KIND_SAID, words),
        "scope": said_first(SCOPE_SAID, words),
        "urgency": said_first(URGENCY_SAID, words),
    }
    return {name: str(value) for name, value in said.items() if value is not None}


router = Router(
    (
        Command(
            ("待看",), USAGE, "没把握、没回复的话，请您看看是不是报修", look, OFFICE, private=True,
            unasked=r"(?s:[\d是不].*)?",
        ),
    )
)  # fmt: skip
