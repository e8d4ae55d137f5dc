"""Reads an official warning from its text, by the grammar of its title. What is missing is said, never guessed.

{台名}[YYYY年M月D日H时M分][继续]发布|更新|变更|升级|降级|确认|解除|撤销{灾种}{蓝|黄|橙|红}色预警[信号][{Ⅳ|IV}级/一般]
and the forms of flood offices: {防汛办}D日H时启动|终止{防汛}{四}级应急响应, 启动全市防汛蓝色预警响应.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.raw_words import narrowed
from domain.warnings import SKEW, Action, OfficialWarning, Standing, made_key

LONGEST = 2000
_CANCELS = "解除|撤销|撤消|取消|终止|结束"
_UPDATES = "升级|降级|变更|更新|继续|维持|延续|调整|确认|升|降"
_VERB = rf"(?:(?:{_CANCELS}|{_UPDATES}|发布|签发|启动|开启|发出)(?:了|为|至|到|成)?)"
_KIND = r"[^\s,、:。;!?()\[\]\d]{1,20}?"
_COLOUR = r"(?P<colour>[蓝黄橙红])色?"
_NOUN = r"(?:(?:气象)?(?:风险)?(?:等级)?预警(?:信号|响应|信息)?|应急响应|预警应急响应)"
_GRADE = r"(?P<grade>[一二三四]|IV|I{1,3})级"
_VERBS = rf"(?P<verbs>{_VERB}(?:\s*(?:并)?{_VERB})*)"
_TITLES = (
    re.compile(rf"(?P<lead>.*?){_VERBS}(?P<kind>{_KIND}){_COLOUR}{_NOUN}(?P<tail>.*)"),
    re.compile(rf"(?P<lead>.*?){_VERBS}(?P<kind>{_KIND})(?:风险)?预警(?:信号)?[(]{_COLOUR}[)](?P<tail>.*)"),
    re.compile(rf"(?P<lead>.*?){_VERBS}(?P<kind>{_KIND}){_GRADE}{_NOUN}(?P<tail>.*)"),
    re.compile(rf"(?P<lead>.*?\d[时分日])(?P<kind>{_KIND}){_COLOUR}{_NOUN}(?P<verbs>{_VERB})(?P<tail>.*)"),
    re.compile(rf"(?P<lead>.*?\d[时分日])(?P<kind>{_KIND}){_GRADE}{_NOUN}(?P<verbs>{_VERB})(?P<tail>.*)"),
)
_BECOMES = re.compile(rf"^[^,]{{0,12}}?(?:(?:{_UPDATES})?[为至到成])(?:{_KIND})??(?:{_COLOUR}|{_GRADE}){_NOUN}?")
_CLAUSE_END = re.compile(r"[,(\[]")
_SENTENCE = re.compile(r"[。;!\n【】]|:(?!\d)")
_PART = r"(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚间|晚|夜间)?"
_CLOCK = (
    rf"(?:\s*{_PART}\s*(?P<hour>\d{{1,2}})(?:[时点]|:(?=\d))(?:(?P<minute>\d{{1,2}})分?)?(?:\d{{1,2}}秒|:\d{{2}})?)"
)
_DAY = r"(?:(?:(?P<year>20\d\d)[年/-])?(?P<month>\d{1,2})[月/-])?(?<!\d)(?P<day>\d{1,2})[日号]?"
_TIME = re.compile(rf"(?:{_DAY}|今[天日]){_CLOCK}(?!\d)")
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚间", "晚", "夜间"})
_SAID_APART = re.compile(r"(?:发布|签发|制作|解除)(?:时间|日期)\s*[:为]?\s*")
_ISSUERS = (
    "气象(?:台|局|站|中心|服务中心)|水文(?:总站|站|中心|局)|水务局|水利(?:局|厅)|生态环境局"
    "|防汛(?:抗旱)?(?:指挥部)?(?:办公室|办|指)?|防指(?:办)?|指挥部(?:办公室)?"
    "|应急(?:管理)?(?:局|厅|办|委)|应急委(?:员会)?|(?:突发事件)?预警(?:信息)?(?:发布)?中心"
    "|规划(?:和)?自然资源(?:委员会|委|局)|自然资源(?:和规划)?(?:局|厅|委)"
)
_OFFICE = re.compile(rf"[\u4e00-\u9fff]{{1,40}}(?:{_ISSUERS})$")
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,20}[省市区县旗州盟]$")
_ANY_OFFICE = re.compile(rf"[\u4e00-\u9fff]{{2,20}}(?:{_ISSUERS})(?=$|[^\u4e00-\u9fff]|发布)")
_BEFORE_ISSUER = re.compile(r"^(?:(?:转发|转自|转|据|来源|发布单位|通知|紧急|各位居民|大家好)[自:]?\s*)+")
_AFTER_ISSUER = re.compile(r"(?:联合|于|在|已|再次|将|正式|决定|现|讯|消息|最新|的)+$")
_REGION = r"全[市区县域]|本市|我[市区]|本区|[东西南北中]部|[\u4e00-\u9fff]{1,6}(?:市|区|县|镇|乡|街道)"
_NO_KIND = re.compile(rf"^(?:{_REGION})(?=.)|^[了为的]")
_REFERENCE = re.compile(r"(?<!\d)\d{14}_\d{14}(?:_\d)?(?!\d)")
_DRILL = r"(?<!开展)(?<!组织)(?<!做好)(?<!进行)(?<!应急)(?<!加强)(?:演练|演习)"
_TRIAL = r"(?:仅为|仅供|系统|这是|本次为|【|\()(?:一[次条]|功能)?(?:测试|试验|试发)|^\s*测试|测试(?:信息|消息|预警|,)"
_EXERCISE = re.compile(rf"{_DRILL}|{_TRIAL}|exercise|(?<![a-z])test(?![a-z])", re.IGNORECASE)
_TEST = re.compile(r"测试|试验|试发|test", re.IGNORECASE)


class Missing(StrEnum):
    """What a text lacks to be an official warning."""

    TITLE = "title"
    ISSUER = "issuer"
    TIME = "time"
    TOO_LONG = "too long"
    AHEAD = "from the future"


@dataclass(frozen=True, slots=True)
class _Title:
    lead: str
    verbs: str
    kind: str
    level: str
    sentence: int
    """where its sentence begins in the text"""
    end: int


def read_warning(text: str, now: datetime) -> OfficialWarning | Missing:
    """The warning that a person pasted. Its words stay as they are; ``now`` says which year or month is meant."""
    if len(text) > LONGEST:
        return Missing.TOO_LONG
    plain = _plain(text)
    title = _title(plain)
    if title is None:
        return Missing.TITLE
    issuer = _issuer(title.lead) or _office_in(plain)
    if not issuer:
        return Missing.ISSUER
    issued_at = _issued_at(title, plain, now)
    if issued_at is None:
        return Missing.TIME
    if issued_at > now + SKEW:
        return Missing.AHEAD
    action = _action(title)
    ids = tuple(dict.fromkeys(_REFERENCE.findall(plain)))
    key = ids[0] if ids else made_key(issuer, title.kind, title.level, action, issued_at)
    headline = text[title.sentence : title.end].strip(" \t:：，,【】")
    return OfficialWarning(
        key, issuer, title.kind, title.level, action, issued_at, headline, text.strip(), _standing(plain),
        references=ids[1:],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TitleWords:
    """What a title says by itself. issuer: "" where it names none."""

    issuer: str
    event: str
    level: str
    action: Action


def read_title(text: str) -> TitleWords | None:
    """Of a feed's headline, which may have no time."""
    title = _title(_plain(text[:LONGEST]))
    return TitleWords(_issuer(title.lead), title.kind, title.level, _action(title)) if title else None


