"""What WeChat writes into the text of a message: @ and quotes. Pure; nothing here knows wechaty."""

import re
from collections.abc import Collection
from datetime import UTC, datetime

AT_END = "\u2005"
"""The space that WeChat's apps put behind a chosen @name; nobody types it by hand."""
EVERYBODY = re.compile(r"^\s*@(?:所有人|all)(?=[\s\u2005]|$)", re.IGNORECASE)
QUOTE = re.compile(
    r"\A「(?P<who>[^\n：:]{1,64})[：:](?P<words>.*)」\s*\n(?:[-—－] ?){3,}\s*\n(?P<reply>.*)\Z", re.DOTALL
)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def split_quote(text: str) -> tuple[str, str | None]:
    """(what was written, what it quotes). WeChat sends a quote as text: 「name：words」, a dashed line, the reply."""
    found = QUOTE.match(text)
    if found is None:
        return text, None
    return found["reply"].strip(), found["words"].strip()


def mentions(text: str, own_names: Collection[str], *, listed: bool) -> bool:
    """Whether the bot is meant. listed: the bot's id is in the message's own list of mentions.

    An @ of everybody lists the bot too, and means nobody in particular. Some puppets deliver no list at all: then an
    @ chosen in the app is known by its special space, and one typed by hand counts at the beginning only.
    """
    by_name = any(f"@{name}{AT_END}" in text or _begins_with(text, name) for name in own_names)
    return by_name or (listed and not EVERYBODY.match(text))


def without_mentions(text: str, own_names: Collection[str]) -> str:
    """``@bot\u2005进度 #12`` becomes ``进度 #12``; where the @ stood between words one space is left."""
    for name in sorted(own_names, key=len, reverse=True):
        text = re.sub(rf"\s*@{re.escape(name)}(?:[\s\u2005]+|$)", " ", text)
    return text.strip()


def with_mention_marks(text: str, names: Collection[str]) -> str:
    """Puts behind each @name the space by which WeChat's apps know a mention, and highlight it."""
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    if not known:
        return text
    return re.sub(rf"@({known})(?: |(?!\w))", lambda found: f"@{found[1]}{AT_END}", text)


def moment(timestamp: float, otherwise: datetime) -> datetime:
    """Puppets give seconds or milliseconds, and sometimes nonsense."""
    seconds = timestamp / 1000 if timestamp > 100_000_000_000 else timestamp
    if not 0 < seconds < LATEST.timestamp():
        return otherwise
    return datetime.fromtimestamp(seconds, UTC)


def _begins_with(text: str, name: str) -> bool:
    rest = text.lstrip().removeprefix(f"@{name}")
    return rest != text.lstrip() and (not rest or rest[0].isspace())
