"""转发预警: an official warning that a person pasted, shown back as it was read, passed on when they say 确认.
核对预警: which of two sources is right, where they contradict each other; the same way.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from domain.announcements import answer
from domain.drafts import Draft, DraftKind
from domain.editions import LOOK_BACK, TO_RESIDENTS, Edition, Relay, Why
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.merging import Dispute, agrees, contradicts, disputes, same, twins
from domain.messages import Chat, Incoming, Json, Reply
from domain.relaying import Decision, decide, keys_of, ruled
from domain.vocabulary import GroupRole
from domain.warning_titles import Missing, read_warning
from domain.warnings import PERSON, Action, OfficialWarning
from handlers.drafting import as_typed, keep
from handlers.passing_on import pass_on
from handlers.storm_keeping import Keeping
from handlers.telling import answering, with_params

WORDS = ("转发预警", "转发官方预警", "预警转发")
USAGE = "转发预警 官方原文（要有发布单位和时间；给您看过，回复“确认”才发）"
CHECK_WORDS = ("核对预警", "预警核对")
CHECK_USAGE = "核对预警 12 甲（或乙；先跟发布单位核对过，给您看过，回复“确认”才发）"
LIVE = timedelta(minutes=30)
"""A source that was read so lately can be asked whether it has a warning."""
LAG = timedelta(minutes=15)
"""So long after the issue every source should have it."""
_NUMBERED = re.compile(r"^\s*#?(?P<alone>\d{1,9})\s*$|请回复：转发预警 (?P<quoted>\d{1,9})）")
_SIDE = re.compile(r"(?P<number>\d{1,9})?[\s号第份,、:]*(?P<side>[甲乙])?")


@dataclass(frozen=True, slots=True)
class Weighed:
    """against: what was heard before and contradicts it. unknown_to: live sources that should have it and do not.
    missed: chats that did not get it because it was in doubt.
    """

    decision: Decision
    against: tuple[Edition, ...] = ()
    unknown_to: tuple[str, ...] = ()
    missed: frozenset[Chat] = field(default_factory=frozenset)

    @property
    def pointless(self) -> bool:
        return self.decision.relay is Relay.NOBODY and not self.missed


async def prepare(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    text = as_typed(message, WORDS, args.text) or await _quoted(message, ctx)
    to = answering(message, ctx)
    if not text:
        return [answer("usage", to, usage=USAGE)]
    numbered = _NUMBERED.search(text)
    if numbered is not None:
        return await _numbered(message, ctx, int(numbered["alone"] or numbered["quoted"]))
    read = read_warning(text, ctx.now)
    if isinstance(read, Missing):
        return [answer("warning_unread", to, missing=read.value)]
    return await _show(message, ctx, read, {"text": text})


async def _numbered(message: Incoming, ctx: Context, number: int) -> list[Reply]:
    """One that a source brought and nobody passed on yet: 转发预警 12, or said in reply to the post that names it."""
    known = await ctx.work.storms.editions(ctx.now - LOOK_BACK)
    edition = next((e for e in known if e.id == number and e.why is not Why.DISAGREES), None)
    if edition is None:
        return [answer("warning_unread", answering(message, ctx), missing="number")]
    return await _show(message, ctx, edition.warning, {"edition": edition.id})


async def _quoted(message: Incoming, ctx: Context) -> str:
    """Who quotes the official words need not paste them once more."""
    if message.quote is None:
        return ""
    said = None
    if message.quote.external_id is not None:
        said = await ctx.work.conversations.message(message.channel, message.quote.external_id)
    return said.text if said is not None and said.text else message.quote.text


async def check(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    to = answering(message, ctx)
    said = _SIDE.fullmatch(args.text.strip())
    if said is None:
        return [answer("usage", to, usage=CHECK_USAGE)]
    waiting = disputes(await ctx.work.storms.editions(ctx.now - LOOK_BACK))
    chosen = [d for d in waiting if said["number"] is None or d.number == int(said["number"])]
    if not chosen:
        return [answer("warning_no_dispute", to, code=said["number"])]
    if len(chosen) > 1 or not said["side"]:
        codes: list[Json] = [d.number for d in chosen]
        return [answer("warning_which", to, codes=codes)]
    right = _side(chosen[0], said["side"])
    return await _show(message, ctx, right.warning, {"edition": right.id})


def _side(dispute: Dispute, side: str) -> Edition:
    return dispute.first if side == "甲" else dispute.second


async def _show(message: Incoming, ctx: Context, warning: OfficialWarning, content: dict[str, Json]) -> list[Reply]:
    to, weighed = answering(message, ctx), await _weighed(ctx, warning)
    if weighed.pointless:
        return [with_params(answer("warning_not_sent", to), _read(ctx, warning, weighed))]
    await keep(message, ctx, DraftKind.WARNING, content)
    return [with_params(answer("warning_preview", to), _read(ctx, warning, weighed))]


async def _weighed(ctx: Context, warning: OfficialWarning) -> Weighed:
    known = await ctx.work.storms.editions(ctx.now - LOOK_BACK)
    rest = ruled(warning, known)
    decision = decide(warning, rest, ctx.now, ctx.community.preparation.again_after)
    against = tuple(e for e in known if contradicts(e.warning, warning))
    missed: frozenset[Chat] = frozenset()
    if decision.why is Why.ALREADY and any(same(d.second.warning, warning) for d in disputes(known)):
        mine = [e.warning for e in known if same(e.warning, warning) and agrees(e.warning, warning)]
        heard = await ctx.work.outbox.said([key for one in mine for key in keys_of(one)])
        missed = frozenset(_building_chats(ctx)) - frozenset(heard)
    return Weighed(decision, against, await _unknown_to(ctx, warning, known), missed)


def _building_chats(ctx: Context) -> list[Chat]:
    return [Chat(g.channel, g.id) for g in ctx.community.groups if g.role is GroupRole.BUILDING]


async def _unknown_to(ctx: Context, warning: OfficialWarning, known: Collection[Edition]) -> tuple[str, ...]:
    """Sources that were read since it was issued, and had nothing of the kind: a forged text looks like that. Of the
    weather's own stations only: what other offices issue is not in every source."""
    if warning.source != PERSON or "气象" not in warning.issuer or ctx.now - warning.issued_at < LAG:
        return ()
    if any(e.warning.source != PERSON for e in twins(warning, list(known))):
        return ()
    heard = await ctx.work.storms.sources_heard()
    return tuple(name for name, until in heard.items() if until >= ctx.now - LIVE and until - warning.issued_at >= LAG)


