"""转发预警: an official warning that a person pasted, shown back as it was read, passed on when they say 确认."""

from domain.announcements import answer
from domain.drafts import Draft, DraftKind
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.relaying import Decision, Relay, decide
from domain.vocabulary import GroupRole
from domain.warning_titles import Missing, read_warning
from domain.warnings import OfficialWarning
from handlers.drafting import as_typed, keep
from handlers.passing_on import LOOK_BACK, pass_on
from handlers.storm_keeping import Keeping
from handlers.telling import answering, with_params

WORDS = ("转发预警", "转发官方预警", "预警转发")
USAGE = "转发预警 官方原文（要有发布单位和时间；给您看过，回复“确认”才发）"


async def prepare(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    text = as_typed(message, WORDS, args.text) or await _quoted(message, ctx)
    to = answering(message, ctx)
    if not text:
        return [answer("usage", to, usage=USAGE)]
    read = read_warning(text, ctx.now)
    if isinstance(read, Missing):
        return [answer("warning_unread", to, missing=read.value)]
    decision = await _decided(ctx, read)
    if decision.relay is Relay.NOBODY:
        return [with_params(answer("warning_not_sent", to), _read(ctx, read, decision))]
    await keep(message, ctx, DraftKind.WARNING, {"text": text})
    return [with_params(answer("warning_preview", to), _read(ctx, read, decision))]


async def _quoted(message: Incoming, ctx: Context) -> str:
    """Who quotes the official words need not paste them once more."""
    if message.quote is None:
        return ""
    said = None
    if message.quote.external_id is not None:
        said = await ctx.work.conversations.message(message.channel, message.quote.external_id)
    return said.text if said is not None and said.text else message.quote.text


async def _decided(ctx: Context, warning: OfficialWarning) -> Decision:
    known = await ctx.work.storms.editions(ctx.now - LOOK_BACK)
    return decide(warning, known, ctx.now, ctx.community.preparation.again_after)


def _read(ctx: Context, warning: OfficialWarning, decision: Decision) -> dict[str, Json]:
    return {
        "issuer": warning.issuer,
        "issued_at": warning.issued_at.isoformat(),
        "warning": warning.name,
        "action": warning.action.value,
        "standing": warning.standing.value,
        "headline": warning.headline,
        "relay": decision.relay.value,
        "why": decision.why.value,
        "groups": len([g for g in ctx.community.groups if g.role is GroupRole.BUILDING]),
    }


async def send(message: Incoming, ctx: Context, draft: Draft) -> list[Reply]:
    """Read and decided once more: what stands now counts, not what stood when it was shown."""
    to = answering(message, ctx)
    warning = read_warning(str(draft.content["text"]), draft.made_at)
    if isinstance(warning, Missing):
        return [answer("warning_unread", to, missing=warning.value)]
    decision = await _decided(ctx, warning)
    told = with_params(answer("warning_sent", to), _read(ctx, warning, decision))
    if decision.relay is Relay.NOBODY:
        return [with_params(answer("warning_not_sent", to), _read(ctx, warning, decision))]
    return [told, *await pass_on(Keeping.of(ctx), warning, decision)]


_LOOKS_LIKE_ONE = r"(?s:(?![的了吗没过时要又]).{6,})?"
router = Router((Command(WORDS, USAGE, "转发官方预警到各楼群", prepare, OFFICE, unasked=_LOOKS_LIKE_ONE),))
