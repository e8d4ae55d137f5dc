"""Photos: filed with their ticket at once; shown in a group only when that is allowed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.handling import Context, source_of
from domain.messages import Incoming
from domain.records import PHOTO_WINDOW, MediaRecord, PhotoWindow
from domain.tickets import Ticket, TicketEvent, What
from domain.vocabulary import MediaId, MessageKind, Scope

MEDIA_KINDS = frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.VOICE, MessageKind.FILE})
SHOWN = frozenset({MessageKind.IMAGE, MessageKind.VIDEO})


async def record(message: Incoming, ctx: Context) -> list[MediaRecord]:
    """A record for each file that came with a message; its bytes are fetched later, in the background."""
    records = [
        MediaRecord(
            MediaId(ctx.new_id("media")),
            message.chat,
            message.sender,
            message.external_id,
            handle.handle,
            message.kind if message.kind in MEDIA_KINDS else MessageKind.IMAGE,
            message.at,
            name=handle.name,
            by_staff=ctx.staff is not None,
        )
        for handle in message.media
    ]
    for media in records:
        await ctx.work.media.add(media)
    return records


async def attach(ctx: Context, ticket: Ticket, photos: Sequence[MediaRecord], message: Incoming) -> Ticket:
    """Files photos with a ticket, once each."""
    new = [p for p in photos if p.id not in ticket.media]
    if not new:
        return ticket
    for photo in new:
        await ctx.work.media.save(replace(photo, ticket=ticket.number))
    changed = replace(ticket, media=(*ticket.media, *(p.id for p in new)), updated=ctx.now)
    events = [
        TicketEvent(ticket.number, ctx.now, What.PHOTO, ctx.actor, source_of(message), {"media": p.id, "kind": p.kind})
        for p in new
    ]
    await ctx.work.tickets.save(changed, *events)
    return changed


def shows(message: Incoming) -> bool:
    """Whether it brings something to see: a photo or a video, perhaps with words."""
    return bool(message.media) and message.kind in {*SHOWN, MessageKind.TEXT}


def needs_consent(ticket: Ticket) -> bool:
    return ticket.scope is Scope.HOUSEHOLD and ticket.photo_consent is not True


def showable(tickets: Sequence[Ticket], photos: Sequence[MediaRecord]) -> tuple[MediaId, ...]:
    """What a staff member's command releases to the groups: public places at once, a home only with its consent.

    A photo of several tickets may show any of these homes: all of them have to agree.
    """
    if any(needs_consent(ticket) for ticket in tickets):
        return ()
    return tuple(p.id for p in photos if p.kind in SHOWN)


async def of_ticket(ctx: Context, ticket: Ticket) -> list[MediaRecord]:
    """All that are filed with it, in order; a photo may be filed with others too."""
    return list(await ctx.work.media.get(ticket.media))


async def expect_more(ctx: Context, tickets: Sequence[Ticket], purpose: str) -> None:
    """The next two minutes' photos of this person here belong to these tickets."""
    numbers = tuple(t.number for t in tickets)
    await ctx.work.conversations.expect_photos(
        PhotoWindow(ctx.chat.chat, ctx.person, numbers, purpose, ctx.now + PHOTO_WINDOW)
    )


async def of_message(ctx: Context, message: Incoming) -> list[MediaRecord]:
    return list(await ctx.work.media.of_messages(message.channel, [message.external_id]))


async def just_sent(message: Incoming, ctx: Context, within: timedelta = PHOTO_WINDOW) -> list[MediaRecord]:
    """Photos that this person sent here shortly before, of no ticket yet."""
    said = await ctx.work.conversations.said(message.chat, ctx.now - within)
    own = [s.external_id for s in said if s.sender == message.sender and s.kind in MEDIA_KINDS and not s.recalled]
    records = await ctx.work.media.of_messages(message.channel, own)
    return [r for r in records if r.ticket is None]
