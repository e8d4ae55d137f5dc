"""Draws the pictures of the story and writes the wordless voice message; run it from anywhere.

They are committed, so that nobody needs to; the same versions of Pillow draw the same files.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from sheet import HEIGHT, INK, WIDTH, Sheet
from things import (
    HOSE,
    bucket,
    door,
    drop,
    grate,
    leaf,
    leaves,
    paving,
    pump,
    rain,
    ramp,
    room,
    sandbags,
    stain,
    water,
)

HERE = Path(__file__).parent
NIGHT = ((44, 54, 78), (86, 92, 104))
BRICK = ((116, 92, 84), (134, 108, 96))
DAY = ((176, 208, 232), (226, 236, 242))
PALE = ((240, 234, 220), (228, 220, 204))


def door_water() -> Sheet:
    sheet = Sheet(*BRICK)
    door(sheet)
    water(sheet, 676)
    grate(sheet, (470, 850, 640, 920), 7)
    leaves(sheet, (430, 800, 690, 940), 26, 24)
    leaves(sheet, (20, 720, 420, 930), 9, 18)
    rain(sheet)
    return sheet


def door_dry() -> Sheet:
    sheet = Sheet(*BRICK)
    door(sheet)
    for x, y, across in ((120, 880, 150), (330, 910, 90)):
        sheet.ellipse((x, y), (across, across * 0.22), (96, 112, 126, 130))
    grate(sheet, (470, 850, 640, 920), 7)
    sheet.line([(610, 420), (650, 800)], (176, 134, 84), 12)
    sheet.polygon([(620, 770), (676, 764), (706, 850), (614, 858)], (214, 182, 104), INK)
    for x in range(626, 700, 16):
        sheet.line([(x, 780), (x + 4, 850)], (160, 128, 66), 2)
    leaves(sheet, (26, 800, 96, 850), 10, 20)
    return sheet


def grate_leaves() -> Sheet:
    sheet = Sheet((120, 124, 128), (104, 108, 112))
    paving(sheet)
    grate(sheet, (130, 330, 590, 650), 11)
    water(sheet, 0)
    leaves(sheet, (120, 300, 600, 670), 74, 46)
    leaves(sheet, (10, 60, 700, 900), 12, 34)
    return sheet


def grate_clear() -> Sheet:
    sheet = Sheet((150, 152, 152), (132, 134, 134))
    paving(sheet)
    grate(sheet, (130, 330, 590, 650), 11)
    for x in (180, 264, 350, 436, 520):
        sheet.curve([(x - 20, 250), (x, 320), (x - 6, 400)], (120, 164, 196, 170), 9)
    for n in range(26):
        leaf(sheet, (70 + n * 7 + sheet.chance.uniform(-30, 30), 850 + sheet.chance.uniform(-46, 46)), 34)
    return sheet


def pump_running() -> Sheet:
    sheet = Sheet(*NIGHT)
    sheet.box((-10, 560, WIDTH + 10, HEIGHT + 10), (112, 116, 120), 0)
    sheet.glow((360, 480), 260, (255, 224, 150, 70))
    grate(sheet, (60, 790, 250, 890), 7)
    water(sheet, 740)
    sheet.curve([(300, 580), (380, 470), (520, 470), (600, 560), (640, 690)], HOSE, 26)
    sheet.curve([(300, 574), (380, 464), (520, 464), (600, 554)], (250, 172, 104), 6)
    for spread in (-26, -10, 8, 26):
        sheet.curve([(642, 696), (654 + spread, 740), (650 + spread * 2, 820)], (178, 210, 234, 190), 7)
    pump(sheet, (300, 770))
    rain(sheet, 60)
    return sheet


def ceiling_wet() -> Sheet:
    sheet = Sheet(*PALE)
    room(sheet)
    stain(sheet, (360, 170), 190)
    stain(sheet, (500, 250), 80)
    for x, y in ((330, 300), (374, 420), (352, 560), (408, 690), (330, 800), (500, 400), (506, 640)):
        drop(sheet, (x, y))
    sheet.ellipse((360, 880), (240, 46), (124, 172, 206, 170), (90, 130, 160), 2)
    return sheet


def ceiling_dry() -> Sheet:
    sheet = Sheet(*PALE)
    room(sheet)
    sheet.polygon([(190, 90), (520, 90), (480, 240), (230, 240)], (252, 251, 246), (206, 200, 184), 2)
    sheet.box((330, 640, 470, 740), (214, 180, 134), 4)
    sheet.line([(330, 690), (470, 690)], INK, 3)
    sheet.ellipse((402, 612), (70, 70), (104, 150, 84), INK)
    bucket(sheet, (200, 900), 0.6)
    return sheet


def bucket_catching() -> Sheet:
    sheet = Sheet(*PALE)
    sheet.box((-10, 600, WIDTH + 10, HEIGHT + 10), (190, 148, 102), 0)
    for y in (660, 740, 840):
        sheet.line([(0, y), (WIDTH, y)], (160, 120, 80), 2)
    sheet.box((470, 330, 760, 700), (104, 132, 158), 30)
    sheet.box((440, 470, 520, 720), (92, 118, 144), 24)
    sheet.polygon([(90, 800), (560, 770), (640, 900), (60, 920)], (196, 204, 214), INK)
    bucket(sheet, (330, 860))
    for y in (60, 210, 350, 500, 620):
        drop(sheet, (330 + sheet.chance.uniform(-6, 6), y), 17)
    return sheet


def balcony_seep() -> Sheet:
    sheet = Sheet(*PALE)
    sheet.box((-10, -10, WIDTH + 10, 250), (240, 238, 230), 0)
    sheet.box((60, 300, 660, 700), (92, 104, 122), 6)
    for left in (74, 270, 466):
        sheet.box((left, 316, left + 180, 684), (126, 146, 168), 3)
    rain(sheet, 40)
    stain(sheet, (180, 170), 150)
    stain(sheet, (560, 226), 110)
    for x in (120, 168, 214, 540, 590):
        sheet.curve([(x, 250), (x + 4, 330), (x - 3, 280 + sheet.chance.uniform(120, 260))], (150, 118, 74, 120), 9)
    sheet.box((-10, 760, WIDTH + 10, HEIGHT + 10), (206, 200, 188), 0)
    sheet.box((440, 640, 600, 800), (186, 112, 74), 14)
    for angle in range(5):
        sheet.curve([(520, 640), (480 + angle * 22, 570), (440 + angle * 42, 520)], (96, 140, 82), 12)
    sheet.ellipse((190, 840), (210, 40), (124, 172, 206, 170), (90, 130, 160), 2)
    return sheet


def lamp_drip() -> Sheet:
    sheet = Sheet((58, 54, 60), (86, 76, 70))
    stain(sheet, (360, 40), 220)
    sheet.glow((360, 380), 300, (255, 214, 120, 130))
    sheet.line([(360, 0), (360, 270)], (30, 30, 34), 6)
    sheet.polygon([(300, 270), (420, 270), (520, 420), (200, 420)], (238, 196, 110), INK)
    sheet.ellipse((360, 420), (320, 60), (255, 236, 176), INK)
    for x, y in ((300, 490), (412, 540), (352, 620), (296, 700), (420, 760), (360, 820)):
        drop(sheet, (x, y), 16)
    sheet.ellipse((360, 890), (340, 60), (110, 150, 180, 190), (180, 208, 226), 2)
    sheet.polygon([(600, 110), (664, 226), (536, 226)], (246, 204, 60), INK, 5)
    sheet.polygon([(604, 142), (584, 188), (600, 188), (594, 216), (618, 176), (602, 176)], INK)
    return sheet


def ramp_water() -> Sheet:
    sheet = Sheet(*NIGHT)
    ramp(sheet)
    water(sheet, 610)
    leaves(sheet, (60, 680, 660, 920), 8, 18)
    rain(sheet, 80)
    return sheet


def ramp_sandbags() -> Sheet:
    sheet = Sheet(*NIGHT)
    ramp(sheet)
    sheet.shade((0, 790, WIDTH, HEIGHT), (120, 150, 176, 130), (52, 84, 116, 220))
    sandbags(sheet, 770)
    sheet.curve([(640, 860), (560, 700), (600, 520), (700, 430)], HOSE, 22)
    sheet.curve([(80, 880), (130, 700), (80, 540), (10, 470)], HOSE, 22)
    rain(sheet, 60)
    return sheet


def ramp_dry() -> Sheet:
    sheet = Sheet(*NIGHT)
    ramp(sheet)
    sheet.ellipse((250, 880), (190, 36), (86, 104, 120, 170))
    sheet.ellipse((520, 910), (120, 24), (86, 104, 120, 170))
    sandbags(sheet, 740)
    sheet.glow((360, 460), 150, (255, 226, 150, 90))
    return sheet


def _roof() -> Sheet:
    sheet = Sheet(*DAY)
    sheet.box((-10, 250, WIDTH + 10, 470), (190, 178, 160), 0)
    sheet.box((-20, 222, WIDTH + 20, 262), (206, 196, 178), 4)
    sheet.box((-10, 470, WIDTH + 10, HEIGHT + 10), (98, 104, 108), 0)
    for x in (150, 400, 640):
        sheet.line([(x, 470), (x + (x - 360) * 0.5, HEIGHT)], (80, 86, 90), 4)
    return sheet


def roof_crack() -> Sheet:
    sheet = _roof()
    crack = [(40, 520), (160, 500), (250, 560), (330, 524), (430, 590), (520, 560), (640, 640), (700, 630)]
    sheet.line(crack, (24, 26, 30), 13)
    sheet.line([(330, 524), (320, 620), (360, 690)], (24, 26, 30), 8)
    sheet.line([(520, 560), (560, 520), (600, 500)], (24, 26, 30), 7)
    sheet.ellipse((250, 780), (300, 70), (126, 150, 168, 190), (186, 204, 216), 2)
    sheet.line([(560, 880), (650, 760)], (240, 190, 60), 16)
    sheet.words("裂口", (486, 700), 34, (255, 255, 255))
    sheet.line([(486, 672), (450, 606)], (255, 255, 255), 4)
    return sheet


def roof_repaired() -> Sheet:
    sheet = _roof()
    sheet.polygon([(0, 440), (WIDTH, 440), (WIDTH, 680), (0, 640)], (52, 58, 64), INK)
    sheet.polygon([(0, 470), (WIDTH, 470), (WIDTH, 492), (0, 488)], (120, 130, 138, 120))
    for x in range(-20, WIDTH, 110):
        sheet.line([(x, 445), (x + 16, 655)], (74, 82, 90), 3)
    sheet.ellipse((560, 800), (120, 120), (66, 72, 78), INK)
    sheet.ellipse((560, 800), (60, 60), (98, 104, 108), INK)
    sheet.box((100, 760, 210, 900), (46, 110, 168), 14)
    sheet.words("胶", (155, 830), 44, (255, 255, 255))
    sheet.line([(230, 900), (340, 740)], (176, 134, 84), 12)
    sheet.box((320, 700, 400, 745), (236, 232, 220), 16)
    return sheet


def window_seal() -> Sheet:
    sheet = Sheet(*PALE)
    sheet.box((120, 120, 760, 720), (244, 244, 242), 4)
    sheet.box((190, 190, 760, 650), (160, 194, 214), 4)
    sheet.polygon([(250, 200), (360, 200), (260, 640), (200, 640)], (226, 238, 244, 150))
    sheet.line([(120, 730), (WIDTH, 730)], (252, 252, 252), 22)
    sheet.line([(110, 120), (110, 730)], (252, 252, 252), 22)
    sheet.line([(120, 741), (WIDTH, 741)], (170, 170, 166), 3)
    sheet.line([(98, 120), (98, 730)], (170, 170, 166), 3)
    sheet.polygon([(330, 840), (600, 790), (612, 850), (342, 900)], (224, 116, 44), INK)
    sheet.polygon([(330, 846), (338, 892), (230, 770)], (236, 232, 224), INK)
    sheet.line([(560, 850), (590, 930)], (60, 66, 76), 20)
    sheet.line([(600, 820), (690, 804)], (60, 66, 76), 14)
    return sheet


PICTURES: Mapping[str, Callable[[], Sheet]] = {
    "door-water": door_water,
    "grate-leaves": grate_leaves,
    "grate-clear": grate_clear,
    "pump": pump_running,
    "door-dry": door_dry,
    "ceiling-wet": ceiling_wet,
    "ceiling-dry": ceiling_dry,
    "bucket": bucket_catching,
    "balcony-seep": balcony_seep,
    "lamp-drip": lamp_drip,
    "ramp-water": ramp_water,
    "ramp-sandbags": ramp_sandbags,
    "ramp-dry": ramp_dry,
    "roof-crack": roof_crack,
    "roof-repaired": roof_repaired,
    "window-seal": window_seal,
}
SILENCE = b"#!AMR\n" + b"\x7c" * 100
"""Two seconds of AMR frames without data: a voice message that nobody can turn into words."""

if __name__ == "__main__":
    (HERE / "photos").mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        path = HERE / "photos" / f"{name}.jpg"
        draw().save(path)
        print(path.relative_to(HERE), path.stat().st_size // 1024, "KB")
    (HERE / "voice.amr").write_bytes(SILENCE)
