"""What is made of photos: small copies, a line that says what they show, and before beside after.

Bytes in, JPEG bytes out; the same input gives the same bytes on the same versions, which replay relies on. Raises
MediaRefused for what is no picture.
"""

from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageDraw

from documents.lettering import fitted, font, time_span, width
from documents.pictures import jpeg, load

THUMBNAIL_SIDE = 480
_SHOWN_SIDE = 1600
_LONG_CELL, _SHORT_CELL = 960, 720
_GAP = 8
_PAPER = (255, 255, 255)
_BACKGROUND = (236, 238, 240)
_INK = (28, 32, 36)
_BEFORE = (214, 110, 30)
_AFTER = (7, 150, 85)
_SHADE = 150
_ALARM = (192, 28, 40)
_QUICK = 1.0
"""Stored photos are sharp enough to be decoded at half their size."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """place: as the group may see it. at: shown as it stands, so in the community's zone."""

    number: int
    place: str
    at: datetime

    def __str__(self) -> str:
        return "  ".join(part for part in (f"#{self.number}", self.place, f"{self.at:%Y-%m-%d %H:%M}") if part)


@dataclass(frozen=True, slots=True)
class Repair:
    """minutes: from the report until it was cleared; None where that is not to be said."""

    number: int
    place: str
    minutes: int | None = None


def thumbnail(photo: bytes, side: int = THUMBNAIL_SIDE) -> bytes:
    return jpeg(load(photo, side, _QUICK), quality=80)


def watermark(photo: bytes, stamp: Stamp) -> bytes:
    """The stamp in white on a shaded band along the lower edge."""
    image = load(photo, _SHOWN_SIDE, _QUICK)
    size = max(14, min(image.size) // 26)
    margin = size // 2
    band = size + 2 * margin
    text, size = fitted(str(stamp), size, image.width - 2 * margin)
    lower = (0, image.height - band, image.width, image.height)
    image.paste((0, 0, 0), lower, Image.new("L", (image.width, band), _SHADE))
    where = (margin, image.height - band // 2)
    ImageDraw.Draw(image).text(where, text, _PAPER, font(size), anchor="lm")
    return jpeg(image)


def marked(photo: bytes, words: str) -> bytes:
    """The words in white on a red band above the photo, of which nothing is covered: 演练."""
    image = load(photo, _SHOWN_SIDE, _QUICK)
    size = max(16, min(image.size) // 14)
    text, size = fitted(words, size, image.width - size)
    band = size * 3 // 2
    sheet = Image.new("RGB", (image.width, image.height + band), _ALARM)
    sheet.paste(image, (0, band))
    ImageDraw.Draw(sheet).text((sheet.width // 2, band // 2), text, _PAPER, font(size), anchor="mm")
    return jpeg(sheet)


def before_after(before: bytes, after: bytes, repair: Repair) -> bytes:
    """Two upright photos side by side, two wide ones one above the other; below them number, place and minutes."""
    photos = [load(photo, _LONG_CELL, _QUICK) for photo in (before, after)]
    stacked = sum(photo.width for photo in photos) > sum(photo.height for photo in photos)
    cell = (_LONG_CELL, _SHORT_CELL) if stacked else (_SHORT_CELL, _LONG_CELL)
    step = (0, cell[1] + _GAP) if stacked else (cell[0] + _GAP, 0)
    footer = 72
    sheet = Image.new("RGB", (cell[0] + step[0], cell[1] + step[1] + footer), _PAPER)
    for photo, corner, label, colour in ((photos[0], (0, 0), "修前", _BEFORE), (photos[1], step, "修后", _AFTER)):
        sheet.paste(_in_cell(photo, cell), corner)
        _draw_label(sheet, corner, label, colour)
    _draw_footer(sheet, footer, repair)
    return jpeg(sheet)


def _in_cell(photo: Image.Image, cell: tuple[int, int]) -> Image.Image:
    """Whole, in the middle: what is cut off could be the wet spot."""
    scale = min(cell[0] / photo.width, cell[1] / photo.height)
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    paper = Image.new("RGB", cell, _BACKGROUND)
    paper.paste(photo.resize(size, Image.Resampling.BILINEAR), ((cell[0] - size[0]) // 2, (cell[1] - size[1]) // 2))
    return paper


def _draw_label(sheet: Image.Image, corner: tuple[int, int], label: str, colour: tuple[int, int, int]) -> None:
    size, margin = 34, 14
    left, top = corner[0] + margin, corner[1] + margin
    box = (left, top, left + width(label, size) + 2 * margin, top + size + margin)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle(box, radius=10, fill=colour)
    draw.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), label, _PAPER, font(size), anchor="mm")


def _draw_footer(sheet: Image.Image, height: int, repair: Repair) -> None:
    """The minutes stand at the right and are never cut; the place gives way."""
    draw, margin, middle = ImageDraw.Draw(sheet), 20, sheet.height - height // 2
    took = f"用时 {time_span(repair.minutes)}" if repair.minutes is not None else ""
    draw.text((sheet.width - margin, middle), took, _AFTER, font(32), anchor="rm")
    room = sheet.width - 3 * margin - width(took, 32)
    text, size = fitted(f"#{repair.number}  {repair.place}".rstrip(), 32, room)
    draw.text((margin, middle), text, _INK, font(size), anchor="lm")
