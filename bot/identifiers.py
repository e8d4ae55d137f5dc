"""Fresh ids: from chance in the running bot, from a seed in a replay, so that it says the same twice."""

import secrets
from random import Random

CODE_DIGITS = 8
_REFERENCE = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without letters and digits that are taken for one another when somebody reads them out."""


def random_id(purpose: str) -> str:
    if purpose == "code":
        return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    if purpose == "reference":
        return "".join(secrets.choice(_REFERENCE) for _ in range(6))
    return secrets.token_hex(10)


class SeededIds:
    """Not for secrets: a replay plays in a database of its own that is thrown away."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = Random(seed)  # noqa: S311  a replay must be the same twice

    def __call__(self, purpose: str) -> str:
        if purpose == "code":
            return f"{self._chance.randrange(10**CODE_DIGITS):0{CODE_DIGITS}}"
        if purpose == "reference":
            return "".join(self._chance.choice(_REFERENCE) for _ in range(6))
        return f"{self._chance.getrandbits(80):020x}"
