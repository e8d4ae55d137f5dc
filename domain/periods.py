"""A time that lies behind us, as people say it: 今天, 上周, 本月, 8月20日到8月24日. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.commands import tidy
from domain.numerals import NUMERAL_CHARACTERS, number

_C = rf"(?:\d{{1,2}}|[{NUMERAL_CHARACTERS}]{{1,3}})"
_DATE = re.compile(rf"(?:(?P<year>20\d\d)[年/.-])?(?P<month>{_C})[月/.-](?P<day>{_C})[日号]?|(?P<only>{_C})[日号]")
_LAST_DAYS = re.compile(rf"(?:最近|近|过去)(?P<days>\d{{1,3}}|{_C})[天日]")
STORM, ALL = "本场雨", "全部"
ALSO_SAID = {
    "今日": "今天", "当天": "今天", "昨日": "昨天", "这周": "本周", "本星期": "本周", "这个月": "本月", "当月": "本月",
    "上星期": "上周", "上个月": "上月", "今年": "本年", "这场雨": STORM, "本次降雨": STORM, "所有": ALL,
}  # fmt: skip
WORDS = ("今天", "昨天", "本周", "上周", "本月", "上月", "本年", STORM, ALL)
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From start, up to but not including end. word: what it was called; "" for two dates."""

    start: datetime
    end: datetime
    word: str = ""

    @property
    def last_day(self) -> datetime:
        return self.end - timedelta(microseconds=1)


def word_in(text: str) -> tuple[str, str] | None:
    """("本周", the rest of the text)."""
    for said in sorted([*WORDS, *ALSO_SAID], key=len, reverse=True):
        if said in text:
            return ALSO_SAID.get(said, said), text.replace(said, " ", 1).strip()
    return None


def called(word: str, now: datetime) -> Period:
    """Of a word, without STORM, whose beginning is not known here. now: in the community's zone."""
    today = now.date()
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    first_before = (first - timedelta(days=1)).replace(day=1)
    tomorrow = today + timedelta(days=1)
    start, end = {
        "今天": (today, tomorrow),
        "昨天": (today - timedelta(days=1), today),
        "本周": (monday, tomorrow),
        "上周": (monday - timedelta(days=7), monday),
        "本月": (first, tomorrow),
        "上月": (first_before, first),
        "本年": (today.replace(month=1, day=1), tomorrow),
        ALL: (FIRST_DAY, tomorrow),
    }[word]
    return _between(start, end, now, word)


def _between(start: date, end: date, now: datetime, word: str = "") -> Period:
    return Period(datetime.combine(start, time(), now.tzinfo), datetime.combine(end, time(), now.tzinfo), word)


def dated(text: str, now: datetime) -> tuple[Period, str] | None:
    """Of one or two dates in a text, both days included, and the rest of it; None where there is none that fits."""
    text = tidy(text)
    last = _LAST_DAYS.search(text)
    if last is not None:
        days = number(last["days"]) or 1
        tomorrow = now.date() + timedelta(days=1)
        return _between(tomorrow - timedelta(days=days), tomorrow, now), _LAST_DAYS.sub(" ", text).strip()
    found = list(_DATE.finditer(text))
    days_said = [day for match in found[:2] if (day := _day(match, now.date())) is not None]
    if not days_said or len(found) > 2 or len(days_said) < len(found):
        return None
    rest = re.sub(r"[\s至到~—-]+", " ", _DATE.sub(" ", text)).strip()
    return _between(min(days_said), max(days_said) + timedelta(days=1), now), rest


def _day(match: re.Match[str], today: date) -> date | None:
    """The latest such day that is not ahead."""
    day = number(match["day"] or match["only"])
    month = number(match["month"]) if match["month"] else today.month
    if day is None or month is None:
        return None
    years: Sequence[int] = [int(match["year"])] if match["year"] else [today.year, today.year - 1]
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today or match["year"]:
            return found
    return None