def issue_time(text: str, now: datetime) -> datetime | None:
    """The time in a title, or in the first sentence that is one; None where it gives none."""
    plain = _plain(text[:LONGEST])
    title = _title(plain)
    return _issued_at(title, plain, now) if title else None


def standing_of(text: str) -> Standing:
    """Whether the words themselves say that it is an exercise or a test."""
    return _standing(_plain(text))


def _plain(text: str) -> str:
    """As long as the text. Ⅳ is one sign and IV two: roman numbers become Chinese ones, which mean the same here."""
    return narrowed(text.translate(_ROMAN))


_ROMAN = str.maketrans("ⅠⅡⅢⅣ", "一二三四")


def _title(plain: str) -> _Title | None:
    """The first sentence that is one."""
    begin = 0
    for stop in [*(m for m in _SENTENCE.finditer(plain)), None]:
        end = stop.start() if stop else len(plain)
        found = _read_title(plain[begin:end], begin)
        if found is not None:
            return found
        begin = stop.end() if stop else end
    return None


def _read_title(sentence: str, begin: int) -> _Title | None:
    match = next((m for pattern in _TITLES if (m := pattern.match(sentence))), None)
    if match is None:
        return None
    groups = match.groupdict()
    kind, level = _kind(groups["kind"]), _level(groups)
    tail = groups["tail"]
    becomes = _BECOMES.match(tail) if re.search("变更|调整|更新|[升降]", tail[:14] + groups["verbs"]) else None
    if becomes is not None:
        level = _level(becomes.groupdict())
    verbs = groups["verbs"] + (becomes.group() if becomes else _CLAUSE_END.split(tail)[0][:4])
    length = len(match["lead"]) + len(match.group()[len(match["lead"]) :].split(",")[0])
    return _Title(match["lead"], verbs, kind, level, begin, begin + length) if kind else None


