"""应急响应 and 雨情: the secretary's word that opens and closes a storm, and how things stand."""

import re
from dataclasses import replace

from domain.announcements import answer
from domain.editions import LOOK_BACK
from domain.errors import RuleBroken
from domain.handling import HEADS, OFFICE, Arguments, Command, Context, Router
from domain.merging import standing_at
from domain.messages import Chat, Incoming, Json, Reply
from domain.standby import unwalked
from domain.statistics import LEFT_OUT
from domain.storm_picture import low
from domain.storms import Storm
from domain.vocabulary import GroupRole, Priority, ReplyKind
from domain.warnings import OfficialWarning
from handlers import accounting, rain_keeping, storm_keeping
from handlers.calling import staff_groups
from handlers.statistics import of_storm
from handlers.storm_keeping import Keeping
from handlers.telling import answering, with_params

USAGE = "应急响应 启动 四级（一到四级）；应急响应 解除"
_START = re.compile(r"启动|开启|升级|调整|进入|提升")
_END = re.compile(r"解除|终止|结束|取消|停止|关闭")
_GRADE = re.compile(r"(?P<grade>[一二三四1-4]|IV|I{1,3})\s*级|(?P<colour>[蓝黄橙红])色?")
_GRADES = {"1": "一", "2": "二", "3": "三", "4": "四", "I": "一", "II": "二", "III": "三", "IV": "四"}


async def respond(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    grade = _GRADE.search(args.text)
    if _END.search(args.text):
        return await _close(message, ctx)
    if _START.search(args.text) is None or grade is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    said = grade["grade"]
    level = f"{_GRADES.get(said, said)}级" if said else f"{grade['colour']}色"
    return await _open(message, ctx, level)


async def _open(message: Incoming, ctx: Context, level: str) -> list[Reply]:
    before = await ctx.work.storms.current()
    storm, footing = await storm_keeping.raise_to(Keeping.of(ctx), level, f"应急响应{level}")
    if storm == before:
        raise RuleBroken(f"应急状态已经是{storm.level}了，没有变化")
    await rain_keeping.storm_begins(Keeping.of(ctx))
    return [answer("response_started", answering(message, ctx), level=level), *footing]


async def _close(message: Incoming, ctx: Context) -> list[Reply]:
    """After the all-clear only: while an official warning stands nobody is told that it is over."""
    storm = await ctx.work.storms.current()
    if storm is None:
        raise RuleBroken("现在没有启动应急响应，不用解除")
    standing = [w for w in await _standing(ctx) if w.stormy and ctx.community.preparation.opens(w.level)]
    if standing:
        names = "、".join(f"{w.issuer}{w.name}" for w in standing)
        raise RuleBroken(f"{names}还在生效。等官方解除了，先转发解除的原文，再说：应急响应 解除")
    closed = await storm_keeping.close(Keeping.of(ctx), storm)
    await rain_keeping.storm_ends(Keeping.of(ctx))
    told = await _account(ctx, storm)
    papers = (await accounting.account(ctx, await accounting.gather(ctx, of_storm(closed, ctx.now), closed)),)
    key = f"storm:{storm.id}:closed"
    posts = [
        Reply(chat, "response_ended", told, ReplyKind.ALERT, Priority.PROGRESS, dedupe_key=key, documents=papers)
        for chat in staff_groups(ctx)
        if chat != message.chat
    ]
    ended = with_params(answer("response_ended", answering(message, ctx)), told)
    ended = replace(ended, documents=papers if ctx.for_staff_only else ())
    return [ended, *posts, *await _all_clear(ctx, closed)]


async def _all_clear(ctx: Context, storm: Storm) -> list[Reply]:
    """One line to each building's group, with what became of its own reports; nothing is waked up for it."""
    tickets = [t for t in await storm_keeping.tickets_since(ctx, storm) if t.status not in LEFT_OUT]
    posts: list[Reply] = []
    for group in ctx.community.groups:
        if group.role is not GroupRole.BUILDING:
            continue
        own = [t for t in tickets if t.location.building == group.building]
        told: dict[str, Json] = {"reports": len(own), "open": sum(t.open for t in own)}
        posts.append(
            Reply(
                Chat(group.channel, group.id), "storm_over", told, ReplyKind.BROADCAST, Priority.BROADCAST,
                own_accord=True, may_wait=True, dedupe_key=f"storm:{storm.id}:over",
            )
        )  # fmt: skip
    return posts


async def _account(ctx: Context, storm: Storm) -> dict[str, Json]:
    """The storm in numbers: how long, how many, what is still open."""
    tickets = [t for t in await storm_keeping.tickets_since(ctx, storm) if t.status not in LEFT_OUT]
    return {
        "level": storm.level,
        "since": storm.opened_at.isoformat(),
        "minutes": int((ctx.now - storm.opened_at).total_seconds() // 60),
        "tickets": len(tickets),
        "open": len([t for t in tickets if t.open]),
        "by": ctx.actor.name,
    }


async def _standing(ctx: Context) -> list[OfficialWarning]:
    return standing_at(await ctx.work.storms.editions(ctx.now - LOOK_BACK), ctx.now)


async def situation(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """雨情: warnings in force, word for word their titles; the storm, its tickets, what runs low, what was not walked.
    In a building's group no more than residents may see."""
    storm = await ctx.work.storms.current()
    lines: list[Json] = [
        {"headline": w.headline, "issuer": w.issuer, "issued_at": w.issued_at.isoformat()} for w in await _standing(ctx)
    ]
    params: dict[str, Json] = {
        "warnings": lines,
        "storm": await _account(ctx, storm) if storm else None,
        "low": list[Json](low(ctx.community, await ctx.work.storms.moves())) if ctx.for_staff_only else [],
        "unwalked": await _unwalked(ctx, storm) if ctx.for_staff_only and storm else [],
    }
    return [with_params(answer("situation", answering(message, ctx), kind=ReplyKind.STATUS), params)]


async def _unwalked(ctx: Context, storm: Storm) -> list[Json]:
    checks = await ctx.work.storms.checks(storm.opened_at)
    return [*unwalked(ctx.community.preparation.patrol, checks, storm.opened_at)]


router = Router(
    (
        Command(
            ("应急响应", "应急状态"), USAGE, "启动或解除应急响应", respond, HEADS,
            unasked=r"(?s:\s*(?:启动|解除|升级|终止|结束|调整|[一二三四1-4]级).{0,12})?",
        ),
        Command(("雨情", "汛情"), "雨情", "现在有哪些预警、多少单、缺什么", situation, OFFICE, unasked=""),
    )
)  # fmt: skip
