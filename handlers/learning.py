"""What staff put right becomes a labelled example: a resident's words, masked, as understood and as right."""

from collections.abc import Sequence

from domain.handling import Context
from domain.masking import for_learning
from domain.messages import Json
from domain.records import MASKED, Corrected, Correction, LookItem
from domain.tickets import Ticket
from domain.understanding import Verdict
from domain.vocabulary import StaffId, TicketNumber


async def false_alarm(ctx: Context, ticket: Ticket) -> None:
    values = _values(ticket)
    before = {name: values[name] for name in ("report", "kind", "scope", "urgency")}
    await _keep(ctx, _of_ticket(ctx, Corrected.FALSE_ALARM, ticket, before, {"report": False}))


async def amended(ctx: Context, before: Ticket, after: Ticket) -> None:
    """Only what changed: nobody said that the rest was right."""
    old, new = _values(before), _values(after)
    was, now = before.location, after.location
    moved = {"room": was.room != now.room, "floor": was.floor != now.floor}
    changed = [name for name in old if moved.get(name, old[name] != new[name])]
    if changed:
        right, wrong = ({name: values[name] for name in ("report", *changed)} for values in (new, old))
        await _keep(ctx, _of_ticket(ctx, Corrected.AMENDED, before, wrong, right))


async def looked(
    ctx: Context, item: LookItem, verdict: Verdict, after: dict[str, Json], ticket: TicketNumber | None
) -> None:
    """after: the decision, and the fields that staff named with it. ticket: what became of it."""
    text = for_learning(item.text, ctx.community, [item.sender_name])
    before: dict[str, Json] = {"report": verdict.report, "confidence": verdict.confidence}
    await _keep(ctx, Correction(ctx.now, Corrected.LOOKED, _staff(ctx), text, before, after, ticket, item.id))


def _of_ticket(
    ctx: Context, what: Corrected, ticket: Ticket, before: dict[str, Json], after: dict[str, Json]
) -> Correction:
    names: Sequence[str] = [reporter.name for reporter in ticket.reporters]
    text = for_learning(ticket.words, ctx.community, names)
    return Correction(ctx.now, what, _staff(ctx), text, before, after, ticket.number)


def _values(ticket: Ticket) -> dict[str, Json]:
    where = ticket.location
    return {
        "report": True,
        "kind": ticket.kind.value,
        "scope": ticket.scope.value,
        "urgency": ticket.urgency.value,
        "building": where.building,
        "unit": where.unit,
        "place": where.place.value if where.place else None,
        "room": MASKED if where.room else None,
        "floor": MASKED if where.floor is not None else None,
    }


def _staff(ctx: Context) -> StaffId:
    assert ctx.staff is not None, "only staff correct"
    return ctx.staff.id


async def _keep(ctx: Context, correction: Correction) -> None:
    """A photo or a voice message without words teaches nothing."""
    if correction.text.strip():
        await ctx.work.corrections.add(correction)
