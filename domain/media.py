"""What becomes of a file that somebody sent before it is kept: checked, cleaned, of a known type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Normalised:
    data: bytes
    mime: str


Normalise: TypeAlias = Callable[[bytes, str, str], Normalised]
"""(data, kind, name): kind is what the sender's network calls it, a value of MessageKind. Raises MediaRefused."""
