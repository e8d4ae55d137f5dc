"""export on the command line: files whole or not at all, clear words, and a line in the access log."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.app import beside
from bot.config import Config, load_config
from bot.exporting import export
from bot.running import database_url
from domain.errors import ConfigError
from domain.exports import TITLES, Export
from domain.messages import Chat, Person
from domain.tickets import Clocks, Reporter, Ticket
from domain.understanding import Location
from domain.vocabulary import Kind, Scope, Status, Urgency

DEMO = Path(__file__).parent.parent.parent / "config.yaml"


@pytest.fixture
async def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """With three tickets of today."""
    monkeypatch.setenv("LOUQUN_DATABASE_URL", f"sqlite:///{tmp_path / 'louqun.sqlite3'}")
    loaded, chat = load_config(DEMO), Chat("console", "g3")
    async with beside(loaded, database_url(loaded)) as here, here.store.begin(now := here.clock.now()) as work:
        for _ in range(3):
            number, where = await work.tickets.next_number(), Location("3", "2", "502", 5)
            reporter = Reporter(Person("console", "r1"), "老张", chat, f"m{number}", now)
            ticket = Ticket(
                number, Status.REGISTERED, Kind.LEAK, Scope.HOUSEHOLD, Urgency.URGENT, where, chat, "漏水", Clocks(now),
                now, now, (reporter,),
            )  # fmt: skip
            await work.tickets.save(ticket)
    return loaded


EVER = (None, None)


@pytest.mark.parametrize("what", list(Export))
@pytest.mark.parametrize("form", ["xlsx", "csv"])
async def test_each_export_in_each_form(config: Config, tmp_path: Path, what: Export, form: str):
    file = tmp_path / f"out.{form}"
    [said] = await export(config, what, file, EVER)
    assert TITLES[what] in said
    if form == "xlsx":
        [sheet] = load_workbook(file).worksheets
        head: list[object] = [cell.value for cell in sheet[1]]
    else:
        head = [*next(csv.reader(StringIO(file.read_text(encoding="utf-8-sig"))))]
    assert len(set(head)) == len(head) > 4
    assert file.stat().st_mode & 0o077 == 0


async def test_only_the_days_asked_for(config: Config, tmp_path: Path):
    long_ago = (date(2020, 1, 1), date(2020, 12, 31))
    [said] = await export(config, Export.TICKETS, tmp_path / "a.csv", long_ago)
    assert "from 0 tickets" in said
    [said] = await export(config, Export.TICKETS, tmp_path / "a.csv", (date(2020, 1, 1), None))
    assert "from 3 tickets" in said


async def test_the_open_ones_as_a_paper(config: Config, tmp_path: Path):
    [said] = await export(config, Export.OPEN, tmp_path / "todo.pdf", EVER)
    assert said.startswith("3 open tickets")
    assert (tmp_path / "todo.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(ConfigError, match=r"ends in \.xlsx or \.csv"):
        await export(config, Export.TICKETS, tmp_path / "tickets.pdf", EVER)


async def test_whoever_takes_it_out_is_on_record(config: Config, tmp_path: Path):
    await export(config, Export.TICKETS, tmp_path / "a.csv", EVER)
    await export(config, Export.ACCESSES, tmp_path / "log.csv", EVER)
    rows = list(csv.reader(StringIO((tmp_path / "log.csv").read_text(encoding="utf-8-sig"))))
    assert [row[2:] for row in rows[1:]] == [
        ["导出", "工单", "terminal: a.csv"], ["导出", "访问记录", "terminal: log.csv"],
    ]  # fmt: skip


async def test_what_cannot_be_is_said_and_leaves_nothing_behind(config: Config, tmp_path: Path):
    with pytest.raises(ConfigError, match="expected the first day and the last"):
        await export(config, Export.TICKETS, tmp_path / "a.csv", (date(2021, 2, 1), date(2021, 1, 1)))
    with pytest.raises(ConfigError, match="cannot be written"):
        await export(config, Export.TICKETS, tmp_path / "nowhere" / "a.csv", EVER)
    assert left_in(tmp_path) == []


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "csv" in path.name]
