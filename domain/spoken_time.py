"""When, as people say it: 明天9点, 后天下午, 8月24日14:00, 半小时后, 周五上午. Past times mean the next such time."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.numerals import NUMERAL_CHARACTERS, number

_N = rf"(?:\d{{1,4}}|[{NUMERAL_CHARACTERS}]{{1,3}})"
_IN = re.compile(rf"(?P<n>{_N}|半)个?(?P<half>半)?(?P<unit>分钟|分|小时|钟头|天|周|星期)(?:以)?(?:之)?后")
_DATE = re.compile(rf"(?:(?P<year>20\d\d)[年/-])?(?P<month>{_N})[月/-](?P<day>{_N})[日号]?")
_WEEKDAY = re.compile(r"(?P<next>下)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_CLOCK = re.compile(
    rf"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|晚|早)?(?P<hour>{_N})(?:[:点时](?P<minute>{_N}|半|一刻)?分?)(?:钟|整)?"
)
_PART = re.compile(r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上)")
_DAYS = (
    ("大后天", 3),
    ("后天", 2),
    ("明天", 1),
    ("明早", 1),
    ("明晚", 1),
    ("明日", 1),
    ("今天", 0),
    ("今晚", 0),
    ("今日", 0),
)
_PART_HOURS = {"凌晨": 2, "早上": 8, "早": 8, "上午": 9, "中午": 12, "下午": 14, "傍晚": 18, "晚上": 19, "晚": 19}
MORNING = 9
"""A day without an hour means nine in the morning."""


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """rest: the text without the words that named the time."""

    at: datetime
    rest: str


def find_time(text: str, now: datetime) -> SpokenTime | None:
    """The first time a text names, in the zone of ``now``; None when it names none (or an impossible one)."""
    relative = _IN.search(text)
    if relative:
        return SpokenTime(now + _span(relative), _cut(text, relative))
    try:
        return _absolute(text, now)
    except ValueError:
        return None


def _span(match: re.Match[str]) -> timedelta:
    amount = 0.5 if match["n"] == "半" else float(number(match["n"]) or 0)
    amount += 0.5 if match["half"] else 0
    unit = match["unit"]
    if unit in {"分钟", "分"}:
        return timedelta(minutes=amount)
    if unit in {"小时", "钟头"}:
        return timedelta(hours=amount)
    return timedelta(days=amount * (1 if unit == "天" else 7))


def _absolute(text: str, now: datetime) -> SpokenTime | None:
    day, rest, named_part = _day(text, now)
    clock = _CLOCK.search(rest)
    if clock:
        hour, minute = _hour(clock, named_part)
        rest = _cut(rest, clock)
    elif day is not None or _PART.search(rest):
        part = _PART.search(rest)
        hour, minute = _PART_HOURS[part["part"]] if part else _PART_HOURS.get(named_part, MORNING), 0
        rest = _cut(rest, part) if part else rest
    else:
        return None
    at = (day or now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if day is None and at <= now:
        at += timedelta(days=1)
    return SpokenTime(at, rest.strip())


def _day(text: str, now: datetime) -> tuple[datetime | None, str, str]:
    """The day named, the text without it, and the part of day that the word held (明晚 -> 晚)."""
    for word, days in _DAYS:
        if word in text:
            part = word[-1] if word[-1] in "早晚" else ""
            return now + timedelta(days=days), text.replace(word, " ", 1), part
    weekday = _WEEKDAY.search(text)
    if weekday:
        target = "一二三四五六日".index(weekday["day"].replace("天", "日"))
        ahead = (target - now.weekday()) % 7 + (7 if weekday["next"] and target >= now.weekday() else 0)
        return now + timedelta(days=ahead), _cut(text, weekday), ""
    date = _DATE.search(text)
    if date:
        return _calendar_day(date, now), _cut(text, date), ""
    return None, text, ""


def _calendar_day(match: re.Match[str], now: datetime) -> datetime:
    month, day = number(match["month"]) or 0, number(match["day"]) or 0
    if match["year"]:
        return now.replace(year=int(match["year"]), month=month, day=day)
    this_year = now.replace(month=month, day=day)
    return this_year if this_year.date() >= now.date() else this_year.replace(year=now.year + 1)


def _hour(match: re.Match[str], named_part: str) -> tuple[int, int]:
    hour = number(match["hour"]) or 0
    part = match["part"] or named_part
    if part in {"下午", "傍晚", "晚上", "晚"} and hour < 12:
        hour += 12
    minute = match["minute"]
    return hour, 30 if minute == "半" else 15 if minute == "一刻" else (number(minute) or 0) if minute else 0


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()
