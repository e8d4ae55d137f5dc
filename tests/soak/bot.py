"""The bot on the network of files, until it is killed: ``python -m tests.soak.bot FOLDER URL``."""

import asyncio
import logging
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.community import community
from bot import logs
from bot.app import Setting, open_app
from bot.clocks import SystemClock
from bot.config import Config
from bot.roster import community_of
from bot.running import until_signal
from tests.soak.network import NAME, FileNetwork


async def main(folder: Path, url: str) -> None:
    config = Config.model_validate(community())
    town = community_of(config, everything_on=NAME)
    setting = Setting(town, SystemClock(ZoneInfo(town.timezone)), {NAME: FileNetwork(folder)}, url, folder / "media")
    async with open_app(config, setting) as app:
        await app.machine.run(until_signal())


if __name__ == "__main__":
    logs.set_up("text", level=logging.WARNING)
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
