"""统计: what a time adds up to, in words and as a picture. In a building's group: of that building, and no names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.announcements import answer
from domain.drills import real
from domain.errors import RuleBroken
from domain.handling import HEADS, OFFICE, Arguments, Command, Context, Router, source_of
from domain.messages import Document, Incoming, Json, Reply
from domain.periods import STORM, Period, called, dated, word_in
from domain.privacy import KIND_WORDS
from domain.records import Access
from domain.statistics import Case, Figures, PersonFigures, Rate, by_building, by_person, figures
from domain.storms import Storm
from domain.tickets import STATUS_NAMES
from domain.vocabulary import ReplyKind
from handlers.telling import answering

USAGE = "统计 今天/本周/本月/本场雨，或两个日期，例如：统计 8月20日 8月24日"
OF_A_TIME = r"(?:今[天日]|昨[天日]|[本上这]?个?[周月年]|[本这]场雨|全部|[\d年月日号/.\-~到至\s]+)?(?:的?数据)?"


class NoStorm(RuleBroken):
    """本场雨 was asked for, and none is known."""


async def statistics(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    to = answering(message, ctx)
    try:
        period = await read_period(ctx, args.text)
    except NoStorm:
        return [answer("no_storm", to, kind=ReplyKind.STATUS)]
    if period is None:
        return [answer("usage", to, usage=USAGE)]
    cases = await cases_of(ctx, period)
    params = await _params(message, ctx, period, cases)
    if params["people"]:
        by = ctx.staff.id if ctx.staff else None
        seen = Access(ctx.now, ctx.actor.name, "统计到人", said(period), source_of(message), by)
        await ctx.work.accesses.note(seen)
    reply = answer("statistics", to, kind=ReplyKind.STATUS, **params)
    if not cases:
        return [reply]
    picture = Document("figures", "statistics_picture", params, "统计", ("png",))
    return [replace(reply, documents=(picture,))]


async def read_period(ctx: Context, text: str) -> Period | None:
    """Nothing said: the storm that is open, else this week. 本场雨 is the last one, open or not. None: not understood.
    Raises NoStorm."""
    storm = await ctx.work.storms.current()
    text = text.removesuffix("数据").removesuffix("的").strip()
    if not text:
        return of_storm(storm, ctx.now) if storm else called("本周", ctx.now)
    said = word_in(text)
    if said is None:
        found = dated(text, ctx.now)
        return found[0] if found is not None and not found[1] else None
    word, rest = said
    if rest:
        return None
    if word != STORM:
        return called(word, ctx.now)
    last = await ctx.work.storms.latest()
    if last is None:
        raise NoStorm(STORM)
    return of_storm(last, ctx.now)


def of_storm(storm: Storm, now: datetime) -> Period:
    """What is reported the very moment in which it ends belongs to it."""
    return Period(storm.opened_at, (storm.closed_at or now) + timedelta(seconds=1), STORM)


async def cases_of(ctx: Context, period: Period) -> list[Case]:
    """In a building's group: those of the building. What was played for practice counts nowhere."""
    tickets = real(ctx.community, await ctx.work.tickets.reported(period.start, period.end))
    if not ctx.for_staff_only:
        tickets = [t for t in tickets if t.location.building == ctx.building]
    histories = await ctx.work.tickets.histories([t.number for t in tickets])
    return [Case(ticket, histories[ticket.number]) for ticket in tickets]


async def _params(message: Incoming, ctx: Context, period: Period, cases: Sequence[Case]) -> dict[str, Json]:
    buildings = sorted(by_building(cases).items(), key=lambda item: (item[0] is None, -len(item[1]), item[0] or ""))
    most = max((len(found) for _, found in buildings), default=1)
    lines: list[Json] = [
        {
            "where": ctx.community.building_name(id) or "楼外公共区域",
            "f": figures_json(figures(found, ctx.community, ctx.now)),
            "share": round(100 * len(found) / most),
        }
        for id, found in buildings
    ]
    hotline = None
    if ctx.for_staff_only:
        hotline = sum(period.start <= o.at < period.end for o in await ctx.work.hotline.since(period.start))
    people: list[Json] = [_person(ctx, p) for p in by_person(cases)] if _for_the_secretary(message, ctx) else []
    return {
        "said": said(period), "f": figures_json(figures(cases, ctx.community, ctx.now)), "buildings": lines,
        "hotline": hotline, "people": people, "community": ctx.community.name, "now": ctx.now.isoformat(),
    }  # fmt: skip


def _for_the_secretary(message: Incoming, ctx: Context) -> bool:
    """How each person did is nothing for their colleagues."""
    return message.chat.private and ctx.staff is not None and ctx.staff.role in HEADS


def said(period: Period) -> str:
    first, last = period.start, period.last_day
    days = f"{first.month}月{first.day}日"
    if first.date() != last.date():
        days += f"至{last.month}月{last.day}日"
    return f"{period.word}（{days}）" if period.word else days


def _person(ctx: Context, person: PersonFigures) -> Json:
    staff = ctx.community.staff.get(person.staff)
    return {
        "name": staff.name if staff else person.staff, "answers": person.answers, "minutes": person.minutes,
        "came": person.came,
    }  # fmt: skip


def figures_json(f: Figures) -> dict[str, Json]:
    return {
        "count": f.count, "still_open": f.still_open, "accept": f.accept, "arrive": f.arrive, "cleared": f.clear,
        "states": _counts({STATUS_NAMES[status]: n for status, n in f.states.items()}),
        "kinds": _counts({KIND_WORDS[kind]: n for kind, n in f.kinds.items()}),
        "by_property": _rate(f.by_property), "responded": _rate(f.responded), "solved": _rate(f.solved),
        "satisfied": _rate(f.satisfied),
    }  # fmt: skip


def _counts(found: Mapping[str, int]) -> list[Json]:
    most = max(found.values(), default=1)
    return [{"name": name, "count": n, "share": round(100 * n / most)} for name, n in found.items()]


def _rate(rate: Rate) -> Json:
    return {"hits": rate.hits, "of": rate.of, "percent": rate.percent}


router = Router(
    (Command(("统计", "看统计"), USAGE, "报了多少、多快、满意不满意", statistics, OFFICE, unasked=OF_A_TIME),)
)
