"""Official warnings as they are read: who issued what, when, in which words. Nothing here makes or changes one.

Kind, level and issuer are the text's own words: new ones appear without notice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from domain.messages import check_aware

LASTS = timedelta(hours=24)
"""A warning without an expiry stands so long, unless it is updated or cleared."""
SKEW = timedelta(minutes=10)
"""Clocks differ: a warning may be from so far ahead."""


class Action(StrEnum):
    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"

    @property
    def order(self) -> int:
        """Of two editions of one minute the greater is the newer."""
        return _ORDERS[self]


_ORDERS = {Action.ALERT: 0, Action.UPDATE: 1, Action.CANCEL: 2}


class Standing(StrEnum):
    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


_RANKS = {"蓝": 1, "黄": 2, "橙": 3, "红": 4, "四": 1, "三": 2, "二": 3, "一": 4, "IV": 1, "III": 2, "II": 3, "I": 4}
_COLOURS = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}
NATIONAL_KEY = re.compile(r"(\d{14})_\d{14}(?:_\d+)?")
PERSON = "person"
"""The source of what somebody pasted."""
_WEATHER_OFFICE = re.compile(r"气象(?:台|局|站|中心|服务中心)$")
_PLACE = re.compile(r"[省市区县旗州盟]$")
_STORMY = re.compile(r"雨|洪|涝|汛|台风|飓风|热带|对流|雷|大风|冰雹|龙卷|地质|泥石流|滑坡|积水|内涝|渍")


def rank_of(level: str) -> int:
    """1 (蓝色, 四级) to 4 (红色, 一级); 0 for a level that is not known."""
    return _RANKS.get(level.removesuffix("色").removesuffix("级"), 0)


def colour_name(code: str) -> str:
    """blue -> 蓝色; what is not known stays as it is."""
    return _COLOURS.get(code.strip().lower(), code.strip())


def colour_of(level: str) -> str:
    """蓝色 -> blue; "" for a level that was not said as one of these colours: none is made up for it."""
    return next((code for code, name in _COLOURS.items() if name == level), "")


@dataclass(frozen=True, slots=True)
class OfficialWarning:
    """key: the identifier, the same in every source; where a text has none, what it says of itself (``made_key``).

    event: 暴雨. level: 蓝色, or 四级 of a response. headline: the title, as in the text. text: word for word.
    references: keys of what it replaces or clears. instruction: the official advice, where a source has it apart.
    source: the name of the feed it came from. credit: what the source's terms ask to be named beside it.
    """

    key: str
    issuer: str
    event: str
    level: str
    action: Action
    issued_at: datetime
    headline: str
    text: str
    standing: Standing = Standing.ACTUAL
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    references: tuple[str, ...] = ()
    instruction: str = ""
    source: str = PERSON
    credit: str = ""

    def __post_init__(self) -> None:
        check_aware("OfficialWarning.issued_at", self.issued_at)

    @property
    def rank(self) -> int:
        return rank_of(self.level)

    @property
    def name(self) -> str:
        """暴雨蓝色, 防汛四级"""
        return f"{self.event}{self.level}"

    @property
    def stormy(self) -> bool:
        """Rain, wind, water and what follows from them: heat and haze are relayed, but make no storm."""
        return _STORMY.search(self.event) is not None

    @property
    def urgent(self) -> bool:
        """Orange and red pass the quiet hours and every queue."""
        return self.rank >= rank_of("橙色") and self.action is not Action.CANCEL

    def ends_at(self) -> datetime:
        """When it stops by itself."""
        return self.expires_at if self.expires_at is not None else self.issued_at + LASTS

    def newer_than(self, other: "OfficialWarning") -> bool:
        return (self.issued_at, self.action.order) > (other.issued_at, other.action.order)


def made_key(issuer: str, event: str, level: str, action: Action, issued_at: datetime) -> str:
    """For a text without an identifier: two people who paste the same warning mean the same one."""
    return f"{issuer}|{event}|{level}|{action}|{issued_at:%Y%m%d%H%M}"


def same_issuer(one: str, other: str) -> bool:
    """市气象台 is 北京市气象台, said shorter; the station (台) and its office (局) are one, and so is a bare place."""
    seat, other_seat = _seat(one), _seat(other)
    return seat.endswith(other_seat) or other_seat.endswith(seat)


@lru_cache(maxsize=1000)
def _seat(issuer: str) -> str:
    return f"{issuer}气象" if _PLACE.search(issuer) else _WEATHER_OFFICE.sub("气象", issuer)


@lru_cache(maxsize=5000)
def issuer_code(key: str) -> str:
    """The fourteen digits before the time in a national identifier; "" for another key."""
    found = NATIONAL_KEY.fullmatch(key)
    return found[1] if found else ""


def follows(new: OfficialWarning, old: OfficialWarning) -> bool:
    """Of the same issuer about the same, whichever is the newer."""
    if new.event != old.event or new.standing is not old.standing:
        return False
    code = issuer_code(new.key)
    return (code != "" and code == issuer_code(old.key)) or same_issuer(new.issuer, old.issuer)


def ends(new: OfficialWarning, old: OfficialWarning) -> bool:
    """Whether the newer edition replaces or clears the older: it names it, or it follows it. What clears one level
    does not clear another: that would tell people that a danger is over which is not."""
    if old.key == new.key or old.standing is not new.standing:
        return False
    if old.key in new.references:
        return True
    if new.action is Action.CANCEL and new.level != old.level:
        return False
    return new.event == old.event and new.newer_than(old) and follows(new, old)


def in_force(known: Sequence[OfficialWarning], now: datetime) -> list[OfficialWarning]:
    """What stands at a moment, the highest level first. A feed that goes back in time changes nothing."""
    actual = [w for w in known if w.standing is Standing.ACTUAL and w.issued_at <= now + SKEW]
    newest_first = sorted(actual, key=lambda w: w.issued_at, reverse=True)  # what ends another is soon found
    may_stand = [w for w in actual if w.action is not Action.CANCEL and w.ends_at() > now]
    keys = {w.key for w in may_stand}
    gone = {old.key for old in actual if old.key in keys and any(ends(new, old) for new in newest_first)}
    standing = [w for w in may_stand if w.key not in gone]
    return sorted(standing, key=lambda w: (-w.rank, w.issued_at, w.key))
