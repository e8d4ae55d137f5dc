"""纪要: what a meeting agreed. Groups get what is for everybody; what concerns one home goes to it and to staff."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.announcements import Answering, answer
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router, source_of
from domain.masking import for_groups
from domain.meetings import Meeting
from domain.messages import Chat, Document, Incoming, Json, Reply
from domain.minutes import Item, items_of
from domain.privacy import full_place, is_public_spot
from domain.tickets import Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import GroupRole, Priority, ReplyKind, Status
from handlers import agreeing
from handlers.calling import staff_groups
from handlers.drafting import as_typed
from handlers.telling import answering, group_name, with_params, words

WORDS = ("纪要", "会议纪要", "议事纪要")
USAGE = "纪要 商定的事，一条一行；只关系到一家的写明房号，例如“2-502：阳台封过，自费”，会私下告诉那家"
LOOK_BACK = timedelta(days=60)
TICKETS_BACK = timedelta(days=180)
EARLY = timedelta(hours=2)
LONGEST_POST = 1200
_ADDRESS = re.compile(r"^(?=[^:：]*\d)[^:：]{2,20}[:：]\s*")
_DAY = re.compile(r"^(\d{1,2})月(\d{1,2})[日号]?(?:的|议事会)?[\s:：,，]+")
_AND = re.compile(r"[、，,和及/\s]+")
_SOME_HOME = re.compile(r"(?:那|这|某)(?:一)?(?:家|户)|[东西南北中]边?户(?!型)")
_GONE = frozenset({Status.CANCELLED, Status.MERGED})


@dataclass(frozen=True, slots=True)
class Home:
    """What was said of one home. place: its address as staff may read it."""

    place: str
    words: str
    ticket: Ticket | None


async def keep(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    text = as_typed(message, WORDS, args.text)
    if not items_of(text):
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    meeting, text = await _meeting(ctx, text)
    items = items_of(text)
    for_all, homes = await _sorted(ctx, meeting, items)
    await ctx.work.meetings.put(replace(meeting, minutes=(*meeting.minutes, text)))
    posts = _posts(message, ctx, meeting, for_all, homes)
    private = [reply for home in homes for reply in await _to_home(message, ctx, meeting, home)]
    return [_kept(message, ctx, meeting, for_all, homes), *posts, *private, *_to_staff(message, ctx, meeting, homes)]


async def _meeting(ctx: Context, text: str) -> tuple[Meeting, str]:
    """Whose minutes these are, and their words: of the day that stands in front, else of the last that was held and
    has none yet, one's own first. It was held with whoever came.
    """
    known = [m for m in await ctx.work.meetings.since(ctx.now - LOOK_BACK) if m.called_off_at is None]
    day = _DAY.match(text)
    if day:
        of_day = [m for m in known if (m.at.month, m.at.day) == (int(day[1]), int(day[2])) and m.held(ctx.now + EARLY)]
        if of_day:
            return of_day[-1], text[day.end() :]
    past = [m for m in known if m.held(ctx.now)]
    missing = [m for m in past if not m.minutes]
    own = [m for m in missing if ctx.staff and m.by == ctx.staff.id]
    soon = [m for m in known if m.held(ctx.now + EARLY)]
    for found in (own, missing, soon):
        if found:
            return found[-1], text
    if known:
        raise RuleBroken("议事会还没开。开完再发纪要；要先通知大家，请用：广播")
    raise RuleBroken("没有开过的议事会。先请人来，请说：议事 时间 地点 议题")


async def _sorted(ctx: Context, meeting: Meeting, items: Sequence[Item]) -> tuple[list[str], list[Home]]:
    """An item that goes on about a home goes with it: when in doubt a group reads less."""
    for_all: list[str] = []
    homes: list[Home] = []
    last: list[Home] = []
    names = [guest.name for guest in meeting.guests]
    for item in items:
        said = for_groups(item.words, ctx.community, names)
        if last and item.follows:
            homes = homes[: -len(last)]
            last = [replace(home, words=f"{home.words}；{item.words}") for home in last]
        elif _of_a_home(ctx, item.words, said):
            last = [await _home(ctx, where, item.words) for where in _places(ctx, meeting, item.words)]
        else:
            for_all.append(said.rstrip("。."))
            last = []
        homes += last
    return for_all, homes


def _of_a_home(ctx: Context, text: str, said: str) -> bool:
    """A room, a family, a floor that is no public spot, 西户, 那家. said: the same as groups would read it."""
    where = ctx.understanding.judge(text, None).location
    on_a_floor = where.floor is not None and where.floor > 0 and not is_public_spot(where.place)
    hidden = "住户家" in said and "住户家" not in text
    return where.room is not None or on_a_floor or hidden or _SOME_HOME.search(text) is not None


def _places(ctx: Context, meeting: Meeting, text: str) -> list[Location]:
    """Every home that an item names ("402、502免费修"), at least one; each takes over what the one before it said."""
    default = _only_building(ctx, meeting)
    found: list[Location] = []
    for part in _AND.split(text):
        where = ctx.understanding.judge(part, None).location
        if where.room is None:
            continue
        before = found[-1] if found else Location(default)
        building = where.building or before.building
        where = Location(building, where.unit or (before.unit if building == before.building else None), where.room)
        found += [where] if where not in found else []
    whole = ctx.understanding.judge(text, None).location
    return found or [Location(whole.building or default, whole.unit, whole.room)]


def _only_building(ctx: Context, meeting: Meeting) -> str | None:
    """A room needs no building where only one was invited."""
    groups = [
        g for g in ctx.community.groups if Chat(g.channel, g.id) in meeting.chats and g.role is GroupRole.BUILDING
    ]
    return groups[0].building if len(groups) == 1 else None


async def _home(ctx: Context, where: Location, said: str) -> Home:
    """Its ticket: the latest of this room; where no building was said, only if one building alone can be meant."""
    ids = [where.building] if where.building else [b.id for b in ctx.community.buildings.values()]
    found: list[Ticket] = []
    for id in ids if where.room else ():
        tickets = await ctx.work.tickets.of_building(id, ctx.now - TICKETS_BACK)
        found += [t for t in tickets if t.status not in _GONE and _same_home(t.location, where)]
    if len({(t.location.building, t.location.unit) for t in found}) > 1:
        found = []
    if ctx.community.building(where.building) is None and found:
        where = replace(where, building=found[-1].location.building)
    address = full_place(ctx.community, where) if where.room else "没写房号的一家"
    return Home(address, said.rstrip("。."), found[-1] if found else None)


def _same_home(one: Location, other: Location) -> bool:
    return one.room == other.room and (other.unit is None or one.unit is None or one.unit == other.unit)


def _posts(
    message: Incoming, ctx: Context, meeting: Meeting, for_all: Sequence[str], homes: Sequence[Home]
) -> list[Reply]:
    """To each group that was invited, with the paper to file; nothing where all of it concerns single homes."""
    if not for_all:
        return []
    shown: list[Json] = []
    for said in for_all:
        if shown and sum(len(str(s)) for s in shown) + len(said) > LONGEST_POST:
            break
        shown.append(said)
    common: dict[str, Json] = {**meeting.params, "by": ctx.actor.name, "homes": bool(homes)}
    whole: dict[str, Json] = {
        **common, "items": list[Json](for_all), "community": ctx.community.name, "written": ctx.now.isoformat()
    }  # fmt: skip
    name = f"议事纪要{meeting.at:%Y%m%d}"
    paper = Document(
        "minutes", "minutes_words", whole, name if not meeting.minutes else f"{name}-补{len(meeting.minutes)}"
    )
    return [
        Reply(
            chat, "minutes_posted", {**common, "items": shown, "cut": len(shown) < len(for_all)}, ReplyKind.DOCUMENT,
            Priority.BROADCAST, dedupe_key=f"minutes:{meeting.number}:{message.external_id}", documents=(paper,),
        )
        for chat in meeting.chats
    ]  # fmt: skip


async def _to_home(message: Incoming, ctx: Context, meeting: Meeting, home: Home) -> list[Reply]:
    """In private to whoever reported it, and on the ticket for staff."""
    if home.ticket is None:
        return []
    ticket = replace(home.ticket, updated=ctx.now)
    details: dict[str, Json] = {"words": home.words, "meeting": meeting.number}
    event = TicketEvent(ticket.number, ctx.now, What.NOTE, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(ticket, event)
    said = words(ctx, [ticket], _ADDRESS.sub("", home.words))
    told = []
    for reporter in ticket.reporters:
        to = Answering(Chat.with_person(reporter.person), reporter.person, reporter.name, reporter.message)
        reply = answer(
            "minutes_home", to, [ticket], kind=ReplyKind.OTHER, number=ticket.number, words=said, by=ctx.actor.name
        )
        await agreeing.ask(ctx, ticket, reporter)
        told.append(replace(with_params(reply, meeting.params), reply_to=None))
    return told


def _lines(homes: Sequence[Home], *, full: bool) -> list[Json]:
    return [
        {
            "place": home.place if full else "有一条",
            "number": home.ticket.number if home.ticket else None,
            "told": bool(home.ticket and home.ticket.reporters),
            "words": home.words if full else "",
        }
        for home in homes
    ]


def _kept(message: Incoming, ctx: Context, meeting: Meeting, for_all: Sequence[str], homes: Sequence[Home]) -> Reply:
    groups: list[Json] = [group_name(ctx, chat) for chat in meeting.chats] if for_all else []
    told: dict[str, Json] = {**meeting.params, "groups": groups, "homes": _lines(homes, full=ctx.for_staff_only)}
    tickets = [home.ticket for home in homes if home.ticket]
    return with_params(answer("minutes_kept", answering(message, ctx), tickets), told)


def _to_staff(message: Incoming, ctx: Context, meeting: Meeting, homes: Sequence[Home]) -> list[Reply]:
    """The staff group reads it where it does not stand there already."""
    told: dict[str, Json] = {**meeting.params, "by": ctx.actor.name, "homes": _lines(homes, full=True)}
    return [
        Reply(chat, "minutes_staff", told, ReplyKind.OTHER, Priority.ANSWER)
        for chat in staff_groups(ctx)
        if homes and chat != message.chat
    ]


router = Router(
    (Command(WORDS, USAGE, "把议事会商定的事发到楼群", keep, OFFICE, wants_text=True, unasked=r"(?s:(?![的了吗]).*)"),)
)
