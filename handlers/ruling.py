"""Who pays: 定责. People rule; the property is a party to it and may only propose. Never said in a building's group."""

from collections.abc import Mapping
from dataclasses import replace

from domain.announcements import Answering, about, answer
from domain.errors import RuleBroken
from domain.handling import WORKERS, Arguments, Command, Context, Needs, Router, source_of
from domain.home_plans import RULING_NAMES
from domain.messages import Chat, Incoming, Json, Reply
from domain.tickets import Ticket, TicketEvent, What
from domain.vocabulary import ReplyKind, Role, Ruling, Status
from handlers import fund, photos
from handlers.calling import call, keepers
from handlers.telling import answering, with_params, words
from handlers.work import own_photos

RULING_USAGE = "定责 #12 公共/未改动/已改动/质保 依据，例如：定责 #12 公共 楼顶防水层开裂"
SAID: Mapping[str, Ruling] = {
    "公共部位": Ruling.PUBLIC,
    "公共": Ruling.PUBLIC,
    "未改动": Ruling.UNALTERED,
    "没改动": Ruling.UNALTERED,
    "没有改动": Ruling.UNALTERED,
    "已改动": Ruling.ALTERED,
    "改动过": Ruling.ALTERED,
    "改动": Ruling.ALTERED,
    "质保期": Ruling.WARRANTY,
    "质保": Ruling.WARRANTY,
    "保修": Ruling.WARRANTY,
}
RULERS = frozenset({Role.SOCIAL_WORKER, Role.SECRETARY, Role.ADMINISTRATOR})


async def rule(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    [ticket] = args.tickets
    found = _read(args.text)
    if found is None:
        return [answer("usage", answering(message, ctx), usage=RULING_USAGE)]
    ruling, basis = found
    if ticket.status in {Status.CANCELLED, Status.MERGED}:
        raise RuleBroken(f"#{ticket.number} 已经撤销或并入别的单，不用定责")
    rules = ctx.staff is not None and ctx.staff.role in RULERS
    sent = await own_photos(message, ctx)
    details: dict[str, Json] = {"ruling": ruling, "basis": basis, "proposal": not rules}
    event = TicketEvent(ticket.number, ctx.now, What.RULED, ctx.actor, source_of(message), details)
    ruled = replace(ticket, ruling=ruling if rules else ticket.ruling, updated=ctx.now)
    await ctx.work.tickets.save(ruled, event)
    ruled = await photos.attach(ctx, ruled, sent, message)
    return await (_ruled if rules else _proposed)(message, ctx, ruled, (ruling, basis))


def _read(text: str) -> tuple[Ruling, str] | None:
    """The ruling and its basis, in either order; a basis there must be."""
    word = next((w for w in sorted(SAID, key=len, reverse=True) if w in text), None)
    if word is None:
        return None
    basis = text.replace(word, " ", 1).strip(" ,，。:：;；、")
    return (SAID[word], basis) if len(basis) >= 2 else None


async def _proposed(message: Incoming, ctx: Context, ticket: Ticket, what: tuple[Ruling, str]) -> list[Reply]:
    ruling, basis = what
    told: dict[str, Json] = {"ruling": RULING_NAMES[ruling], "basis": basis, "by": ctx.actor.name}
    people = [p for p in keepers(ctx, ticket.location.building) if p.role in RULERS]
    people = people or list(ctx.community.in_charge(ticket.location.building, Role.SECRETARY))
    reply = with_params(answer("ruling_proposed", answering(message, ctx), [ticket], number=ticket.number), told)
    return [reply, *await call(ctx, ticket, people, "call_ruling_proposed", besides=ctx.person, **told)]


async def _ruled(message: Incoming, ctx: Context, ticket: Ticket, what: tuple[Ruling, str]) -> list[Reply]:
    ruling, basis = what
    told: dict[str, Json] = {"ruling": RULING_NAMES[ruling], "basis": basis, "by": ctx.actor.name}
    household = _tell_household(ctx, ticket, ruling, basis)
    known = {**about(ctx.community, ticket, full=True), **told, "told": len(household)}
    reply = with_params(answer("ruling_kept", answering(message, ctx), [ticket]), known)
    stewards = ctx.community.in_charge(ticket.location.building, Role.STEWARD)
    calls = await call(ctx, ticket, stewards, "call_ruled", besides=ctx.person, **told)
    return [reply, *(c for c in calls if c.chat != message.chat), *household, *await fund.hint(ctx, ticket)]


def _tell_household(ctx: Context, ticket: Ticket, ruling: Ruling, basis: str) -> list[Reply]:
    """Each reporter, in private; what the basis says of others is made unreadable. Who has to pay hears of crews."""
    said = words(ctx, [ticket], basis)
    crews: list[Json] = [
        {"name": crew.name, "phone": crew.phone, "does": crew.does}
        for crew in (ctx.community.repairs.contractors if ruling is Ruling.ALTERED else ())
    ]
    told = []
    for reporter in ticket.reporters:
        to = Answering(Chat.with_person(reporter.person), reporter.person, reporter.name, reporter.message)
        reply = answer(
            "ruling_told", to, [ticket], kind=ReplyKind.OTHER,
            number=ticket.number, ruling=ruling.value, basis=said, by=ctx.actor.name, crews=crews,
        )  # fmt: skip
        told.append(replace(reply, reply_to=None))
    return told


router = Router(
    (
        Command(
            ("定责",), RULING_USAGE, "定谁来修、谁承担（私下告知住户）", rule, WORKERS, Needs.ONE, private=True,
            wants_text=True,
        ),
    )
)  # fmt: skip
