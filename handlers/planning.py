"""定时广播: a text for later, once or again and again; listed and called off by command."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.announcements import answer
from domain.broadcasts import groups_of
from domain.drafts import Draft, DraftKind
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.numerals import number
from domain.plans import Every, Plan, leading_time
from domain.raw_words import narrowed
from handlers import broadcasting
from handlers.drafting import as_typed, keep
from handlers.telling import answering, with_params

WORDS = ("定时广播",)
USAGE = "定时广播 明天8点 [3号楼] 要说的话（或每天18:00、每周一9点、8月24日9:00）；看：定时广播 2；取消：取消定时 2"
MOST_SHOWN = 20
_AROUND = " \t\r\n\u3000:：,，、。"
_OFF = re.compile(r"(?:取消|删除|停止|撤销)\s*(?:第)?\s*(\S{1,4}?)\s*(?:条|个|号)?")
_SHOWN = re.compile(r"(?:看|查看)?\s*(?:第)?\s*(\d{1,4})\s*(?:条|个|号)?")
TIMES_SHOWN = 3
_AT_FIRST = re.compile(r"^(?:于|在)\s*")


async def prepare(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    text = as_typed(message, WORDS, args.text)
    if not text or text in {"列表", "清单"}:
        return [await _list(message, ctx)]
    one = _SHOWN.fullmatch(narrowed(text))
    if one is not None:
        return await _show(message, ctx, one[1])
    off = _OFF.fullmatch(narrowed(text))
    if off is not None:
        return await _call_off(message, ctx, off[1])
    text = text[len(match.group()) :] if (match := _AT_FIRST.match(text)) else text
    when = leading_time(narrowed(text), ctx.now)
    said = broadcasting.read(ctx, text[when.length :].strip(_AROUND)) if when else None
    if when is None or said is None or not said.text:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    broadcasting.check(ctx, said)
    content: dict[str, Json] = {
        "text": said.text, "buildings": list[Json](said.buildings),
        "at": when.at.isoformat(), "every": when.every.value,
    }  # fmt: skip
    await keep(message, ctx, DraftKind.PLAN, content)
    quiet = ctx.community.quiet_hours.holds(when.at.time())
    shown = {**broadcasting.preview(ctx, said), "quiet": quiet, "due": content["at"], "every": content["every"]}
    return [with_params(answer("plan_preview", answering(message, ctx)), shown)]


async def send(message: Incoming, ctx: Context, draft: Draft) -> list[Reply]:
    """Nothing is sent yet: it becomes a row with its time."""
    assert ctx.staff is not None, "drafts are made by staff"
    said, at = broadcasting.said_in(draft), datetime.fromisoformat(str(draft.content["at"]))
    every = Every(str(draft.content["every"]))
    if at <= ctx.now and every is Every.ONCE:
        raise RuleBroken("说好的时间已经过了，没有存。要马上发，请说：广播 要说的话")
    plan = Plan(said.text, said.buildings, every, at, at, ctx.staff.id, ctx.now)
    plan = await ctx.work.plans.put(plan if at > ctx.now else plan.moved_on(ctx.now, ctx.community.timetable))
    return [with_params(answer("plan_kept", answering(message, ctx)), _line(ctx, plan))]


async def _show(message: Incoming, ctx: Context, which: str) -> list[Reply]:
    """One in full, with its next times: what it will say, where and when."""
    plan = _named(await ctx.work.plans.coming(), which, "看")
    times: list[Json] = []
    at: datetime | None = plan.due_at
    while at is not None and len(times) < TIMES_SHOWN:
        times.append(at.isoformat())
        at = plan.next_after(at, ctx.community.timetable)
    groups: list[Json] = [name for _, name in groups_of(ctx.community, plan.buildings)]
    return [with_params(answer("plan_shown", answering(message, ctx)), {
        **_line(ctx, plan), "times": times, "groups": groups, "year": _guessed(ctx, plan),
    })]  # fmt: skip


def _guessed(ctx: Context, plan: Plan) -> int | None:
    schedule = ctx.community.timetable.named(plan.schedule)
    return ctx.community.timetable.guessed(schedule, plan.due_at) if schedule else None


async def _list(message: Incoming, ctx: Context) -> Reply:
    coming = await ctx.work.plans.coming()
    lines: list[Json] = [_line(ctx, plan) for plan in coming[:MOST_SHOWN]]
    return answer("plan_list", answering(message, ctx), lines=lines, count=len(coming), usage=USAGE)


def _line(ctx: Context, plan: Plan) -> dict[str, Json]:
    who = ctx.community.staff.get(plan.by)
    names: list[Json] = [ctx.community.building_name(building) for building in plan.buildings]
    return {
        "plan": plan.number,
        "due": (plan.due_at or plan.first_at).isoformat(),
        "every": plan.every.value,
        "text": plan.text,
        "buildings": names,
        "by": who.name if who else "",
        "schedule": plan.schedule,
    }


async def call_off(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    named = re.search(r"[0-9一二三四五六七八九十百两]{1,4}", args.text)
    return await _call_off(message, ctx, named.group() if named else "")


async def _call_off(message: Incoming, ctx: Context, which: str) -> list[Reply]:
    plan = _named(await ctx.work.plans.coming(), which, "取消")
    plan = await ctx.work.plans.put(replace(plan, due_at=None))
    return [with_params(answer("plan_called_off", answering(message, ctx)), _line(ctx, plan))]


def _named(plans: Sequence[Plan], which: str, what: str) -> Plan:
    """By its number; the only one may be left unnamed."""
    coming, wanted = {plan.number: plan for plan in plans}, number(which)
    if wanted is None and len(coming) == 1 and not which:
        [wanted] = coming
    if wanted is None or wanted not in coming:
        said = f"没有第{wanted}条定时广播" if wanted is not None else f"要{what}哪一条定时广播"
        have = "、".join(str(n) for n in coming)
        raise RuleBroken(f"{said}，{f'现在有：{have}' if have else '现在一条也没有'}")
    return coming[wanted]


router = Router(
    (
        Command(WORDS, USAGE, "到时间自动发通知", prepare, OFFICE, unasked=r"(?s:(?![的了吗没]).+)?"),
        Command(
            ("取消定时", "取消定时广播"), "取消定时 2", "取消一条定时广播", call_off, OFFICE, unasked=r"(?s:.{0,12})"
        ),
    )
)
