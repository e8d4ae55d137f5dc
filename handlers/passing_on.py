"""An official warning that was decided about: kept, told to whom it is for, and the storm follows."""

from collections.abc import Collection, Sequence

from domain import mailings
from domain.announcements import all_staff_chats
from domain.editions import LOOK_BACK, TO_RESIDENTS, Edition, Relay, Why
from domain.messages import Chat, Json, Reply
from domain.relaying import Decision, contradicted_keys, dispute, outdated_keys, relay, told_keys
from domain.roster import Community
from domain.spreading import at_risk_first
from domain.vocabulary import Priority, ReplyKind
from domain.warnings import OfficialWarning, Standing
from handlers import rain_keeping, storm_keeping
from handlers.storm_keeping import Keeping


async def pass_on(
    ctx: Keeping, warning: OfficialWarning, decision: Decision, missed: Collection[Chat] = ()
) -> list[Reply]:
    """To be put into the outbox in the same commit. What it outdates is not sent any more, not even when nobody is
    told of this one. missed: chats that heard of no edition, though residents were told.
    """
    known = await ctx.work.storms.editions(ctx.now - LOOK_BACK)
    storm, footing = None, list[Reply]()
    if warning.standing is Standing.ACTUAL and warning.stormy and decision.relay is not Relay.NOBODY:
        storm, footing = await storm_keeping.follow(ctx, warning, told=decision.relay in TO_RESIDENTS)
    edition = await ctx.work.storms.add_edition(
        Edition(warning, ctx.now, decision.relay, decision.why, ctx.by, storm.id if storm else None)
    )
    outdated = outdated_keys(warning, known)
    if ctx.by or decision.why is Why.DISAGREES:
        outdated += contradicted_keys(warning, known)
    unheard = set(await ctx.work.outbox.withdraw(outdated, ctx.now))
    if unheard and decision.relay is Relay.ALL_CLEAR:  # who heard of an older edition is told that it is over
        unheard -= set(await ctx.work.outbox.said(told_keys(warning, known)))
    if decision.why is Why.DISAGREES:
        return dispute(ctx.community, (*known, edition), edition)
    if decision.why in {Why.EXPIRED, Why.OUTDATED}:
        return []
    if warning.standing is Standing.ACTUAL and decision.relay is not Relay.NOBODY:
        await rain_keeping.follow(ctx, warning)
    first = at_risk_first(ctx.community, await ctx.past()) if edition.relay in TO_RESIDENTS else []
    posts = relay(ctx.community, edition, unheard | set(missed), first)
    mailing = mailings.begun(mailings.Sort.WARNING, warning.headline, posts, ctx.now)
    if mailing is not None and edition.relay in TO_RESIDENTS:
        await ctx.work.mailings.put(mailing)
    return [*posts, *footing]


def missing_reference(community: Community, warning: OfficialWarning, known: Sequence[Edition]) -> list[Reply]:
    """To staff: it replaces or clears something that was never heard of, so something was missed."""
    keys = {e.warning.key for e in known}
    if not warning.references or keys.intersection(warning.references):
        return []
    params: dict[str, Json] = {"source": warning.source, "headline": warning.headline, "issuer": warning.issuer}
    key = f"warning:{warning.key}:unlinked"
    return [
        Reply(chat, "warning_unlinked", params, ReplyKind.ALERT, Priority.PROGRESS, dedupe_key=key)
        for chat in all_staff_chats(community)
    ]