def _level(groups: dict[str, str | None]) -> str:
    colour, grade = groups.get("colour"), groups.get("grade")
    return f"{colour}色" if colour else f"{grade}级"


def _kind(said: str) -> str:
    """What is left of the words before the level: 全市防汛 -> 防汛, 积水内涝风险 stays."""
    before = None
    kind = re.sub(rf"^(?:{_VERB})+", "", said)
    while before != kind:
        before, kind = kind, _NO_KIND.sub("", kind)
    return kind.removesuffix("的")


def _action(title: _Title) -> Action:
    """解除 and its like win over everything: nothing that is over is told as a warning."""
    if re.search(_CANCELS, title.verbs):
        return Action.CANCEL
    return Action.UPDATE if re.search(_UPDATES, title.verbs) else Action.ALERT


def _issuer(lead: str) -> str:
    """What stands before the time and the verb, if it is an office or a place."""
    words = _TIME.sub("", lead)
    words = re.split(r"[,\s(\[@#|/]+", words.strip(" ,)]"))[-1] if words.strip() else ""
    words = _AFTER_ISSUER.sub("", _BEFORE_ISSUER.sub("", words))
    words = re.sub(r"将.*$", "", words)
    words = _AFTER_ISSUER.sub("", words)
    office = _OFFICE.search(words) or _PLACE.search(words)
    return office.group() if office else ""


def _office_in(plain: str) -> str:
    """Said apart: "发布单位:北京市气象台", or as the signature."""
    found = _ANY_OFFICE.search(plain)
    return _BEFORE_ISSUER.sub("", found.group()) if found else ""


def _issued_at(title: _Title, plain: str, now: datetime) -> datetime | None:
    """The title's own time, else one that says what it is, else the last line's: a forecast's hours are none of it."""
    apart = _SAID_APART.search(plain)
    signature = plain.rstrip(" 。)\n").rpartition("\n")[2]
    in_lead = _TIME.search(title.lead)
    if in_lead is not None:
        return _moment(in_lead, now)
    said = _TIME.match(plain, apart.end()) if apart else None
    if said is None and len(signature) <= 40 and "\n" in plain.strip():
        said = _TIME.search(signature)
    return _moment(said, now) if said else None


def _moment(said: re.Match[str], now: datetime) -> datetime | None:
    """The latest such time that is not ahead. None for what no calendar has."""
    hour, minute = int(said["hour"]), int(said["minute"] or 0)
    if said["part"] in _AFTERNOON and hour < 12:
        hour += 12
    year, month, day = (int(value) if (value := said[name]) else None for name in ("year", "month", "day"))
    if day is None:
        return _date(now, (now.year, now.month, now.day), hour, minute)
    if year and month:
        return _date(now, (year, month, day), hour, minute)
    months = [(now.year, month), (now.year - 1, month)] if month else _lately(now)
    found = [at for y, m in months if (at := _date(now, (y, m, day), hour, minute))]
    past = [at for at in found if at <= now + SKEW]
    return max(past) if past else (min(found) if found else None)


def _lately(now: datetime) -> list[tuple[int, int]]:
    before = now.replace(day=1) - timedelta(days=1)
    return [(now.year, now.month), (before.year, before.month)]


def _date(now: datetime, day: tuple[int, int, int], hour: int, minute: int) -> datetime | None:
    try:
        at = now.replace(year=day[0], month=day[1], day=day[2], hour=0, minute=0, second=0, microsecond=0)
    except ValueError:
        return None
    return at + timedelta(hours=hour, minutes=minute) if hour <= 24 and minute < 60 else None


def _standing(plain: str) -> Standing:
    """When in doubt an exercise: residents must never take one for a warning."""
    if not _EXERCISE.search(plain):
        return Standing.ACTUAL
    return Standing.TEST if _TEST.search(plain) and not re.search("演练|演习", plain) else Standing.EXERCISE
