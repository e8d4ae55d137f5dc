"""What becomes of a file that somebody sent: checked, cleaned, of a known type, then kept by its content."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from domain.messages import Document, File


@dataclass(frozen=True, slots=True)
class Normalised:
    data: bytes
    mime: str


Normalise: TypeAlias = Callable[[bytes, str, str], Normalised]
"""(data, kind, name): kind is what the sender's network calls it, a value of MessageKind. Raises MediaRefused."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    digest: str
    mime: str
    size: int


class MediaStore(Protocol):
    """Files by content, private by default."""

    def put(self, data: bytes, kind: str, name: str) -> StoredFile:
        """Checks and keeps; raises MediaRefused with what was expected, StoreError when the disk is full."""
        ...

    def get(self, digest: str) -> bytes: ...

    def drop(self, digest: str) -> None:
        """No error where it is gone already."""
        ...


class Press(Protocol):
    def __call__(self, document: Document, words: str, pictures: Sequence[bytes | None] = ()) -> tuple[File, ...]:
        """A file for each of its formats; the same words and pictures give the same bytes. pictures: JPEG, None for one
        that could not be had. Blocks. Raises DocumentFailed."""
        ...
