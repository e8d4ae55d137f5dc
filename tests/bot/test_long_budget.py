"""A budget for longer than ten minutes is kept for all of its span, whatever else is said meanwhile."""

from datetime import timedelta
from pathlib import Path

from benchmarks.community import community
from bot.config import Config
from domain.messages import Reply
from domain.vocabulary import Priority, ReplyKind
from tests.bot.sending import answer, group, office

HOURLY = Config.model_validate({**community(20), "budgets": {"group_posts": 3, "per_minutes": 60}})


def news() -> Reply:
    """A post of the bot's own accord that stands alone: it would leave at once."""
    return Reply(group(1), "opted_in", kind=ReplyKind.CLOSING, priority=Priority.PROGRESS, own_accord=True)


async def test_three_posts_an_hour_are_three_posts_an_hour(database_url: str, tmp_path: Path):
    async with office(database_url, tmp_path, config=HOURLY) as post:
        for _ in range(7):
            await post.put(news())
            await post.passes(minutes=9)
        times = [at for at, _ in post.network.said]
        assert len(times) == 4
        assert times[3] - times[0] >= timedelta(hours=1)


async def test_a_storm_of_answers_does_not_make_the_posts_forgotten(database_url: str, tmp_path: Path):
    async with office(database_url, tmp_path, config=HOURLY) as post:
        for _ in range(3):
            await post.put(news())
            await post.passes(seconds=20)
        for _ in range(70):
            await post.put(answer(group(1)))
            await post.passes(seconds=1)
        await post.put(news())
        await post.passes(minutes=20)
        said = [message.kind for _, message in post.network.said]
        assert said.count(ReplyKind.CLOSING) == 3
