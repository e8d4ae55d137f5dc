"""What stands and lies about in the pictures: leaves, drops, water, a door, a grate, a pump, a ramp."""

import math

from sheet import HEIGHT, INK, RAIN, WIDTH, Point, Sheet, smooth, turned

LEAF_COLOURS = ((196, 132, 48), (150, 118, 46), (110, 132, 58), (176, 92, 44), (204, 164, 72))
WATER_TOP, WATER_BOTTOM = (120, 150, 176, 150), (52, 84, 116, 225)
HOSE = (226, 122, 44)


def leaf(sheet: Sheet, centre: Point, size: float) -> None:
    angle = sheet.chance.uniform(0, math.tau)
    half = [(math.cos(t / 10 * math.pi) * size, math.sin(t / 10 * math.pi) ** 1.4 * size * 0.42) for t in range(11)]
    outline = [*half, *((x, -y) for x, y in reversed(half))]
    sheet.polygon(turned(outline, centre, angle), sheet.chance.choice(LEAF_COLOURS), INK, 1.5)
    sheet.line(turned([(-size * 1.25, 0), (size * 0.9, 0)], centre, angle), (80, 62, 40), 1.5)


def leaves(sheet: Sheet, area: tuple[int, int, int, int], count: int, size: float = 26) -> None:
    for _ in range(count):
        where = sheet.chance.uniform(area[0], area[2]), sheet.chance.uniform(area[1], area[3])
        leaf(sheet, where, size * sheet.chance.uniform(0.7, 1.2))


def drop(sheet: Sheet, tip: Point, size: float = 14) -> None:
    x, y = tip
    sheet.polygon([(x, y - size * 1.6), (x - size * 0.72, y), (x + size * 0.72, y)], (128, 182, 222))
    sheet.ellipse((x, y + size * 0.1), (size * 1.5, size * 1.5), (128, 182, 222))
    sheet.ellipse((x - size * 0.25, y), (size * 0.4, size * 0.55), (232, 244, 252))


def rain(sheet: Sheet, count: int = 70) -> None:
    for _ in range(count):
        x, y = sheet.chance.uniform(-40, WIDTH), sheet.chance.uniform(-40, HEIGHT * 0.85)
        length = sheet.chance.uniform(24, 60)
        sheet.line([(x, y), (x - length * 0.16, y + length)], RAIN, 1.6)


def water(sheet: Sheet, level: int) -> None:
    """From ``level`` down to the lower edge, with rings of rain."""
    sheet.shade((0, level, WIDTH, HEIGHT), WATER_TOP, WATER_BOTTOM)
    sheet.line([(0, level), (WIDTH, level)], (214, 230, 242, 150), 2)
    for _ in range(22):
        x, y = sheet.chance.uniform(0, WIDTH), sheet.chance.uniform(level + 14, HEIGHT - 20)
        across = 26 + (y - level) * 0.2
        sheet.ellipse((x, y), (across, across * 0.28), None, (216, 230, 242, 130), 1.6)


