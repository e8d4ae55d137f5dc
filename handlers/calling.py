"""Who has to know, and where to reach them."""

from collections.abc import Sequence

from domain.announcements import call_staff
from domain.handling import Context
from domain.messages import Chat, Json, Mention, Person, Reply
from domain.roster import Staff
from domain.tickets import Ticket
from domain.vocabulary import GroupRole


def keepers(ctx: Context, building: str | None) -> tuple[Staff, ...]:
    """The building's social workers (包楼); where it has none its stewards, then the secretary."""
    return next(iter(ctx.community.ladder(building)), ())


def responsible(ctx: Context, ticket: Ticket) -> tuple[Staff, ...]:
    """Who accepted it, or those whose building it is."""
    if ticket.assignee and ticket.assignee in ctx.community.staff:
        return (ctx.community.staff[ticket.assignee],)
    return keepers(ctx, ticket.location.building)


def names(people: Sequence[Staff]) -> tuple[str, ...]:
    return tuple(person.name for person in people)


def staff_groups(ctx: Context) -> tuple[Chat, ...]:
    return tuple(Chat(g.channel, g.id) for g in ctx.community.groups if g.role is GroupRole.STAFF)


async def account(ctx: Context, staff: Staff) -> Person | None:
    """Where this staff member hears us best: the channel of this conversation before any other."""
    accounts = await ctx.work.people.accounts(staff.id)
    here = [a for a in accounts if a.channel == ctx.person.channel]
    return next(iter([*here, *accounts]), None)


async def call(
    ctx: Context, ticket: Ticket, people: Sequence[Staff], why: str, *, besides: Person | None = None, **params: Json
) -> list[Reply]:
    """To the staff group by name, and to each in private. besides: somebody who said it and needs no telling."""
    reached = [(s, await account(ctx, s)) for s in people]
    called = [(s, a) for s, a in reached if a is None or a != besides]
    mentions = [Mention(a, s.name) for s, a in called if a is not None]
    silent = [s.name for s, a in called if a is None]
    privately = [Chat.with_person(a) for _, a in called if a is not None]
    unreached: list[Json] = [*silent]
    return [
        *call_staff(ctx.community, ticket, staff_groups(ctx), mentions, why, unreached=unreached, **params),
        *call_staff(ctx.community, ticket, privately, mentions, why, unreached=[], **params),
    ]
