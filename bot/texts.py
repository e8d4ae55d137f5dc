"""The words of the bot: one file of templates, and one message out of the rows that leave together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.errors import ConfigError
from domain.holding import late, time_of
from domain.messages import Document, Json, Mention
from domain.ports import Texts
from domain.raw_words import widened
from domain.records import OutboxRow
from domain.vocabulary import MediaId, ReplyKind, TicketNumber

SHIPPED = Path(__file__).parent.parent / "texts" / "zh.yaml"
_OF_ONE_TICKET = frozenset(
    {
        "number",
        "title",
        "minutes",
        "reported",
        "arrived",
        "status",
        "urgency",
        "public",
        "same_day",
        "reported_by_residents",
    }
)
LONGEST_QUOTATION = 120
_WEEKDAYS = "一二三四五六日"


class TextFile:
    """Templates by name. Raises ConfigError, naming the template, for one that cannot be used."""

    def __init__(self, path: Path = SHIPPED) -> None:
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
        )  # nothing here is HTML: chat networks show what they get
        environment.filters.update(
            when=_when, day=_day, month=_month, then=_then, span=_span, clip=_clip, line=_line, said=self._said
        )
        environment.globals.update(say=self.render)
        self._templates = {name: _compiled(environment, path, name, source) for name, source in _sources(path).items()}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._templates)

    def render(self, template: str, params: Mapping[str, Json]) -> str:
        return self._templates[template].render(params).strip("\n")

    def _said(self, item: Mapping[str, Json]) -> str:
        """One of the texts of a merged message, whole, with whom it speaks to."""
        return f"{item['at']}{self.render(str(item['template']), item)}"


@cache
def shipped() -> TextFile:
    """The words that come with the program: compiled once a process, however many machines a drill or a test builds."""
    return TextFile()


def _sources(path: Path) -> dict[str, str]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); name the file under texts: {{file: …}}"
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: expected YAML in UTF-8: {str(error).splitlines()[0]}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected templates by name, for example  opted_in: 好的")
    for name, source in raw.items():
        if not isinstance(name, str) or not isinstance(source, str):
            raise ConfigError(f"{path}: {name}: expected words, found {type(source).__name__}; put them in quotes")
    return dict(raw)


def _compiled(environment: ImmutableSandboxedEnvironment, path: Path, name: str, source: str) -> Template:
    try:
        return environment.from_string(source)
    except TemplateError as error:
        raise ConfigError(
            f"{path}: {name}: {error} (expected a Jinja2 template such as “#{{{{ number }}}}”)"
        ) from error


def _when(iso: str) -> str:
    """8月24日（周二）8:00"""
    at = datetime.fromisoformat(iso)
    return f"{at.month}月{at.day}日（周{_WEEKDAYS[at.weekday()]}）{at.hour}:{at:%M}"


def _day(iso: str) -> str:
    """8月24日; the year is said with a month alone."""
    at = datetime.fromisoformat(iso)
    return f"{at.month}月{at.day}日"


def _month(iso: str) -> str:
    """2023年7月"""
    at = datetime.fromisoformat(iso)
    return f"{at.year}年{at.month}月"


def _then(iso: str, first: str) -> str:
    """What came after ``first``: 22:06 on the same day, else 8月24日1:32"""
    at = datetime.fromisoformat(iso)
    day = "" if at.date() == datetime.fromisoformat(first).date() else f"{at.month}月{at.day}日"
    return f"{day}{at.hour}:{at:%M}"


def _span(minutes: int) -> str:
    """8分钟, 2小时5分钟, 1天3小时"""
    if minutes < 1:
        return "不到1分钟"
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "天"), (hours, "小时"), (rest, "分钟")] if not days else [(days, "天"), (hours, "小时")]
    return "".join(f"{amount}{unit}" for amount, unit in parts if amount)


def _line(text: str) -> str:
    return widened(" ".join(text.split()))


def _clip(text: str) -> str:
    line = _line(text)
    return line if len(line) <= LONGEST_QUOTATION else f"{line[:LONGEST_QUOTATION]}…"


@dataclass(frozen=True, slots=True)
class Composed:
    """One message. text: holds "@name" for each mention. reply_to: what it answers, if it answers one message."""

    text: str
    mentions: tuple[Mention, ...]
    tickets: tuple[TicketNumber, ...]
    media: tuple[MediaId, ...]
    kind: ReplyKind
    reply_to: str | None
    documents: tuple[Document, ...] = ()


def compose(rows: Sequence[OutboxRow], texts: Texts, now: datetime | None = None) -> Composed:
    """Rows of one chat that leave together. Raises KeyError for an unknown template. now: when they leave, so that
    what is late says from when it is."""
    replies = [row.reply for row in rows]
    items = [_item(row, texts, now) for row in rows]
    mentions = {mention.person: mention for r in replies for mention in r.mentions}
    answered = {r.reply_to for r in replies}
    return Composed(
        _text(replies[0].merge, items, texts),
        tuple(mentions.values()),
        tuple(dict.fromkeys(number for r in replies for number in r.tickets)),
        tuple(dict.fromkeys(id for r in replies for id in r.media)),
        replies[0].kind,
        replies[0].reply_to if len(answered) == 1 else None,
        tuple(document for r in replies for document in r.documents),
    )


def _item(row: OutboxRow, texts: Texts, now: datetime | None) -> dict[str, Json]:
    reply = row.reply
    at = _spoken_to(reply.mentions)
    if now is not None and late(row, now):
        answers = reply.kind is ReplyKind.ACK or (reply.reply_to is not None and not reply.own_accord)
        at += texts.render("late_answer" if answers else "late_news", {"at": time_of(row, now)})
    return {**reply.params, "template": reply.template, "at": at}


def _text(merge: str | None, items: Sequence[dict[str, Json]], texts: Texts) -> str:
    if len(items) == 1 or merge is None:
        return "\n".join(f"{item['at']}{texts.render(str(item['template']), item)}" for item in items)
    return texts.render(f"merged_{merge}", {"items": list(_gathered(items) if merge == "progress" else items)})


def _gathered(items: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    """The same words about several tickets are said once: "#18 5号楼2单元…；#19 5号楼4单元…：墙干了再做"."""
    groups: dict[str, list[dict[str, Json]]] = {}
    for item in items:
        same = {name: value for name, value in item.items() if name not in _OF_ONE_TICKET}
        groups.setdefault(repr(sorted(same.items())), []).append(item)
    return [_together(group) if "number" in group[0] else one for group in groups.values() for one in group[:1]]


def _together(items: Sequence[dict[str, Json]]) -> dict[str, Json]:
    by_title: dict[str, list[str]] = {}
    for item in items:
        by_title.setdefault(str(item["title"]), []).append(f"#{item['number']}")
    heads = "；".join(f"{'、'.join(dict.fromkeys(numbers))} {title}" for title, numbers in by_title.items())
    number, _, title = heads.removeprefix("#").partition(" ")
    waits = [minutes for item in items if isinstance(minutes := item.get("minutes"), int)]
    more: dict[str, Json] = {"minutes": max(waits), "earliest": len(set(waits)) > 1} if waits else {}
    return {**items[0], "number": number, "title": title, **more}


def _spoken_to(mentions: Sequence[Mention]) -> str:
    """ "@李敏 @孙洁 ", each once."""
    return "".join(f"@{name} " for name in dict.fromkeys(mention.name for mention in mentions))
