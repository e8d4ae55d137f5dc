"""Broadcasts of the configuration, as chats: at their times, after restarts, late, called off; and wrong clocks."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.app import Setting, open_app
from bot.clocks import ManualClock
from bot.config import Config
from bot.identifiers import SeededIds
from bot.replay import Player
from bot.roster import CONSOLE, community_of
from bot.stage import Stage
from tests.moments import CHINA
from tests.scenarios.town import CONFIG, STAFF, Town

MONDAY = datetime(2021, 8, 23, 12, tzinfo=CHINA)
NIGHTLY = {"name": "关窗", "cron": "0 18 * * *", "text": "雨季里出门请关好窗。", "buildings": ["3"]}


def config(*broadcasts: dict, holidays: Path | None = None) -> Config:
    raw = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    raw["schedules"] = {"broadcasts": list(broadcasts), "holidays": str(holidays) if holidays else None}
    return Config.model_validate(raw)


@dataclass
class Machine:
    """One machine that is stopped and started again on its own database."""

    folder: Path
    config: Config
    now: datetime = MONDAY

    async def runs(self, until: datetime, *, saying: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str, str]]:
        """What it said: time, group, text."""
        community = community_of(self.config, everything_on=CONSOLE)
        zone = ZoneInfo(community.timezone)
        clock, random = ManualClock(self.now, zone), Random(1)
        stage = Stage(clock)
        setting = Setting(
            community, clock, {CONSOLE: stage}, f"sqlite:///{self.folder / 'a.sqlite3'}", self.folder / "media",
            new_id=SeededIds(1), chance=random,
        )  # fmt: skip
        async with AsyncExitStack() as stack:
            app = await stack.enter_async_context(open_app(self.config, setting))
            town = Town(Player(app, stage, clock), self.folder)
            town._said = int(self.now.timestamp())
            await app.machine.timekeeper.fire_what_is_due()
            await town.player.settle()
            for who, text in saying:
                await town.says(who, text, STAFF)
            await town.player.pass_time(until)
        self.now = until
        return [
            (str(line["at"])[5:16].replace("T", " "), str(line["group"]), str(line["text"])) for line in stage.lines
        ]

    def stands_still(self, until: datetime) -> None:
        self.now = until


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2021, 8, 1, hour, minute, tzinfo=CHINA) + timedelta(days=day - 1)


async def test_it_is_said_at_its_times_once_however_often_the_machine_is_started(tmp_path: Path):
    machine = Machine(tmp_path, config(NIGHTLY))
    said = await machine.runs(at(23, 18))
    said += await machine.runs(at(23, 18, 30))
    said += await machine.runs(at(25, 12))
    text = "【社区通知】雨季里出门请关好窗。"
    assert said == [("08-23 18:00", "g3", text), ("08-24 18:00", "g3", text)]


async def test_what_fell_due_while_it_stood_still_is_said_when_it_is_not_too_late_else_told_to_staff(tmp_path: Path):
    machine = Machine(tmp_path, config(NIGHTLY))
    await machine.runs(at(23, 17))
    machine.stands_still(at(23, 19, 30))
    assert [(when, group) for when, group, _ in await machine.runs(at(23, 20))] == [("08-23 19:30", "g3")]
    machine.stands_still(at(27, 12))
    [(when, group, text)] = await machine.runs(at(27, 13))
    assert (when, group) == ("08-27 12:00", STAFF)
    assert "该在8月24日（周二）18:00发" in text
    assert "没有补发" in text
    assert "下一次照常" in text


async def test_how_late_is_too_late_is_configured(tmp_path: Path):
    machine = Machine(tmp_path, config({**NIGHTLY, "late_minutes": 10}))
    await machine.runs(at(23, 17))
    machine.stands_still(at(23, 18, 11))
    assert [group for _, group, _ in await machine.runs(at(23, 19))] == [STAFF]


async def test_month_and_year_ends_and_a_leap_day(tmp_path: Path):
    last = {"name": "月底", "cron": "0 9 L * *", "text": "月底了", "buildings": ["3"]}
    leap = {"name": "闰日", "cron": "0 9 29 2 *", "text": "闰日", "buildings": ["3"]}
    machine = Machine(tmp_path, config(last, leap), datetime(2023, 12, 30, 12, tzinfo=CHINA))
    said = await machine.runs(datetime(2024, 3, 1, tzinfo=CHINA))
    assert [(when, text[6:]) for when, _, text in said] == [
        ("12-31 09:00", "月底了"), ("01-31 09:00", "月底了"), ("02-29 09:00", "月底了"), ("02-29 09:00", "闰日"),
    ]  # fmt: skip


async def test_called_off_it_stays_off_until_its_entry_changes(tmp_path: Path):
    machine = Machine(tmp_path, config(NIGHTLY))
    told = await machine.runs(at(23, 13), saying=[("sw-limin", "定时广播"), ("sw-limin", "取消定时 1")])
    assert "1. 按时间表，下次8月23日（周一）18:00 3号楼（配置：关窗）" in told[0][2]
    assert "第1条定时广播取消了。这一条写在配置里" in told[1][2]
    assert await machine.runs(at(25)) == []
    machine.config = config({**NIGHTLY, "cron": "0 19 * * *"})
    assert [when for when, _, _ in await machine.runs(at(26))] == ["08-25 19:00"]


async def test_what_is_taken_out_of_the_configuration_is_not_said_any_more(tmp_path: Path):
    machine = Machine(tmp_path, config(NIGHTLY))
    await machine.runs(at(23, 13))
    machine.config = config()
    assert await machine.runs(at(25)) == []
    machine.config = config(NIGHTLY)
    assert [when for when, _, _ in await machine.runs(at(25, 20))] == ["08-25 18:00"]


async def test_one_is_shown_in_full_with_its_next_times(tmp_path: Path):
    machine = Machine(tmp_path, config(NIGHTLY))
    [(_, _, told)] = await machine.runs(at(23, 13), saying=[("sw-limin", "定时广播 1")])
    assert "第1条定时广播（配置：关窗），发到3号楼邻里群：\n雨季里出门请关好窗。" in told
    assert "8月23日（周一）18:00、8月24日（周二）18:00、8月25日（周三）18:00" in told


async def test_workdays_by_the_operators_file_and_a_warning_for_a_year_that_is_not_in_it(tmp_path: Path):
    file = tmp_path / "holidays.yaml"
    file.write_text('2031: {holidays: ["01-01"], workdays: []}', encoding="utf-8")
    works = {**NIGHTLY, "days": "workdays"}
    start = datetime(2031, 12, 30, 12, tzinfo=CHINA)
    machine = Machine(tmp_path, config(works, holidays=file), start)
    said = await machine.runs(start + timedelta(days=3))
    assert [(when, group) for when, group, _ in said if group == "g3"] == [
        ("12-30 18:00", "g3"), ("12-31 18:00", "g3"), ("01-01 18:00", "g3"),
    ]  # fmt: skip
    warned = [(when, text) for when, group, text in said if group == STAFF]
    assert [when for when, _ in warned] == ["12-31 18:00"]
    assert "2032年的放假和调休还没填" in warned[0][1]


async def test_a_clock_that_ran_ahead_and_was_set_back_mutes_nothing(tmp_path: Path):
    machine = Machine(tmp_path, config(NIGHTLY))
    await machine.runs(at(23, 13))
    machine.stands_still(datetime(2029, 1, 1, 12, tzinfo=CHINA))
    await machine.runs(datetime(2029, 1, 1, 13, tzinfo=CHINA))
    machine.stands_still(at(23, 14))
    assert [when for when, _, _ in await machine.runs(at(24, 19))] == ["08-23 18:00", "08-24 18:00"]


@pytest.mark.parametrize(
    "wrong", [{"cron": "0 25 * * *"}, {"cron": "daily"}, {"buildings": ["99"]}, {"days": "sundays"}, {"text": ""}]
)
def test_a_wrong_entry_is_refused_at_the_start(wrong: dict):
    with pytest.raises(ValueError, match=r"schedules"):
        config({**NIGHTLY, **wrong})
