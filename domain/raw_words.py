"""Words as they were typed: official and staff's texts are passed on sign by sign, not as commands are read."""

import re
import unicodedata
from collections.abc import Sequence

_AROUND = " \t\r\n\u3000:：,，、"


def narrowed(text: str) -> str:
    """With narrow signs and of the same length, so that places found in it are places in the text."""
    return "".join(narrow if len(narrow := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def after_word(text: str, words: Sequence[str]) -> str | None:
    """What stands behind the command's word. None where the word itself was typed in some odd way."""
    plain = narrowed(text)
    found = [(at, -len(word)) for word in words if (at := plain.find(word)) >= 0]
    if not found:
        return None
    at, length = min(found)
    return text[at - length :].strip(_AROUND)


def widened(text: str) -> str:
    """Commands are read with their signs made narrow; among Chinese words they belong wide."""
    return _NARROW.sub(lambda sign: sign.group().translate(_WIDE), text)


_NARROW = re.compile(r"(?<=[\u4e00-\u9fff”」）])[,!?;:](?!//)|[,!?;:](?=[\u4e00-\u9fff“「（])")
_WIDE = str.maketrans(",!?;:", "，！？；：")
