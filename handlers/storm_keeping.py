"""A storm opens, rises and closes: by a warning that was relayed, or by the word of the secretary."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain import standby
from domain.announcements import all_staff_chats
from domain.drills import real
from domain.handling import Context
from domain.messages import Json, Reply
from domain.ports import UnitOfWork
from domain.roster import Community
from domain.storms import Storm, stock
from domain.tickets import Ticket
from domain.trouble import LOOKED_BACK, past_trouble
from domain.vocabulary import Priority, ReplyKind
from domain.warnings import Action, OfficialWarning, rank_of
from handlers.readiness import gaps_of, params_of

MOST_SHOWN = 20
MOMENT = timedelta(seconds=1)


@dataclass(slots=True)
class Keeping:
    """Who keeps the storm, and with what. by: a person's name, "" for a feed."""

    work: UnitOfWork
    community: Community
    now: datetime
    by: str
    _past: Sequence[Ticket] | None = None

    async def past(self) -> Sequence[Ticket]:
        """Tickets of the last two years, those of this very moment included."""
        if self._past is None:
            past = await self.work.tickets.reported(self.now - LOOKED_BACK, self.now + MOMENT)
            self._past = real(self.community, past)
        return self._past

    @classmethod
    def of(cls, ctx: Context) -> "Keeping":
        return cls(ctx.work, ctx.community, ctx.now, ctx.actor.name)


async def follow(ctx: Keeping, warning: OfficialWarning, *, told: bool) -> tuple[Storm | None, list[Reply]]:
    """The storm that a warning belongs to, and what staff are told when it opens or rises. An all-clear closes none:
    a person does."""
    current = await ctx.work.storms.current()
    opens = told and warning.action is not Action.CANCEL and ctx.community.preparation.opens(warning.level)
    if not opens:
        return current, []
    return await raise_to(ctx, warning.level, warning.name)


async def raise_to(ctx: Keeping, level: str, reason: str) -> tuple[Storm, list[Reply]]:
    """Opens a storm, or lifts the open one to a higher level. Said once for each level."""
    current = await ctx.work.storms.current()
    if current is None:
        storm = await ctx.work.storms.put(Storm(ctx.now, level, reason, ctx.by))
        await _watch(ctx, standby.begun(ctx.community.preparation, storm, ctx.now))
        return storm, [*await _footing(ctx, storm, reason, 0, opened=True), *await _roster_gaps(ctx, storm)]
    storm = current.risen(level)
    if storm == current:
        return current, []
    await _watch(ctx, standby.risen(await ctx.work.standby.dues(), ctx.community.preparation, storm, ctx.now))
    before = len(ctx.community.preparation.steps(current.level))
    return await ctx.work.storms.put(storm), await _footing(ctx, storm, reason, before, opened=False)


async def _watch(ctx: Keeping, dues: Sequence[standby.Due]) -> None:
    for due in dues:
        await ctx.work.standby.put(due)


async def close(ctx: Keeping, storm: Storm) -> Storm:
    """Nothing of it is watched over any more."""
    await _watch(ctx, [replace(due, due_at=None) for due in await ctx.work.standby.dues()])
    return await ctx.work.storms.put(replace(storm, closed_at=ctx.now, closed_by=ctx.by))


async def _roster_gaps(ctx: Keeping, storm: Storm) -> list[Reply]:
    """Whom nobody can reach and which building nobody has: told where there is something to mend."""
    found = await gaps_of(ctx.work, ctx.community)
    params, key = params_of(found), f"storm:{storm.id}:gaps"
    chats = all_staff_chats(ctx.community) if found else ()
    return [Reply(chat, "roster_gaps", params, ReplyKind.ALERT, Priority.BROADCAST, dedupe_key=key) for chat in chats]


async def _footing(ctx: Keeping, storm: Storm, reason: str, told: int, *, opened: bool) -> list[Reply]:
    """To the staff group: on emergency footing, what is to be made ready, what there is. told: so many steps of the
    list were said before; each keeps its number."""
    steps = ctx.community.preparation.steps(storm.level)[told:]
    things: list[Json] = [f"{thing}{left}" for thing, left in stock(await ctx.work.storms.moves()).items()]
    todo: list[Json] = list(steps)
    spots: list[Json] = list(ctx.community.preparation.patrol if opened else ())
    before = past_trouble(ctx.community, await ctx.past()) if opened else []
    answers = ctx.community.preparation.answer_within is not None
    params: dict[str, Json] = {
        "reason": reason, "steps": todo, "told": told, "answers": answers, "things": things, "spots": spots,
        "opened": opened, "before": list[Json](before[:MOST_SHOWN]), "more": max(0, len(before) - MOST_SHOWN),
    }  # fmt: skip
    key = f"storm:{storm.id}:{storm.level}"
    priority = Priority.EMERGENCY if rank_of(storm.level) >= rank_of("橙色") else Priority.BROADCAST
    chats = all_staff_chats(ctx.community)
    return [Reply(chat, "storm_footing", params, ReplyKind.ALERT, priority, dedupe_key=key) for chat in chats]


async def tickets_since(ctx: Context, storm: Storm) -> list[Ticket]:
    """Those reported while the storm is open."""
    return real(ctx.community, await ctx.work.tickets.reported(storm.opened_at, ctx.now + MOMENT))
