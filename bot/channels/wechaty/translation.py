"""From wechaty's messages to ours. Pure, but for the names that it is given."""

import re
from collections.abc import Collection
from datetime import datetime

from bot.channels.wechaty.puppet import Event, Payload
from bot.channels.wechaty.settings import CHANNEL
from bot.channels.wechaty.text import mentions, moment, split_quote, without_mentions
from domain.messages import Chat, Incoming, MediaHandle, Person, Quote
from domain.vocabulary import MessageKind

FILES = {
    "image": MessageKind.IMAGE,
    "video": MessageKind.VIDEO,
    "audio": MessageKind.VOICE,
    "attachment": MessageKind.FILE,
}
RECALLED = "recalled"
_IN_WORDS = frozenset({"text", "unspecified"})
"""Unspecified: what wechaty has no type for; when it is readable it is read, a group's notice for example."""
_MARKUP = re.compile(r"\s*<(?:\?xml|msg|sysmsg|appmsg)\b", re.IGNORECASE)
_RECALLED_ID = re.compile(r"<newmsgid>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]+)", re.IGNORECASE)


def chat_of(payload: Payload) -> Chat:
    return Chat(CHANNEL, payload.room) if payload.room else Chat(CHANNEL, payload.talker, private=True)


def heard(payload: Payload, name: str, own_names: Collection[str], own_id: str, now: datetime) -> Incoming:
    """own_names: what an @ of the bot may say here; needed only where the text has an @."""
    words, quoted = split_quote(_readable(payload))
    meant = mentions(words, own_names, listed=own_id in payload.mentions)
    kind = FILES.get(payload.type, MessageKind.TEXT)
    return Incoming(
        channel=CHANNEL,
        external_id=payload.id,
        chat=chat_of(payload),
        sender=Person(CHANNEL, payload.talker),
        at=moment(payload.timestamp, now),
        kind=kind,
        sender_name=name,
        text=without_mentions(words, own_names) if meant else words,
        media=(MediaHandle(f"{kind.value}:{payload.id}", payload.filename),) if payload.type in FILES else (),
        mentions_bot=meant,
        quote=Quote(None, quoted) if quoted is not None else None,
    )


def heard_recall(payload: Payload, name: str, now: datetime) -> Incoming | None:
    """The text is the id of what was taken back, or markup that holds it; None when it says neither."""
    found = _RECALLED_ID.search(payload.text)
    recalled = found[1] if found else payload.text.strip()
    if not recalled or _MARKUP.match(recalled):
        return None
    return Incoming(
        channel=CHANNEL,
        external_id=payload.id if payload.id != recalled else f"recall:{recalled}",
        chat=chat_of(payload),
        sender=Person(CHANNEL, payload.talker),
        at=moment(payload.timestamp, now),
        kind=MessageKind.RECALL,
        sender_name=name,
        recalls=recalled,
    )


def heard_join(event: Event, own_id: str, now: datetime) -> Incoming | None:
    """None unless it was the bot that was brought into a room."""
    match event.payload:
        case {"roomId": str(room), "inviteeIdList": list(invitees)} if room and own_id in invitees:
            inviter, timestamp = event.payload.get("inviterId"), event.payload.get("timestamp")
            at = moment(float(timestamp), now) if isinstance(timestamp, int | float) else now
            return Incoming(
                channel=CHANNEL,
                external_id=f"join:{room}:{int(at.timestamp() * 1000)}",
                chat=Chat(CHANNEL, room),
                sender=Person(CHANNEL, inviter if isinstance(inviter, str) and inviter else own_id),
                at=at,
                kind=MessageKind.JOIN,
            )
        case _:
            return None


def media_of(handle: str) -> tuple[str, bool] | None:
    """(message id, whether it is an image) of a handle made here."""
    kind, _, message = handle.partition(":")
    return (message, kind == MessageKind.IMAGE) if message and kind in set(FILES.values()) else None


def _readable(payload: Payload) -> str:
    """Stickers, cards, locations and links come as markup, which nobody wrote."""
    return payload.text if payload.type in _IN_WORDS and not _MARKUP.match(payload.text) else ""
