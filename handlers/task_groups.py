"""专班: tickets of a few homes get a group of their own. The building's group hears of it once, and no more of them."""

from collections.abc import Sequence
from dataclasses import replace

from domain.announcements import about, in_task_group, priority_of
from domain.errors import RuleBroken
from domain.handling import OFFICE, Arguments, Command, Context, Needs, Router, source_of
from domain.messages import Chat, Incoming, Json, Mention, Reply
from domain.roster import Group
from domain.tickets import ENDED, STATUS_NAMES, Ticket, TicketEvent, What
from domain.vocabulary import GroupRole, Priority, ReplyKind
from handlers.places import group_of
from handlers.telling import confirm, listeners, words

USAGE = "专班 #12 #15 专班群的名称；转回楼群：专班 #12 解散"
HOW_TO_BIND = "先建好群、把我拉进去，请书记或管理员在那个群里@我说：绑定 专班 名称"
_BACK = frozenset({"解散", "撤销", "结束", "退出", "回楼群", "转回", "转回楼群"})


async def move(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if args.text in _BACK:
        return await _back(message, ctx, args.tickets)
    group = _named(ctx, args)
    chat = Chat(group.channel, group.id)
    for ticket in args.tickets:
        if ticket.status in ENDED:
            raise RuleBroken(f"#{ticket.number} {STATUS_NAMES[ticket.status]}了，不用转专班")
    fresh = [ticket for ticket in args.tickets if ticket.chat != chat]
    if not fresh:
        raise RuleBroken(f"这几单已经在“{words(ctx, args.tickets, group.name)}”里跟进了")
    told = listeners(ctx.community, fresh)
    moved = [await _moved(message, ctx, ticket, chat, group.name) for ticket in fresh]
    name = words(ctx, moved, group.name)
    posts = [_post(message, c, people, moved, name) for c, people in told.items() if c != chat]
    begun = _begun(message, ctx, moved, chat)
    return [*confirm(message, ctx, "noted_task_group", moved, name=group.name), *posts, begun]


async def _back(message: Incoming, ctx: Context, tickets: Sequence[Ticket]) -> list[Reply]:
    """To the group of the building again, which is told, and so is the one that is left."""
    for ticket in tickets:
        if not in_task_group(ctx.community, ticket):
            raise RuleBroken(f"#{ticket.number} 不在专班里，不用转回")
    left = {ticket.chat for ticket in tickets}
    moved = []
    for ticket in tickets:
        chat = group_of(ctx, ticket.location.building)
        if chat is None:
            raise RuleBroken(f"#{ticket.number} 那栋楼还没有绑定群，没有地方可转")
        moved.append(await _moved(message, ctx, ticket, chat, ""))
    chats = {**dict.fromkeys(left, ()), **listeners(ctx.community, moved)}
    posts = [_post(message, chat, people, moved, "") for chat, people in chats.items()]
    return [*confirm(message, ctx, "noted_task_group", moved, name=""), *posts]


def _named(ctx: Context, args: Arguments) -> Group:
    """By its name or a part of it; where nothing is said the group that this is said in, or the only one."""
    groups = [group for group in ctx.community.groups if group.role is GroupRole.TASK]
    here = [group for group in groups if group == ctx.group]
    wanted = args.text.strip(" “”\"'「」【】[]").removesuffix("群")
    exact = [group for group in groups if wanted in {group.name, group.name.removesuffix("群")}]
    alike = [group for group in groups if wanted and (wanted in group.name or group.name.removesuffix("群") in wanted)]
    found = exact or alike or ([] if wanted else here or groups)
    if len(found) == 1:
        return found[0]
    known = words(ctx, args.tickets, "、".join(f"“{group.name}”" for group in found or groups))
    if not known:
        raise RuleBroken(f"还没有专班群。{HOW_TO_BIND}")
    which = "是哪个专班群？" if found else "没有叫这个名字的专班群。"
    raise RuleBroken(f"{which}现有：{known}。新建的话，{HOW_TO_BIND}")


async def _moved(message: Incoming, ctx: Context, ticket: Ticket, chat: Chat, group: str) -> Ticket:
    moved = replace(ticket, chat=chat, updated=ctx.now)
    details: dict[str, Json] = {"task_group": group, "from_chat": ticket.chat.id, "to_chat": chat.id}
    event = TicketEvent(ticket.number, ctx.now, What.CHANGED, ctx.actor, source_of(message), details)
    await ctx.work.tickets.save(moved, event)
    return moved


def _post(message: Incoming, chat: Chat, people: Sequence[Mention], tickets: Sequence[Ticket], name: str) -> Reply:
    """Numbers and the group's name only."""
    numbers: list[Json] = [ticket.number for ticket in tickets]
    here = chat == message.chat
    return Reply(
        chat, "progress_task_group", {"numbers": numbers, "group": name}, ReplyKind.PROGRESS,
        min(priority_of(ticket, Priority.PROGRESS) for ticket in tickets), tuple(people),
        tuple(ticket.number for ticket in tickets), reply_to=message.external_id if here else None,
        own_accord=not here,
    )  # fmt: skip


def _begun(message: Incoming, ctx: Context, tickets: Sequence[Ticket], chat: Chat) -> Reply:
    """What the new group is for; several homes read it, so that it says no more than their building's group saw."""
    lines: list[Json] = [about(ctx.community, ticket, full=False) for ticket in tickets]
    here = chat == message.chat
    return Reply(
        chat, "task_group_begun", {"lines": lines}, ReplyKind.STATUS, Priority.PROGRESS, (),
        tuple(ticket.number for ticket in tickets), reply_to=message.external_id if here else None,
        own_accord=not here,
    )  # fmt: skip


router = Router((Command(("专班",), USAGE, "几户的事转到专门的小群跟进", move, OFFICE, Needs.SOME, fits=frozenset()),))
