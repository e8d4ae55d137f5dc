"""The program as it is started: by ``run``, by other programs, with a terminal's mistakes."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parent.parent.parent
CONFIG = (ROOT / "config.yaml").read_text(encoding="utf-8")
BOT = [sys.executable, "-m", "bot"]
pytestmark = pytest.mark.timeout(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The demo, with everything it keeps in a folder of its own."""
    path = tmp_path / "config.yaml"
    console = f"{{bind: '127.0.0.1:{free_port()}', folder: {tmp_path}/console}}"
    text = CONFIG.replace("channels: {console: {}}", f"channels: {{console: {console}}}")
    more = f"database: {{url: 'sqlite:///{tmp_path}/louqun.sqlite3'}}\nmedia: {{folder: {tmp_path}/media}}\n"
    path.write_text(text + more, encoding="utf-8")
    return path


@contextmanager
def running(config: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The bot and the lines it printed until it was ready."""
    bot = subprocess.Popen(
        [*BOT, "run", "--config", str(config)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    lines: list[str] = []
    assert bot.stdout is not None
    for line in bot.stdout:
        lines.append(line.strip())
        if "试一试" in line:
            break
    try:
        yield bot, lines
    finally:
        bot.kill()
        bot.communicate()


def call(*arguments: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run([*BOT, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, **more)


def test_it_starts_says_where_it_is_and_ends_cleanly(config: Path):
    with running(config) as (bot, lines):
        address = next(match.group() for line in lines if (match := re.search(r"http://\S+/", line)))
        assert json.load(urlopen(f"{address}healthz"))["ok"] is True
        assert wait_for(f"{address}readyz")["channels"]["console"]["link"] == "up"
        figures = urlopen(f"{address}metrics")
        assert figures.headers["Content-Type"].startswith("text/plain")
        assert 'louqun_channel_up{channel="console"} 1.0' in figures.read().decode()
        assert "人" in urlopen(address).read().decode()
        bot.send_signal(signal.SIGTERM)
        _, errors = bot.communicate(timeout=20)
    assert bot.returncode == 0
    assert "Traceback" not in errors


def wait_for(url: str) -> dict:
    deadline = time.monotonic() + 10
    while True:
        try:
            return dict(json.load(urlopen(url)))
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)  # another process starts


def test_the_first_administrators_code_is_printed_once(config: Path):
    with running(config) as (_, first):
        pass
    with running(config) as (_, second):
        pass
    assert [bool(re.search(r"我是 姓名 \d{8}", "".join(lines))) for lines in (first, second)] == [True, False]


def test_a_second_bot_on_the_same_database_is_refused(config: Path, tmp_path: Path):
    with running(config):
        other = tmp_path / "other.yaml"
        other.write_text(re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{free_port()}", config.read_text(encoding="utf-8")))
        refused = call("run", "--config", str(other))
    assert refused.returncode == 2
    assert "in use by another LouQun" in refused.stderr


def test_a_taken_port_is_said(config: Path):
    with socket.socket() as taken:
        port = int(re.findall(r"127\.0\.0\.1:(\d+)", config.read_text(encoding="utf-8"))[-1])
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = call("run", "--config", str(config))
    assert refused.returncode == 2
    assert f"127.0.0.1:{port} is taken by another program" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_of_a_newer_version_is_left_untouched(config: Path, tmp_path: Path):
    assert call("db", "upgrade", "--config", str(config)).returncode == 0
    file = tmp_path / "louqun.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE louqun_version SET version_num = 'm9999'")
    connection.close()
    before = file.read_bytes()
    refused = call("run", "--config", str(config))
    assert refused.returncode == 2
    assert "m9999" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_mistake_in_the_configuration_is_exit_2(config: Path, command: str):
    config.write_text(config.read_text(encoding="utf-8").replace("floors: 18", "floors: many"), encoding="utf-8")
    refused = call(command, "--config", str(config))
    assert refused.returncode == 2
    assert "buildings[1].floors" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_check_names_what_an_operator_should_mend(config: Path):
    text = config.read_text(encoding="utf-8").replace('{id: g8, name: 8号楼邻里群, building: "8", role: building}', "")
    config.write_text(re.sub(r"\n  - \n", "\n", text), encoding="utf-8")
    said = call("check", "--config", str(config))
    assert said.returncode == 0
    assert "! 8号楼 has no group" in said.stdout


def test_understand_answers_line_by_line(config: Path):
    lines = [
        {"id": "1", "text": "3号楼2单元1502卧室漏水", "building": "3"},
        {"id": "2", "text": "晚上一起跳广场舞吗", "building": None},
        "not json",
        {"id": "4"},
        {"id": "5", "text": "", "building": "B"},
        {"id": "6", "text": "漏水", "building": 3},
        [1],
    ]
    given = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = call("understand", input=given + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer.get("id") for answer in answers] == ["1", "2", None, "4", "5", "6", None]
    assert ["error" in answer for answer in answers] == [False, False, True, True, False, True, True]
    assert (answers[0]["report"], answers[0]["room"], answers[1]["report"]) == (True, "1502", False)


def test_understand_survives_bytes_that_are_no_text():
    done = subprocess.run([*BOT, "understand"], cwd=ROOT, input=b"\xff\xfe\n\n{}\n", capture_output=True, check=False)
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert len(answers) == 2
    assert all("error" in answer for answer in answers)


def test_replay_is_the_same_twice(tmp_path: Path):
    story = ROOT / "examples" / "2021-08-23" / "transcript.jsonl"
    outs = [tmp_path / name / "out.jsonl" for name in ("one", "two")]
    for out in outs:
        out.parent.mkdir()
        done = call("replay", str(story), "--config", str(ROOT / "config.yaml"), "--out", str(out))
        assert (done.returncode, done.stderr) == (0, "")
    one, two = (out.read_bytes() for out in outs)
    assert one == two
    lines = [json.loads(line) for line in one.decode().splitlines()]
    media = {path for line in lines[:-1] for path in line["media"]}
    assert media
    assert all((outs[0].parent / path).is_file() for path in media)


@pytest.mark.parametrize("arguments", [["replay", "nowhere.jsonl"], ["replay", "README.md", "--config", "no.yaml"]])
def test_a_file_that_is_not_there_is_exit_2(arguments: list[str]):
    refused = call(*arguments)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_help_is_help():
    said = call("--help", env={**os.environ, "COLUMNS": "120"})
    assert said.returncode == 0
    assert [word for word in ("run", "check", "replay", "understand", "code", "db") if word not in said.stdout] == []


def test_audit_says_what_was_missed_while_the_bot_runs(config: Path):
    with running(config):
        done = call("audit", "--config", str(config))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "0 tickets did not end; 0 promises were missed\n"
    place = sqlite3.connect(config.parent / "louqun.sqlite3")
    with place:
        place.execute(
            "INSERT INTO tickets (community, number, version, status, kind, scope, urgency, building, channel, chat,"
            " private, words, reported_at, acknowledged_at, since, updated, photo_asked, media)"
            " VALUES ('gdl', 1, 1, 'registered', 'leak', 'household', 'urgent', '3', 'console', 'g3',"
            " 0, '漏水', 1629727080000000, 1629727080000000, 1629727080000000, 1629727080000000, 0, '[]')"
        )
    place.close()
    done = call("audit", "--config", str(config))
    assert (done.returncode, done.stderr) == (3, "")
    assert "! #1 3号楼: not accepted, due 08-23 22:08" in done.stdout
    assert "nobody was told" in done.stdout


def test_who_is_imported_while_it_runs_can_be_picked_and_is_a_colleague(config: Path, tmp_path: Path):
    roster = tmp_path / "名册.csv"
    roster.write_text("姓名,角色,楼栋,账号\n吴晓梅,社工,3,wu-xm\n", encoding="utf-8")
    with running(config) as (_, lines):
        [address] = [found.group() for line in lines if (found := re.search(r"http://\S+/", line))]
        with urlopen(address) as page:
            assert "吴晓梅" not in page.read().decode()
        asked = [*BOT, "import-roster", str(roster), "--apply", "--config", str(config)]
        subprocess.run(asked, cwd=ROOT, check=True, capture_output=True)
        with urlopen(address) as page:
            shown = page.read().decode()
        assert "吴晓梅" in shown
        with urlopen(f"{address}as/wu-xm/group/gstaff") as room:
            assert "防汛工作群" in room.read().decode()
