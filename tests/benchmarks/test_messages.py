import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.community import community
from benchmarks.messages import FLOORS, ROOMS_PER_FLOOR, UNITS, messages

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("share, reports", [(0, 0), (0.05, 20), (1, 400)])
def test_as_many_reports_as_asked_for(share: float, reports: int):
    lines = messages(400, share)
    assert (len(lines), sum(line.report for line in lines)) == (400, reports)


def test_the_same_arguments_give_the_same_messages_and_another_seed_others():
    assert messages(200, 0.5) == messages(200, 0.5)
    assert messages(200, 0.5) != messages(200, 0.5, seed=2)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_an_impossible_share_is_refused(share: float):
    with pytest.raises(ValueError, match="between 0 and 1"):
        messages(10, share)


def test_ids_are_unique_and_times_rise():
    sent = [line.message for line in messages(300, 0.2)]
    assert len({message.external_id for message in sent}) == 300
    assert sent == sorted(sent, key=lambda message: message.at)


def test_a_home_reports_again_only_after_all_others_of_its_group():
    homes = UNITS * FLOORS * ROOMS_PER_FLOOR
    reporters = Counter(line.message.sender for line in messages(homes + 10, 1, groups=1))
    assert sorted(set(reporters.values())) == [1, 2]
    assert len(reporters) == homes


def test_every_slot_of_a_line_is_filled():
    assert [line.message.text for line in messages(3000, 0.5) if "{" in line.message.text] == []


def test_every_group_that_is_spoken_in_is_in_the_community():
    configured = community(7)["groups"]
    assert isinstance(configured, list)
    groups = {group["id"] for group in configured if isinstance(group, dict)}
    assert {line.message.chat.id for line in messages(500, 0.1, groups=7)} < groups


def test_the_peer_answers_every_report():
    command = [sys.executable, "-m", "benchmarks.nonebot_peer", "--messages", "40", "--share", "1", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    measured = json.loads(done.stdout.splitlines()[-1])
    assert (measured["messages"], measured["replies"]) == (40, 40)
