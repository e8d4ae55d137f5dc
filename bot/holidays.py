"""The file of days off and make-up workdays that an operator keeps, as they are announced for each year."""

import re
from datetime import date, timedelta
from pathlib import Path

import yaml

from domain.errors import ConfigError
from domain.timetable import Calendar

EXAMPLE = '2031: {holidays: ["01-01", "02-01~02-07"], workdays: ["01-26"]}'
_DAY = re.compile(r"(\d{1,2})-(\d{1,2})(?:\s*[~～]\s*(\d{1,2})-(\d{1,2}))?")


def read_holidays(path: Path | None) -> Calendar:
    """Raises ConfigError that names the year, what was expected and an example."""
    if path is None:
        return Calendar()
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); see schedules.holidays") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: expected YAML in UTF-8: {str(error).splitlines()[0]}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected years, for example {EXAMPLE}")
    off, work = set[date](), set[date]()
    for year, parts in raw.items():
        if not isinstance(year, int) or not 1990 <= year <= 2200:
            raise ConfigError(f"{path}: expected a year, found {year!r}; for example {EXAMPLE}")
        if not isinstance(parts, dict) or not set(parts) <= {"holidays", "workdays"}:
            raise ConfigError(f"{path}: {year}: expected holidays and workdays, for example {EXAMPLE}")
        off |= _days(path, year, parts.get("holidays"))
        work |= _days(path, year, parts.get("workdays"))
    both = sorted(off & work)
    if both:
        raise ConfigError(f"{path}: {both[0]} is both a holiday and a workday; expected one of them")
    return Calendar(frozenset(raw), frozenset(off), frozenset(work))


def _days(path: Path, year: int, listed: object) -> set[date]:
    found: set[date] = set()
    for item in listed if isinstance(listed, list) else [listed] if listed is not None else []:
        span = _span(year, str(item))
        if span is None:
            raise ConfigError(f"{path}: {year}: expected “01-01” or “02-01~02-07”, found {item!r}")
        first, last = span
        if last < first:
            raise ConfigError(f"{path}: {year}: expected the first day before the last, found {item!r}")
        found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found


def _span(year: int, text: str) -> tuple[date, date] | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    month, day, until_month, until_day = (int(part) if part else 0 for part in match.groups())
    try:
        first = date(year, month, day)
        return first, date(year, until_month, until_day) if until_month else first
    except ValueError:
        return None
