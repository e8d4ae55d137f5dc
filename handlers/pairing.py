"""Before beside after: one picture for the closing post, of photos that the ticket's group has seen or may see."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from domain.handling import Context
from domain.messages import PAIR, Document, Pair, Reply
from domain.privacy import public_place
from domain.records import MediaRecord, MediaState
from domain.tickets import Ticket, TicketEvent, What
from domain.vocabulary import MediaId, MessageKind, Status
from handlers import photos

NAME = "修前修后"
_STEPS = frozenset({What.MOVED, What.PROGRESS, What.PHOTO})


async def paired(ctx: Context, ticket: Ticket, posts: Sequence[Reply], after: Sequence[MediaId]) -> list[Reply]:
    """The posts about work that is done; in its group one picture stands for the last photo, where one of before is
    there. after: photos of now that the group may see."""
    if not after:
        return list(posts)
    pair = await pair_of(ctx, ticket, after, await ctx.work.tickets.events(ticket.number))
    if pair is None:
        return list(posts)
    return [
        replace(p, media=tuple(id for id in p.media if id != pair.after), documents=(picture(pair),)) if p.media else p
        for p in posts
    ]


def picture(pair: Pair, name: str = NAME) -> Document:
    return Document(PAIR, "", {}, name, ("jpg",), pairs=(pair,))


async def pair_of(ctx: Context, ticket: Ticket, after: Sequence[MediaId], events: Sequence[TicketEvent]) -> Pair | None:
    """None where the work is not done, or a photo is missing."""
    if ticket.status not in {Status.RESOLVED, Status.CLOSED} or photos.needs_consent(ticket):
        return None
    now = [p for p in await ctx.work.media.get(after) if _usable(p)]
    before = await _before(ctx, ticket, after, events)
    if before is None or not now:
        return None
    minutes = ticket.minutes(ticket.clocks.cleared) if ticket.clocks.cleared else None
    return Pair(before.id, now[-1].id, ticket.number, public_place(ctx.community, ticket), minutes)


async def _before(
    ctx: Context, ticket: Ticket, besides: Collection[MediaId], events: Sequence[TicketEvent]
) -> MediaRecord | None:
    """The first photo of before the work was done that stood in its group, or that a step of the work released."""
    released, done = {*_released(events)}, ticket.clocks.cleared
    for photo in await photos.of_ticket(ctx, ticket):
        seen = photo.chat == ticket.chat or photo.id in released
        if seen and _usable(photo) and photo.id not in besides and (done is None or photo.at < done):
            return photo
    return None


def released_after(events: Sequence[TicketEvent]) -> list[MediaId]:
    """What staff showed since the work was done, in order."""
    done = [n for n, e in enumerate(events) if e.what is What.MOVED and e.details.get("to") == Status.RESOLVED]
    later = {id(event) for event in events[done[-1] :]} if done else set()
    return [media for event, media in _shown(events) if id(event) in later]


def _released(events: Sequence[TicketEvent]) -> list[MediaId]:
    return [media for _, media in _shown(events)]


def _shown(events: Sequence[TicketEvent]) -> list[tuple[TicketEvent, MediaId]]:
    """Photos that staff sent with a command of the work or after one. Those of notes, visits, rulings and plain talk
    stay with staff."""
    kept_back = {e.source for e in events if e.what not in _STEPS or e.details.get("plain")}
    return [
        (e, MediaId(str(e.details["media"])))
        for e in events
        if e.what is What.PHOTO and e.by.staff is not None and e.source not in kept_back
    ]


def _usable(photo: MediaRecord) -> bool:
    return photo.kind is MessageKind.IMAGE and photo.state is not MediaState.FAILED
