"""查岗: before a storm, whom nobody can reach and which building nobody has. Whoever opens a storm asks it too."""

from collections.abc import Sequence

from domain.announcements import answer
from domain.handling import OFFICE, Arguments, Command, Context, Router
from domain.messages import Incoming, Json, Reply
from domain.ports import UnitOfWork
from domain.readiness import Finding, gaps
from domain.roster import Community
from domain.vocabulary import ReplyKind
from handlers.telling import answering

MOST_LINES = 30


async def gaps_of(work: UnitOfWork, community: Community) -> tuple[Finding, ...]:
    """community: with those on duty just now. The channels in use are those of the groups."""
    accounts = {id: await work.people.accounts(id) for id in community.staff}
    return gaps(community, accounts, list(dict.fromkeys(group.channel for group in community.groups)))


def params_of(found: Sequence[Finding]) -> dict[str, Json]:
    """For the text "roster_gaps"."""
    lines: list[Json] = [finding.params for finding in found[:MOST_LINES]]
    return {"lines": lines, "count": len(found)}


async def look(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    found = params_of(await gaps_of(ctx.work, ctx.community))
    return [answer("roster_gaps", answering(message, ctx), kind=ReplyKind.STATUS, **found)]


router = Router(
    (
        Command(
            ("查岗", "检查名册", "名册检查"), "查岗", "下雨前看看哪栋楼没人管、谁叫不到", look, OFFICE, private=True,
            unasked="",
        ),
    )
)  # fmt: skip
