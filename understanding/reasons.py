"""Names of reasons in plain words (words/reasons.txt): what a verdict weighed, for the people who ask why."""

import re
from functools import cache

from domain.roster import PLACE_NAMES
from domain.understanding import Cue
from domain.vocabulary import Place
from understanding.lexicon import read_pairs

_LENGTHS = ("4个字以内", "5到8个字", "9到15个字", "16到30个字", "31到60个字", "61到120个字", "120个字以上")
_SHAPES = (
    (re.compile(r"s:(?P<a>.+)"), "有“{a}”的词"),
    (re.compile(r"e:(?P<a>[^:]+):(?P<b>[^:]+)"), "{a}：{b}"),
    (re.compile(r"c:(?P<a>[^+]+)\+(?P<b>.+)"), "一小句里说{a}，又有“{b}”的词"),
    (re.compile(r"c:(?P<a>[^+?]+)\?"), "在问句里说{a}"),
    (re.compile(r"first:(?P<a>.+)"), "第一句有“{a}”的词"),
    (re.compile(r"last:(?P<a>.+)"), "最后一句有“{a}”的词"),
    (re.compile(r"after:(?P<a>.+)"), "说水之前的一句有“{a}”的词"),
    (re.compile(r"wet\+(?P<a>.+)"), "把水说成事实，全文还有“{a}”的词"),
    (re.compile(r"plainly despite (?P<a>.+)"), "别处有“{a}”的词，但说水的那一小句没有疑点"),
    (re.compile(r"(?P<a>[^*]+)\*(?P<b>.+)"), "有“{a}”的词，也有“{b}”的词"),
    (re.compile(r"(?P<a>[^:>]+):(?P<b>[^:>]+)@(?P<c>.+)"), "{a}：{b}，{c}"),
    (re.compile(r"(?P<a>[^&]+)&(?P<b>.+)"), "有“{a}”的词，也有“{b}”"),
)


@cache
def _words() -> dict[str, str]:
    return dict(read_pairs("reasons"))


def in_words(name: str) -> str:
    """Raises KeyError for a name that nobody has put into words yet."""
    table = _words()
    if name in table:
        return table[name]
    kind, _, rest = name.partition(":")
    if kind == "w":
        word, _, how = rest.rpartition(":")
        return f"“{word}”：{table[how]}"
    if kind == "p":
        return f"地点是{place_in_words(Place(rest))}"
    if kind == "length":
        return f"全文{_LENGTHS[int(rest)]}"
    if kind in {"strong", "said"}:
        what = "漏水、积水一类" if kind == "strong" else "和水有关的话"
        return f"{what}说成事实的有{rest}处{'以上' if rest == '3' else ''}"
    event, follows, char = name.partition(">")
    if follows:
        return f"{table[event]}，后面{'没有字了' if char == '$' else f'是“{char}”'}"
    for shape, said in _SHAPES:
        if match := shape.fullmatch(name):
            return said.format(**{part: table[value] for part, value in match.groupdict().items()})
    raise KeyError(name)


def place_in_words(place: Place) -> str:
    return PLACE_NAMES[place] or "其他地方"


def cue_in_words(cue: Cue) -> str:
    """Raises KeyError as in_words does."""
    return _words()[f"cue {cue}"]
