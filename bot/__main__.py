"""The command line."""

import asyncio
import json as jsonlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import ConfigError, LouQunError

CONFIG = Annotated[Path, typer.Option("--config", "-c", help="The configuration.")]
HERE = Path("config.yaml")
WRONG_INPUT, FAILED, FORGOTTEN = 2, 1, 3
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="楼群 LouQun: a bot in every building's group that turns leak reports into tickets and shows the work live.",
)
database = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(database, name="db")
export = typer.Typer(no_args_is_help=True, help="Spreadsheets (.xlsx) and tables (.csv) of what is kept.")
app.add_typer(export, name="export")


class Lessons(StrEnum):
    """What ``train`` may learn from."""

    CORRECTIONS = "corrections"


@contextmanager
def reported() -> Iterator[None]:
    """What the person at the terminal can mend is said in one line, without a traceback."""
    try:
        yield
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_INPUT) from error
    except LouQunError as error:
        typer.echo(f"louqun: {error}", err=True)
        raise typer.Exit(FAILED) from error


@app.command()
def run(config: CONFIG = HERE, *, verbose: Annotated[bool, typer.Option(help="Log every message.")] = False) -> None:
    """Starts the bot. Stop it with Ctrl+C or SIGTERM: what runs is finished, nothing is lost."""
    from bot import logs, running  # noqa: PLC0415  the other commands start faster without it
    from bot.config import load_config  # noqa: PLC0415  same

    with reported():
        loaded = load_config(config)
        logs.set_up(loaded.log, level=logging.DEBUG if verbose else logging.INFO)
        asyncio.run(running.run(loaded, _say))


@app.command()
def check(config: CONFIG = HERE) -> None:
    """Reads the configuration and the texts, and says what it found."""
    from bot import logs  # noqa: PLC0415
    from bot.checking import findings, holes, probe  # noqa: PLC0415
    from bot.config import load_config  # noqa: PLC0415

    async def probed() -> None:
        for line in await holes(loaded):
            typer.echo(line)
        async for line in probe(loaded):
            typer.echo(line)

    with reported():
        loaded = load_config(config)
        logs.set_up(loaded.log, level=logging.ERROR)
        for line in findings(loaded):
            typer.echo(line)
        asyncio.run(probed())


@app.command()
def replay(
    transcript: Annotated[Path, typer.Argument(help="JSON lines, one event each.")],
    config: CONFIG = HERE,
    out: Annotated[Path | None, typer.Option(help="Where the output goes; without it, to the terminal.")] = None,
    speed: Annotated[float, typer.Option(min=0, help="0: at once. N: N times real time, in the web chat.")] = 0,
) -> None:
    """Plays a transcript through the whole bot, on a fresh database and a clock of its own."""
    from bot import logs  # noqa: PLC0415
    from bot.config import load_config  # noqa: PLC0415
    from bot.transcript import read_transcript  # noqa: PLC0415

    with reported():
        loaded, happenings = load_config(config), read_transcript(transcript, _warn)
        logs.set_up(loaded.log, level=logging.WARNING)
        if speed and happenings:
            from bot.drill import drill  # noqa: PLC0415

            asyncio.run(drill(loaded, happenings, speed, _say))
            return
        from bot.readable import as_chat  # noqa: PLC0415
        from bot.replay import replay as play  # noqa: PLC0415

        lines, summary = asyncio.run(play(loaded, happenings, out.parent if out else None))
        text = "".join(jsonlib.dumps(line, ensure_ascii=False) + "\n" for line in [*lines, {"summary": summary}])
        _write(out, text, lambda: as_chat(loaded, happenings, lines))


def _write(out: Path | None, text: str, readable: Callable[[], str]) -> None:
    """To a person the night is shown as a chat, to a program as JSON lines."""
    if out is None:
        sys.stdout.write(readable() if sys.stdout.isatty() else text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror})") from error


