"""The minutes of a meeting, item by item: what is for everybody, and what concerns one home."""

import re
from dataclasses import dataclass

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
# Not 3.5米, and not 3、5单元的外墙; but 2、2-502：自费.
_NUMBERED = re.compile(rf"^\s*(?:[（(]?{_N}[)）]|{_N}[.．](?!\d)|{_N}、(?!\d+(?![\d-]))|[-*•·])\s*")
_ENDS = re.compile(r"[；;\n]+")
_SENTENCE = re.compile(r"(?<=[。！])")
_FOR_ALL = re.compile(r"^(?:公共|原则|全体|所有|各户|各家|大家|统一|全楼|本楼|下一步|下次|此外|另外)")


@dataclass(frozen=True, slots=True)
class Item:
    """follows: it may go on about what the item before it is about, since neither a new line nor a sign parts them."""

    words: str
    follows: bool = False


def items_of(text: str) -> list[Item]:
    """Lines, and what semicolons and stops part in a line; the numbers in front are taken off."""
    items: list[Item] = []
    for line in text.splitlines():
        first = True
        for part in _ENDS.split(line):
            for sentence in _SENTENCE.split(part):
                words = _NUMBERED.sub("", sentence).strip(" \t\u3000")
                if not words.strip("。；;.!！ "):
                    continue
                numbered = _NUMBERED.match(sentence) is not None
                items.append(Item(words, follows=not first and not numbered and not _FOR_ALL.match(words)))
                first = False
    return items
