"""When, as people say it: 明天9点, 后天下午, 8月24日14:00, 25号上午, 半小时后, 周五上午. It always lies ahead."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.numerals import NUMERAL_CHARACTERS, number

_C = f"[{NUMERAL_CHARACTERS}]"
_N = rf"(?:(?<!\d)\d{{1,2}}(?!\d)|{_C}{{1,3}})"
_IN = re.compile(
    rf"(?:\d{{1,3}}[-~到至])?(?P<n>(?<!\d)\d{{1,4}}|{_C}{{1,3}}|半)个?(?P<half>半)?(?P<unit>分钟|分|小时|钟头|天|周|星期)[以之]?后"
)
_WORD = re.compile(r"(?P<day>大后|(?<![以之])后|明|今)(?:[天日儿](?!花)|(?P<part>[早晚])上?)的?")
_WEEKDAY = re.compile(r"(?<!四)(?P<which>下下|下|本|这)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?![面边])")
_DATES = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)[年/-](?P<month>\d{1,2})[月/-](?P<day>\d{1,2})(?!\d)[日号]?"),
    re.compile(rf"(?P<month>{_N})月(?P<day>{_N})[日号]?"),
    re.compile(r"(?<![\d/])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])[日号]?"),
    re.compile(r"(?<![\d-])(?P<month>0\d|1[0-2])-(?P<day>[0-3]\d)(?=$|[\s日号,，])[日号]?"),
    re.compile(rf"(?<![\d#月第-])(?P<day>{_N})[日号](?![楼院栋幢座门单线])"),
)
_PARTS = "凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里"
_CLOCK = re.compile(
    rf"(?P<part>{_PARTS}|晚|早)?\s*(?P<hour>{_N})"
    rf"(?:[:：](?P<digits>\d\d)(?!\d)|[点时](?P<minute>半|[一三]刻|{_N})?(?P<said>分|钟|整)?)"
    r"(?:\s*[-~—到至]\s*\d{1,2}(?:[:：]\d\d|[点时]半?))?"
)
_PART = re.compile(rf"(?P<part>{_PARTS})")
_AHEAD = {"大后": 3, "后": 2, "明": 1, "今": 0}
_PART_HOURS = {"凌晨": 2, "早上": 8, "早晨": 8, "早": 8, "上午": 9, "中午": 12, "下午": 14, "傍晚": 18}
_PART_HOURS |= {"晚上": 19, "晚": 19, "夜里": 21}
_PART_ENDS = {"凌晨": 6, "早上": 11, "早晨": 11, "早": 11, "上午": 12, "中午": 14, "下午": 18, "傍晚": 20}
_EVENING = frozenset({"傍晚", "晚上", "晚", "夜里"})
_A_BIT = "快慢早晚大小多少高低好近远有"
_AROUND = " \t\n,，.。、;；:：-~"
MORNING = 9
"""A day without an hour means nine in the morning."""
DAYTIME = range(6, 20)
"""When 3点 means the afternoon."""


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """rest: the text without the words that named the time."""

    at: datetime
    rest: str


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that was named. part: of the day, when one word held both (明晚). again: until the next such day."""

    day: date
    part: str = ""
    again: timedelta = timedelta()
    loose: bool = False
    """said as 今天, 明天: an hour may be of either half of the day"""


def find_time(text: str, now: datetime) -> SpokenTime | None:
    """The first time that a text names, after ``now`` and in its zone.

    None when it names none, an impossible one (2月30日), or one that is over (今天上午, said at night).
    """
    relative = _IN.search(text)
    if relative and (relative["unit"] not in {"天", "周", "星期"} or relative["n"] == "半"):
        found: SpokenTime | None = SpokenTime(now + _span(relative), _cut(text, relative))
    else:
        try:
            found = _absolute(text, now, relative)
        except ValueError:
            return None
    return found if found is not None and found.at > now else None


def _span(match: re.Match[str]) -> timedelta:
    amount = (0.5 if match["n"] == "半" else float(number(match["n"]) or 0)) + (0.5 if match["half"] else 0)
    sizes = {"分": timedelta(minutes=1), "小": timedelta(hours=1), "钟": timedelta(hours=1), "天": timedelta(days=1)}
    return amount * sizes.get(match["unit"][0], timedelta(weeks=1))


def _absolute(text: str, now: datetime, relative: re.Match[str] | None) -> SpokenTime | None:
    named, rest = (_Day((now + _span(relative)).date()), _cut(text, relative)) if relative else _day(text, now)
    clock = next((m for m in _CLOCK.finditer(rest) if not _just_a_bit(m, named)), None)
    if clock is not None:
        return SpokenTime(_at_clock(clock, named, now), _cut(rest, clock))
    part = _PART.search(rest)
    if named is None and part is None:
        return None
    return SpokenTime(_at_part(part["part"] if part else "", named, now), _cut(rest, part))


