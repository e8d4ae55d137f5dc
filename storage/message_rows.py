"""Messages that came in as rows of the inbox, and back."""

from datetime import datetime

from domain.conversation import Said
from domain.messages import Chat, Incoming, MediaHandle, Person, Quote
from domain.records import InboxRow, Outcome
from domain.vocabulary import MessageKind, TicketNumber
from storage.moments import Moments, stored
from storage.statements import Record
from storage.verdict_json import verdict_of

WAITING = "waiting"
FRESH, KEPT, ERASED = "fresh", "kept", "erased"
"""What there is of the text: still there, there to stay with its ticket, or gone."""


def message_row(message: Incoming, id: int, now: datetime) -> dict[str, object]:
    """Without the community."""
    quote = message.quote
    return {
        "id": id,
        "channel": message.channel,
        "external_id": message.external_id,
        "chat": message.chat.id,
        "private": message.chat.private,
        "sender": message.sender.id,
        "at": stored(message.at),
        "kind": message.kind.value,
        "sender_name": message.sender_name,
        "text": message.text,
        "media": [[m.handle, m.name] for m in message.media] or None,
        "mentions_bot": message.mentions_bot,
        "quote_id": quote.external_id if quote else None,
        "quote_text": quote.text if quote else None,
        "recalls": message.recalls,
        "arrived_at": stored(now),
        "state": WAITING,
        "attempts": 0,
        "verdict": None,
        "error": "",
        "handled_at": None,
        "trace": FRESH,
        "recalled": False,
    }


def recalled_row(recall: Incoming, id: int, now: datetime) -> dict[str, object]:
    """The place of the message that ``recall`` takes back, without a word in it."""
    assert recall.recalls is not None
    place = Incoming(recall.channel, recall.recalls, recall.chat, recall.sender, recall.at)
    done = {"state": Outcome.SILENT.value, "handled_at": stored(now), "trace": ERASED, "recalled": True}
    return {**message_row(place, id, now), **done}


def inbox_row_of(row: Record, moments: Moments) -> InboxRow:
    channel = row.channel
    quoted = row.quote_id is not None or row.quote_text is not None
    message = Incoming(
        channel,
        row.external_id,
        Chat(channel, row.chat, row.private),
        Person(channel, row.sender),
        moments.at(row.at),
        MessageKind(row.kind),
        row.sender_name,
        row.text,
        tuple(MediaHandle(handle, name) for handle, name in row.media or ()),
        row.mentions_bot,
        Quote(row.quote_id, row.quote_text or "") if quoted else None,
        row.recalls,
    )
    return InboxRow(row.id, message, row.attempts, verdict_of(row.verdict))


def said_of(row: Record, is_staff: bool, moments: Moments) -> Said:
    """``row``: of the inbox, with ``ticket``, the first that it belongs to."""
    return Said(
        external_id=row.external_id,
        sender=Person(row.channel, row.sender),
        sender_name=row.sender_name,
        is_staff=is_staff,
        at=moments.at(row.at),
        kind=MessageKind(row.kind),
        text=row.text,
        verdict=verdict_of(row.verdict),
        ticket=TicketNumber(row.ticket) if row.ticket is not None else None,
        quotes=row.quote_id,
        recalled=row.recalled,
    )
