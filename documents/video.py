"""MP4 files: is it whole, and out with where it was filmed."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import MediaRefused

BROKEN = "这段视频不完整，可能没传完，请重新发一次。"
_CONTAINERS = frozenset({b"moov", b"trak"})
_TELLING = frozenset({b"udta", b"meta", b"uuid"})
"""Phones write coordinates, owner and model here; players need none of it."""


@dataclass(frozen=True, slots=True)
class _Box:
    """start: of its header, from the beginning of the file; body: of what is in it; end: of the next box."""

    kind: bytes
    start: int
    body: int
    end: int


def cleaned(data: bytes) -> bytes:
    """The same film without its notes. Raises MediaRefused when a part is missing.

    Boxes with notes are renamed to ``free``, which players skip, and blanked; nothing moves, so offsets stay true.
    """
    boxes = list(_boxes(data, 0, len(data)))
    if not {b"moov", b"mdat"} <= {box.kind for box in boxes}:
        raise MediaRefused(BROKEN)
    film = bytearray(data)
    for box in _with_notes(data, boxes):
        film[box.start + 4 : box.start + 8] = b"free"
        film[box.body : box.end] = bytes(box.end - box.body)
    return bytes(film)


def _with_notes(data: bytes, boxes: list[_Box]) -> Iterator[_Box]:
    for box in boxes:
        if box.kind in _TELLING:
            yield box
        elif box.kind in _CONTAINERS:
            yield from _with_notes(data, list(_boxes(data, box.body, box.end)))


def _boxes(data: bytes, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        box = _box(data, start, end)
        yield box
        start = box.end


def _box(data: bytes, start: int, end: int) -> _Box:
    size = int.from_bytes(data[start : start + 4])
    body = start + 8
    if size == 1:  # the size follows, in eight bytes
        size = int.from_bytes(data[body : body + 8])
        body += 8
    elif size == 0:  # up to the end of the file
        size = end - start
    if body > end or not body <= start + size <= end:
        raise MediaRefused(BROKEN)
    return _Box(data[start + 4 : start + 8], start, body, start + size)
