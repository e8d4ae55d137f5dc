"""texts/zh.yaml: what is used is there, what is there is used, and each renders with what its users give."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.texts import SHIPPED, TextFile
from domain.errors import ConfigError

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("bot", "domain", "handlers", "schedules")
TEXTS = TextFile()
SOURCES: dict[str, str] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
TEMPLATE_AT = {"answer": 0, "_only": 2, "post": 3, "confirm": 2, "call": 3, "repeated": 2, "_ask": 2, "Reply": 1}
"""In which place each function takes a template's name."""


@cache  # three tests read the same files
def trees() -> list[ast.AST]:
    return [ast.parse(p.read_text(encoding="utf-8")) for folder in FOLDERS for p in (ROOT / folder).rglob("*.py")]


def words(node: ast.AST) -> list[str]:
    """The constants of an expression: both branches of a choice."""
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def in_calls() -> set[str]:
    """Names in a template's place of a call."""
    found: set[str] = set()
    for node in (n for tree in trees() for n in ast.walk(tree) if isinstance(n, ast.Call)):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        place = TEMPLATE_AT.get(name)
        if place is None or len(node.args) <= place:
            continue
        argument = node.args[place]
        if isinstance(argument, ast.Constant | ast.IfExp | ast.BoolOp):
            found.update(w for w in words(argument) if re.fullmatch(r"[a-z_]+", w))
    return found


def in_code() -> set[str]:
    return {word for tree in trees() for word in words(tree)}


def in_texts() -> set[str]:
    """Texts that are put into another one."""
    found = {name for source in SOURCES.values() for name in re.findall(r'say\("([a-z_]+)"', source)}
    return found | {name for name in SOURCES if name.endswith("_line") and name.removesuffix("_line") in SOURCES}


def merged() -> set[str]:
    """merge="ack" and its like want a text for several."""
    values = [
        keyword.value for tree in trees() for call in ast.walk(tree) if isinstance(call, ast.Call)
        for keyword in call.keywords if keyword.arg == "merge"
    ]  # fmt: skip
    return {f"merged_{word}" for value in values for word in words(value) if re.fullmatch(r"[a-z]+", word)}


def test_every_text_that_the_code_names_is_there():
    used = in_calls() | in_texts() | merged()
    assert len(used) > 60
    assert used - TEXTS.names == set()


def test_every_text_that_is_there_is_used():
    assert TEXTS.names - in_code() - in_texts() - merged() == set()


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_no_name_is_written_into_a_text(name: str):
    """Who is spoken to is put in front; a second @ would call people twice."""
    assert "@{{" not in SOURCES[name]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_nobody_is_kept_from_calling(name: str):
    assert not re.search(r"(?:别|不要|不用|不必|无需|勿)(?:再)?(?:打|拨|投诉|举报)", SOURCES[name])


@pytest.mark.parametrize("name", sorted(name for name in SOURCES if "number" in SOURCES[name]))
def test_a_number_is_said_with_its_sign(name: str):
    shown = re.findall(r"(.{0,3})\{\{ (?:line\.)?number \}\}", SOURCES[name])
    assert [before for before in shown if not before.endswith("#")] == []


@pytest.mark.parametrize(
    "content, told",
    [
        ("ack: '{{ number'", "ack: "),
        ("ack: '{% if x %}'", "ack: "),
        ("ack: [1]", "ack: expected words, found list"),
        ("- ack", "expected templates by name"),
        ("ack: 'a", "expected YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_the_start(tmp_path: Path, content: str, told: str):
    path = tmp_path / "zh.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(told)) as refusal:
        TextFile(path)
    assert str(path) in str(refusal.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(ConfigError, match="cannot be read"):
        TextFile(tmp_path / "nothing.yaml")


def test_an_unknown_text_is_an_error():
    with pytest.raises(KeyError):
        TEXTS.render("nothing of the kind", {})


def test_a_template_reaches_nothing_but_its_values(tmp_path: Path):
    path = tmp_path / "zh.yaml"
    path.write_text("a: \"{{ ''.__class__.__mro__[1].__subclasses__() }}\"", encoding="utf-8")
    with pytest.raises(Exception, match="unsafe"):
        TextFile(path).render("a", {})


@pytest.mark.parametrize(
    "minutes, said",
    [
        (0, "不到1分钟"),
        (1, "1分钟"),
        (8, "8分钟"),
        (60, "1小时"),
        (125, "2小时5分钟"),
        (1440, "1天"),
        (1625, "1天3小时"),
    ],
)
def test_minutes_in_words(tmp_path: Path, minutes: int, said: str):
    path = tmp_path / "zh.yaml"
    path.write_text("a: '{{ m | span }}'", encoding="utf-8")
    assert TextFile(path).render("a", {"m": minutes}) == said
