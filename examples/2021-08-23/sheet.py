"""A sheet of paper to draw on: Pillow at twice the size, scaled down at the end, so that every edge is smooth."""

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 720, 960
SCALE = 2
LARGEST = 58_000
"""Bytes of a picture."""
Colour = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float]
INK = (52, 58, 70)
RAIN = (214, 228, 242, 70)


class Sheet:
    """Coordinates are those of the finished picture. Colours with a fourth number are see-through."""

    def __init__(self, top: Colour, bottom: Colour) -> None:
        self._image = gradient((WIDTH * SCALE, HEIGHT * SCALE), top, bottom)
        self.chance = random.Random(f"{top}{bottom}")

    def polygon(self, points: Sequence[Point], fill: Colour, outline: Colour | None = None, width: float = 3) -> None:
        def draw(pen: ImageDraw.ImageDraw) -> None:
            scaled = self._scaled(points)
            pen.polygon(scaled, fill=fill)
            if outline is not None:
                pen.line([*scaled, scaled[0], scaled[1]], fill=outline, width=self._pixels(width), joint="curve")

        self._draw(draw)

    def box(self, area: tuple[float, float, float, float], fill: Colour, radius: float = 0, ink: bool = True) -> None:
        scaled = [value * SCALE for value in area]
        outline = INK if ink else None
        self._draw(lambda pen: pen.rounded_rectangle(scaled, radius * SCALE, fill, outline, self._pixels(3)))

    def ellipse(
        self, centre: Point, size: Point, fill: Colour | None, outline: Colour | None = None, width: float = 3
    ) -> None:
        (x, y), (across, down) = centre, size
        area = [value * SCALE for value in (x - across / 2, y - down / 2, x + across / 2, y + down / 2)]
        self._draw(lambda pen: pen.ellipse(area, fill, outline, self._pixels(width)))

    def line(self, points: Sequence[Point], colour: Colour, width: float = 3) -> None:
        scaled = self._scaled(points)

        def draw(pen: ImageDraw.ImageDraw) -> None:
            pen.line(scaled, colour, self._pixels(width), joint="curve")
            for x, y in (scaled[0], scaled[-1]):
                half = width * SCALE / 2
                pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)

        self._draw(draw)

    def curve(self, points: Sequence[Point], colour: Colour, width: float = 3) -> None:
        """Through the points, smoothly."""
        self.line(smooth(points), colour, width)

    def glow(self, centre: Point, radius: float, colour: Colour) -> None:
        layer = Image.new("RGBA", self._image.size)
        x, y, r = (value * SCALE for value in (*centre, radius))
        ImageDraw.Draw(layer).ellipse((x - r, y - r, x + r, y + r), fill=colour)
        self._image = Image.alpha_composite(self._image, layer.filter(ImageFilter.GaussianBlur(r / 2.5)))

    def shade(self, area: tuple[int, int, int, int], top: Colour, bottom: Colour) -> None:
        """A rectangle whose colour changes from above to below."""
        left, upper, right, lower = (value * SCALE for value in area)
        layer = Image.new("RGBA", self._image.size)
        layer.paste(gradient((right - left, lower - upper), top, bottom), (left, upper))
        self._image = Image.alpha_composite(self._image, layer)

    def words(self, text: str, centre: Point, size: int, colour: Colour) -> None:
        font = ImageFont.truetype(pylopdf_fonts_zh_cn.sans_path(), size * SCALE, layout_engine=ImageFont.Layout.BASIC)
        where = centre[0] * SCALE, centre[1] * SCALE
        self._draw(lambda pen: pen.text(where, text, colour, font, anchor="mm"))

    def save(self, path: Path) -> None:
        """With a note in the corner that this is a drawing; as good as fits into LARGEST."""
        self.words("演示画", (WIDTH - 46, HEIGHT - 22), 18, (255, 255, 255, 190))
        small = self._image.convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        for quality in (82, 74, 66, 58):
            small.save(path, "JPEG", quality=quality, optimize=True)
            if path.stat().st_size < LARGEST:
                return
        raise ValueError(f"{path.name} has more than {LARGEST} bytes at the lowest quality: draw less")

    def _draw(self, draw: Callable[[ImageDraw.ImageDraw], None]) -> None:
        layer = Image.new("RGBA", self._image.size)
        draw(ImageDraw.Draw(layer))
        self._image = Image.alpha_composite(self._image, layer)

    @staticmethod
    def _scaled(points: Sequence[Point]) -> list[Point]:
        return [(x * SCALE, y * SCALE) for x, y in points]

    @staticmethod
    def _pixels(width: float) -> int:
        return max(1, round(width * SCALE))


def gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    first, last = ((*colour, 255)[:4] for colour in (top, bottom))
    column = Image.new("RGBA", (1, size[1]))
    for y in range(size[1]):
        share = y / max(1, size[1] - 1)
        column.putpixel((0, y), tuple(round(a + (b - a) * share) for a, b in zip(first, last, strict=True)))
    return column.resize(size)


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve."""
    padded = [points[0], *points, points[-1]]
    found: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            found.append((_between(t, a[0], b[0], c[0], d[0]), _between(t, a[1], b[1], c[1], d[1])))
    return [*found, points[-1]]


def _between(t: float, a: float, b: float, c: float, d: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def turned(points: Sequence[Point], centre: Point, angle: float) -> list[Point]:
    cos, sin = math.cos(angle), math.sin(angle)
    return [(centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos) for x, y in points]
