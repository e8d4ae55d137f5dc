"""Replies as rows of the outbox: columns for what queries look at, JSON for the rest."""

from datetime import datetime
from typing import NotRequired, TypedDict

from domain.messages import Chat, Document, Format, Json, Mention, Pair, Person, Reply
from domain.records import OutboxRow
from domain.vocabulary import MediaId, Priority, ReplyKind, TicketNumber
from storage.moments import Moments, stored
from storage.statements import Record

QUEUED, SENT, EXPIRED, OUTDATED, DEAD, UNKNOWN = "queued", "sent", "expired", "outdated", "dead", "unknown"


class StoredDocument(TypedDict):
    layout: str
    template: str
    params: dict[str, Json]
    name: str
    formats: list[Format]
    link: str
    pairs: NotRequired[list[tuple[str, str, int, str, int | None]]]
    """before, after, number, place, minutes; not there in what an older version queued"""
    photos: NotRequired[list[str]]


class StoredReply(TypedDict, total=False):
    template: str
    params: dict[str, Json]
    mentions: list[tuple[str, str, str]]
    tickets: list[int]
    media: list[str]
    reply_to: str
    not_before: bool
    documents: list[StoredDocument]


def reply_row(reply: Reply, id: int, now: datetime) -> dict[str, object]:
    """Without the community."""
    return {
        "id": id,
        "channel": reply.chat.channel,
        "chat": reply.chat.id,
        "private": reply.chat.private,
        "state": QUEUED,
        "priority": int(reply.priority),
        "due": stored(reply.not_before or now),
        "expires_at": stored(reply.expires_at),
        "dedupe_key": reply.dedupe_key,
        "kind": reply.kind.value,
        "merge": reply.merge,
        "own_accord": reply.own_accord,
        "may_wait": reply.may_wait,
        "reply": reply_json(reply),
        "created_at": stored(now),
        "attempts": 0,
        "ended_at": None,
        "error": "",
    }


def reply_json(reply: Reply) -> StoredReply:
    stored: StoredReply = {"template": reply.template}
    if reply.params:
        stored["params"] = dict(reply.params)
    if reply.mentions:
        stored["mentions"] = [(m.person.channel, m.person.id, m.name) for m in reply.mentions]
    if reply.tickets:
        stored["tickets"] = list(reply.tickets)
    if reply.media:
        stored["media"] = list(reply.media)
    if reply.reply_to is not None:
        stored["reply_to"] = reply.reply_to
    if reply.not_before is not None:
        stored["not_before"] = True
    if reply.documents:
        stored["documents"] = [_document_json(document) for document in reply.documents]
    return stored


def _document_json(document: Document) -> StoredDocument:
    return {
        "layout": document.layout,
        "template": document.template,
        "params": dict(document.params),
        "name": document.name,
        "formats": list(document.formats),
        "link": document.link,
        "pairs": [(p.before, p.after, p.number, p.place, p.minutes) for p in document.pairs],
        "photos": [*document.photos],
    }


def _document_of(stored: StoredDocument) -> Document:
    pairs = tuple(
        Pair(MediaId(before), MediaId(after), TicketNumber(number), place, minutes)
        for before, after, number, place, minutes in stored.get("pairs", ())
    )
    return Document(
        stored["layout"], stored["template"], stored["params"], stored["name"], tuple(stored["formats"]),
        stored["link"], pairs, tuple(MediaId(id) for id in stored.get("photos", ())),
    )  # fmt: skip


def outbox_row_of(row: Record, moments: Moments) -> OutboxRow:
    stored: StoredReply = row.reply
    reply = Reply(
        chat=Chat(row.channel, row.chat, row.private),
        template=stored["template"],
        params=stored.get("params", {}),
        kind=ReplyKind(row.kind),
        priority=Priority(row.priority),
        mentions=tuple(Mention(Person(channel, id), name) for channel, id, name in stored.get("mentions", ())),
        tickets=tuple(TicketNumber(number) for number in stored.get("tickets", ())),
        media=tuple(MediaId(id) for id in stored.get("media", ())),
        reply_to=stored.get("reply_to"),
        merge=row.merge,
        dedupe_key=row.dedupe_key,
        not_before=moments.at(row.due) if stored.get("not_before") else None,
        expires_at=moments.maybe(row.expires_at),
        own_accord=row.own_accord,
        may_wait=row.may_wait,
        documents=tuple(_document_of(document) for document in stored.get("documents", ())),
    )
    return OutboxRow(row.id, reply, moments.at(row.created_at), row.attempts)
