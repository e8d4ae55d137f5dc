"""Confusion matrices as one picture: what was labelled down the side, what was said along the top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from documents.lettering import fitted, font, width

Counts = Mapping[tuple[str, str], int]
CELL, EDGE, HEAD, LETTERS, MOST_NAME = 88, 36, 64, 22, 150
_PAPER, _INK, _FAINT, _LINE = (255, 255, 255), (28, 32, 38), (110, 116, 124), (214, 218, 224)
_RIGHT, _WRONG = (33, 120, 72), (186, 52, 44)


@dataclass(frozen=True, slots=True)
class Matrix:
    """values: in the order of rows and columns; others are added behind. counts: (labelled, said) and how often."""

    title: str
    values: Sequence[str]
    counts: Counts

    @property
    def names(self) -> list[str]:
        found = {name for pair, count in self.counts.items() if count for name in pair}
        return [*self.values, *sorted(found - set(self.values))]

    def row(self, name: str) -> int:
        return sum(count for (label, _), count in self.counts.items() if label == name)


def draw_matrices(matrices: Sequence[Matrix]) -> bytes:
    """PNG, two matrices a line. The darker a cell, the larger its share of its row; wrong cells are red."""
    lines = [matrices[at : at + 2] for at in range(0, len(matrices), 2)]
    sizes = [[_size(matrix) for matrix in line] for line in lines]
    wide = max((sum(w for w, _ in line) for line in sizes), default=EDGE)
    high = sum(max(h for _, h in line) for line in sizes)
    image = Image.new("RGB", (wide, max(high, EDGE)), _PAPER)
    pen, top = ImageDraw.Draw(image), 0
    for line, of_line in zip(lines, sizes, strict=True):
        left = 0
        for matrix, (w, _) in zip(line, of_line, strict=True):
            _draw(pen, matrix, left + EDGE, top + EDGE)
            left += w
        top += max(h for _, h in of_line)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _size(matrix: Matrix) -> tuple[int, int]:
    count = max(1, len(matrix.names))
    wide = max(MOST_NAME + count * CELL, width(matrix.title, LETTERS + 4))
    return wide + 2 * EDGE, 2 * HEAD + count * CELL + EDGE + EDGE


def _draw(pen: ImageDraw.ImageDraw, matrix: Matrix, left: int, top: int) -> None:
    names = matrix.names
    pen.text((left, top), matrix.title, _INK, font(LETTERS + 4))
    pen.text((left, top + HEAD // 2 + 8), "labelled ↓  said →", _FAINT, font(LETTERS - 6))
    grid_left, grid_top = left + MOST_NAME, top + 2 * HEAD - EDGE
    for at, name in enumerate(names):
        said, size = fitted(name, LETTERS - 4, CELL - 6)
        pen.text((grid_left + at * CELL + 4, grid_top - 30), said, _INK, font(size))
        label, size = fitted(name, LETTERS, MOST_NAME - 12)
        pen.text((left, grid_top + at * CELL + CELL // 2 - 14), label, _INK, font(size))
        for column, other in enumerate(names):
            _cell(pen, matrix, (name, other), (grid_left + column * CELL, grid_top + at * CELL))


def _cell(pen: ImageDraw.ImageDraw, matrix: Matrix, pair: tuple[str, str], corner: tuple[int, int]) -> None:
    count, (left, top) = matrix.counts.get(pair, 0), corner
    share = count / max(1, matrix.row(pair[0]))
    full = _RIGHT if pair[0] == pair[1] else _WRONG
    depth = 0.12 + 0.88 * share if count else 0.0
    colour = tuple(round(paper + (to - paper) * depth) for paper, to in zip(_PAPER, full, strict=True))
    pen.rectangle((left, top, left + CELL, top + CELL), colour, _LINE)
    ink = _PAPER if depth > 0.5 else _INK if count else _LINE
    pen.text((left + (CELL - width(str(count), LETTERS)) // 2, top + CELL // 2 - 14), str(count), ink, font(LETTERS))
