"""Reads a command from what somebody typed: full-width signs, spaces, Chinese numerals and order are forgiven."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from domain.handling import ANY_WORDS, EVERYBODY, Command, Needs, Parsed
from domain.numerals import NUMERAL_CHARACTERS, number
from domain.vocabulary import TicketNumber

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f]")
_SPACES = re.compile(r"[^\S\n]+")
_MENTION = re.compile(r"^@\S{1,20}?(?:\s+|$)")
_SEPARATORS = " \t\n:,、。.!~-—;"
_END = r"(?=$|[\s,、;。.!#])"
_C = f"[{NUMERAL_CHARACTERS}]"
_N = rf"(?:\d{{1,6}}(?!\d)|{_C}{{2,6}}|{_C}(?=$|[\s,、;。号单#]))"
_CALLED = r"(?:号?工?单(?!元)|号(?![楼院栋幢座]))?"
# A building is no ticket (#3号楼, 2#1202, #3-2-502), and a hashtag is none (#一定要关窗#).
_TICKET = rf"#\s*{_N}(?!号?(?:[栋幢座]|楼(?![顶道梯上下板]))|-\d)\s*{_CALLED}"
_RUN = re.compile(rf"(?<![0-9A-Za-z]){_TICKET}(?:\s*[、,;和跟与]?\s*{_TICKET}|\s*[、和跟与]\s*{_N}{_CALLED}{_END})*")
_COUNTED = r"(?!\s*(?:个|台|天|小时|分钟|袋|名|位|人|层|楼|栋|单元|月|点|次|块|米|遍|处|户))"
_BARE = re.compile(rf"[\s,、;和跟与]*(?:第)?(\d{{1,6}}|{_C}{{1,6}}){_CALLED}(?:{_END}{_COUNTED}|(?=[和跟与]\s*\d))")
_LED = re.compile(r"第?(\d{1,6})(号?工?单(?!元)\s*|\s+)(?=\D)")
_SAID_DONE = re.compile(rf"[了啦咯喽]{_END}")
# #12 完成得很好, #12 到场时间, #12 没修好的话: said about it, not ordered.
_TALK = re.compile(r"[得的率度不没后前时之过与者吗么呢吧嘛?]|情况")
_ASKED = re.compile(r"(?:[?]|[吗么呢吧嘛]|[了过]没有?)[?\s!。.~]*$")
LONGEST = 2000
"""Nobody types a longer command; what is longer is cut before it is looked at."""
MOST_NUMBERS = 50


def tidy(text: str) -> str:
    """NFKC, invisible characters out, white space folded (line breaks stay)."""
    text = text[:LONGEST]
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    elif "  " not in text:  # printable: the only white space left is the plain space
        return text.strip()
    return _SPACES.sub(" ", text).strip()


def numbers_in(text: str) -> tuple[TicketNumber, ...]:
    """Every #12 in a text, in order, each once. "#12、15" names two."""
    text = tidy(text)
    if "#" not in text:
        return ()
    runs = (run.group() for run in _RUN.finditer(text))
    found = (number(digits) for run in runs for digits in re.findall(rf"\d+|{_C}+", run))
    return tuple(dict.fromkeys(TicketNumber(n) for n in found if n))


def without_numbers(text: str) -> str:
    if "#" in text:
        text = re.sub(r" {2,}", " ", _RUN.sub(" ", text))
    return text.strip(_SEPARATORS)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is left of a line when its #numbers are taken out."""

    body: str
    numbers: tuple[TicketNumber, ...]
    addressed: bool


class CommandBook:
    """The commands by their words."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._by_word = {word: command for command in reversed(commands) for word in command.words}
        self._firsts = frozenset(word[:1] for word in self._by_word)
        self._lengths = sorted({len(word) for word in self._by_word}, reverse=True)

    def longest(self, body: str) -> tuple[str, Command] | None:
        """The longest word that the text begins with."""
        if body[:1] not in self._firsts:
            return None
        words = (body[:length] for length in self._lengths)
        return next(((word, self._by_word[word]) for word in words if word in self._by_word), None)


def parse(text: str, book: CommandBook, *, addressed: bool) -> Parsed | None:
    """The command a text holds, or None. Unless the bot is addressed the word must stand by itself.

    "@楼群 ＃12 到场" -> 到场 (12); "接单 12、15" -> 接单 (12, 15); "完成得很好" -> None; "@王师傅 接单 #12", which
    speaks to somebody else -> None. Channels have taken the bot's own name off the text, or say that it is addressed.
    """
    line = tidy(text)
    if _MENTION.match(line):
        if not addressed:
            return None
        line = _MENTION.sub("", line)
    words = _Words(without_numbers(line), numbers_in(line), addressed)
    return _parsed(words, book) or _parsed(_number_first(words), book)


def _number_first(words: _Words) -> _Words:
    """ "12 到场" to the bot, "12号单 到场" to anybody."""
    led = _LED.match(words.body)
    if led is None or words.numbers or not (words.addressed or "单" in led[2]):
        return _Words("", (), words.addressed)
    return _Words(words.body[led.end() :], (TicketNumber(int(led[1])),), words.addressed)


def _parsed(words: _Words, book: CommandBook) -> Parsed | None:
    match = book.longest(words.body)
    if match is None:
        return None
    word, command = match
    rest = words.body[len(word) :]
    if rest and rest[0] not in _SEPARATORS and not _may_be_glued(rest, command, words):
        return None
    if _SAID_DONE.match(rest):
        rest = rest[1:]
    found, rest = _bare_numbers(rest.lstrip(_SEPARATORS + "?"), command, words.numbers)
    rest = rest.strip(_SEPARATORS)
    resident = not words.addressed and not command.roles and command.needs in _TAKES_NO_TEXT
    if rest and not found and resident and not _looks_right(rest, command):
        return None  # "帮助 老人搬家"
    return Parsed(command, tuple(dict.fromkeys(n for n in found if n)), rest)


def _looks_right(rest: str, command: Command) -> bool:
    """Whether a command that says what its words look like finds them."""
    return command.unasked != ANY_WORDS and re.fullmatch(command.unasked, rest) is not None


_TAKES_NO_TEXT = frozenset({Needs.NOTHING, Needs.MAYBE})


def _may_be_glued(rest: str, command: Command, words: _Words) -> bool:
    """ "接单12", "#12进展已抽水", "绑定3号楼", "待看3是": fine; "完成得很好", "#12 修好了吗": talk."""
    if not rest.strip("?" + _SEPARATORS):
        return command.needs in _TAKES_NO_TEXT  # 进度？ is a question that may be asked; 到场？ is about somebody
    if command.needs is not Needs.NOTHING and _BARE.match(rest):
        return True
    if command.needs is Needs.NOTHING:
        return _looks_right(rest, command) or (words.addressed and command.wants_text and command.roles != EVERYBODY)
    if _TALK.match(rest) or _ASKED.search(rest):
        return False
    return bool(words.numbers) or (words.addressed and _SAID_DONE.match(rest) is not None)


def _bare_numbers(rest: str, command: Command, given: tuple[TicketNumber, ...]) -> tuple[tuple[TicketNumber, ...], str]:
    """Digits right behind the word are ticket numbers as well, unless numbers were given with #."""
    found = list(given)
    if command.needs is Needs.NOTHING or (given and not (command.needs is Needs.TWO and len(given) == 1)):
        return given, rest
    while len(found) < MOST_NUMBERS and (match := _BARE.match(rest)):
        value = number(match[1])
        if value is None:
            break
        found.append(TicketNumber(value))
        rest = rest[match.end() :]
    return tuple(found), rest