def _read(ctx: Context, warning: OfficialWarning, weighed: Weighed) -> dict[str, Json]:
    against: list[Json] = [
        {
            "source": e.warning.source, "warning": e.warning.name, "over": e.warning.action is Action.CANCEL,
            "told": e.relay in TO_RESIDENTS,
        }
        for e in weighed.against
    ]  # fmt: skip
    return {
        "issuer": warning.issuer,
        "issued_at": warning.issued_at.isoformat(),
        "warning": warning.name,
        "action": warning.action.value,
        "standing": warning.standing.value,
        "headline": warning.headline,
        "relay": weighed.decision.relay.value,
        "why": weighed.decision.why.value,
        "groups": len(_building_chats(ctx)),
        "against": against,
        "unknown_to": list[Json](weighed.unknown_to),
    }


async def send(message: Incoming, ctx: Context, draft: Draft) -> list[Reply]:
    """Read and decided once more: what stands now counts, not what stood when it was shown."""
    to = answering(message, ctx)
    warning = await _drafted(ctx, draft)
    if isinstance(warning, Missing):
        return [answer("warning_unread", to, missing=warning.value)]
    weighed = await _weighed(ctx, warning)
    told = with_params(answer("warning_sent", to), _read(ctx, warning, weighed))
    if weighed.pointless:
        return [with_params(answer("warning_not_sent", to), _read(ctx, warning, weighed))]
    return [told, *await pass_on(Keeping.of(ctx), warning, weighed.decision, weighed.missed)]


async def _drafted(ctx: Context, draft: Draft) -> OfficialWarning | Missing:
    number = draft.content.get("edition")
    if number is None:
        return read_warning(str(draft.content["text"]), draft.made_at)
    known = await ctx.work.storms.editions(ctx.now - LOOK_BACK)
    return next((e.warning for e in known if e.id == number), Missing.TITLE)


_LOOKS_LIKE_ONE = r"(?s:(?![的了吗没过时要又]).{6,}|\s*#?\d{1,9}\s*)?"
_NUMBER_AND_SIDE = r"\s*\d*.{0,3}[甲乙]?\s*"
router = Router(
    (
        Command(WORDS, USAGE, "转发官方预警到各楼群", prepare, OFFICE, unasked=_LOOKS_LIKE_ONE),
        Command(
            CHECK_WORDS, CHECK_USAGE, "两个来源说法不一样时，定哪一份对", check, OFFICE, private=True,
            unasked=_NUMBER_AND_SIDE,
        ),
    )
)  # fmt: skip