@app.command()
def understand(
    explain: Annotated[str | None, typer.Option(help="One text: how its verdict comes about, in words.")] = None,
    building: Annotated[str | None, typer.Option(help="With --explain: the group's building.")] = None,
) -> None:
    """Reads {"id", "text", "building"} a line from standard input and writes what each means."""
    if explain is not None:
        _explain(explain, building)
        return
    from bot.understand import answers  # noqa: PLC0415
    from understanding.engine import Understander  # noqa: PLC0415

    out = os.fdopen(sys.stdout.fileno(), "w", encoding="utf-8", errors="replace", closefd=False)
    for answer in answers(sys.stdin.buffer, Understander()):
        out.write(f"{answer}\n")
        out.flush()


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="JSON lines, as told above.")],
    picture: Annotated[Path | None, typer.Option(help="Where the confusion matrices go, as PNG.")] = None,
    json: Annotated[Path | None, typer.Option(help="Where all figures and errors go, as JSON.")] = None,
    worst: Annotated[int, typer.Option(min=0, help="At most so many errors of each kind are printed.")] = 20,
    weights: Annotated[Path | None, typer.Option(help="Instead of the shipped ones: what `train` wrote.")] = None,
) -> None:
    """Measures the understanding on labelled lines, chatter and dialogues.

    Each line of FILE is one of three things:

    \b
    {"text", "report": true|false, "kind", "scope", "urgency", "building", "unit",
     "room", "floor", "place", "also", "ambiguous", "source", "id"}
        a labelled line: precision, recall, F1, fields, calibration, by source
    {"text", "id", "source"}
        chatter, where every report is a false alarm
    {"building", "messages", "gold"}
        a dialogue, played through the whole bot in memory

    Lines that cannot be read are named and left out; the exit code is 2 then.
    """
    from bot import logs  # noqa: PLC0415
    from bot.evaluation.command import Wanted, evaluate_files  # noqa: PLC0415

    with reported():
        logs.set_up("text", level=logging.ERROR)
        faults = evaluate_files(Wanted(files, picture, json, worst, weights), _say)
        if faults:
            raise ConfigError("\n".join([*faults, f"{len(faults)} lines were left out"]))


