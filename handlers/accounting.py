"""复盘: the account of a storm or of some days, for staff: what happened when, how fast, what was missed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.accounts import Span, acknowledged_at, answered_at, arrived_at, cleared_at, record, span
from domain.announcements import answer
from domain.audit import Promised
from domain.broadcasts import groups_of
from domain.counting import counted
from domain.drills import real
from domain.editions import TO_RESIDENTS, Edition
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Document, Incoming, Json, Pair, Reply
from domain.periods import STORM, Period
from domain.privacy import public_title
from domain.roster import Community
from domain.statistics import LEFT_OUT, Case
from domain.storms import Storm
from domain.tickets import STATUS_NAMES, Ticket
from domain.vocabulary import ReplyKind, Scope, StaffId
from handlers import pairing
from handlers.statistics import OF_A_TIME, NoStorm, read_period, said
from handlers.telling import answering

USAGE = "复盘 [本场雨，或两个日期]，例如：复盘 8月23日 8月24日"
MOST_LINES = 400
"""Of the timeline; what is beyond is in 导出 工单."""
MOST_PAIRS = 6
EARLIER = timedelta(days=1)
"""A storm is opened by a warning that was dealt with a moment before."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that is known of a time. storm: where it is one."""

    period: Period
    storm: Storm | None
    cases: Sequence[Case]
    warnings: Sequence[Edition]
    hotline: int
    pairs: Sequence[Pair]

    @property
    def tickets(self) -> list[Ticket]:
        return [case.ticket for case in self.cases]

    @property
    def name(self) -> str:
        return f"{self.period.start:%Y%m%d}"


async def asked_for(ctx: Context, text: str) -> tuple[Period, Storm | None] | None:
    """Nothing said: the last storm, else this week. None: not understood. Raises NoStorm."""
    storm = await ctx.work.storms.latest()
    period = await read_period(ctx, text or (STORM if storm else ""))
    if period is None:
        return None
    return period, storm if period.word == STORM else None


async def gather(ctx: Context, period: Period, storm: Storm | None) -> Gathered:
    tickets = real(ctx.community, await ctx.work.tickets.reported(period.start, period.end))
    histories = await ctx.work.tickets.histories([t.number for t in tickets])
    cases = [Case(ticket, histories[ticket.number]) for ticket in tickets]
    editions = await ctx.work.storms.editions(period.start - EARLIER)
    orders = await ctx.work.hotline.since(period.start)
    return Gathered(
        period,
        storm,
        cases,
        [e for e in editions if e.relay in TO_RESIDENTS and _within(e, period, storm)],
        sum(order.at < period.end for order in orders),
        await _pairs(ctx, cases),
    )


def _within(edition: Edition, period: Period, storm: Storm | None) -> bool:
    of_storm = storm is not None and edition.storm == storm.id
    return of_storm or period.start <= edition.seen_at < period.end


async def _pairs(ctx: Context, cases: Sequence[Case]) -> list[Pair]:
    """Of public places: a home agreed to be shown to its neighbours at most."""
    found: list[Pair] = []
    for case in cases:
        if case.ticket.scope is not Scope.PUBLIC or len(found) == MOST_PAIRS:
            continue
        after = pairing.released_after(case.events)
        pair = await pairing.pair_of(ctx, case.ticket, after, case.events)
        found += [pair] if pair else []
    return found


