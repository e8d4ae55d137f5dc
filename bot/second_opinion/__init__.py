"""A second opinion from any OpenAI-compatible language model, for messages in the middle band only. Off by default."""

from bot.second_opinion.client import LanguageModel, connected
from bot.second_opinion.settings import LanguageModelSettings

__all__ = ["LanguageModel", "LanguageModelSettings", "connected"]
