"""What the bot hears of the lines of the web chat."""

import re
from datetime import datetime

from bot.channels.console.cast import CHANNEL
from domain.chatroom import Line
from domain.messages import Incoming, MediaHandle, Person, Quote
from domain.vocabulary import MessageKind


def heard(line: Line, bot_name: str) -> Incoming:
    """``@bot`` anywhere in the words is a mention of it and is taken off the text."""
    at_bot = re.compile(rf"[@＠]{re.escape(bot_name)}(?:[ \t\u2005\u3000]|$)|[@＠]{re.escape(bot_name)}", re.MULTILINE)
    text, mentions = at_bot.subn("", line.text)
    return Incoming(
        channel=CHANNEL,
        external_id=line.id,
        chat=line.chat,
        sender=Person(CHANNEL, line.sender),
        at=line.at,
        kind=line.kind,
        sender_name=line.name,
        text=text.strip() if mentions else line.text,
        media=tuple(MediaHandle(attachment.key, attachment.name) for attachment in line.attachments),
        mentions_bot=mentions > 0,
        quote=Quote(line.quote.id, line.quote.text) if line.quote else None,
    )


def heard_recall(event: str, line: Line, at: datetime) -> Incoming:
    return Incoming(
        channel=CHANNEL,
        external_id=event,
        chat=line.chat,
        sender=Person(CHANNEL, line.sender),
        at=at,
        kind=MessageKind.RECALL,
        sender_name=line.name,
        recalls=line.id,
    )
