"""议事: calling a meeting, moving it, calling it off, and who comes. What staff say here is posted at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.announcements import answer
from domain.broadcasts import groups_of
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.masking import for_groups, mask
from domain.meetings import Meeting, next_reminder
from domain.messages import Chat, Incoming, Json, Reply
from domain.spoken_time import find_time
from domain.tickets import Ticket
from domain.vocabulary import BuildingId, GroupRole, Priority, ReplyKind
from handlers import broadcasting
from handlers.telling import answering, group_name, one_line, with_params

USAGE = "议事 8月24日14:00 活动室 二期漏水 [3号楼 5号楼]（还有：议事 名单、议事 改期 8月25日10点、议事 取消）"
LATELY = timedelta(days=3)
"""Who came is still asked for after a meeting."""
FARTHEST = timedelta(days=92)
LONGEST = 120
_CLOCK = re.compile(r"\d{1,2}\s*[:点时]|[一二三四五六七八九十两]{1,3}点")
_LIST = re.compile(r"(?:名单|报名名单|谁报名了?|列表)?[?。]?")
_MOVE = re.compile(r"^(?:改期到?|改到|改时间|延期到?|推迟到?)[\s:]*")
_OFF = re.compile(r"(?:取消|不开了|作废|撤销)(?P<day>.*)")
_A_PLACE = re.compile(r"(?:室|厅|院|广场|门口|中心|居委会|社区|凉亭|食堂|架空层|线上|会议|花园|楼下|物业)$")


_GLUED = re.compile(r"(\S{0,10}?(?:活动室|会议室|活动中心|居委会|办公室|大厅|小广场|凉亭|食堂))(\S{2,})")


@dataclass(frozen=True, slots=True)
class Called:
    at: datetime
    place: str
    topic: str
    chats: tuple[Chat, ...]


async def meet(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if _LIST.fullmatch(args.text):
        return [await _list(message, ctx)]
    moved = _MOVE.match(args.text)
    if moved:
        return await _move(message, ctx, args.text[moved.end() :])
    off = _OFF.fullmatch(args.text)
    if off:
        return await _call_off(message, ctx, off["day"].strip())
    called = await _read(ctx, args.text)
    if called is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    assert ctx.staff is not None, "a command of the office"
    for other in await coming(ctx):
        if (other.at, other.place, other.topic) == (called.at, called.place, called.topic):
            raise RuleBroken("这场议事会已经发过邀请了。改时间请说：议事 改期 时间")
    meeting = Meeting(called.at, called.place, called.topic, called.chats, ctx.staff.id, ctx.now)
    meeting = await _keep(ctx, meeting)
    reply = with_params(
        answer("meeting_called", answering(message, ctx)), {**meeting.params, "groups": _groups(ctx, meeting)}
    )
    return [reply, *_to_groups(ctx, meeting, "meeting_invitation", by=ctx.actor.name)]


async def coming(ctx: Context) -> list[Meeting]:
    return [meeting for meeting in await ctx.work.meetings.since(ctx.now) if meeting.coming(ctx.now)]


async def _keep(ctx: Context, meeting: Meeting) -> Meeting:
    due = next_reminder(meeting, ctx.now, ctx.community.quiet_hours)
    return await ctx.work.meetings.put(replace(meeting, due_at=due))


def _time(ctx: Context, text: str) -> tuple[datetime, str] | None:
    """With an hour that somebody named: nothing is guessed for residents."""
    spoken = find_time(text, ctx.now)
    if spoken is None or not _CLOCK.search(text):
        return None
    if spoken.at - ctx.now > FARTHEST:
        raise RuleBroken(
            f"{spoken.at.year}年{spoken.at.month}月{spoken.at.day}日太远了，今天的那个时间可能已经过了，请核对"
        )
    return spoken.at, spoken.rest


async def _read(ctx: Context, text: str) -> Called | None:
    """None: the time, the place or the topic is missing."""
    when = _time(ctx, text)
    if when is None:
        return None
    rest, buildings = _trailing_buildings(ctx, re.sub(r"^[,，、在]|[,，;；]", " ", when[1]).split())
    if len(rest) == 1 and (glued := _GLUED.match(rest[0])):
        rest = [glued[1], glued[2]]
    place = next((word for word in rest if _A_PLACE.search(word)), rest[0] if rest else "")
    topic = " ".join(word for word in rest if word is not place)
    if not place or not topic:
        return None
    if len(place) > LONGEST or len(topic) > LONGEST:
        raise RuleBroken(f"地点和议题各写{LONGEST}个字以内就好，细节会上再说")
    if ctx.group is not None and ctx.group.role is GroupRole.TASK and not buildings:
        chats: tuple[Chat, ...] = (ctx.chat.chat,)  # a task group's own matter
    else:
        concerned = buildings or _concerned(ctx, topic, await ctx.work.tickets.all_open())
        chats = tuple(chat for chat, _ in groups_of(ctx.community, concerned))
    if not chats:
        raise RuleBroken("这几栋楼还没有绑定群，没有地方可发")
    return Called(when[0], mask(place), for_groups(topic, ctx.community), chats)


def _trailing_buildings(ctx: Context, words: list[str]) -> tuple[list[str], tuple[BuildingId, ...]]:
    """What is left, and the buildings named at the end: "3号楼 5号楼", "[3、5号楼]". Raises RuleBroken."""
    for n in range(1, len(words)):
        tail = " ".join(words[n:]).strip("[]【】() ")
        said = broadcasting.read(ctx, tail)
        if said.buildings and not said.text:
            return words[:n], said.buildings
    return words, ()


def _concerned(ctx: Context, topic: str, open_tickets: Sequence[Ticket]) -> tuple[BuildingId, ...]:
    """The buildings that the topic names, else those of its phase, else those where something is open; none: all."""
    buildings = ctx.community.buildings.values()
    named = [
        b.id
        for b in buildings
        if re.search(rf"(?<![\dA-Za-z]){re.escape(b.id)}(?:号楼|座|栋|幢)", topic) or b.name in topic
    ]
    phase = [b.id for b in buildings if b.phase and b.phase in topic]
    waiting = {ticket.location.building for ticket in open_tickets}
    return tuple(named or phase or [b.id for b in buildings if b.id in waiting])


def _groups(ctx: Context, meeting: Meeting) -> list[Json]:
    return [group_name(ctx, chat) for chat in meeting.chats]


def _to_groups(ctx: Context, meeting: Meeting, template: str, **params: Json) -> list[Reply]:
    """And to those who signed up in private. A person decided: at once, whatever the hour."""
    chats = dict.fromkeys([*meeting.chats, *(guest.chat for guest in meeting.guests)])
    return [
        Reply(
            chat, template, {**meeting.params, **params}, ReplyKind.BROADCAST, Priority.BROADCAST,
            dedupe_key=f"{template}:{meeting.number}:{ctx.now.isoformat()}", expires_at=meeting.at,
        )
        for chat in chats
    ]  # fmt: skip


async def _the_one(ctx: Context, day: str = "") -> Meeting:
    """The one that is to come; of several the soonest of the day named."""
    found = await coming(ctx)
    if not found:
        raise RuleBroken(f"没有要开的议事会。要开请说：{USAGE}")
    spoken = find_time(day, ctx.now) if day else None
    if spoken is not None:
        found = [meeting for meeting in found if meeting.at.date() == spoken.at.date()]
        if not found:
            raise RuleBroken(f"{spoken.at.month}月{spoken.at.day}日没有议事会，请核对")
    if len(found) > 1:
        days = "、".join(f"{m.at.month}月{m.at.day}日{m.at.hour}:{m.at:%M}" for m in found)
        raise RuleBroken(
            f"有几场议事会：{days}。请写明是哪天的，比如：议事 取消 {found[0].at.month}月{found[0].at.day}日"
        )
    return found[0]


async def _move(message: Incoming, ctx: Context, text: str) -> list[Reply]:
    """The guests stay. With several to come, the one that was called by this person last."""
    when = _time(ctx, text)
    if when is None:
        return [answer("usage", answering(message, ctx), usage="议事 改期 8月25日10点")]
    found = await coming(ctx)
    own = [meeting for meeting in found if ctx.staff and meeting.by == ctx.staff.id]
    meeting = max(own, key=lambda m: m.told_at) if len(found) > 1 and own else await _the_one(ctx)
    moved = await _keep(ctx, replace(meeting, at=when[0], told_at=ctx.now))
    return [_noted(message, ctx, moved, moved=True), *_to_groups(ctx, moved, "meeting_moved")]


async def _call_off(message: Incoming, ctx: Context, day: str) -> list[Reply]:
    meeting = await _the_one(ctx, day)
    ended = await ctx.work.meetings.put(replace(meeting, called_off_at=ctx.now, due_at=None))
    return [_noted(message, ctx, ended, moved=False), *_to_groups(ctx, ended, "meeting_called_off")]


def _noted(message: Incoming, ctx: Context, meeting: Meeting, *, moved: bool) -> Reply:
    private = any(guest.chat.private for guest in meeting.guests)
    told = {**meeting.params, "moved": moved, "groups": _groups(ctx, meeting), "guests": private}
    return with_params(answer("meeting_noted", answering(message, ctx)), told)


async def _list(message: Incoming, ctx: Context) -> Reply:
    """Names are for staff; in a building's group how many is enough."""
    lines: list[Json] = []
    for meeting in await ctx.work.meetings.since(ctx.now - LATELY):
        if meeting.called_off_at is not None:
            continue
        names: list[Json] = [one_line(guest.name) for guest in meeting.guests] if ctx.for_staff_only else []
        count, held = len(meeting.guests), meeting.held(ctx.now)
        lines.append({**meeting.params, "count": count, "names": names, "held": held})
    return answer("meeting_list", answering(message, ctx), meetings=lines, usage=USAGE)


router = Router(
    (
        Command(
            ("议事", "议事会"), USAGE, "召集议事会，邀请发到楼群", meet, OFFICE,
            unasked=r"(?s:(?![厅室堂论规的了吗在得不]).*)",
        ),
    )
)  # fmt: skip
