"""New lines of the web chat, from whoever says them. The post office numbers them."""

import re
from dataclasses import dataclass
from datetime import datetime

from domain.chatroom import BOT, Attachment, Line, Member, Quoted, Saying
from domain.messages import Chat, File, Outgoing
from domain.vocabulary import MessageKind

# What no chat network carries and PostgreSQL refuses: control characters but tab and newline, half surrogate pairs.
_UNSAYABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_QUOTED_LENGTH = 200
_KINDS = {"image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "audio": MessageKind.VOICE}


@dataclass(frozen=True, slots=True)
class Injected:
    """Something that is put into the chat as if a person had said it: a line of a transcript.

    id: kept as it is, so that the same transcript gives the same ids; an id that is known already is dropped.
    kind: where words and files do not tell; JOIN opens the group when it is new.
    """

    id: str
    chat: Chat
    sender: str
    at: datetime
    name: str = ""
    text: str = ""
    kind: MessageKind | None = None
    files: tuple[File, ...] = ()
    quote: str | None = None
    mentions_bot: bool = False


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What of a message was settled before the line is drawn up: its kept files and what it quotes."""

    attachments: tuple[Attachment, ...] = ()
    quote: Quoted | None = None


def sayable(text: str) -> str:
    return _UNSAYABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def quoted(line: Line) -> Quoted:
    words = line.text or ("[图片]" if line.attachments else "")
    return Quoted(line.id, line.name, words[:_QUOTED_LENGTH])


def of_person(saying: Saying, who: Member, at: datetime, enclosed: Enclosed) -> Line:
    return Line(
        chat=saying.chat,
        at=at,
        sender=who.id,
        name=who.name,
        text=sayable(saying.text),
        kind=_kind(saying.text, enclosed),
        attachments=enclosed.attachments,
        quote=enclosed.quote,
    )


def of_bot(message: Outgoing, name: str, at: datetime, enclosed: Enclosed) -> Line:
    return Line(
        chat=message.chat,
        at=at,
        sender=BOT,
        name=name,
        text=sayable(message.text),
        kind=_kind(message.text, enclosed),
        attachments=enclosed.attachments,
        quote=enclosed.quote,
        mentions=tuple(mention.person.id for mention in message.mentions),
        called=tuple(mention.name for mention in message.mentions),
    )


def of_transcript(injected: Injected, name: str, bot_name: str, enclosed: Enclosed) -> Line:
    text = sayable(injected.text)
    return Line(
        id=injected.id,
        chat=injected.chat,
        at=injected.at,
        sender=injected.sender,
        name=name,
        text=f"@{bot_name} {text}" if injected.mentions_bot else text,
        kind=injected.kind or _kind(text, enclosed),
        attachments=enclosed.attachments,
        quote=enclosed.quote,
    )


def _kind(text: str, enclosed: Enclosed) -> MessageKind:
    """A message with words is one of words, whatever comes with it."""
    if sayable(text) or not enclosed.attachments:
        return MessageKind.TEXT
    return _KINDS.get(enclosed.attachments[0].mime.partition("/")[0], MessageKind.FILE)
