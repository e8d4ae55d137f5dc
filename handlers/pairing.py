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
_STEPS = frozenset({What.MOVED, What.PROGRESS})


async def paired(ctx: Context, ticket: Ticket, posts: Sequence[Reply], after: Sequence[MediaId]) -> list[Reply]:
    """The posts about work that is done; in its group one picture stands for the last photo, where one of before is
    there. after: photos of now that the group may see."""
    pair = await pair_of(ctx, ticket, after)
    if pair is None:
        return list(posts)
    picture = Document(PAIR, "", {}, NAME, ("jpg",), pairs=(pair,))
    return [
        replace(p, media=tuple(id for id in p.media if id != pair.after), documents=(picture,)) if p.media else p
        for p in posts
    ]


async def pair_of(ctx: Context, ticket: Ticket, after: Sequence[MediaId]) -> Pair | None:
    """None where the work is not done, or a photo is missing."""
    if ticket.status not in {Status.RESOLVED, Status.CLOSED} or photos.needs_consent(ticket):
        return None
    now = [p for p in await ctx.work.media.get(after) if _usable(p)]
    if not now:
        return None
    before = await _before(ctx, ticket, {*after})
    if before is None:
        return None
    minutes = ticket.minutes(ticket.clocks.cleared) if ticket.clocks.cleared else None
    return Pair(before.id, now[-1].id, ticket.number, public_place(ctx.community, ticket), minutes)


async def _before(ctx: Context, ticket: Ticket, besides: Collection[MediaId]) -> MediaRecord | None:
    """The first photo of before the work was done that stood in its group, or that a step of the work released."""
    events = await ctx.work.tickets.events(ticket.number)
    released = _released(events)
    done = ticket.clocks.cleared
    for photo in await photos.of_ticket(ctx, ticket):
        seen = photo.chat == ticket.chat or (photo.by_staff and photo.id in released)
        if seen and _usable(photo) and photo.id not in besides and (done is None or photo.at < done):
            return photo
    return None


def _released(events: Sequence[TicketEvent]) -> set[str]:
    """Photos that came with a step; those of notes, visits and rulings stay with staff."""
    steps = {event.source for event in events if event.what in _STEPS and event.source}
    return {str(e.details["media"]) for e in events if e.what is What.PHOTO and e.source in steps}


async def shown_after(ctx: Context, ticket: Ticket) -> list[MediaId]:
    """What staff filed since the work was done, in order."""
    found: list[MediaId] = []
    for event in await ctx.work.tickets.events(ticket.number):
        if event.what is What.MOVED and event.details.get("to") == Status.RESOLVED:
            found = []
        elif event.what is What.PHOTO and event.by.staff is not None:
            found.append(MediaId(str(event.details["media"])))
    return found


def _usable(photo: MediaRecord) -> bool:
    return photo.kind is MessageKind.IMAGE and photo.state is not MediaState.FAILED
