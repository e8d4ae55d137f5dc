"""How long the export of many tickets takes, and how much memory.

python -m benchmarks.exporting [--tickets 100000] [--form xlsx|csv]

The tickets are those of benchmarks.auditor, each with five events. The database is made in a process of its own, so
that the peak is the export's. Both times are printed: of the clock on the wall and of this process on a core.
"""

import argparse
import asyncio
import resource
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from benchmarks import community as town
from benchmarks.auditor import AT_ONCE, NOW, ticket
from bot.config import Config
from bot.exports import Exporter, Wanted, begun
from bot.roster import community_of
from documents.sheets import Writer
from domain.exports import Export
from domain.periods import ALL, called
from domain.tickets import BOT, TicketEvent, What
from storage.database import open_database

ZONE = ZoneInfo("Asia/Shanghai")
EVENTS = (What.OPENED, What.ACKNOWLEDGED, What.MOVED, What.PROGRESS, What.VISITED)


def fill(url: str, count: int) -> None:
    asyncio.run(_fill(url, count))


async def _fill(url: str, count: int) -> None:
    community = community_of(Config.model_validate(town.community()), everything_on="console")
    async with open_database(url, community, ZONE) as database:
        for start in range(1, count + 1, AT_ONCE):
            async with database.store.begin(NOW) as work:
                for number in range(start, min(start + AT_ONCE, count + 1)):
                    one = ticket(await work.tickets.next_number())
                    assert one.number == number
                    events = [TicketEvent(one.number, NOW, what, BOT, "", {"words": "看过了"}) for what in EVENTS]
                    await work.tickets.save(one, *events)


async def run(url: str, form: str, out: Path) -> str:
    community = community_of(Config.model_validate(town.community()), everything_on="console")
    period = called(ALL, NOW)
    async with open_database(url, community, ZONE) as database:
        wall, core, count = perf_counter(), process_time(), 0
        wanted = Wanted(Export.TICKETS, period.start, period.end, f".{form}", NOW)
        sheet = begun(wanted, ZONE)
        async for step in Exporter(database.read_models, database.store, community).write(wanted, sheet):
            count += step
        await asyncio.to_thread(_save, sheet, out)
        wall, core = perf_counter() - wall, process_time() - core
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = await asyncio.to_thread(_size, out)
    return f"| {form} | {count:,} | {wall:.1f} s | {core:.1f} s | {peak:.0f} MiB | {size:.1f} MB |"


def _save(sheet: Writer, out: Path) -> None:
    with out.open("wb") as file:
        sheet.save(file)


def _size(out: Path) -> float:
    """In MB."""
    return out.stat().st_size / 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description="The export of many tickets.")
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--form", choices=["xlsx", "csv"], default="xlsx")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(fill, url, chosen.tickets).result()
        print("| form | tickets | wall | core | peak memory | file |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        print(asyncio.run(run(url, chosen.form, Path(folder) / f"out.{chosen.form}")))


if __name__ == "__main__":
    main()
