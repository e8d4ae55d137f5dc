"""公示: the article for the official account: a draft, with what was left out and why; a person releases it.

No words of residents or staff go into it, only counts, times and public places: what is not there needs no mask.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from domain.announcements import answer
from domain.counting import REPAIRED, homes
from domain.drafts import Draft, DraftKind
from domain.editions import Relay
from domain.handling import OFFICE, Arguments, Command, Context, Router, source_of
from domain.messages import Document, Incoming, Json, Pair, Reply
from domain.privacy import public_title
from domain.records import Access
from domain.roster import FEWEST_HOMES_IN_A_BAND, Community
from domain.statistics import LEFT_OUT
from domain.tickets import Ticket
from domain.vocabulary import MediaId, ReplyKind, Scope, TicketNumber
from handlers import pairing
from handlers.accounting import Gathered, asked_for, figures, gather, warning_line
from handlers.drafting import keep
from handlers.statistics import OF_A_TIME, NoStorm
from handlers.telling import answering, with_params

USAGE = "公示 [本场雨，或两个日期]，例如：公示 8月23日 8月24日（给您看过，回复“确认”才定稿）"
MOST_PLACES = 60


async def prepare(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    to = answering(message, ctx)
    try:
        wanted = await asked_for(ctx, args.text)
    except NoStorm:
        return [answer("no_storm", to, kind=ReplyKind.STATUS)]
    if wanted is None:
        return [answer("usage", to, usage=USAGE)]
    known = await gather(ctx, *wanted)
    params, left_out = article(ctx.community, known, ctx.now), _left_out(known)
    content: dict[str, Json] = {"params": params, "pairs": [_stored(pair) for pair in known.pairs], "name": known.name}
    await keep(message, ctx, DraftKind.ARTICLE, content)
    shown = {**params, "draft": True, "left_out": left_out}
    draft = Document("article", "article", shown, f"公示草稿{known.name}", ("html", "md"), pairs=tuple(known.pairs))
    reply = with_params(answer("article_preview", to, kind=ReplyKind.DOCUMENT), shown)
    return [replace(reply, documents=(draft,))]


async def send(message: Incoming, ctx: Context, draft: Draft) -> list[Reply]:
    """What was shown, word for word; the pictures besides, since an editor wants them apart."""
    params, name, stored = draft.content["params"], draft.content["name"], draft.content["pairs"]
    assert isinstance(params, dict)
    assert isinstance(stored, list)
    pairs = tuple(_pair(one) for one in stored)
    by = ctx.staff.id if ctx.staff else None
    await ctx.work.accesses.note(
        Access(ctx.now, ctx.actor.name, "公示定稿", str(params["said"]), source_of(message), by)
    )
    final = Document("article", "article", params, f"公示{name}", ("html", "md"), pairs=pairs)
    pictures = [pairing.picture(pair, f"公示{name}-图{n}") for n, pair in enumerate(pairs, 1)]
    reply = answer("article_released", answering(message, ctx), kind=ReplyKind.DOCUMENT, pictures=len(pictures))
    return [replace(reply, documents=(final, *pictures))]


def _stored(pair: Pair) -> Json:
    return [pair.before, pair.after, pair.number, pair.place, pair.minutes]


def _pair(stored: Json) -> Pair:
    assert isinstance(stored, list)
    before, after, number, place, minutes = stored
    assert isinstance(number, int)
    minutes = minutes if isinstance(minutes, int) else None
    return Pair(MediaId(str(before)), MediaId(str(after)), TicketNumber(number), str(place), minutes)


def article(community: Community, known: Gathered, now: datetime) -> dict[str, Json]:
    """What the template of the article gets: no words that somebody wrote but the warnings' own."""
    counted = [t for t in known.tickets if t.status not in LEFT_OUT]
    public = [t for t in counted if t.scope is Scope.PUBLIC]
    return {
        **figures(community, known, now),
        "warnings": [{**warning_line(e), "cleared": e.relay is Relay.ALL_CLEAR} for e in known.warnings],
        "public": [_place(community, ticket) for ticket in public[:MOST_PLACES]],
        "more": max(0, len(public) - MOST_PLACES),
        "homes": _homes(community, counted),
        "pairs": [pair.place for pair in known.pairs],
        "date": now.isoformat(), "draft": False, "left_out": {},
    }  # fmt: skip


def _place(community: Community, ticket: Ticket) -> Json:
    clocks = ticket.clocks
    return {
        "title": public_title(community, ticket),
        "reported": clocks.reported.isoformat(),
        "arrived": clocks.arrived.isoformat() if clocks.arrived else None,
        "cleared": clocks.cleared.isoformat() if clocks.cleared else None,
        "minutes": ticket.minutes(clocks.cleared) if clocks.cleared else None,
    }


def _homes(community: Community, tickets: list[Ticket]) -> list[Json]:
    """By building, as far as four homes or more live in it: the article is read by the whole city."""
    found: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.scope is Scope.HOUSEHOLD:
            found.setdefault(_building(community, ticket), []).append(ticket)
    return [
        {"where": where, "count": homes(of_it), "repaired": homes([t for t in of_it if t.status in REPAIRED])}
        for where, of_it in sorted(found.items(), key=lambda item: (item[0] == "", item[0]))
    ]


def _building(community: Community, ticket: Ticket) -> str:
    building = community.building(ticket.location.building)
    if building is None or building.floors * building.rooms_per_floor * len(building.units) < FEWEST_HOMES_IN_A_BAND:
        return ""
    return building.name


def _left_out(known: Gathered) -> dict[str, Json]:
    """How much of what is not in it, for whoever releases it."""
    left = Counter(t.scope for t in known.tickets for _ in t.media)
    return {
        "cancelled": sum(t.status in LEFT_OUT for t in known.tickets),
        "photos": left[Scope.HOUSEHOLD],
        "public_photos": left[Scope.PUBLIC] - 2 * len(known.pairs),
        "rulings": sum(t.ruling is not None for t in known.tickets),
    }


router = Router(
    (
        Command(
            ("公示", "公示稿", "公众号文章"), USAGE, "写一篇公众号文章的草稿", prepare, OFFICE, private=True,
            unasked=OF_A_TIME,
        ),
    )
)  # fmt: skip
