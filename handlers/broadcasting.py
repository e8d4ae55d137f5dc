"""广播: a text to the groups, shown first, sent when the same person says 确认."""

import re
from dataclasses import dataclass

from domain import mailings
from domain.announcements import answer
from domain.broadcasts import broadcast, groups_of, key_of
from domain.drafts import Draft, DraftKind
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.masking import mask
from domain.messages import Incoming, Json, Reply
from domain.numerals import NUMERAL_CHARACTERS, number
from domain.raw_words import narrowed
from domain.vocabulary import BuildingId
from handlers.drafting import as_typed, keep
from handlers.telling import answering, with_params

WORDS = ("广播",)
USAGE = "广播 [3号楼 5号楼] 要说的话（给您看过，回复“确认”才发）"
LONGEST = 1500
_ID = rf"(?:\d{{1,4}}|[A-Za-z]\d?|[{NUMERAL_CHARACTERS}]{{1,3}})"
_NAME = rf"{_ID}(?:号楼|号院|[座栋幢楼])"
_MORE = rf"{_ID}(?:号?[楼座栋幢])?\s*[、,，和及]\s*|{_NAME}\s+"
_LIST = re.compile(rf"^(?P<list>(?:{_MORE})*{_NAME})(?:\s*[:：,，]\s*|\s+|$)")
_ALL = re.compile(r"^(?:全部|所有|全体|各)(?:楼|楼栋|楼群|群|小区)?(?:[:：]\s*|\s+)")


@dataclass(frozen=True, slots=True)
class Said:
    """buildings: none for all."""

    text: str
    buildings: tuple[BuildingId, ...]


def read(ctx: Context, text: str) -> Said:
    """The buildings that a text begins with, and the rest as it was typed. Raises RuleBroken for an unknown one."""
    plain = narrowed(text)
    everyone = _ALL.match(plain)
    if everyone is not None:
        return Said(text[everyone.end() :].strip(), ())
    match = _LIST.match(plain)
    if match is None:
        return Said(text.strip(), ())
    names = re.findall(_ID, re.sub(r"号楼|号院|[座栋幢楼和及]", " ", match["list"]))
    return Said(text[match.end() :].strip(), tuple(dict.fromkeys(_building(ctx, name) for name in names)))


def _building(ctx: Context, name: str) -> BuildingId:
    ids = (name, name.upper(), str(number(name) or ""))
    known = next((building for id in ids if (building := ctx.community.building(id)) is not None), None)
    if known is None:
        raise RuleBroken(f"没有{name}号楼，请核对一下")
    return known.id


def check(ctx: Context, said: Said) -> None:
    if len(said.text) > LONGEST:
        raise RuleBroken(f"太长了，一条广播最多{LONGEST}个字")
    if not groups_of(ctx.community, said.buildings):
        raise RuleBroken("这几栋楼还没有绑定群，没有地方可发")


def preview(ctx: Context, said: Said) -> dict[str, Json]:
    groups: list[Json] = [name for _, name in groups_of(ctx.community, said.buildings)]
    quiet = ctx.community.quiet_hours.holds(ctx.now.timetz().replace(tzinfo=None))
    return {"text": said.text, "groups": groups, "quiet": quiet, "private": mask(said.text) != said.text}


async def prepare(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    said = read(ctx, as_typed(message, WORDS, args.text))
    to = answering(message, ctx)
    if not said.text:
        return [answer("usage", to, usage=USAGE)]
    check(ctx, said)
    await keep(message, ctx, DraftKind.BROADCAST, {"text": said.text, "buildings": list[Json](said.buildings)})
    return [with_params(answer("broadcast_preview", to), preview(ctx, said))]


def said_in(draft: Draft) -> Said:
    buildings = draft.content["buildings"]
    assert isinstance(buildings, list)
    return Said(str(draft.content["text"]), tuple(BuildingId(str(b)) for b in buildings))


async def send(message: Incoming, ctx: Context, draft: Draft) -> list[Reply]:
    said = said_in(draft)
    posts = broadcast(ctx.community, said.text, said.buildings, key_of(f"draft:{draft.id}"))
    mailing = mailings.begun(mailings.Sort.BROADCAST, said.text, posts, ctx.now)
    if mailing is not None:
        await ctx.work.mailings.put(mailing)
    return [answer("broadcast_sent", answering(message, ctx), groups=len(posts)), *posts]


router = Router((Command(WORDS, USAGE, "向楼群发通知", prepare, OFFICE, unasked=r"(?s:(?![的了里体站操员剧]).+)?"),))
