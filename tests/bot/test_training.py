"""``train``: from the corrections in a database to weights that the bot reads, or to a refusal."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from bot.app import corrections_of, understander_of
from bot.checking import findings
from bot.config import load_config
from bot.roster import community_of
from bot.running import database_url
from bot.training import Wanted, fitted, train
from domain.errors import ConfigError
from domain.records import Corrected, Correction
from domain.vocabulary import StaffId
from storage.database import open_database
from tests.moments import CHINA
from understanding.fitting import regression_lines, training_lines
from understanding.model import WEIGHTS, load

ROOT = Path(__file__).parents[2]
NOW = datetime(2021, 8, 24, 9, tzinfo=CHINA)
SKY = "这天跟漏了似的下个没完"
"""Talk of rain, as somebody may call it a report by mistake."""


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.delenv("LOUQUN_DATABASE_URL", raising=False)
    return configured(tmp_path)


def configured(folder: Path, **sections):
    raw = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf8"))
    raw["database"] = {"url": f"sqlite:///{folder}/louqun.sqlite3"}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({**raw, **sections}, allow_unicode=True), encoding="utf8")
    return load_config(path)


def correct(config, *corrections: tuple[str, dict]):
    async def put():
        opened = open_database(database_url(config), community_of(config), CHINA)
        async with opened as database, database.store.begin(NOW) as work:
            for text, after in corrections:
                await work.corrections.add(
                    Correction(NOW, Corrected.LOOKED, StaffId("sw-limin"), text, {"report": False}, after, look=1)
                )

    asyncio.run(put())


def trained(config, learn=fitted, **wanted) -> tuple[bool, str]:
    lines: list[str] = []
    return train(config, Wanted(**wanted), lines.append, learn), "\n".join(lines)


def the_same(training, taught):
    """Learns nothing new: fast, where the training itself does not matter."""
    return replace(load(), version=f"{load().version}+{taught.version}")


def deaf(training, taught):
    """Hears only what is beyond doubt."""
    return replace(load(), shift=-4.0)


def right() -> tuple[str, dict]:
    """More of what is known already."""
    return "客厅吊顶往下滴水，拿盆接着呢", {"report": True, "kind": "leak", "scope": "household"}


def test_without_corrections_nothing_is_written(config, tmp_path):
    done, said = trained(config, out=tmp_path / "weights.json")
    assert done
    assert "nothing to learn from yet" in said
    assert not (tmp_path / "weights.json").exists()


@pytest.mark.timeout(90)  # a real training
def test_weights_are_written_where_the_configuration_reads_them_and_used(config, tmp_path):
    correct(config, right())
    own = configured(tmp_path, understanding={"weights": str(tmp_path / "sub" / "weights.json")})
    done, said = trained(config, out=tmp_path / "sub" / "weights.json")
    assert done, said
    assert "1 corrections give 1 lines: 1 reports, 0 others; 0 left out" in said
    version = json.loads((tmp_path / "sub" / "weights.json").read_text(encoding="utf8"))["version"]
    assert version.startswith(json.loads(WEIGHTS.read_text(encoding="utf8"))["version"] + "+1-")
    assert f"weights: {tmp_path}/sub/weights.json, version {version}" in list(findings(own))
    assert understander_of(own).judge(right()[0], None).report


def test_the_weights_before_are_kept_beside_the_new_ones(tmp_path, config):
    own = configured(tmp_path, understanding={"weights": str(tmp_path / "weights.json")})
    correct(config, right())
    trained(config, the_same, out=tmp_path / "weights.json")
    first = (tmp_path / "weights.json").read_bytes()
    correct(config, ("次卧墙面掉皮，摸着是湿的", {"report": True, "kind": "leak", "urgency": "normal"}))
    assert trained(own, the_same)[0]
    assert (tmp_path / "weights.json.previous").read_bytes() == first != (tmp_path / "weights.json").read_bytes()
    assert not (tmp_path / "weights.json.new").exists()


def test_a_dry_run_shows_and_writes_nothing(config, tmp_path):
    correct(config, right())
    done, said = trained(config, the_same, out=tmp_path / "weights.json", dry_run=True)
    assert done
    assert re.search(r"regression set \(\d{3,} lines\)", said)
    assert "of the 1 corrected lines" in said
    assert list(tmp_path.glob("weights*")) == []


def test_a_model_that_got_worse_is_refused_with_the_lines_that_flipped(config, tmp_path):
    correct(config, right())
    done, said = trained(config, deaf, out=tmp_path / "weights.json")
    assert not done
    assert "refused, nothing was written: the model got worse" in said
    assert "regression set: F1" in said
    assert "now WRONG  none" in said
    assert list(tmp_path.glob("weights*")) == []


@pytest.mark.timeout(90)  # a real training
def test_ones_own_lines_must_not_get_worse_either(config, tmp_path):
    """A correction that brings a false alarm among the operator's own chatter."""
    chatter = tmp_path / "chatter.jsonl"
    chatter.write_text(json.dumps({"id": "mine", "text": SKY + "，真烦"}, ensure_ascii=False) + "\n", encoding="utf8")
    correct(config, *[(f"{SKY}{n}", {"report": True}) for n in "甲乙丙丁戊己庚辛壬癸"])
    done, said = trained(config, out=tmp_path / "weights.json", against=(chatter,))
    assert str(chatter) in said
    assert not done
    assert "chatter.jsonl: 1 false alarms are more than 0" in said