def door(sheet: Sheet) -> None:
    """Entrance 2 at night: canopy, lamp, sign, a glass door and three steps."""
    for y in range(0, 640, 40):
        sheet.line([(0, y), (WIDTH, y)], (150, 118, 98, 110), 1.5)
        for x in range(-40 + (y // 40 % 2) * 45, WIDTH, 90):
            sheet.line([(x, y), (x, y + 40)], (150, 118, 98, 110), 1.5)
    sheet.box((190, 190, 530, 650), (92, 98, 108), 6)
    sheet.box((212, 212, 508, 650), (246, 214, 150), 4)
    for left, right in ((224, 355), (365, 496)):
        sheet.box((left, 226, right, 650), (168, 196, 208), 3)
        sheet.polygon([(left + 20, 250), (left + 56, 250), (left + 24, 400), (left + 8, 400)], (232, 242, 246, 150))
    sheet.box((342, 430, 350, 510), (226, 190, 96), 3)
    sheet.box((370, 430, 378, 510), (226, 190, 96), 3)
    sheet.polygon([(140, 150), (580, 150), (610, 190), (110, 190)], (120, 126, 138), INK)
    sheet.box((290, 84, 430, 140), (42, 84, 150), 8)
    sheet.words("2单元", (360, 111), 34, (255, 255, 255))
    sheet.glow((360, 215), 120, (255, 226, 150, 120))
    for number, y in enumerate((650, 690, 730)):
        sheet.box((150 - number * 34, y, 570 + number * 34, y + 40), (176 - number * 10, 174 - number * 10, 168), 2)
    sheet.box((-10, 770, WIDTH + 10, HEIGHT + 10), (128, 130, 132), 0)


def grate(sheet: Sheet, area: tuple[int, int, int, int], slots: int = 9) -> None:
    left, top, right, bottom = area
    sheet.box((left - 14, top - 14, right + 14, bottom + 14), (104, 108, 114), 10)
    sheet.box(area, (150, 156, 162), 8)
    step = (right - left) / slots
    for n in range(slots):
        x = left + step * (n + 0.28)
        sheet.box((x, top + 16, x + step * 0.44, bottom - 16), (34, 40, 48), step * 0.2, ink=False)


def paving(sheet: Sheet) -> None:
    for row in range(7):
        for column in range(6):
            shade = 150 + sheet.chance.randint(-10, 10)
            x, y = column * 150 - 60 * (row % 2), row * 150 - 30
            sheet.box((x, y, x + 144, y + 144), (shade, shade - 2, shade - 6), 6, ink=False)


def pump(sheet: Sheet, foot: Point) -> None:
    x, y = foot
    sheet.box((x - 70, y - 150, x + 70, y), (46, 110, 168), 22)
    sheet.box((x - 82, y - 26, x + 82, y + 16), (60, 66, 76), 10)
    sheet.box((x - 34, y - 196, x + 34, y - 150), (70, 78, 90), 8)
    sheet.curve([(x - 44, y - 150), (x - 40, y - 214), (x + 40, y - 214), (x + 44, y - 150)], INK, 9)
    sheet.words("水泵", (x, y - 84), 34, (255, 255, 255))


def bucket(sheet: Sheet, foot: Point, size: float = 1.0) -> None:
    x, y = foot
    top, bottom, height = 120 * size, 84 * size, 190 * size
    sheet.polygon([(x - top, y - height), (x + top, y - height), (x + bottom, y), (x - bottom, y)], (214, 72, 66), INK)
    sheet.ellipse((x, y), (bottom * 2, bottom * 0.36), (190, 58, 54))
    sheet.ellipse((x, y - height), (top * 2, top * 0.5), (236, 110, 100), INK)
    sheet.ellipse((x, y - height + 8 * size), (top * 1.7, top * 0.36), (124, 172, 206), INK, 2)
    handle = [(x - top, y - height), (x - top * 1.05, y - height * 0.5), (x, y - height * 0.24)]
    sheet.curve([*handle, (x + top * 1.05, y - height * 0.5), (x + top, y - height)], (90, 96, 104), 5)


def stain(sheet: Sheet, centre: Point, size: float) -> None:
    """Three uneven rounds of brown, as water leaves them when it comes again and again."""
    for share, colour in ((1.0, (206, 176, 120, 150)), (0.74, (188, 150, 92, 150)), (0.45, (150, 116, 72, 150))):
        points: list[Point] = []
        for n in range(16):
            reach = size * share * sheet.chance.uniform(0.86, 1.14)
            angle = n / 16 * math.tau
            points.append((centre[0] + math.cos(angle) * reach, centre[1] + math.sin(angle) * reach * 0.46))
        sheet.polygon(smooth([*points, points[0]]), colour)


def room(sheet: Sheet) -> None:
    """A corner of a room, seen up to the ceiling."""
    sheet.polygon([(0, 0), (WIDTH, 0), (560, 330), (160, 330)], (246, 243, 234), INK)
    sheet.polygon([(0, 0), (160, 330), (160, 760), (0, 960)], (222, 214, 196), INK)
    sheet.polygon([(160, 330), (560, 330), (560, 760), (160, 760)], (234, 226, 208), INK)
    sheet.polygon([(WIDTH, 0), (560, 330), (560, 760), (WIDTH, 960)], (216, 208, 190), INK)
    sheet.polygon([(0, 960), (160, 760), (560, 760), (WIDTH, 960)], (188, 146, 100), INK)
    sheet.box((270, 420, 450, 620), (150, 184, 206), 4)
    sheet.line([(360, 420), (360, 620)], INK, 4)


def ramp(sheet: Sheet) -> None:
    """The way down to the garage: walls, stripes, the dark entrance."""
    sheet.polygon([(0, 260), (250, 330), (250, 640), (0, HEIGHT)], (136, 142, 150), INK)
    sheet.polygon([(WIDTH, 260), (470, 330), (470, 640), (WIDTH, HEIGHT)], (126, 132, 140), INK)
    sheet.box((236, 300, 484, 640), (40, 44, 52), 2)
    sheet.polygon([(250, 640), (470, 640), (WIDTH, HEIGHT), (0, HEIGHT)], (104, 108, 112), INK)
    for n in range(6):
        x, wide = 236 + n * 41.3, 20
        sheet.polygon([(x, 300), (x + wide, 300), (x + wide - 12, 336), (x - 12, 336)], (240, 196, 50))
    sheet.box((262, 236, 458, 296), (42, 84, 150), 8)
    sheet.words("P 地库入口", (360, 265), 30, (255, 255, 255))
    for n in range(5):
        y = 690 + n * 52
        half = 74 + n * 38
        sheet.line([(360 - half, y), (360, y - 22), (360 + half, y)], (150, 154, 158), 4)


def sandbags(sheet: Sheet, y: float) -> None:
    """Two rows across the ramp."""
    for row in range(2):
        for n in range(6 - row):
            x = 118 + n * 98 + row * 48
            sheet.box((x - 52, y - row * 46 - 24, x + 52, y - row * 46 + 24), (206, 184, 134), 20)
            sheet.line([(x - 38, y - row * 46 - 8), (x - 20, y - row * 46 - 4)], (150, 126, 84), 2.5)
            sheet.line([(x + 38, y - row * 46 - 8), (x + 20, y - row * 46 - 4)], (150, 126, 84), 2.5)
