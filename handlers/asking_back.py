"""回访: staff have the reporters asked whether what was mended holds; else it is done after a rain."""

from domain.announcements import answer
from domain.commands import numbers_in
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.rains import LOOKED_BACK, named, to_ask
from domain.tickets import Ticket
from handlers.finding import building_named, load
from handlers.telling import answering, with_params

USAGE = "回访，或者 回访 #12、回访 3号楼"
MOST_SHOWN = 20


async def ask_back(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """Asked in the next moment, by the budget of each group; at night in the morning."""
    to, numbers, where = answering(message, ctx), numbers_in(message.text), args.text.strip()
    found, missing = await load(ctx, numbers)
    if missing:
        return [answer("no_such_ticket", to, numbers=[*missing])]
    place = building_named(ctx, where)
    if not numbers and where and (place is None or place[1]):
        return [answer("usage", to, usage=USAGE)]
    building = place[0].id if place else None
    asked = to_ask(found, named(numbers, ctx.now)) if numbers else await _waiting(ctx, building)
    if asked:
        await ctx.work.rains.put(named([t.number for t in asked], ctx.now))
    shown: list[Json] = [t.number for t in asked] if len(asked) <= MOST_SHOWN else []
    quiet = ctx.community.quiet_hours.awake(ctx.now) != ctx.now
    params: dict[str, Json] = {"count": len(asked), "numbers": shown, "quiet": quiet}
    return [with_params(answer("rain_asked", to, asked[:MOST_SHOWN]), params)]


async def _waiting(ctx: Context, building: str | None) -> list[Ticket]:
    """Mended, and not asked about after a rain since; of one building, or of all."""
    found = await ctx.work.tickets.mended(ctx.now - LOOKED_BACK, ctx.now)
    here = [t for t in found if building is None or t.location.building == building]
    return to_ask(here, named((), ctx.now))


_OF_A_BUILDING = r"(?:\w{1,4}(?:号楼|座|栋|楼))?"
router = Router(
    (
        Command(
            ("回访",), USAGE, "问报修人修好的还漏不漏，雨后会自动问一次", ask_back, OFFICE, unasked=_OF_A_BUILDING
        ),
    )
)  # fmt: skip
