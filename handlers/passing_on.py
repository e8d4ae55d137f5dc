"""An official warning that was decided about: kept, told to whom it is for, and the storm follows."""

from datetime import timedelta

from domain.messages import Reply
from domain.relaying import TO_RESIDENTS, Decision, Edition, Relay, outdated_keys, relay
from domain.spreading import at_risk_first
from domain.warnings import OfficialWarning, Standing
from handlers import rain_keeping, storm_keeping
from handlers.storm_keeping import Keeping

LOOK_BACK = timedelta(days=7)


async def pass_on(ctx: Keeping, warning: OfficialWarning, decision: Decision) -> list[Reply]:
    """To be put into the outbox in the same commit. What it outdates is not sent any more."""
    known = await ctx.work.storms.editions(ctx.now - LOOK_BACK)
    storm, footing = None, list[Reply]()
    if warning.standing is Standing.ACTUAL and warning.stormy and decision.relay is not Relay.NOBODY:
        storm, footing = await storm_keeping.follow(ctx, warning, told=decision.relay in TO_RESIDENTS)
    edition = await ctx.work.storms.add_edition(
        Edition(warning, ctx.now, decision.relay, decision.why, ctx.by, storm.id if storm else None)
    )
    if decision.relay is Relay.NOBODY:
        return []
    if warning.standing is Standing.ACTUAL:
        await rain_keeping.follow(ctx, warning)
    unheard = await ctx.work.outbox.withdraw(outdated_keys(warning, known), ctx.now)
    first = at_risk_first(ctx.community, await ctx.past()) if edition.relay in TO_RESIDENTS else []
    return [*relay(ctx.community, edition, unheard, first), *footing]
