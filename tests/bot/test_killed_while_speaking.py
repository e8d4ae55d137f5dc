"""Killed between a send and its note, with sixteen messages under way: a network that remembers hears each once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.delivery import LEASE
from domain.errors import SaidBefore
from domain.messages import Outgoing, Receipt
from domain.vocabulary import ReplyKind
from tests.bot.sending import NAME, Network, answer, group, office, sender
from tests.moments import NOON
from tests.storage.values import opened, ticket


class Remembering(Network):
    """Like the web chat: it knows what it was told, by key."""

    async def send(self, message: Outgoing) -> Receipt:
        known = {key: (n, at) for n, (at, said) in enumerate(self.said, 1) for key in said.keys}
        before = [(id, *known[key]) for id, key in zip(message.ids, message.keys, strict=True) if key in known]
        if before:
            first = before[0]
            raise SaidBefore(tuple(id for id, n, _ in before if n == first[1]), (f"n{first[1]}",), first[2])
        return await super().send(message)


async def test_nothing_is_said_twice_and_everything_once(database_url: str, tmp_path: Path):
    async with office(database_url, tmp_path) as post:
        network = Remembering(post.clock)
        await post.put(*(answer(group(n)) for n in range(1, 17)))
        dying = sender(post.database, post.delivery.community, network, tmp_path)
        claims = await post.database.deliveries.claim(NAME, NOON, LEASE, 16)
        assert len([await dying._end(claim) for claim in claims]) == 16  # said, and not noted
        await post.put(*(answer(group(n)) for n in range(1, 17)))
        post.clock.set(NOON + timedelta(seconds=3))
        restarted = sender(post.database, post.delivery.community, network, tmp_path)
        while await restarted.step():
            pass
        assert sorted(network.rows) == list(range(1, 33))
        assert await post.left() == {}


async def test_the_clock_of_the_acknowledgement_is_that_of_the_first_time(database_url: str, tmp_path: Path):
    async with office(database_url, tmp_path) as post:
        async with post.database.store.begin(NOON) as work:
            number = await work.tickets.next_number()
            await work.tickets.save(ticket(number), opened(number))
        network = Remembering(post.clock)
        await post.put(replace(answer(group(1)), kind=ReplyKind.ACK, tickets=(number,)))
        [claim] = await post.database.deliveries.claim(NAME, NOON, LEASE, 16)
        await sender(post.database, post.delivery.community, network, tmp_path)._end(claim)
        post.clock.set(NOON + timedelta(hours=1))
        restarted = sender(post.database, post.delivery.community, network, tmp_path)
        while await restarted.step():
            pass
        [summary] = await post.database.read_models.summaries()
        assert summary.ticket.clocks.acknowledged == NOON
