"""CAP 1.2 and the national dialect (12379), as files of the warning systems: one alert, read strictly.

The level is what the Chinese title says; a file whose own severity says another colour is refused, not guessed about.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from domain.errors import LouQunError
from domain.warning_titles import TitleWords, read_title, standing_of
from domain.warnings import Action, OfficialWarning, Standing, colour_name

LARGEST = 2_000_000
LONGEST_TEXT = 2000
_STANDINGS = {"actual": Standing.ACTUAL, "exercise": Standing.EXERCISE}
_ACTIONS = {"alert": Action.ALERT, "update": Action.UPDATE, "cancel": Action.CANCEL}
_IDENTIFIER = re.compile(r"\d{14}_\d{14}(?:_\d)?")
_COLOURS = frozenset({"蓝色", "黄色", "橙色", "红色"})
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Unreadable(LouQunError):
    """What was expected of the file, in words."""


@dataclass(frozen=True, slots=True)
class Alert:
    """areas: six-digit codes of the administrative divisions that it is for."""

    warning: OfficialWarning
    areas: frozenset[str]


def read_cap(data: bytes, zone: tzinfo) -> Alert:
    """zone: of times without one. Raises Unreadable."""
    root = _root(data)
    info = _chinese(root)
    headline, text = _text(info, "headline"), _text(info, "description")
    title = read_title(headline) or read_title(text)
    if title is None:
        raise Unreadable("expected a headline of the form …发布…色预警")
    _check_colour(_text(info, "severity"), title.level)
    identifier = _text(root, "identifier")
    if not identifier:
        raise Unreadable("expected an identifier")
    return Alert(_warning(root, info, title, zone), frozenset(_areas(root, identifier)))


def _root(data: bytes) -> Element:
    if len(data) > LARGEST:
        raise Unreadable(f"expected at most {LARGEST} bytes")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("expected XML without document types and entities") from error
    except (ParseError, LookupError, ValueError) as error:
        raise Unreadable(f"expected a whole XML file ({error})") from error
    if _name(root) != "alert":
        raise Unreadable("expected an alert of CAP")
    return root


def _warning(root: Element, info: Element, title: TitleWords, zone: tzinfo) -> OfficialWarning:
    headline, text = _text(info, "headline"), _text(info, "description")[:LONGEST_TEXT]
    sender = _text(root, "sender")
    issuer = title.issuer or (sender if _CHINESE.search(sender) else "")
    if not issuer:
        raise Unreadable("expected the name of the station that issued it")
    action = _ACTIONS.get(_text(root, "msgType").lower())
    if action is None:
        raise Unreadable("expected msgType Alert, Update or Cancel")
    issued_at = _time(_text(root, "sent") or _text(root, "sendTime"), zone)
    if issued_at is None:
        raise Unreadable("expected the time it was sent")
    standing = _STANDINGS.get(_text(root, "status").lower(), Standing.TEST)
    said = standing_of(f"{headline}\n{text}")
    return OfficialWarning(
        _text(root, "identifier"), issuer, title.event, title.level,
        Action.CANCEL if title.action is Action.CANCEL else action, issued_at, headline or text, text or headline,
        standing if standing is not Standing.ACTUAL else said, _time(_text(info, "effective"), zone),
        _time(_text(info, "expires"), zone), _references(root), _text(info, "instruction"), "cap",
    )  # fmt: skip


def _chinese(root: Element) -> Element:
    """The block in Chinese; the national dialect has no other."""
    blocks = [child for child in root if _name(child) == "info"]
    for block in blocks:
        if _CHINESE.search(_text(block, "headline") + _text(block, "description")):
            return block
    raise Unreadable("expected an info block in Chinese")


def _check_colour(severity: str, level: str) -> None:
    """Only the national dialect says a colour there; CAP's own Severe and Extreme are no levels."""
    said = colour_name(severity)
    if said in _COLOURS and level in _COLOURS and said != level:
        raise Unreadable(f"its severity says {said}, its title {level}")


def _references(root: Element) -> tuple[str, ...]:
    """Identifiers only: the other parts are wrong in real feeds."""
    said = _text(root, "references")
    named = [part.split(",")[1] if part.count(",") == 2 else part for part in said.split()]
    return tuple(dict.fromkeys(_IDENTIFIER.findall(said) or named))


def _areas(root: Element, identifier: str) -> Iterator[str]:
    if re.match(r"\d{6}", identifier):
        yield identifier[:6]
    for element in root.iter():
        if _name(element) == "geocode":
            words = [element.text or "", *(child.text or "" for child in element)]
            yield from (code[:6] for code in re.findall(r"(?<!\d)\d{6,12}(?!\d)", " ".join(words)))


def _time(said: str, zone: tzinfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element, name: str) -> str:
    found = next((child for child in element if _name(child) == name), None)
    return (found.text or "").strip() if found is not None else ""