def _just_a_bit(clock: re.Match[str], named: _Day | None) -> bool:
    """快一点, 晚一点, 等一点水泥: no time."""
    if clock["hour"] != "一" or clock["minute"] or clock["said"] or clock["digits"]:
        return False
    before = clock["part"] or clock.string[max(0, clock.start() - 1) : clock.start()]
    return (before in _A_BIT and before != "") or (named is None and not clock["part"])


def _at_clock(clock: re.Match[str], named: _Day | None, now: datetime) -> datetime:
    part = clock["part"] or (named.part if named else "")
    night = named is None and now.hour not in DAYTIME
    hour = _of_day(clock["hour"], part, night=night)
    at = _moment(named.day if named else now.date(), hour, _minute(clock), now)
    if at > now:
        return at
    if named is None:
        return at + timedelta(days=1)
    later_today = named.loose and named.day == now.date() and not part and hour < 12
    return at + (timedelta(hours=12) if later_today else named.again)


def _of_day(said: str, part: str, *, night: bool) -> int:
    """Hours after midnight. night: said at night, when the nearest such hour is meant; 03:00 is exact."""
    hour = number(said) or 0
    if hour > 24:
        raise ValueError(said)
    if part in _EVENING and (hour == 12 or 1 <= hour < 5):
        return 24 + hour % 12  # 今晚12点, 今晚2点
    if part == "凌晨":
        return hour % 12
    afternoon = part == "下午" or part in _EVENING or (part == "中午" and hour < 4)
    unsaid = not part and not night and 1 <= hour < 6 and not said.startswith("0")
    return hour + 12 if hour < 12 and (afternoon or unsaid) else hour


def _minute(clock: re.Match[str]) -> int:
    said = {"半": 30, "一刻": 15, "三刻": 45, None: 0}
    words = clock["digits"] or clock["minute"]
    minute = said[words] if words in said else number(words) or 0
    if minute > 59:
        raise ValueError(words)
    return minute


def _at_part(part: str, named: _Day | None, now: datetime) -> datetime:
    part = part or (named.part if named else "")
    at = _moment(named.day if named else now.date(), _PART_HOURS.get(part, MORNING), 0, now)
    if at > now:
        return at
    if named is None:
        return at + timedelta(days=1)
    if named.day == now.date() and not named.again and now.hour < _PART_ENDS.get(part, 24):
        return now.replace(second=0, microsecond=0) + timedelta(hours=1)  # 今天, 今晚: a while from now
    return at + named.again


def _moment(day: date, hour: int, minute: int, now: datetime) -> datetime:
    midnight = now.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour, minutes=minute)


def _day(text: str, now: datetime) -> tuple[_Day | None, str]:
    """The day named, if any, and the text without it."""
    words = list(_WORD.finditer(text))
    if words:  # 今天修不了，明天9点: the later day is meant; 明天找人来 明天14点: the one beside the hour
        word = max(words, key=lambda m: (_AHEAD[m["day"]], m.start()))
        day = (now + timedelta(days=_AHEAD[word["day"]])).date()
        return _Day(day, word["part"] or "", loose=True), _cut(text, word)
    weekday = _WEEKDAY.search(text)
    if weekday:
        return _weekday(weekday, now), _cut(text, weekday)
    said = next((m for pattern in _DATES if (m := pattern.search(text))), None)
    if said:
        return _Day(_calendar_day(said.groupdict(), now)), _cut(text, said)
    return None, text


def _weekday(match: re.Match[str], now: datetime) -> _Day:
    """Weeks begin on Monday. 周三 without more is the next one, today included while it is still to come."""
    target = "一二三四五六日".index(match["day"].replace("天", "日"))
    which = match["which"] or ""
    if which:
        weeks = which.count("下")
        return _Day(now.date() + timedelta(days=target - now.weekday() + 7 * weeks))
    return _Day(now.date() + timedelta(days=(target - now.weekday()) % 7), again=timedelta(weeks=1))


def _calendar_day(said: dict[str, str | None], now: datetime) -> date:
    """The next such day. Raises ValueError when there is none in this year and the next (or in three months)."""
    day = number(said["day"] or "") or 0
    if said.get("year"):
        return date(int(said["year"] or 0), number(said["month"] or "") or 0, day)
    if said.get("month"):
        months = [(now.year + ahead, number(said["month"] or "") or 0) for ahead in range(2)]
    else:
        months = [(now.year + (now.month - 1 + n) // 12, (now.month - 1 + n) % 12 + 1) for n in range(3)]
    for year, month in months:
        found = _date(year, month, day)
        if found is not None and found >= now.date():
            return found
    raise ValueError(day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _cut(text: str, match: re.Match[str] | None) -> str:
    if match is None:
        return text.strip(_AROUND)
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    return f"{before}{'' if before[-1:] in _AROUND else ' '}{after}".strip(_AROUND)
