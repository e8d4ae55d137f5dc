"""Who waits for a second opinion, who does not, and what a crash or a database that is away makes of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from structlog.testing import capture_logs

from bot.adviser import Adviser
from bot.clocks import Bell
from bot.config import load_config
from bot.roster import community_of
from domain.asking import Masked, Opinion
from domain.errors import StoreError
from domain.messages import Chat, Incoming, Json, Person
from domain.understanding import Advice, Verdict
from domain.vocabulary import Kind, Scope, Urgency
from storage.database import open_database
from tests.handlers.meaning import Meaning, home
from tests.handlers.town import CHANNEL, CONFIG, EVENING, Town, open_town
from tests.moments import CHINA

YES = Opinion(report=True, sure=True, kind=Kind.LEAK, scope=Scope.PUBLIC, urgency=Urgency.NORMAL)
PROVIDER = "某某"


class Unsure(Meaning):
    """Texts that begin with 好像 are in the middle band; what was made a report opens a ticket."""

    def judge(self, text: str, building: str | None) -> Verdict:
        if text.startswith("好像"):
            return Verdict(report=False, confidence=0.3, unsure=True)
        return super().judge(text, building)

    def read(self, message, verdict, snapshot):
        if verdict.advice is Advice.REPORT:
            return (home(kind=verdict.kind),)
        return super().read(message, verdict, snapshot)

    def matters(self, verdict: Verdict, *, by_staff: bool) -> bool:
        return verdict.unsure or super().matters(verdict, by_staff=by_staff)


@dataclass
class Oracle:
    """A SecondOpinion. gates: words whose answer waits until the test opens its gate."""

    answers: Mapping[str, Opinion | None] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hears: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    open: bool = True
    breaks: bool = False

    def available(self) -> bool:
        return self.open

    async def ask(self, words: Masked) -> Opinion | None:
        self.asked.append(words)
        self.hears.put_nowait(words)
        if self.breaks:
            raise RuntimeError("our own fault")
        if words in self.gates:
            await self.gates[words].wait()
        return self.answers.get(words, YES)

    def health(self) -> dict[str, Json]:
        return {}


@asynccontextmanager
async def town_with(oracle: Oracle) -> AsyncIterator[tuple[Town, Adviser]]:
    """Groups 3 and 5 know of the model."""
    async with open_town(Unsure({"漏水了": (home(),)})) as town:
        yield town, await advised(town, oracle)


async def advised(town: Town, oracle: Oracle) -> Adviser:
    adviser = Adviser(oracle, town.database.store, town.clock, Bell())
    town.dispatcher.adviser = adviser
    town.dispatcher.community = replace(town.community, language_model=PROVIDER)
    async with town.database.store.begin(town.clock.now()) as work:
        for group in ("g3", "g5"):
            record = await work.chats.get(Chat(CHANNEL, group))
            await work.chats.save(replace(record, told_of=PROVIDER))
    return adviser


def message(id: str, text: str, group: str = "g3", who: str = "r1") -> Incoming:
    return Incoming(CHANNEL, id, Chat(CHANNEL, group), Person(CHANNEL, who), EVENING, text=text)


async def put(town: Town, *messages: Incoming) -> None:
    await town.database.inbox.put(messages, EVENING)


async def handle(town: Town) -> None:
    while await town.dispatcher.step():
        pass


async def reporters(town: Town) -> list[str]:
    """Of all tickets, in the order of their numbers."""
    return [ticket.reporters[0].person.id for ticket in await town.tickets()]


async def waiting(town: Town) -> list[str]:
    async with town.database.store.begin(EVENING) as work:
        return [row.incoming.text for row in await work.inbox.waiting(1000)]


async def test_only_the_chat_itself_waits_and_keeps_its_order():
    oracle = Oracle(gates={"好像湿了": asyncio.Event()})
    async with town_with(oracle) as (town, adviser), asyncio.TaskGroup() as group:
        await put(town, message("1", "好像湿了"), message("2", "漏水了"), message("3", "漏水了", "g5", "r5"))
        await handle(town)
        running = group.create_task(adviser.run())
        assert await reporters(town) == ["r5"]
        assert await waiting(town) == ["好像湿了", "漏水了"]
        await put(town, message("4", "漏水了", "g5", "r6"))
        await handle(town)
        assert await reporters(town) == ["r5", "r6"]
        oracle.gates["好像湿了"].set()
        await adviser.rung.wait(10)
        await handle(town)
        running.cancel()
        assert await reporters(town) == ["r5", "r6", "r1", "r1"]
        assert await waiting(town) == []


async def test_several_groups_are_asked_about_at_once_and_messages_behind_too():
    gates = {text: asyncio.Event() for text in ("好像湿了", "好像滴水", "好像有水")}
    oracle = Oracle(gates=gates)
    async with town_with(oracle) as (town, adviser), asyncio.TaskGroup() as group:
        await put(town, message("1", "好像湿了"), message("2", "早"), message("3", "好像滴水", who="r2"))
        await put(town, message("4", "好像有水", "g5", "r5"))
        await handle(town)
        running = group.create_task(adviser.step())
        assert {await oracle.hears.get() for _ in gates} == set(gates)
        for gate in gates.values():
            gate.set()
        assert await running == 3
        await handle(town)
        assert len(await town.tickets()) == 3


async def test_what_piles_up_behind_a_question_does_not_hold_up_other_chats():
    oracle = Oracle(gates={"好像湿了": asyncio.Event()})
    async with town_with(oracle) as (town, _):
        town.dispatcher.batch = 5
        await put(town, message("0", "好像湿了"), *(message(f"b{n}", "漏水了") for n in range(20)))
        await put(town, message("z", "漏水了", "g5", "r5"))
        await handle(town)
        assert await reporters(town) == ["r5"]


async def test_the_verdict_survives_a_crash_before_it_was_acted_on(tmp_path):
    """The opinion is in the database; a process that starts later decides by it and asks nobody."""
    url = f"sqlite:///{tmp_path}/louqun.sqlite3"
    oracle, community = Oracle(), community_of(load_config(CONFIG), everything_on=CHANNEL)
    async with open_town(Unsure({})) as town, open_database(url, community, CHINA) as database:
        town.database, town.dispatcher.store = database, database.store
        adviser = await advised(town, oracle)
        await put(town, message("1", "好像湿了"))
        await handle(town)
        await adviser.step()
        assert (oracle.asked, await town.tickets()) == (["好像湿了"], [])
    later = Oracle(answers={"好像湿了": None})
    async with open_town(Unsure({})) as town, open_database(url, community, CHINA) as database:
        town.database, town.dispatcher.store = database, database.store
        await advised(town, later)
        await handle(town)
        assert (later.asked, len(await town.tickets())) == ([], 1)


async def test_a_crash_before_the_answer_only_means_to_ask_again():
    oracle = Oracle(gates={"好像湿了": asyncio.Event()})
    async with town_with(oracle) as (town, adviser):
        await put(town, message("1", "好像湿了"))
        await handle(town)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(adviser.step())
            await oracle.hears.get()
            task.cancel()
        again = await advised(town, Oracle())
        await handle(town)
        await again.step()
        await handle(town)
        assert len(await town.tickets()) == 1


@pytest.mark.parametrize("oracle", [Oracle(answers={"好像湿了": None}), Oracle(breaks=True)], ids=["none", "broken"])
async def test_without_an_answer_it_is_handled_once_as_if_nobody_was_asked(oracle: Oracle):
    async with town_with(oracle) as (town, adviser):
        await put(town, message("1", "好像湿了"))
        with capture_logs() as logs:
            await handle(town)
            assert await adviser.step() == 1
            await handle(town)
        assert (len(oracle.asked), await adviser.step(), await waiting(town)) == (1, 0, [])
        assert town.routed.verdict.advice is Advice.NONE
        assert [entry["advice"] for entry in logs if entry["event"] == "second_opinion"] == [Advice.NONE]
        assert "湿" not in str([entry for entry in logs if entry["event"].startswith("second_opinion")])


async def test_while_it_rests_nobody_waits():
    oracle = Oracle(open=False)
    async with town_with(oracle) as (town, adviser):
        await put(town, message("1", "好像湿了"))
        await handle(town)
        assert (oracle.asked, await adviser.step(), await waiting(town)) == ([], 0, [])
        assert town.routed.verdict.advice is None


async def test_a_database_that_is_away_when_the_answer_comes_loses_nothing():
    oracle = Oracle()

    class Away:
        def begin(self, now):
            raise StoreError("away")

    async with town_with(oracle) as (town, adviser):
        await put(town, message("1", "好像湿了"))
        await handle(town)
        adviser.store = Away()
        await adviser.step()
        adviser.store = town.database.store
        await handle(town)
        await adviser.step()
        await handle(town)
        assert len(await town.tickets()) == 1


async def test_the_dispatcher_is_never_in_a_transaction_while_somebody_is_asked():
    """With the question open, another unit of work can begin and end."""
    oracle = Oracle(gates={"好像湿了": asyncio.Event()})
    async with town_with(oracle) as (town, adviser), asyncio.TaskGroup() as group:
        await put(town, message("1", "好像湿了"))
        await handle(town)
        running = group.create_task(adviser.step())
        await oracle.hears.get()
        async with town.database.store.begin(EVENING) as work:
            assert await work.tickets.next_number() == 1
        oracle.gates["好像湿了"].set()
        await running
