"""Templates, and what they need to show a chat: addresses, times, words with marks in them."""

import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from domain.chatroom import BOT, Attachment, Line
from domain.messages import Chat
from domain.ports import Clock
from web.photos import SHOWN_TYPES
from web.signing import Signer

STATIC = Path(__file__).parent / "static"
LONGEST_SHOWN = 3000
_MARKED = re.compile(r"(https?://[^\s<>\"'()（）。，、]{3,300}|#\d{1,7}\b)")
_HUES = 8


class Renderer:
    def __init__(self, signer: Signer, clock: Clock, community: str, bot_name: str) -> None:
        self._clock = clock
        self._signer = signer
        self.static = f"/static/{_version()}"
        self._pages = Environment(
            loader=PackageLoader("web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.globals.update(
            static=self.static, community=community, bot_name=bot_name, BOT=BOT, room_path=room_path,
            clock_time=self.clock_time, list_time=self.list_time, media=self.media, small=self.small, hue=hue,
            preview=preview, worded=worded, is_photo=is_photo, too_long=too_long, text_path=text_path,
        )  # fmt: skip
        self._line = self._pages.from_string('{% from "line.html" import show %}{{ show(line, viewer, together) }}')

    def page(self, template: str, **values: object) -> str:
        return self._pages.get_template(template).render(**values)

    def line(self, line: Line, viewer: str) -> str:
        return self._line.render(line=line, viewer=viewer, together=not line.chat.private)

    def clock_time(self, at: datetime) -> str:
        """As a chat shows it: the day only when it is not today."""
        local, today = self._local(at), self._clock.now()
        if local.date() == today.date():
            return f"{local:%H:%M}"
        return f"{self._day(local)} {local:%H:%M}"

    def list_time(self, at: datetime) -> str:
        local = self._local(at)
        return f"{local:%H:%M}" if local.date() == self._clock.now().date() else self._day(local)

    def media(self, attachment: Attachment) -> str:
        return self._signer.media_link(attachment.key, self._clock.now())

    def small(self, attachment: Attachment) -> str:
        return self._signer.media_link(attachment.key, self._clock.now(), small=True)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._clock.now().tzinfo)

    def _day(self, local: datetime) -> str:
        today = self._clock.now().date()
        if (today - local.date()).days == 1:
            return "昨天"
        return (
            f"{local.month}月{local.day}日" if local.year == today.year else f"{local.year}/{local.month}/{local.day}"
        )


def room_path(viewer: str, chat: Chat) -> str:
    person = f"/as/{quote(viewer, safe='')}"
    return f"{person}/bot" if chat.private else f"{person}/group/{quote(chat.id, safe='')}"


def text_path(viewer: str, line: Line) -> str:
    return f"{room_path(viewer, line.chat)}/text/{quote(line.id, safe='')}"


def preview(line: Line | None, viewer: str) -> str:
    """One line for the list of rooms."""
    if line is None:
        return ""
    if line.recalled:
        return f"{'你' if line.sender == viewer else line.name}撤回了一条消息"
    words = " ".join(line.text.split())[:60] or (_named(line.attachments[0]) if line.attachments else "加入了群聊")
    return words if line.sender == viewer or line.chat.private else f"{line.name}: {words}"


def worded(line: Line) -> Markup:
    """The escaped words with links, ticket numbers and @s marked."""
    text = line.text[:LONGEST_SHOWN]
    names = sorted((re.escape(name) for name in line.called if name), key=len, reverse=True)
    if not names:
        return _with_marks(text)
    parts = re.split(f"(@(?:{'|'.join(names)}))", text)  # a name may hold spaces and numbers: "张阿姨 2-301", "#1"
    return Markup("").join(_at(part) if n % 2 else _with_marks(part) for n, part in enumerate(parts))


def _with_marks(text: str) -> Markup:
    parts = _MARKED.split(text)
    return Markup("").join(_mark(part) if n % 2 else _with_ats(part) for n, part in enumerate(parts))


def _mark(part: str) -> Markup:
    if part.startswith("#"):
        return Markup('<span class="ticket">{}</span>').format(part)
    return Markup('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>').format(part)


def _with_ats(part: str) -> Markup:
    pieces = re.split(r"([@＠][^\s@＠，。：！？,.:!?]{1,30})", part)
    return Markup("").join(_at(piece) if n % 2 else escape(piece) for n, piece in enumerate(pieces))


def _at(words: str) -> Markup:
    return Markup('<span class="at">{}</span>').format(words)


def is_photo(attachment: Attachment) -> bool:
    return attachment.mime in SHOWN_TYPES


def too_long(line: Line) -> bool:
    return len(line.text) > LONGEST_SHOWN


def hue(id: str) -> str:
    """A colour that stays with a person: inline styles are forbidden, so it is one of a few classes."""
    return f"hue-{sum(id.encode()) % _HUES}"


def _named(attachment: Attachment) -> str:
    if is_photo(attachment):
        return "[图片]"
    return {"video": "[视频]", "audio": "[语音]"}.get(attachment.mime.partition("/")[0], "[文件]")


def _version() -> str:
    """Of all static files, so that browsers may keep them for ever."""
    content = b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file())
    return sha256(content).hexdigest()[:12]
