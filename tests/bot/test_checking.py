"""``check``: what is said of a language model, whether it answers or not."""

from pathlib import Path

import pytest

from bot.checking import PROBE, findings, probe
from bot.config import Config, load_config
from bot.second_opinion import LanguageModelSettings
from domain.errors import ConfigError
from tests.bot.model_server import NO, model_server, says, sends

CONFIG = load_config(Path(__file__).parent.parent.parent / "config.yaml")


def with_model(base_url: str, **more: object) -> Config:
    given = {"provider": "某某", "base_url": base_url, "model": "m-1", "timeout_seconds": 10, **more}
    return CONFIG.model_copy(update={"language_model": LanguageModelSettings.model_validate(given)})


async def probed(config: Config) -> list[str]:
    return [line async for line in probe(config)]


async def test_without_a_model_nothing_is_said_of_it():
    assert await probed(CONFIG) == []
    assert not [line for line in findings(CONFIG) if "language_model" in line]


async def test_a_model_that_answers_is_named_with_its_time():
    async with model_server() as server:
        server.answer = says(NO)
        [line] = await probed(with_model(server.base_url))
    assert line.startswith("language_model: m-1 of 某某 answered in ")
    assert server.words == [PROBE]


async def test_one_that_does_not_is_something_to_mend_and_no_reason_to_stop():
    async with model_server() as server:
        server.answer = sends("", status=401)
        [line] = await probed(with_model(server.base_url))
    assert line.startswith("! language_model: no usable answer")
    assert [word for word in (server.base_url, "status 401", "works without it") if word not in line] == []


async def test_a_missing_key_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("A_MODEL_KEY", raising=False)
    with pytest.raises(ConfigError, match="A_MODEL_KEY"):
        await probed(with_model("https://a.example/v1", key_env="A_MODEL_KEY"))
