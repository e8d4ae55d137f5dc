"""Drafts: what a command prepared is shown first, and kept until the same person says 确认 or 取消."""

from collections.abc import Mapping

from domain.drafts import Draft, DraftKind
from domain.handling import Context
from domain.messages import Incoming, Json
from domain.raw_words import after_word


async def keep(message: Incoming, ctx: Context, kind: DraftKind, content: Mapping[str, Json]) -> None:
    await ctx.work.drafts.put(Draft(message.chat, message.sender, kind, content, ctx.now))


def as_typed(message: Incoming, words: tuple[str, ...], otherwise: str) -> str:
    """Behind the command's word, sign by sign. otherwise: as the command was read."""
    found = after_word(message.text, words)
    return otherwise if found is None else found
