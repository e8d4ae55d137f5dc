"""CAP 1.2 and the national dialect (12379), as files of the warning systems: one alert, read strictly.

The level is what the Chinese title says; a file whose own severity says another colour is refused, not guessed about.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from xml.etree.ElementTree import Element

from bot.sources.safe_xml import Unreadable, name_of, text_of, xml_root
from domain.warning_titles import TitleWords, issue_time, read_title, standing_of
from domain.warnings import Action, OfficialWarning, Standing, colour_name

LARGEST = 2_000_000
LONGEST_TEXT = 4000
ENTERED = timedelta(minutes=30)
"""So long after the issue a warning may be entered."""
_STANDINGS = {"actual": Standing.ACTUAL, "exercise": Standing.EXERCISE}
_ACTIONS = {"alert": Action.ALERT, "update": Action.UPDATE, "cancel": Action.CANCEL}
_IDENTIFIER = re.compile(r"\d{14}_\d{14}(?:_\d)?")
_COLOURS = frozenset({"蓝色", "黄色", "橙色", "红色"})
_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Alert:
    """areas: six-digit codes of the administrative divisions that it is for."""

    warning: OfficialWarning
    areas: frozenset[str]


def read_cap(data: bytes, zone: tzinfo) -> Alert:
    """zone: of times without one. Raises Unreadable."""
    return read_alert(xml_root(data, LARGEST), zone)


def read_alert(root: Element, zone: tzinfo) -> Alert:
    """The same of one that is parsed already. Raises Unreadable."""
    if name_of(root) != "alert":
        raise Unreadable("expected an alert of CAP")
    info = _chinese(root)
    headline, text = text_of(info, "headline"), text_of(info, "description")
    title = read_title(headline) or read_title(text)
    if title is None:
        raise Unreadable("expected a headline of the form …发布…色预警")
    _check_colour(text_of(info, "severity"), title.level)
    identifier = text_of(root, "identifier")
    if not identifier:
        raise Unreadable("expected an identifier")
    return Alert(_warning(root, info, title, zone), frozenset(_areas(root, identifier)))


def _warning(root: Element, info: Element, title: TitleWords, zone: tzinfo) -> OfficialWarning:
    headline, text = text_of(info, "headline"), text_of(info, "description")
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"expected a text of at most {LONGEST_TEXT} characters")
    sender = text_of(root, "sender")
    issuer = title.issuer or (sender if _CHINESE.search(sender) else "")
    if not issuer:
        raise Unreadable("expected the name of the station that issued it")
    action = _ACTIONS.get(text_of(root, "msgType").lower())
    if action is None:
        raise Unreadable("expected msgType Alert, Update or Cancel")
    sent = _time(text_of(root, "sent") or text_of(root, "sendTime"), zone)
    if sent is None:
        raise Unreadable("expected the time it was sent")
    standing = _STANDINGS.get(text_of(root, "status").lower(), Standing.TEST)
    said = standing_of(f"{headline}\n{text}")
    return OfficialWarning(
        text_of(root, "identifier"), issuer, title.event, title.level,
        Action.CANCEL if title.action is Action.CANCEL else action, _issued_at(headline, text, sent),
        headline or text, text or headline,
        standing if standing is not Standing.ACTUAL else said, _time(text_of(info, "effective"), zone),
        _time(text_of(info, "expires"), zone), _references(root), text_of(info, "instruction"), "cap",
    )  # fmt: skip


def _issued_at(headline: str, text: str, sent: datetime) -> datetime:
    """As its words say: some sources send the time of entry, minutes later. What says another time is not heeded."""
    said = issue_time(headline, sent) or issue_time(text, sent)
    return said if said is not None and timedelta(0) <= sent - said <= ENTERED else sent


def _chinese(root: Element) -> Element:
    """The block in Chinese; the national dialect has no other."""
    blocks = [child for child in root if name_of(child) == "info"]
    for block in blocks:
        if _CHINESE.search(text_of(block, "headline") + text_of(block, "description")):
            return block
    raise Unreadable("expected an info block in Chinese")


def _check_colour(severity: str, level: str) -> None:
    """Only the national dialect says a colour there; CAP's own Severe and Extreme are no levels."""
    said = colour_name(severity)
    if said in _COLOURS and level in _COLOURS and said != level:
        raise Unreadable(f"its severity says {said}, its title {level}")


def _references(root: Element) -> tuple[str, ...]:
    """Identifiers only: the other parts are wrong in real feeds."""
    said = text_of(root, "references")
    named = [part.split(",")[1] if part.count(",") == 2 else part for part in said.split()]
    return tuple(dict.fromkeys(_IDENTIFIER.findall(said) or named))


def _areas(root: Element, identifier: str) -> Iterator[str]:
    if re.match(r"\d{6}", identifier):
        yield identifier[:6]
    for element in root.iter():
        if name_of(element) == "geocode":
            words = [element.text or "", *(child.text or "" for child in element)]
            yield from (code[:6] for code in re.findall(r"(?<!\d)\d{6,12}(?!\d)", " ".join(words)))


def _time(said: str, zone: tzinfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
