"""In a group that config keeps for drills every text says that it is one; elsewhere none does."""

from pathlib import Path

from bot.config import Config, load_config
from domain.vocabulary import GroupRole
from tests.scenarios.town import CONFIG, town


def with_drill_group() -> Config:
    config = load_config(CONFIG)
    groups = [g.model_copy(update={"role": GroupRole.DRILL}) if g.id == "g5" else g for g in config.groups]
    return config.model_copy(update={"groups": tuple(groups)})


async def test_every_text_of_a_drill_says_so(tmp_path: Path):
    async with town(tmp_path, config=with_drill_group()) as here:
        await here.says("r1", "2单元门口积水了", "g5")
        [said] = here.heard("g5")
        assert said.startswith("【演练】@r1 收到，已登记 #1")
        await here.says("r2", "2单元门口积水了", "g3")
        [said] = here.heard("g3")
        assert "演练" not in said