def test_what_cannot_be_learnt_from_is_named(config, tmp_path):
    measured = next(e for e in regression_lines() if not e.ambiguous)
    shipped = next(e for e in training_lines() if e.report and not e.ambiguous)
    correct(config, (measured.text, {"report": measured.report}), (shipped.text, {"report": False}), right())
    _, said = trained(config, the_same, dry_run=True)
    assert "3 corrections give 1 lines" in said
    assert "it is a line that models are measured on" in said
    assert "the lines we ship say the opposite" in said


def test_the_newest_word_on_a_message_counts(config):
    text = right()[0]
    correct(config, (text, {"report": False}), (text, {"report": True, "kind": "leak"}))
    _, said = trained(config, the_same, dry_run=True)
    assert "2 corrections give 1 lines: 1 reports, 0 others" in said


def test_a_bad_file_to_measure_on_is_named(config, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"text": 1}\n', encoding="utf8")
    with pytest.raises(ConfigError, match=r"mine.jsonl, line 1: expected"):
        trained(config, against=(path,))


def test_the_corrections_can_be_read_beside_a_running_bot(config):
    """The embedded database is open elsewhere meanwhile."""
    correct(config, right())

    async def beside():
        async with open_database(database_url(config), community_of(config), CHINA):
            return await corrections_of(config, database_url(config))

    assert [c.text for c in asyncio.run(beside())] == [right()[0]]


_FIGURES = {"slope": 1.0, "shift": 0.0, "act": 0.5, "ask": 0.2}
GOOD = {"version": "v", **_FIGURES, "rules": {"a": [0] * 8}, "grams": {"b": [0] * 8}}


@pytest.mark.parametrize(
    "content, expected",
    [
        ("{", "expected weights as JSON"),
        ("[]", "expected an object with act, ask"),
        (json.dumps({**GOOD, "more": 1}), "expected an object with act, ask"),
        (json.dumps({**GOOD, "version": ""}), '"version": expected text'),
        (json.dumps({**GOOD, "slope": "1"}), "expected numbers"),
        (json.dumps({**GOOD, "ask": 0.7}), "expected 0 < ask <= act < 1"),
        (json.dumps({**GOOD, "slope": float("nan")}), "expected numbers"),
        (json.dumps({**GOOD, "rules": {}}), '"rules": expected an object with at least one entry'),
        (json.dumps({**GOOD, "grams": {"漏": [0] * 7}}), "\"grams\", '漏': expected 8 numbers, for report, leak"),
        (json.dumps({**GOOD, "rules": {"a": [None] * 8}}), "\"rules\", 'a': expected 8 numbers"),
    ],
)
def test_weights_of_another_form_are_refused_when_they_are_read(tmp_path, content, expected):
    path = tmp_path / "weights.json"
    path.write_text(content, encoding="utf8")
    own = configured(tmp_path, understanding={"weights": str(path)})
    with pytest.raises(ConfigError) as refused:
        list(findings(own))
    assert str(refused.value).startswith(f"{path}: ")
    assert expected in str(refused.value)


def test_weights_that_are_not_there_are_named(tmp_path):
    own = configured(tmp_path, understanding={"weights": str(tmp_path / "none.json")})
    with pytest.raises(ConfigError, match=r"none.json: the weights cannot be read"):
        understander_of(own)


def test_weights_of_an_older_program_are_said(tmp_path):
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({**GOOD, "version": "9-0000+1-11"}), encoding="utf8")
    own = configured(tmp_path, understanding={"weights": str(path)})
    assert any(line.startswith(f"! {path} was trained before this version") for line in findings(own))
