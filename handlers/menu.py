"""帮助: a menu that fits a phone's screen; a word of it tells how that is said."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from domain.announcements import answer
from domain.handling import Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from handlers.telling import answering

_ALL = "全部"
Topics = Mapping[str, Sequence[Router]]
"""What staff may ask about by one word, in the order of the menu."""


def help_for(topics: Topics) -> Command:
    """Shows what this person may do here, from the commands themselves. Staff have many: they get the menu first."""
    entries = [(topic, command) for topic, routers in topics.items() for r in routers for command in r.commands]

    async def show(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
        allowed = [(t, c) for t, c in (*entries, ("", command)) if _may(ctx, c)]
        asked = args.text.strip(" #。!！?？")
        chosen = [c for t, c in allowed if asked in {_ALL, t, *c.words}] if asked else [c for _, c in allowed]
        lines: list[Json] = [_line(c) for c in sorted(chosen, key=lambda c: not c.roles)]
        menu: list[Json] = [] if asked or ctx.staff is None else _menu(allowed)
        to, staff = answering(message, ctx), ctx.staff is not None
        return [answer("help", to, lines=lines, menu=menu, asked=asked, staff=staff)]

    words = {word for _, c in entries for word in c.words}
    known = "|".join(re.escape(word) for word in sorted({*words, *topics, _ALL}, key=lambda word: (-len(word), word)))
    command = Command(
        ("帮助", "菜单", "怎么用", "help"), "帮助", "看看我能做什么", show, unasked=rf"\s*(?:{known})?\s*"
    )  # fmt: skip
    return command


def _may(ctx: Context, command: Command) -> bool:
    return command.allows(ctx.staff) and (ctx.for_staff_only or not command.private)


def _line(command: Command) -> Json:
    return {"usage": command.usage, "about": command.about, "for_staff": bool(command.roles)}


def _menu(allowed: Sequence[tuple[str, Command]]) -> list[Json]:
    """The names of the commands by topic; what everybody may say stands last, under no topic."""
    work = [(t, c.name) for t, c in allowed if c.roles]
    rows: list[Json] = [
        {"topic": topic, "names": [name for _, name in group]} for topic, group in groupby(work, lambda entry: entry[0])
    ]
    return [*rows, {"topic": "", "names": [c.name for _, c in allowed if not c.roles]}]
