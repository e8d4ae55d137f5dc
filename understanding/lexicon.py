"""Word lists (words/*.txt) and the automatons that find them in one pass."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ahocorasick

_WORDS = Path(__file__).with_name("words")
_HEADING = re.compile(r"\[([a-z_0-9]+)\]\s*")
"""Not every line that begins with a bracket opens a list: [链接] is a word of one."""


class Hit(NamedTuple):
    """A word of a list where it stands: text[start:end] is on the list ``name``."""

    name: str
    start: int
    end: int


def read_lists(file: str) -> Iterator[tuple[str, str]]:
    """(list, word) pairs of a file: ``[list]`` lines open a list, the others hold words between spaces; # comments.

    A middle dot in a word stands for a space.
    """
    name = ""
    for line in (_WORDS / f"{file}.txt").read_text(encoding="utf8").splitlines():
        heading = _HEADING.fullmatch(line)
        if heading:
            name = heading.group(1)
        elif not line.startswith("#"):
            yield from ((name, word.replace("·", " ")) for word in line.split())


def read_pairs(file: str) -> Iterator[tuple[str, str]]:
    """(as written, as meant) pairs of a file with one ``a=b`` a line."""
    for line in (_WORDS / f"{file}.txt").read_text(encoding="utf8").splitlines():
        if "=" in line and not line.startswith("#"):
            written, _, meant = line.partition("=")
            yield written, meant


class Lexicon:
    """Finds the words of the lists of some files."""

    def __init__(self, *files: str) -> None:
        lists: dict[str, list[str]] = {}
        for file in files:
            for name, word in read_lists(file):
                lists.setdefault(word, []).append(name)
        self._automaton = ahocorasick.Automaton()
        for word, names in lists.items():
            self._automaton.add_word(word, (len(word), tuple(names)))
        self._automaton.make_automaton()

    def every(self, text: str) -> Iterator[Hit]:
        """All words, overlapping ones too, by where they end."""
        for last, (length, names) in self._automaton.iter(text):
            for name in names:
                yield Hit(name, last + 1 - length, last + 1)

    def longest(self, text: str) -> Iterator[Hit]:
        """Words that do not overlap, the longest one from the left: 地下车库 hides 车库."""
        for last, (length, names) in self._automaton.iter_long(text):
            yield Hit(names[0], last + 1 - length, last + 1)


def unmasked(hits: list[Hit]) -> list[Hit]:
    """电视墙 is a wall, whatever 电视 may be: words inside one of [mask] do not count."""
    masks = [(hit.start, hit.end) for hit in hits if hit.name == "mask"] if hits else []
    if not masks:
        return hits
    return [
        hit
        for hit in hits
        if hit.name != "mask" and not any(start <= hit.start and hit.end <= end for start, end in masks)
    ]
