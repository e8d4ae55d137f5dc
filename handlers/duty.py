"""Who is at work: 值班, 我在岗, 离岗. Who leaves with tickets in hand is asked whom to give them to."""

from datetime import timedelta

from domain.announcements import about, answer
from domain.conversation import Asks
from domain.duty import DutyWord, shift_of
from domain.errors import RuleBroken
from domain.handling import WORKERS, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.records import Question
from domain.roster import Staff
from domain.tickets import Ticket
from domain.vocabulary import ReplyKind, Role, StaffId
from handlers.assigning import assign, find_staff
from handlers.telling import answering, sees_all, with_params

ANSWER_WITHIN = timedelta(minutes=30)
LONGEST_NAME = 12
BY_BUILDING = (Role.SOCIAL_WORKER, Role.STEWARD)
FOR_ALL = (Role.REPAIRER, Role.SECRETARY, Role.ADMINISTRATOR)


async def on_duty(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """For each building who is called just now, and until when their shift lasts. Numbers for staff only."""
    lines: list[Json] = []
    for building in ctx.community.buildings.values():
        people = [s for role in BY_BUILDING for s in ctx.community.in_charge(building.id, role)]
        lines.append({"where": building.name, "people": [_person(ctx, s) for s in people]})
    everywhere = [s for role in FOR_ALL for s in ctx.community.in_charge(None, role)]
    common: list[Json] = [_person(ctx, s) for s in everywhere]
    now = ctx.now.isoformat()
    return [answer("on_duty", answering(message, ctx), lines=lines, common=common, now=now, kind=ReplyKind.STATUS)]


def _person(ctx: Context, staff: Staff) -> Json:
    duty, turn = ctx.community.duty, shift_of(ctx.community.shifts, staff.id, ctx.now)
    on = staff.id in duty.on
    return {
        "name": staff.name,
        "role": staff.role.value,
        "on": on,
        "off": staff.id in duty.off,
        "until": turn[1].isoformat() if turn and on else None,
        "phone": staff.phone if sees_all(ctx) else "",
    }


async def come(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    staff = await _say(ctx, on=True)
    waiting = [t for t in await ctx.work.tickets.all_open() if t.assignee is None and _concerns(staff, t)]
    return [answer("came_on_duty", answering(message, ctx), worker=staff.name, waiting=len(waiting))]


def _concerns(staff: Staff, ticket: Ticket) -> bool:
    return not staff.buildings or ticket.location.building in staff.buildings


async def leave(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    staff = await _say(ctx, on=False)
    mine = await _in_hand(ctx, staff.id)
    to = answering(message, ctx)
    if not mine:
        return [answer("went_off_duty", to, worker=staff.name)]
    until = ctx.now + ANSWER_WITHIN
    await ctx.work.conversations.ask(Question(message.chat, message.sender, Asks.HAND_OVER, None, ctx.now, until))
    lines: list[Json] = [about(ctx.community, t, full=sees_all(ctx)) for t in mine]
    reply = answer("hand_over_to", to, mine, kind=ReplyKind.QUESTION)
    return [with_params(reply, {"lines": lines, "example": _example(ctx, staff)})]


async def _say(ctx: Context, *, on: bool) -> Staff:
    assert ctx.staff is not None, "the command is for staff"
    await ctx.work.roster.say(DutyWord(ctx.staff.id, on, ctx.now))
    return ctx.staff


async def _in_hand(ctx: Context, id: StaffId) -> list[Ticket]:
    return [t for t in await ctx.work.tickets.all_open() if t.assignee == id]


def _example(ctx: Context, staff: Staff) -> str:
    """Somebody of the same work, at best one who is on duty."""
    others = [s for s in ctx.community.in_charge(None, staff.role) if s.id != staff.id]
    others += [s for s in ctx.community.staff.values() if s.id != staff.id]
    return others[0].name if others else ""


async def hand_over(message: Incoming, ctx: Context) -> list[Reply] | None:
    """The answer to that question: a name. None: it was about something else."""
    said = message.text.strip()
    if ctx.staff is None or not said or len(said) > LONGEST_NAME:
        return None
    try:
        to = find_staff(ctx, said)
    except RuleBroken as error:
        return [answer("refused", answering(message, ctx), reason=str(error), several=False)]
    mine = await _in_hand(ctx, ctx.staff.id)
    if to.id == ctx.staff.id or not mine:
        return None
    await ctx.work.conversations.answered(message.chat, message.sender)
    return await assign(message, ctx, Arguments(tuple(mine), to.name))


router = Router(
    (
        Command(("值班", "谁值班", "值班表"), "值班", "现在每栋楼谁在岗", on_duty, WORKERS, unasked=""),
        Command(("我在岗", "在岗", "我上岗"), "我在岗", "开始值班，有事先叫您", come, WORKERS, unasked=""),
        Command(("离岗", "我离岗", "我下岗"), "离岗", "不在岗了，手上的单交给谁", leave, WORKERS, unasked=""),
    )
)
