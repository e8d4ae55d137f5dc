"""备汛 and 收到: who is there once a storm has opened, and which items of the checklist are ready."""

import re
from collections.abc import Sequence

from domain.announcements import answer
from domain.errors import RuleBroken
from domain.handling import WORKERS, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.numerals import NUMERAL_CHARACTERS, number
from domain.standby import Answer, Signs, expected, latest, not_ready, there
from domain.storms import Storm
from domain.vocabulary import ReplyKind
from handlers import finding
from handlers.commanding import Done
from handlers.telling import answering

USAGE = "备汛（看清单）；备汛 1 3 好了；备汛 2 缺钥匙"
LONGEST = 120
_NUMBERS = re.compile(rf"^(?:第)?(?:(?:\d{{1,2}}|[{NUMERAL_CHARACTERS}]{{1,3}})(?:项|条|号)?[\s,、和.。]*)+")
_ONE = re.compile(rf"\d{{1,2}}|[{NUMERAL_CHARACTERS}]{{1,3}}")
_READY = re.compile(r"(?:都|全|已经?)*(?:好|完|到位|备好|齐|做|弄好|ok|OK|没问题)[^没缺差坏不]*")
_HEARD = re.compile(r"(?:好的?|嗯+)?[,，。 ]*(?:收到|明白|知道)了?[,，。!！~ ]*")


async def prepare(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    storm = await ctx.work.storms.current()
    if storm is None:
        raise RuleBroken("现在没有启动应急响应，没有要备的清单")
    steps = ctx.community.preparation.steps(storm.level)
    if not args.text:
        return [await _list(message, ctx, storm, steps)]
    said = _NUMBERS.match(args.text)
    if said is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    numbers = list(dict.fromkeys(number(one) or 0 for one in _ONE.findall(said.group())))
    unknown = [n for n in numbers if not 1 <= n <= len(steps)]
    if unknown:
        raise RuleBroken(f"清单上没有第{unknown[0]}项，一共{len(steps)}项")
    return await _note(message, ctx, storm, numbers, args.text[said.end() :].strip()[:LONGEST])


async def _note(message: Incoming, ctx: Context, storm: Storm, numbers: Sequence[int], words: str) -> list[Reply]:
    assert ctx.staff is not None, "a command of the staff"
    steps = ctx.community.preparation.steps(storm.level)
    done = not words or _READY.fullmatch(words) is not None
    for n in numbers:
        item = Answer(storm.id, ctx.staff.id, ctx.now, steps[n - 1], "" if done else words, done)
        await ctx.work.standby.answer(item)
    left = not_ready(steps, await ctx.work.standby.answers(storm.id))
    lines: list[Json] = [{"n": n, "what": steps[n - 1]} for n in numbers]
    still: list[Json] = [f"{n}. {step}" for n, step in left]
    return [answer("preparation_noted", answering(message, ctx), lines=lines, left=still, done=done, words=words)]


async def _list(message: Incoming, ctx: Context, storm: Storm, steps: Sequence[str]) -> Reply:
    said = latest(await ctx.work.standby.answers(storm.id))
    lines: list[Json] = [_line(ctx, n, step, said.get(step)) for n, step in enumerate(steps, 1)]
    here = there(storm, await signs_of(ctx, storm))
    missing: list[Json] = [s.name for s in expected(ctx.community, storm) if s.id not in here]
    return answer(
        "preparations", answering(message, ctx), kind=ReplyKind.STATUS, lines=lines, level=storm.level, missing=missing
    )


def _line(ctx: Context, n: int, step: str, said: Answer | None) -> dict[str, Json]:
    who = ctx.community.staff.get(said.staff) if said else None
    return {
        "n": n, "what": step, "done": said is not None and said.done, "words": said.words if said else "",
        "by": who.name if who else "", "at": said.at.isoformat() if said else None,
    }  # fmt: skip


async def signs_of(ctx: Context, storm: Storm) -> Signs:
    work = ctx.work
    return Signs(
        await work.standby.answers(storm.id), await work.storms.checks(storm.opened_at), await work.storms.moves(),
        await work.roster.duty_words(),
    )  # fmt: skip


async def step(message: Incoming, ctx: Context) -> Done | None:
    """A bare 收到 among staff while a storm is open: noted without a word. Elsewhere, about a ticket, or said again, it
    is talk."""
    if ctx.staff is None or not ctx.for_staff_only or _HEARD.fullmatch(message.text.strip()) is None:
        return None
    if await finding.quoted(message, ctx):
        return None
    storm = await ctx.work.storms.current()
    if storm is None or any(a.staff == ctx.staff.id for a in await ctx.work.standby.answers(storm.id)):
        return None
    await ctx.work.standby.answer(Answer(storm.id, ctx.staff.id, ctx.now))
    return Done()


router = Router(
    (
        Command(
            ("备汛", "备汛清单"), USAGE, "应急清单备好了没有", prepare, WORKERS, private=True,
            unasked=r"(?s:\s*第?[\d一二三四五六七八九十].{0,80})?",
        ),
    )
)  # fmt: skip
