"""Which rain it is: told of by warnings and by storms, over when they end. After it people are asked (domain.rains)."""

from dataclasses import replace

from domain.editions import LOOK_BACK
from domain.merging import trusted
from domain.rains import Rain, Told, rainy
from domain.warnings import Action, OfficialWarning, in_force
from handlers.storm_keeping import Keeping


async def follow(ctx: Keeping, warning: OfficialWarning) -> None:
    """A warning of rain begins one, or says until when it lasts; the all-clear of the last one ends it."""
    if not rainy(warning):
        return
    current = await ctx.work.rains.current()
    editions = trusted(await ctx.work.storms.editions(ctx.now - LOOK_BACK))
    standing = [w for w in in_force(editions, ctx.now) if rainy(w)]
    if current is None and warning.action is not Action.CANCEL:
        current = Rain(ctx.now, Told.WARNING)
    if current is not None:
        over = max((w.ends_at() for w in standing), default=ctx.now)
        await ctx.work.rains.put(current.ends(over, ctx.community.quiet_hours))


async def storm_begins(ctx: Keeping) -> None:
    if await ctx.work.rains.current() is None:
        await ctx.work.rains.put(Rain(ctx.now, Told.STORM))


async def storm_ends(ctx: Keeping) -> None:
    """A rain that was over before, as the warnings had it, stays as it was. Who was asked is not asked again."""
    current = await ctx.work.rains.current()
    if current is not None and (current.over_at is None or current.over_at > ctx.now):
        await ctx.work.rains.put(replace(current.ends(ctx.now, ctx.community.quiet_hours), told=Told.STORM))