@app.command()
def train(
    source: Annotated[Lessons, typer.Option("--from", help="What to learn from besides the shipped lines.")],
    config: CONFIG = HERE,
    out: Annotated[Path | None, typer.Option(help="Where the weights go; default: understanding.weights.")] = None,
    against: Annotated[
        list[Path] | None, typer.Option(help="Further labelled lines or chatter that must not get worse; repeatable.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> None:
    """Trains the weights again, from the shipped lines and the corrections by staff in the database.

    Shows the figures on the regression set before and after, and every line that flipped. A new model is refused
    (exit code 1, nothing written) when, on the regression set or on a file given with --against, its F1 is lower, its
    precision is lower, it gives more false alarms, or one of kind, scope and urgency loses more than one line in a
    hundred. Needs scikit-learn: pip install 'louqun[train]'.
    """
    from bot.config import load_config  # noqa: PLC0415
    from bot.training import Wanted  # noqa: PLC0415
    from bot.training import train as learn  # noqa: PLC0415

    assert source is Lessons.CORRECTIONS, "there is nothing else yet"
    with reported():
        if not learn(load_config(config), Wanted(out, dry_run, tuple(against or ())), _say):
            raise typer.Exit(FAILED)


def _explain(text: str, building: str | None) -> None:
    from bot.explain import explained  # noqa: PLC0415
    from understanding.explaining import explain  # noqa: PLC0415

    for line in explained(explain(text, building)):
        typer.echo(line.encode(errors="replace").decode())


@app.command()
def code(config: CONFIG = HERE) -> None:
    """A new one-time code for an administrator, where the first one was lost."""
    from bot.config import load_config  # noqa: PLC0415
    from bot.running import issue_code  # noqa: PLC0415

    with reported():
        secret = asyncio.run(issue_code(load_config(config)))
        typer.echo(f"一次性授权码（48小时内有效）：私聊机器人说“我是 姓名 {secret}”")


@app.command()
def audit(config: CONFIG = HERE) -> None:
    """Lists what was promised about open tickets and not kept. May be asked while the bot runs.

    Exit 0: somebody was told of each. 3: some were forgotten by the bot as well.
    """
    from bot.checking import missed_promises  # noqa: PLC0415  as above
    from bot.config import load_config  # noqa: PLC0415

    with reported():
        lines, forgotten = asyncio.run(missed_promises(load_config(config)))
        for line in lines:
            typer.echo(line)
    if forgotten:
        raise typer.Exit(FORGOTTEN)


@app.command("import-roster")
def import_roster(
    file: Annotated[Path, typer.Argument(help="A spreadsheet (.xlsx) or a table (.csv) with the columns below.")],
    config: CONFIG = HERE,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Do it. Without: only show what would change.")] = False,
) -> None:
    """Reads who works here from a spreadsheet. May be run beside the bot, which knows it from the next message on.

    Columns, in any order: 姓名 and 角色 (社工, 管家, 维修, 书记, 管理员); if wanted 编号 (the id of the configuration),
    楼栋 (1、3、5; empty: all), 电话, and 账号 or 账号（channel） (the network's id of the person, who is then bound).
    Who came by a file before and is not in this one leaves. Every wrong cell is named, and nothing is imported then.
    """
    from bot.config import load_config  # noqa: PLC0415
    from bot.roster_import import import_roster as read  # noqa: PLC0415

    with reported():
        for line in asyncio.run(read(load_config(config), file, apply=apply)):
            typer.echo(line)


@app.command("import-tickets")
def import_tickets(
    file: Annotated[Path, typer.Argument(help="A spreadsheet (.xlsx) or a table (.csv) with the columns below.")],
    config: CONFIG = HERE,
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it. Without: only show what would become tickets.")
    ] = False,
) -> None:
    """Reads the property's own list of reports from a spreadsheet. May be run beside the bot.

    Columns, in any order: 报修内容, and 楼栋 with 单元 and 房号, or 地址 (3-2-502); if wanted 编号, 报修时间, 报修人,
    电话, 状态 (待处理, 处理中, 已完成), 完成时间, 类别 (漏水, 积水, 堵塞返水). What is known already (same place and
    kind within a day) is left out. Every wrong cell is named, and nothing is imported then. Staff are told of what is
    open.
    """
    from bot.config import load_config  # noqa: PLC0415
    from bot.ticket_import import import_tickets as read  # noqa: PLC0415

    with reported():
        for line in asyncio.run(read(load_config(config), file, apply=apply)):
            typer.echo(line)


@export.command("roster")
def export_roster(file: Annotated[Path, typer.Argument(help="名册.xlsx or 名册.csv")], config: CONFIG = HERE) -> None:
    """Who works here, in the form that import-roster reads."""
    from bot.config import load_config  # noqa: PLC0415
    from bot.roster_import import export_roster as write  # noqa: PLC0415

    with reported():
        for line in asyncio.run(write(load_config(config), file)):
            typer.echo(line)


def _export_command(export_of: str, about: str) -> None:
    """One command a table; they differ in their name only."""

    def command(
        file: Annotated[Path, typer.Argument(help="Ends in .xlsx or .csv; that of todo also in .pdf, to print.")],
        config: CONFIG = HERE,
        since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day.")] = None,
        until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day.")] = None,
    ) -> None:
        from bot.config import load_config  # noqa: PLC0415
        from bot.exporting import export as write  # noqa: PLC0415
        from domain.exports import Export  # noqa: PLC0415

        days = (since.date() if since else None, until.date() if until else None)
        with reported():
            for line in asyncio.run(write(load_config(config), Export(export_of), file, days)):
                typer.echo(line)

    export.command(export_of, help=f"{about} Full data, for staff: it is written to the access log.")(command)


for _name, _about in {
    "tickets": "工单: every ticket with its clocks.",
    "todo": "待办: what is open.",
    "visits": "入户: who was at which door, and whom they met.",
    "rulings": "定责: who pays, proposed or decided, and why.",
    "plans": "一房一案: one line a home, with cause, measures and room to sign.",
    "ledger": "台账: orders of the hotline 12345, and whether the groups knew before.",
    "access-log": "访问记录: who saw, exported or erased data of persons.",
}.items():
    _export_command(_name, _about)


@database.command()
def upgrade(config: CONFIG = HERE) -> None:
    """Brings the database to this version's form; `run` does so by itself."""
    from bot.app import upgrade_database  # noqa: PLC0415
    from bot.config import load_config  # noqa: PLC0415
    from bot.running import database_url  # noqa: PLC0415

    with reported():
        asyncio.run(upgrade_database(database_url(load_config(config))))
        typer.echo("the database is up to date")


def _say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()


def _warn(line: str) -> None:
    typer.echo(line, err=True)


if __name__ == "__main__":
    app()
