"""How far a mailing came, as data for the texts that tell of it. Pure."""

from collections.abc import Sequence

from domain.mailings import Fate, Mailing, Tally
from domain.messages import Chat, Json
from domain.roster import Community


def told_of(community: Community, mailing: Mailing, found: Tally) -> dict[str, Json]:
    return {
        "number": mailing.number,
        "sort": mailing.sort.value,
        "title": mailing.title,
        "at": mailing.made_at.isoformat(),
        "reached": found.reached,
        "total": found.total,
        "failed": list[Json](names(community, found.of(Fate.FAILED))),
        "unsure": list[Json](names(community, found.of(Fate.UNSURE))),
        "waiting": list[Json](names(community, found.of(Fate.WAITING))),
    }


def names(community: Community, chats: Sequence[Chat]) -> list[str]:
    known = {(group.channel, group.id): group.name for group in community.groups}
    return [known.get((chat.channel, chat.id), chat.id) for chat in chats]
