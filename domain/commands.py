"""Reads a command from what somebody typed: full-width signs, spaces, Chinese numerals and order are forgiven."""

import re
import unicodedata
from collections.abc import Sequence

from domain.handling import Command, Needs, Parsed
from domain.numerals import NUMERAL_CHARACTERS, number
from domain.vocabulary import TicketNumber

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f]")
_MENTION = re.compile(r"^\s*@\S{1,20}?(?:[\s\u2005]+|$)")
_NUMBER = re.compile(rf"#\s*(\d{{1,6}}|[{NUMERAL_CHARACTERS}]{{1,6}})(?!\d)\s*(?:号(?:单|工单)?(?![楼院]))?")
_BARE = re.compile(r"^\s*(?:第)?(\d{1,5})(?:号?(?:单|工单))?(?=$|[\s,，、;；。])")
_SEPARATORS = " \t\n:：,，、。.!！~～-—;；"
LONGEST = 2000
"""Nobody types a longer command; the rest of a longer text is kept as it is."""


def tidy(text: str) -> str:
    """NFKC, invisible characters out, white space folded (line breaks stay)."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:LONGEST]))
    return re.sub(r"[^\S\n]+", " ", text).strip()


def numbers_in(text: str) -> tuple[TicketNumber, ...]:
    """Every #12 in a text, in order, each once."""
    found = (number(m.group(1)) for m in _NUMBER.finditer(tidy(text)))
    return tuple(dict.fromkeys(TicketNumber(n) for n in found if n))


def without_numbers(text: str) -> str:
    return re.sub(r" {2,}", " ", _NUMBER.sub(" ", text)).strip(_SEPARATORS)


def parse(text: str, commands: Sequence[Command], *, addressed: bool) -> Parsed | None:
    """The command a text holds, or None. Unless the bot is addressed the word must stand by itself.

    "@楼群 ＃12 到场" -> 到场 (12); "接单 12、15" -> 接单 (12, 15); "完成得很好" -> None.
    """
    line = _MENTION.sub("", tidy(text))
    numbers = list(numbers_in(line))
    body = without_numbers(line)
    match = _longest(body, commands)
    if match is None:
        return None
    word, command = match
    rest = body[len(word) :]
    if rest and rest[0] not in _SEPARATORS and not _may_be_glued(rest, command, bool(numbers), addressed):
        return None
    rest = rest.strip(_SEPARATORS)
    if command.needs is not Needs.NOTHING:
        rest = _take_bare_numbers(rest, numbers)
    return Parsed(command, tuple(dict.fromkeys(numbers)), rest)


def _longest(body: str, commands: Sequence[Command]) -> tuple[str, Command] | None:
    pairs = ((word, command) for command in commands for word in command.words if body.startswith(word))
    return max(pairs, key=lambda pair: len(pair[0]), default=None)


def _may_be_glued(rest: str, command: Command, numbered: bool, addressed: bool) -> bool:
    """ "接单12", "#12进展已抽水", "绑定3号楼": fine; "完成得很好": talk."""
    if command.needs is not Needs.NOTHING and _BARE.match(rest):
        return True
    return numbered or (addressed and command.wants_text)


def _take_bare_numbers(rest: str, numbers: list[TicketNumber]) -> str:
    """Digits right behind the word are ticket numbers as well, unless numbers were given with #."""
    while not numbers or rest[:1] in _SEPARATORS or _BARE.match(rest):
        match = _BARE.match(rest.lstrip(_SEPARATORS))
        if match is None or (numbers and len(numbers) > 50):
            break
        numbers.append(TicketNumber(int(match.group(1))))
        rest = rest.lstrip(_SEPARATORS)[match.end() :]
    return rest.strip(_SEPARATORS)
