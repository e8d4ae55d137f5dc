"""The maintenance fund: when public damage is wide, the secretary is told how wide, and of the steps; once a year."""

from domain.handling import Context
from domain.messages import Chat, Json, Reply
from domain.repairs import public_damage
from domain.roster import Staff
from domain.tickets import Ticket
from domain.vocabulary import Priority, ReplyKind, Role, Ruling
from handlers.calling import account, staff_groups


async def hint(ctx: Context, ticket: Ticket) -> list[Reply]:
    """After a ruling: for whoever leads the community, in private; in the staff group where none of them is bound."""
    repairs = ctx.community.repairs
    if ticket.ruling is not Ruling.PUBLIC or not repairs.fund_places:
        return []
    since = ctx.now - repairs.fund_within
    tickets: dict[int, Ticket] = {}
    for building in (*ctx.community.buildings, None):
        tickets |= {t.number: t for t in await ctx.work.tickets.of_building(building, since)}
    damage = public_damage({**tickets, ticket.number: ticket}.values(), since)
    if damage is None or damage.places < repairs.fund_places:
        return []
    buildings: list[Json] = [
        {"where": ctx.community.building_name(building), "places": places}
        for building, places in sorted(damage.buildings.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    ]
    params: dict[str, Json] = {"places": damage.places, "buildings": buildings, "since": damage.since.isoformat()}
    chats = [Chat.with_person(a) for s in _secretaries(ctx) if (a := await account(ctx, s)) is not None]
    return [
        Reply(
            chat, "fund_hint", params, ReplyKind.OTHER, Priority.ANSWER, dedupe_key=f"fund:{ctx.now.year}"
        )
        for chat in chats or staff_groups(ctx)
    ]  # fmt: skip


def _secretaries(ctx: Context) -> list[Staff]:
    return [staff for staff in ctx.community.staff.values() if staff.role is Role.SECRETARY]
