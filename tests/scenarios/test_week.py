"""A week in which two colleagues are absent and the bot is killed and started again at random moments.

The same week is lived twice, once without being killed: every reminder and question of that one has to be said in the
other as well, each once, and at its end every ticket was handled or somebody was told of it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from bot.app import Setting, open_app
from bot.auditor import audit
from bot.clocks import ManualClock
from bot.config import load_config
from bot.identifiers import SeededIds
from bot.replay import Player
from bot.roster import CONSOLE, community_of
from bot.stage import Stage
from bot.transcript import Happening
from domain.audit import Report
from domain.messages import Outgoing, Receipt
from storage.tables import outbox
from tests.moments import CHINA
from tests.scenarios.town import CONFIG, STAFF
from understanding.engine import Understander

MONDAY = datetime(2021, 8, 23, 8, 0, tzinfo=CHINA)
WEEK = timedelta(days=7)
UNDERSTANDER = Understander()
COMMUNITY = community_of(load_config(CONFIG), everything_on=CONSOLE)
WORDS = ("2单元{room}卧室漏水", "1单元{room}厨房水管有点渗水", "3单元{room}客厅顶上漏水，水滴到灯上了")


@dataclass(slots=True)
class Ledger(Stage):
    """Remembers which rows went out."""

    rows: list[int] = field(default_factory=list)

    async def send(self, message: Outgoing) -> Receipt:
        self.rows += message.ids
        return await Stage.send(self, message)


def a_week(chance: Random) -> list[Happening]:
    """Reports from two buildings whose social worker and steward never answer; the others sometimes do."""
    happenings: list[Happening] = []

    def says(at: datetime, who: str, group: str | None, words: str) -> None:
        happenings.append(Happening(f"e{len(happenings)}", at, who, group, who, words))

    for number in range(1, 8):
        group, room = chance.choice(("g3", "g1")), f"{number + 1}0{chance.randint(1, 3)}"
        words = WORDS[chance.randrange(2 if group == "g1" else 3)].format(room=room)
        at = MONDAY + timedelta(hours=number * 9, minutes=chance.randint(0, 59), seconds=11)
        says(at, f"r{number}", group, words)
        for step, command in enumerate(("接单", "到场", "完成")):
            if chance.random() < 0.7 - step * 0.1:
                at += timedelta(minutes=chance.randint(3, 100), seconds=chance.randint(1, 50))
                says(at, chance.choice(("rp-wang", "rp-liu", "sec-chen")), STAFF, f"{command} #{number}")
        if chance.random() < 0.4:
            says(at + timedelta(hours=26, seconds=7), f"r{number}", group, chance.choice(("修好了", "没修好")))
    for day in (2, 4):
        at = MONDAY + timedelta(days=day, hours=3, minutes=chance.randint(0, 59))
        for action, later in (("发布", 0), ("解除", 5)):
            at += timedelta(hours=later)
            said = f"转发预警 北京市气象台{at:%Y年%m月%d日%H时%M分}{action}暴雨蓝色预警信号。"
            says(at, "sec-chen", STAFF, said)
            says(at + timedelta(seconds=30), "sec-chen", STAFF, "确认")
    return sorted(happenings, key=lambda happening: happening.at)


@asynccontextmanager
async def process(folder: Path, clock: ManualClock, stage: Ledger) -> AsyncIterator[Player]:
    url = f"sqlite:///{folder}/week.sqlite3"
    setting = Setting(
        COMMUNITY, clock, {stage.name: stage}, url, folder, SeededIds(), understanding=UNDERSTANDER, chance=Random(1)
    )
    async with open_app(load_config(CONFIG), setting) as app:
        yield Player(app, stage, clock)


@dataclass(frozen=True, slots=True)
class Lived:
    """said: (ticket, what it waits for, step, chat) of each reminder and question; rains: the questions after each
    rain; sent: the outbox rows."""

    said: list[tuple[str, str, str, str]]
    rains: list[tuple[str, ...]]
    sent: list[int]
    report: Report
    raised: set[int]
    unfinished: set[int]


async def live(folder: Path, happenings: Sequence[Happening], kills: Sequence[datetime], chance: Random) -> Lived:
    clock, stage = ManualClock(MONDAY, CHINA), Ledger(ManualClock(MONDAY, CHINA))
    stage.clock = clock
    waiting = list(happenings)
    for kill, following in pairwise([*kills, MONDAY + WEEK, MONDAY + WEEK]):
        async with process(folder, clock, stage) as player:
            await player.app.machine.timekeeper.fire_what_is_due()
            await player.settle()
            while waiting and waiting[0].at <= kill:
                await player.play([waiting.pop(0)])
            await player.pass_time(kill)
            due = await player.app.database.read_models.next_due()
            if due is not None and due < min([following, *(happening.at for happening in waiting[:1])]):
                clock.set(due)  # killed after the commit, before anything of it was sent
                await player.app.machine.timekeeper.fire_what_is_due()
            elif kill in kills:
                clock.set(kill + timedelta(seconds=chance.randint(0, 90)))
    async with process(folder, clock, stage) as player:
        await player.settle()
        return await _lived(player, stage)


async def _lived(player: Player, stage: Ledger) -> Lived:
    database = player.app.database
    o = outbox.c
    asked = o.dedupe_key.like("due:%") | o.dedupe_key.like("rain:%")
    query = select(o.dedupe_key, o.chat, o.state).where(asked).order_by(o.id)
    rows = await database.store._connections.read(lambda work: work.rows(query))
    assert {row.state for row in rows} == {"sent"}
    rains = [(*row.dedupe_key.split(":"), row.chat) for row in rows if row.dedupe_key.startswith("rain:")]
    keys = [(*row.dedupe_key.split(":"), row.chat) for row in rows if row.dedupe_key.startswith("due:")]
    said = [(key[1], key[2], key[4], key[5]) for key in keys]  # without the moment that it counts from
    report = await audit(database.read_models, COMMUNITY, player.clock.now())
    summaries = await database.read_models.summaries()
    unfinished = {int(summary.ticket.number) for summary in summaries if summary.ticket.open}
    return Lived(said, sorted(rains), stage.rows, report, {int(key[0]) for key in said}, unfinished)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_reminder_is_missed_and_none_is_said_twice(tmp_path: Path, seed: int):
    happenings = a_week(Random(seed))
    chance = Random(seed)
    kills = sorted(MONDAY + timedelta(seconds=chance.randrange(int(WEEK.total_seconds()))) for _ in range(25))
    (tmp_path / "calm").mkdir()
    (tmp_path / "killed").mkdir()
    calm = await live(tmp_path / "calm", happenings, [], chance)
    killed = await live(tmp_path / "killed", happenings, kills, chance)
    assert len(calm.said) > 50
    assert sorted(killed.said) == sorted(calm.said)
    assert killed.rains == calm.rains
    assert len(calm.rains) >= 1
    for lived in (calm, killed):
        assert len(lived.sent) == len(set(lived.sent))
        assert lived.report.unraised == ()
        assert lived.unfinished <= lived.raised
