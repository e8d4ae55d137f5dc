"""Files for a person at the terminal: whole or not at all, and only those may read them who ran the command."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from getpass import getuser
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import typer

from bot.app import Beside, beside
from bot.config import Config
from bot.exports import OF_TICKETS, Exporter, Wanted, begun
from bot.roster import as_it_is
from bot.running import database_url
from bot.texts import TextFile, shipped
from documents.press import draw
from domain.errors import ConfigError
from domain.exports import TITLES, Export
from domain.messages import Document
from domain.periods import FIRST_DAY
from domain.records import Access
from domain.worklist import worklist

FORMS = (".xlsx", ".csv")


def check_form(file: Path, *more: str) -> None:
    forms = (*FORMS, *more)
    if file.suffix.lower() not in forms:
        raise ConfigError(f"{file}: expected a name that ends in {' or '.join(forms)}, for example 名册.xlsx")


@contextmanager
def written(file: Path, *more: str) -> Iterator[IO[bytes]]:
    """Written beside it and then moved over it. Raises ConfigError."""
    check_form(file, *more)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            yield out
        beside.replace(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written ({error.strerror})") from error
    finally:
        with suppress(OSError):
            beside.unlink()


async def export(config: Config, export: Export, file: Path, days: tuple[date | None, date | None]) -> list[str]:
    """Lines for the operator. days: the first and the last, both included. Raises ConfigError, StoreError."""
    check_form(file, *((".pdf",) if export is Export.OPEN else ()))
    async with beside(config, database_url(config)) as here:
        now = here.clock.now()
        since, until = _span(days, now)
        await _note(here, export, file, now)
        with written(file, ".pdf") as out:
            if file.suffix.lower() == ".pdf":
                return [f"{await _print(config, here, now, out)} open tickets in {file}"]
            wanted = Wanted(export, since, until, file.suffix.lower(), now)
            sheet = begun(wanted, ZoneInfo(here.community.timezone))
            count = 0
            total = await here.read_models.reported(since, until) if export in OF_TICKETS else 0
            with typer.progressbar(length=total, label=TITLES[export], file=sys.stderr) as bar:
                async for step in Exporter(here.read_models, here.store, here.community).write(wanted, sheet):
                    bar.update(step)
                    count += step
            sheet.save(out)
    return [f"{file}: {TITLES[export]}, from {count} {'tickets' if export in OF_TICKETS else 'lines'}"]


def _span(days: tuple[date | None, date | None], now: datetime) -> tuple[datetime, datetime]:
    first, last = days[0] or FIRST_DAY, days[1] or now.date()
    if first > last:
        raise ConfigError(f"--since {first} is after --until {last}; expected the first day and the last")
    return datetime.combine(first, time(), now.tzinfo), datetime.combine(last + timedelta(days=1), time(), now.tzinfo)


async def _note(here: Beside, export: Export, file: Path, now: datetime) -> None:
    """Whoever may run it may read the database anyhow: the log helps honest people to remember."""
    async with here.store.begin(now) as work:
        await work.accesses.note(Access(now, getuser(), "导出", TITLES[export], f"terminal: {file.name}"))


async def _print(config: Config, here: Beside, now: datetime, out: IO[bytes]) -> int:
    async with here.store.begin(now) as work:
        community = await as_it_is(here.community, work, now)
        tickets = await work.tickets.all_open()
    texts = TextFile(config.texts.file) if config.texts.file else shipped()
    paper = worklist(community, tickets, now)
    [file] = draw(Document("list", "worklist", paper, TITLES[Export.OPEN]), texts.render("worklist", paper))
    out.write(file.data)
    return len(tickets)
