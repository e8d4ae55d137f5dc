"""The picture of a confusion matrix: right cells are green, wrong ones red, empty ones stay paper."""

from io import BytesIO

from PIL import Image

from documents.matrices import CELL, EDGE, HEAD, MOST_NAME, Matrix, draw_matrices

COUNTS = {("yes", "yes"): 9, ("yes", "no"): 1, ("no", "no"): 5}


def colour(image, row, column):
    """In a corner of the cell, beside its number."""
    left, top = EDGE + MOST_NAME + column * CELL, EDGE + 2 * HEAD - EDGE + row * CELL
    return image.getpixel((left + 6, top + 6))


def test_cells_are_coloured_by_right_wrong_and_share():
    image = Image.open(BytesIO(draw_matrices([Matrix("report", ["yes", "no"], COUNTS)])))
    right, wrong = colour(image, 0, 0), colour(image, 0, 1)
    assert right[1] > right[0]
    assert wrong[0] > wrong[1]
    assert colour(image, 1, 0) == (255, 255, 255)
    assert sum(colour(image, 1, 1)) < sum(right)


def test_a_value_nobody_expected_gets_a_row_of_its_own():
    matrix = Matrix("kind", ["leak"], {("leak", "flood"): 2, ("leak", "leak"): 1})
    assert matrix.names == ["leak", "flood"]
    small = Image.open(BytesIO(draw_matrices([Matrix("kind", ["leak"], {})])))
    assert Image.open(BytesIO(draw_matrices([matrix]))).width > small.width


def test_several_matrices_stand_two_by_two():
    one = Matrix("report", ["yes", "no"], COUNTS)
    sizes = [Image.open(BytesIO(draw_matrices([one] * count))).size for count in (1, 2, 3)]
    assert sizes[1] == (2 * sizes[0][0], sizes[0][1])
    assert sizes[2] == (2 * sizes[0][0], 2 * sizes[0][1])


def test_the_same_counts_give_the_same_bytes():
    assert draw_matrices([Matrix("a", ["x"], {})]) == draw_matrices([Matrix("a", ["x"], {})])
