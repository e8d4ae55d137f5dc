"""物资 and 领用: what there is, who took how much where to, and what runs low."""

import re
from dataclasses import dataclass

from domain.announcements import answer
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.numerals import NUMERAL_CHARACTERS, number
from domain.storms import SupplyMove, stock
from domain.vocabulary import Priority, ReplyKind
from handlers.calling import staff_groups
from handlers.telling import answering, with_params

USAGE = "物资（看库存）；物资 沙袋 200（盘点为200）；物资 沙袋 +50（增加）"
TAKE_USAGE = "领用 沙袋 20 3号楼"
MOST = 1_000_000
_UNIT = r"(?:袋|台|个|把|件|套|只|条|米|箱|副|双|卷|块|桶|捆|根)?"
_COUNT = rf"(?P<sign>[+-])?\s*(?P<count>\d{{1,7}}|[{NUMERAL_CHARACTERS}]{{1,6}})\s*{_UNIT}"
_COUNTED = re.compile(rf"(?P<thing>[^\d\s,、;:+-]{{1,12}}?)\s*{_COUNT}(?=$|[\s,、;。])")
_TAKEN = re.compile(
    rf"^(?P<thing>[^\d\s,、;:+-]{{1,12}}?)\s*{_COUNT}(?:[\s,、;:给到去往]+(?P<where>.{{1,40}}))?$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Line:
    thing: str
    amount: int
    added: bool = False


async def count(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if not args.text:
        return [await _list(message, ctx)]
    lines = _counted(args.text)
    if not lines:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    alerts: list[Reply] = []
    for line in lines:
        before = stock(await ctx.work.storms.moves())
        left = before.get(line.thing, 0) + line.amount if line.added else line.amount
        _check(line.thing, left, before.get(line.thing, 0))
        await ctx.work.storms.add_move(_move(ctx, line.thing, line.amount, counted=not line.added))
        alerts += await _alert(message, ctx, line.thing, before.get(line.thing), left)
    return [await _list(message, ctx), *alerts]


def _counted(text: str) -> list[Line]:
    """Every "沙袋 200" of a text; none where something else stands between them."""
    found = list(_COUNTED.finditer(text))
    if re.sub(r"[\s,、;。和]", "", _COUNTED.sub("", text)):
        return []
    lines = [Line(m["thing"], number(m["count"]) or 0, m["sign"] is not None) for m in found]
    return [
        Line(line.thing, -line.amount, added=True) if m["sign"] == "-" else line
        for line, m in zip(lines, found, strict=True)
    ]


def _check(thing: str, left: int, before: int) -> None:
    if left < 0:
        raise RuleBroken(f"{thing}只有{before}，不够")
    if left > MOST:
        raise RuleBroken(f"{thing}的数太大了，请核对一下")


def _move(ctx: Context, thing: str, amount: int, *, counted: bool, where: str = "") -> SupplyMove:
    assert ctx.staff is not None, "a command of the office"
    return SupplyMove(thing, amount, counted, ctx.now, ctx.staff.id, where)


async def take(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    match = _TAKEN.match(args.text.strip())
    amount = number(match["count"]) if match else None
    if match is None or not amount:
        return [answer("usage", answering(message, ctx), usage=TAKE_USAGE)]
    thing, where = match["thing"], (match["where"] or "").strip()
    left = stock(await ctx.work.storms.moves())
    if thing not in left:
        have = "、".join(left) or "还没有盘点过"
        raise RuleBroken(f"库存里没有{thing}（{have}）。先盘点：物资 {thing} 数量")
    if left[thing] < amount:
        raise RuleBroken(f"{thing}只剩{left[thing]}，不够{amount}")
    await ctx.work.storms.add_move(_move(ctx, thing, -amount, counted=False, where=where))
    rest = left[thing] - amount
    told = answer(
        "supply_taken", answering(message, ctx), thing=thing, amount=amount, where=where, left=rest, by=ctx.actor.name
    )  # fmt: skip
    return [told, *await _alert(message, ctx, thing, left[thing], rest)]


async def _alert(message: Incoming, ctx: Context, thing: str, before: int | None, left: int) -> list[Reply]:
    """Once, when it falls below what is enough."""
    least = ctx.community.preparation.low.get(thing)
    if least is None or left >= least or (before is not None and before < least):
        return []
    params: dict[str, Json] = {"thing": thing, "left": left, "least": least}
    return [Reply(chat, "supply_low", params, ReplyKind.ALERT, Priority.ANSWER) for chat in staff_groups(ctx)]


async def _list(message: Incoming, ctx: Context) -> Reply:
    left, low = stock(await ctx.work.storms.moves()), ctx.community.preparation.low
    lines: list[Json] = [
        {"thing": thing, "left": amount, "low": amount < low.get(thing, 0)} for thing, amount in left.items()
    ]
    missing: list[Json] = [thing for thing in low if thing not in left]
    return with_params(
        answer("supplies", answering(message, ctx)), {"lines": lines, "missing": missing, "usage": USAGE}
    )


_NUMBERS = r"(?s:[^的了吗呢吧没?？]{0,60}\d[^?？吗呢]*)?"
router = Router(
    (
        Command(
            ("物资",), USAGE, "防汛物资的库存", count, OFFICE, unasked=r"(?s:[^的了吗呢吧没?？]{0,60}\d[^?？吗呢]*)?"
        ),
        Command(
            ("领用",),
            TAKE_USAGE,
            "领走物资，记到库存里",
            take,
            OFFICE,
            wants_text=True,
            unasked=rf"(?s:.*[\d{NUMERAL_CHARACTERS}].*)",
        ),
    )
)
