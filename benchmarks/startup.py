"""Start-up: from the command to the printed address, on an empty folder with the demo community.

python -m benchmarks.startup --runs 5
"""

import argparse
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configuration(folder: Path) -> Path:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    console = f"{{bind: '127.0.0.1:{free_port()}', folder: {folder}/console}}"
    text = text.replace("channels: {console: {}}", f"channels: {{console: {console}}}")
    text += f"database: {{url: 'sqlite:///{folder}/louqun.sqlite3'}}\nmedia: {{folder: {folder}/media}}\n"
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def start(config: Path) -> float:
    """Seconds until the address is printed."""
    began = perf_counter()
    command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bot:
        assert bot.stdout is not None
        for line in bot.stdout:
            if re.search(r"http://", line):
                break
        seconds = perf_counter() - began
        bot.send_signal(signal.SIGTERM)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    empty: list[float] = []
    again: list[float] = []
    for _ in range(options.runs):
        with TemporaryDirectory(prefix="louqun-start-") as folder:
            config = configuration(Path(folder))
            empty.append(start(config))
            again.append(start(config))
    print(f"| start-up, empty database, to the printed address | {median(empty):.2f} s |")
    print(f"| start-up, the second time | {median(again):.2f} s |")


if __name__ == "__main__":
    main()
