"""After a rain: whoever reported a leak that was mended before it is asked whether it held. Once for a mend."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.announcements import chat_of
from domain.conversation import Asks
from domain.messages import Chat, Json, Mention, Reply
from domain.ports import UnitOfWork
from domain.privacy import public_title
from domain.promises import asked_early
from domain.rains import LOOKED_BACK, Rain, Told, to_ask
from domain.records import Question
from domain.tickets import BOT, Reporter, Ticket, TicketEvent, What
from domain.vocabulary import Priority, ReplyKind
from schedules.job import Job, Tick

ANSWER_WITHIN = timedelta(days=3)
MOST_IN_A_POST = 8
"""Homes in one message: more would not be read."""

_Asked = tuple[Ticket, Reporter]


async def say(tick: Tick, work: UnitOfWork) -> Sequence[Reply]:
    replies: list[Reply] = []
    for rain in await work.rains.due(tick.now):
        await work.rains.put(rain.asked(tick.now))
        by_chat: dict[Chat, list[_Asked]] = {}
        for ticket in await mended(work, rain):
            for chat, asked in await _ask(tick, work, ticket, rain):
                by_chat.setdefault(chat, []).append(asked)
        for chat, ours in by_chat.items():
            replies += _questions(tick, rain, chat, ours)
    return replies


async def mended(work: UnitOfWork, rain: Rain) -> list[Ticket]:
    if rain.only:
        found = [ticket for number in rain.only if (ticket := await work.tickets.get(number)) is not None]
        return to_ask(found, rain)
    return to_ask(await work.tickets.mended(rain.began_at - LOOKED_BACK, rain.began_at), rain)


async def _ask(tick: Tick, work: UnitOfWork, ticket: Ticket, rain: Rain) -> list[tuple[Chat, _Asked]]:
    """Nobody who does not want to be heard. It counts as the question that would have come next."""
    asked = [r for r in ticket.reporters if not (await work.people.get(r.person)).opted_out]
    event = TicketEvent(ticket.number, tick.now, What.ASKED, BOT, "", {"asks": Asks.FIXED, "rain": rain.id})
    ticket = replace(ticket, asked_after_rain=tick.now, due=asked_early(ticket, tick.community, tick.now))
    await work.tickets.save(ticket, *([event] if asked else []))
    chats = [(chat_of(tick.community, ticket, reporter), reporter) for reporter in asked]
    for chat, reporter in chats:
        until = tick.now + ANSWER_WITHIN
        await work.conversations.ask(Question(chat, reporter.person, Asks.FIXED, ticket.number, tick.now, until))
    return [(chat, (ticket, reporter)) for chat, reporter in chats]


def _questions(tick: Tick, rain: Rain, chat: Chat, asked: Sequence[_Asked]) -> list[Reply]:
    """One message for several homes; each is named by its number and as a group may know it."""
    by_ticket: dict[int, list[_Asked]] = {}
    for one in asked:
        by_ticket.setdefault(one[0].number, []).append(one)
    each = list(by_ticket.values())
    parts = [each[start : start + MOST_IN_A_POST] for start in range(0, len(each), MOST_IN_A_POST)]
    return [
        _question(tick, rain, chat, [one for of_ticket in part for one in of_ticket], number)
        for number, part in enumerate(parts)
    ]


def _question(tick: Tick, rain: Rain, chat: Chat, asked: Sequence[_Asked], part: int) -> Reply:
    tickets = list(dict.fromkeys(ticket for ticket, _ in asked))
    mentions = dict.fromkeys(Mention(reporter.person, reporter.name) for _, reporter in asked)
    by_title: dict[str, list[Json]] = {}
    for ticket in tickets:
        by_title.setdefault(public_title(tick.community, ticket), []).append(ticket.number)
    lines: list[Json] = [{"title": title, "numbers": numbers} for title, numbers in by_title.items()]
    params: dict[str, Json] = {"lines": lines, "several": len(tickets) > 1, "rained": rain.told is not Told.PERSON}
    return Reply(
        chat, "survey_after_rain", params, ReplyKind.SURVEY,
        Priority.BROADCAST, () if chat.private else tuple(mentions), tuple(t.number for t in tickets),
        dedupe_key=f"rain:{rain.id}:{part}", own_accord=True, may_wait=True,
    )  # fmt: skip


job = Job("rains", timedelta(seconds=10), say=say, by_rows=True)