async def review(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    to = answering(message, ctx)
    try:
        wanted = await asked_for(ctx, args.text)
    except NoStorm:
        return [answer("no_storm", to, kind=ReplyKind.STATUS)]
    if wanted is None:
        return [answer("usage", to, usage=USAGE)]
    told = await account(ctx, await gather(ctx, *wanted))
    reply = answer("account", to, kind=ReplyKind.DOCUMENT, **told.params)
    return [replace(reply, documents=(told,))]


async def account(ctx: Context, known: Gathered) -> Document:
    """The paper, and a page that any browser shows."""
    params = await _params(ctx, known)
    return Document("minutes", "account_words", params, f"复盘{known.name}", ("pdf", "html"), pairs=tuple(known.pairs))


async def _params(ctx: Context, known: Gathered) -> dict[str, Json]:
    lines = sorted(
        [*_of_warnings(known), *_of_storm(known), *_of_tickets(ctx, known), *await _of_keeping(ctx, known)],
        key=lambda line: str(line["at_time"]),
    )
    groups = [chat for chat, _ in groups_of(ctx.community, ())]
    sent = await ctx.work.outbox.sent(groups, known.period.start, known.period.end) if groups else {}
    shown: list[Json] = [*lines[:MOST_LINES]]
    return {
        **figures(ctx.community, known, ctx.now),
        "lines": shown, "more": max(0, len(lines) - MOST_LINES),
        "groups": len(groups), "posts": sum(sent.values()), "answers": sent.get(ReplyKind.ACK, 0),
        "by": ctx.actor.name, "now": ctx.now.isoformat(),
        "pairs": [f"#{pair.number} {pair.place}" for pair in known.pairs],
    }  # fmt: skip


def figures(community: Community, known: Gathered, now: datetime) -> dict[str, Json]:
    """What the account and the article have in common: counts, times, promises; no names."""
    counts = counted(known.tickets)
    kept = record(known.cases, community, now)
    promised: list[Json] = [
        {"what": what.value, "of": kept.of[what], "kept": kept.kept.get(what, 0)}
        for what in Promised
        if what in kept.of
    ]
    missed: list[Json] = [{"number": m.ticket, "what": m.what.value, "minutes": m.minutes} for m in kept.missed]
    return {
        "community": community.name, "said": said(known.period), "days": said(replace(known.period, word="")),
        "level": known.storm.level if known.storm else "",
        "reports": sum(t.status not in LEFT_OUT for t in known.tickets),
        "left_out": sum(t.status in LEFT_OUT for t in known.tickets),
        "public_repaired": counts.public_repaired, "homes_repaired": counts.homes_repaired, "open": counts.open,
        "reporters": counts.reporters, "hotline": known.hotline,
        "acknowledged": _span(known, acknowledged_at), "answered": _span(known, answered_at),
        "arrived": _span(known, arrived_at), "cleared": _span(known, cleared_at),
        "promised": promised, "missed": missed, "reminded": kept.reminded, "reopened": kept.reopened,
    }  # fmt: skip


def _span(known: Gathered, clock: Callable[[Case], datetime | None]) -> Json:
    found: Span | None = span(known.cases, clock)
    if found is None:
        return None
    return {"median": found.median, "longest": found.longest, "slowest": found.slowest, "of": found.of}


Line = dict[str, Json]


def warning_line(edition: Edition) -> Line:
    """Its own title, who issued it and when."""
    w = edition.warning
    return {"headline": w.headline, "issuer": w.issuer, "issued_at": w.issued_at.isoformat()}


def _of_warnings(known: Gathered) -> list[Line]:
    return [{"what": "warning", "at_time": _iso(e.seen_at), **warning_line(e)} for e in known.warnings]


def _of_storm(known: Gathered) -> list[Line]:
    storm = known.storm
    if storm is None:
        return []
    lines: list[Line] = [{"what": "opened", "at_time": _iso(storm.opened_at), "words": storm.reason, "by": storm.by}]
    if storm.closed_at is not None:
        lines.append({"what": "closed", "at_time": _iso(storm.closed_at), "words": "", "by": storm.closed_by})
    return lines


def _of_tickets(ctx: Context, known: Gathered) -> list[Line]:
    return [_of_ticket(ctx, case.ticket) for case in known.cases]


def _of_ticket(ctx: Context, ticket: Ticket) -> Line:
    clocks = ticket.clocks
    return {
        "what": "ticket", "at_time": _iso(clocks.reported), "number": ticket.number,
        "title": public_title(ctx.community, ticket), "status": STATUS_NAMES[ticket.status],
        "arrived": _iso(clocks.arrived) if clocks.arrived else None,
        "cleared": _iso(clocks.cleared) if clocks.cleared else None,
        "minutes": ticket.minutes(clocks.cleared) if clocks.cleared else None,
        "worker": _name(ctx, ticket.assignee) if ticket.assignee else "",
    }  # fmt: skip


async def _of_keeping(ctx: Context, known: Gathered) -> list[Line]:
    """Patrols and supplies."""
    start, end = known.period.start, known.period.end
    checks = [c for c in await ctx.work.storms.checks(start) if c.at < end]
    moves = [m for m in await ctx.work.storms.moves() if start <= m.at < end]
    walked: list[Line] = [
        {
            "what": "patrol",
            "at_time": _iso(c.at),
            "spot": c.spot,
            "words": c.words,
            "number": c.ticket,
            "by": _name(ctx, c.by),
        }
        for c in checks
    ]
    return walked + [
        {
            "what": "supply", "at_time": _iso(m.at), "thing": m.thing, "amount": abs(m.amount), "counted": m.counted,
            "taken": m.amount < 0, "where": m.where, "by": _name(ctx, m.by),
        }
        for m in moves
    ]  # fmt: skip


def _name(ctx: Context, staff: StaffId) -> str:
    known = ctx.community.staff.get(staff)
    return known.name if known else ""


def _iso(at: datetime) -> str:
    return at.isoformat()


router = Router(
    (
        Command(
            ("复盘", "雨后复盘"), USAGE, "一场雨的账：时间线、快慢、承诺", review, OFFICE, private=True,
            unasked=OF_A_TIME,
        ),
    )
)  # fmt: skip
