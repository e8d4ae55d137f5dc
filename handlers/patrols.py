"""巡查: spots walked and how they were found. What was found bad becomes a ticket."""

import re
from dataclasses import dataclass, replace

from domain.announcements import answer
from domain.conversation import Action, Reading
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.records import PHOTO_WINDOW, PhotoWindow
from domain.storms import Check
from domain.understanding import Location
from domain.vocabulary import Kind, Place, Scope, TicketNumber, Urgency
from handlers import photos, reports
from handlers.telling import answering, with_params

PURPOSE = "patrol"
USAGE = "巡查（看路线）；巡查 地库 正常；巡查 地库 积水到脚面（有问题就成单）"
_BAD = re.compile(r"积水|有水|进水|漏水|渗水|返水|倒灌|堵|冒水|水深|淹|漫|外溢|溢出|塌|破损|漏")
_NONE = r"(?:没有?|无|未见|未发现|不)(?:任何)?"
_TROUBLE = r"(?:积水|有水|进水|漏水?|渗水|返水|倒灌|堵塞?|问题|异常)"
_FINE = re.compile(rf"{_NONE}{_TROUBLE}+|正常|都好|没事|无异常|已(?:清|排|抽)")
_BLOCKED = re.compile(r"堵|返水|冒水|倒灌")


@dataclass(frozen=True, slots=True)
class Walked:
    spot: str
    words: str

    @property
    def bad(self) -> bool:
        return _BAD.search(_FINE.sub("", self.words)) is not None


async def patrol(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if not args.text:
        return [await _route(message, ctx)]
    walked = _read(ctx, args.text)
    if walked is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    assert ctx.staff is not None, "a command of the office"
    replies: list[Reply] = []
    ticket: TicketNumber | None = None
    if walked.bad:
        replies = await _open(message, ctx, walked)
        ticket = replies[0].tickets[0]
    seen = await photos.just_sent(message, ctx)
    shown = len({photo.id for photo in [*seen, *await photos.of_message(ctx, message)]})
    check = Check(walked.spot, walked.words, ctx.now, ctx.staff.id, ticket, shown)
    await ctx.work.storms.put_check(check)
    found = await ctx.work.tickets.get(ticket) if ticket is not None else None
    if found is not None:
        await photos.attach(ctx, found, seen, message)
    await photos.expect_more(ctx, [found] if found else [], PURPOSE)
    if replies:
        return replies
    left = [spot for spot in ctx.community.preparation.patrol if spot not in {*await _walked(ctx), walked.spot}]
    unwalked: list[Json] = list(left)
    return [
        answer(
            "patrol_noted", answering(message, ctx), spot=walked.spot, words=walked.words, photos=shown,
            unwalked=unwalked,
        )
    ]  # fmt: skip


async def photographed(message: Incoming, ctx: Context, window: PhotoWindow) -> bool:
    """A photo sent after the words of a patrol belongs to that look. False: it is of something else."""
    if window.purpose != PURPOSE or ctx.staff is None:
        return False
    by_them = [c for c in await ctx.work.storms.checks(ctx.now - PHOTO_WINDOW) if c.by == ctx.staff.id]
    if by_them:
        more = len(await photos.of_message(ctx, message))
        await ctx.work.storms.put_check(replace(by_them[-1], photos=by_them[-1].photos + more))
    return bool(by_them)


def _read(ctx: Context, text: str) -> Walked | None:
    """A spot of the route, said whole or in part, and how it was found; any other place by its first word."""
    for spot in sorted(ctx.community.preparation.patrol, key=len, reverse=True):
        if text.startswith(spot):
            return Walked(spot, text[len(spot) :].strip(" ,，、:：。"))
    first, _, rest = re.sub(r"^(?:发现|看到|到了?|在)\s*", "", text).partition(" ")
    spot = first.strip(" ,，、:：")
    if not rest.strip() and (found := _BAD.search(spot) or _FINE.search(spot)) and found.start():
        return Walked(spot[: found.start()], spot[found.start() :])
    named = [known for known in ctx.community.preparation.patrol if spot and spot in known]
    return Walked(named[0] if len(named) == 1 else spot, rest.strip()) if spot else None


async def _open(message: Incoming, ctx: Context, walked: Walked) -> list[Reply]:
    """As any report of public water, in the words of who walked there."""
    said = ctx.understanding.judge(f"{walked.spot}{walked.words}", ctx.building)
    kind = said.kind or (Kind.BLOCKAGE if _BLOCKED.search(walked.words) else Kind.PONDING)
    place = said.location.place or Place.OTHER
    where = Location(said.location.building or ctx.building, said.location.unit, None, said.location.floor, place)
    urgency = said.urgency or Urgency.URGENT
    reading = Reading(
        Action.OPEN, "巡查发现", kind=kind, scope=Scope.PUBLIC, urgency=urgency, location=where, question=""
    )
    return await reports.open_ticket(replace(message, text=f"{walked.spot}{walked.words}"), ctx, reading)


async def _walked(ctx: Context) -> dict[str, Check]:
    """The last look at each spot, since the storm began or today."""
    storm = await ctx.work.storms.current()
    since = storm.opened_at if storm else ctx.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {check.spot: check for check in await ctx.work.storms.checks(since)}


async def _route(message: Incoming, ctx: Context) -> Reply:
    walked = await _walked(ctx)
    spots = dict.fromkeys([*ctx.community.preparation.patrol, *walked])
    lines: list[Json] = [_line(ctx, spot, walked.get(spot)) for spot in spots]
    return with_params(answer("patrol", answering(message, ctx)), {"lines": lines, "usage": USAGE})


def _line(ctx: Context, spot: str, check: Check | None) -> dict[str, Json]:
    who = ctx.community.staff.get(check.by) if check else None
    return {
        "spot": spot,
        "at": check.at.isoformat() if check else None,
        "words": check.words if check else "",
        "by": who.name if who else "",
        "number": check.ticket if check else None,
        "photos": check.photos if check else 0,
    }


router = Router(
    (
        Command(
            ("巡查", "巡检"), USAGE, "巡查路线和打卡", patrol, OFFICE,
            unasked=r"(?s:(?![的了过吗没一到完时人队记路]).{2,60}(?<![吗呢吧?？]))?",
        ),
    )
)  # fmt: skip
