"""What becomes of messages that could not be delivered: a person is asked to do it, by name, among staff."""

from collections.abc import Iterator, Sequence

from bot.roster import added, grown
from domain.mailings import belongs
from domain.messages import Chat, Json, Mention, Person, Reply
from domain.ports import UnitOfWork
from domain.privacy import full_title
from domain.records import Delivered, DeliveryState, OutboxRow
from domain.roster import Community, Staff
from domain.tickets import Ticket
from domain.vocabulary import GroupRole, Priority, ReplyKind, StaffId

PAGE = "page"


def lost(ends: Sequence[Delivered]) -> list[tuple[Delivered, OutboxRow]]:
    """What is dead or may not have gone out."""
    return [(end, row) for end in ends for row in _lost_rows(end)]


def _lost_rows(end: Delivered) -> Iterator[OutboxRow]:
    if end.state in {DeliveryState.DEAD, DeliveryState.UNKNOWN}:
        yield from (row for row in end.claim.rows if row.id in end.rows)


async def tasks_for_staff(ends: Sequence[Delivered], configured: Community, work: UnitOfWork) -> list[Reply]:
    """Each lost message becomes a task for those whose building it concerns. Never to a building's group: it may be
    private. Where there is no staff group they are asked in private."""
    community = grown(configured, await added(work))
    staff = [Chat(group.channel, group.id) for group in community.groups if group.role is GroupRole.STAFF]
    tasks: list[Reply] = []
    for end, row in lost(ends):
        if row.reply.template == PAGE:
            tasks += [_call_yourself(chat, end, row, community) for chat in staff]
            continue
        if row.reply.chat in staff or belongs(row.reply) or (staff and await _is_known_among_staff(row.reply, work)):
            continue
        ticket = await work.tickets.get(row.reply.tickets[0]) if row.reply.tickets else None
        people = await _responsible(row.reply, ticket, community, work)
        accounts = [(who, at) for who in people for at in await work.people.accounts(who.id)]
        chats = staff or [Chat.with_person(at) for _, at in accounts if Chat.with_person(at) != row.reply.chat]
        params = _params(end, row, community, ticket)
        tasks += [_task(chat, row, params, people, accounts) for chat in chats]
    return tasks


def _call_yourself(chat: Chat, end: Delivered, row: OutboxRow, community: Community) -> Reply:
    """The number is for colleagues to see; nobody waits for a second try of a machine."""
    person = community.staff.get(StaffId(row.reply.chat.id))
    params: dict[str, Json] = {
        "number": row.reply.tickets[0], "title": row.reply.params["title"], "way": row.reply.chat.channel,
        "who": person.name if person else row.reply.chat.id, "phone": person.phone if person else "",
        "perhaps": end.state is DeliveryState.UNKNOWN,
    }  # fmt: skip
    return Reply(
        chat, "page_failed", params, ReplyKind.ALERT, tickets=row.reply.tickets, dedupe_key=f"undelivered:{row.id}"
    )


async def _is_known_among_staff(reply: Reply, work: UnitOfWork) -> bool:
    """Whoever is called in private is called in the staff group as well."""
    if not reply.chat.private or reply.kind not in {ReplyKind.ALERT, ReplyKind.REMINDER}:
        return False
    return (await work.people.get(Person(reply.chat.channel, reply.chat.id))).staff is not None


async def _responsible(
    reply: Reply, ticket: Ticket | None, community: Community, work: UnitOfWork
) -> tuple[Staff, ...]:
    """The social workers of the ticket's building, else of the group's or the person's own."""
    chat = reply.chat
    if ticket is not None:
        building = ticket.location.building
    elif chat.private:
        building = (await work.people.get(Person(chat.channel, chat.id))).home.building
    else:
        building = next((g.building for g in community.groups if (g.channel, g.id) == (chat.channel, chat.id)), None)
    known = ticket is not None or building is not None
    return next(iter(community.ladder(building)), ()) if known else ()


def _params(end: Delivered, row: OutboxRow, community: Community, ticket: Ticket | None) -> dict[str, Json]:
    reply = row.reply
    chat = reply.chat
    group = next((g.name for g in community.groups if (g.channel, g.id) == (chat.channel, chat.id)), "")
    reporters = [r.name for r in ticket.reporters if r.person.id == chat.id] if ticket and chat.private else []
    names: list[Json] = [*dict.fromkeys([mention.name for mention in reply.mentions] or reporters)]
    numbers: list[Json] = list(reply.tickets)
    return {
        "numbers": numbers,
        "title": full_title(community, ticket) if ticket else "",
        "private": chat.private,
        "group": group,
        "names": names,
        "perhaps": end.state is DeliveryState.UNKNOWN,
    }


def _task(
    chat: Chat,
    row: OutboxRow,
    params: dict[str, Json],
    people: Sequence[Staff],
    accounts: Sequence[tuple[Staff, Person]],
) -> Reply:
    """@ reaches those who have an account there; the others are named."""
    here = {who.id: Mention(at, who.name) for who, at in accounts if at.channel == chat.channel and not chat.private}
    named: list[Json] = [who.name for who in people if who.id not in here]
    return Reply(
        chat,
        "undelivered",
        {**params, "keepers": [] if chat.private else named},
        ReplyKind.ALERT,
        Priority.ANSWER,
        tuple(here.values()),
        row.reply.tickets,
        dedupe_key=f"undelivered:{row.id}",
    )
