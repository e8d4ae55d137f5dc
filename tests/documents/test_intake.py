"""What may be kept, in which form, and what the sender is told otherwise."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from documents.intake import normalise
from domain.errors import MediaRefused
from tests.documents.samples import (
    AMR,
    DOCX,
    GPS,
    HEIC,
    PDF,
    SILK,
    XLSX,
    box,
    encoded,
    film,
    located,
    mp3,
    office,
    picture,
)

WHITE = (255, 255, 255)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data), formats=["JPEG"])


def labelled(value: object) -> str:
    return value if isinstance(value, str) else "bytes"


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    return isinstance(pixel, tuple) and all(abs(a - b) < 25 for a, b in zip(pixel, colour, strict=True))


PICTURES = {
    "jpeg": located(),
    "png": encoded(picture(), "PNG"),
    "webp": encoded(picture(), "WEBP"),
    "gif": encoded(picture(), "GIF"),
    "heic": HEIC,
    "grey": encoded(picture().convert("L")),
    "progressive": encoded(picture(), progressive=True),
    "cmyk": encoded(picture().convert("CMYK")),
    "palette": encoded(picture().convert("P"), "PNG"),
    "sixteen bits": encoded(picture().convert("L").convert("I;16"), "PNG"),
    "transparent": encoded(picture().convert("RGBA"), "PNG"),
    "bilevel": encoded(picture().convert("1"), "PNG"),
}


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES.keys())
@pytest.mark.parametrize("kind", ["image", "file"])
def test_every_picture_becomes_a_plain_jpeg(data: bytes, kind: str):
    kept = normalise(data, kind, "照片")
    assert kept.mime == "image/jpeg"
    image = opened(kept.data)
    image.load()
    assert image.mode == "RGB"
    assert {"exif", "icc_profile", "comment", "xmp"}.isdisjoint(image.info)


def test_coordinates_and_maker_are_gone():
    before, after = located(), normalise(located(), "image", "a.jpg").data
    assert GPS in opened(before).getexif()
    assert dict(opened(after).getexif()) == {}
    assert b"Phone Maker" not in after
    assert b"Exif" not in after


@pytest.mark.parametrize(
    "orientation,size,white",
    [
        (1, (640, 480), "top left"),
        (2, (640, 480), "top right"),
        (3, (640, 480), "bottom right"),
        (4, (640, 480), "bottom left"),
        (5, (480, 640), "top left"),
        (6, (480, 640), "top right"),
        (7, (480, 640), "bottom right"),
        (8, (480, 640), "bottom left"),
        (9, (640, 480), "top left"),
    ],
)
def test_a_photo_stands_as_it_was_held(orientation: int, size: tuple[int, int], white: str):
    image = opened(normalise(located(orientation), "image", "a.jpg").data)
    right, bottom = image.width - 5, image.height - 5
    corners = {"top left": (4, 4), "top right": (right, 4), "bottom left": (4, bottom), "bottom right": (right, bottom)}
    assert image.size == size
    assert [name for name, corner in corners.items() if near(image.getpixel(corner), WHITE)] == [white]


def test_an_iphone_photo_is_turned_once():
    image = opened(normalise(HEIC, "image", "IMG_1.HEIC").data)
    assert image.size == (120, 160)
    assert near(image.getpixel((115, 4)), WHITE)


def test_what_is_transparent_becomes_white():
    image = opened(normalise(encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"), "image", "a.png").data)
    assert near(image.getpixel((10, 10)), WHITE)


def test_the_same_photo_gives_the_same_bytes():
    assert normalise(located(), "image", "a") == normalise(located(), "image", "b")
    again = normalise(normalise(located(), "image", "a").data, "file", "a")
    assert again.mime == "image/jpeg"


@pytest.mark.parametrize("size,expected", [((3000, 2000), (2560, 1707)), ((900, 5120), (450, 2560)), ((8, 8), (8, 8))])
def test_large_photos_are_scaled_down_and_small_ones_left(size, expected):
    assert opened(normalise(encoded(picture(*size)), "image", "a").data).size == expected


MEASURE = """
import resource, sys
from pathlib import Path
from documents.intake import normalise
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
kept = normalise(Path(sys.argv[1]).read_bytes(), "image", "a")
print(len(kept.data), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("format,megabytes", [("JPEG", 120), ("PNG", 330)])
def test_a_photo_of_60_megapixels_is_taken_in_bounded_memory(format: str, megabytes: int, tmp_path):
    """Decoded whole it would be 180 MB; a JPEG is scaled down while it is read."""
    path = tmp_path / "large"
    path.write_bytes(encoded(Image.new("RGB", (9000, 6700), (90, 120, 150)), format))
    done = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    size, took = map(int, done.stdout.split())
    assert size > 1000
    assert took < megabytes


def header_of_png(width: int, height: int) -> bytes:
    """A few bytes that promise a huge picture."""
    start = encoded(Image.new("L", (1, 1)), "PNG")
    header = start[12:16] + width.to_bytes(4) + height.to_bytes(4) + start[24:29]
    return start[:12] + header + crc32(header).to_bytes(4) + start[33:]


def header_of_jpeg(width: int, height: int, **options) -> bytes:
    """The size stands behind the marker of the frame, C0 or (progressive) C2, its length and the depth."""
    start = encoded(Image.new("L", (8, 8)), **options)
    size = next(start.index(marker) + 5 for marker in (b"\xff\xc0\x00\x0b", b"\xff\xc2\x00\x0b") if marker in start)
    return start[:size] + height.to_bytes(2) + width.to_bytes(2) + start[size + 4 :]


TORN = {
    "jpeg": encoded(picture())[:-400],
    "png": encoded(picture(), "PNG")[:-200],
    "webp": encoded(picture(), "WEBP")[:-100],
    "gif": encoded(picture(), "GIF")[:-400],
    "heic": HEIC[:-60],
    "three bytes": b"\xff\xd8\xff",
}


@pytest.mark.parametrize("data", TORN.values(), ids=TORN.keys())
def test_a_photo_that_was_cut_off_is_refused(data: bytes):
    with pytest.raises(MediaRefused, match=r"^“IMG_1\.jpg”不完整，可能没传完，请重新发一次。$"):
        normalise(data, "image", "IMG_1.jpg")


def test_a_photo_that_crashes_its_decoder_is_refused_and_we_live():
    hostile = (Path(__file__).parent / "crashes_its_reader.heic").read_bytes()
    with pytest.raises(MediaRefused, match="不完整"):
        normalise(hostile, "image", "x")


@pytest.mark.parametrize(
    "data,kind,words",
    [
        (b"", "image", "是空的"),
        (b"", "file", "是空的"),
        (b"hello", "image", "请发 JPG、PNG、WebP、GIF 或 HEIC 图片"),
        (film(), "image", "请发 JPG、PNG、WebP、GIF 或 HEIC 图片"),
        (b"<svg/>", "image", "请发 JPG"),
        (b"\x00\x00\x00\x1cftypavif" + bytes(50), "image", "请发 JPG"),
        (header_of_png(30_000, 30_000), "image", "像素太多了：最多 6400 万"),
        (header_of_jpeg(65_000, 65_000), "image", "像素太多了：最多 20000 万"),
        (header_of_jpeg(12_000, 9_000, progressive=True), "image", "像素太多了：最多 6400 万"),
        (b"\xff\xd8\xff" + bytes(30 * 1024 * 1024), "image", "照片最多 30 MB"),
        (located(), "video", "请发 MP4 视频"),
        (film()[:-30], "video", "这段视频不完整"),
        (box(b"ftyp", b"isom\x00\x00\x02\x00"), "video", "这段视频不完整"),
        (located(), "voice", "请按住说话，或发 MP3、AMR、SILK 录音"),
        (b"MZ\x90\x00" + bytes(99), "file", "请发照片、MP4 视频、录音、PDF、Excel（xlsx）或 Word（docx）"),
        (office("a.txt"), "file", "请发照片"),
        (office("[Content_Types].xml", "ppt/presentation.xml"), "file", "请发照片"),
        (XLSX[:-10], "file", "这个文件不完整"),
        (PDF[:-8], "file", "这个文件不完整"),
        ("漏水了".encode(), "file", "这种文件收不了"),
    ],
    ids=labelled,
)
def test_what_is_refused_and_what_was_expected(data: bytes, kind: str, words: str):
    with pytest.raises(MediaRefused, match=words):
        normalise(data, kind, "x")


@pytest.mark.parametrize(
    "data,kind,mime",
    [
        (film(), "video", "video/mp4"),
        (film(), "file", "video/mp4"),
        (SILK, "voice", "audio/silk"),
        (AMR, "voice", "audio/amr"),
        (mp3(), "voice", "audio/mpeg"),
        (mp3(), "file", "audio/mpeg"),
        (PDF, "file", "application/pdf"),
        (XLSX, "file", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (DOCX, "file", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
    ids=labelled,
)
def test_other_kinds_are_kept_as_they_are(data: bytes, kind: str, mime: str):
    kept = normalise(data, kind, "x")
    assert (kept.data, kept.mime) == (data, mime)


def test_a_paper_that_unfolds_without_end_is_refused():
    members = ["[Content_Types].xml", "xl/workbook.xml", *(f"xl/{n}" for n in range(5000))]
    with pytest.raises(MediaRefused, match="展开后太大"):
        normalise(office(*members), "file", "x")


def test_a_film_loses_its_notes_and_nothing_else():
    place = b"+39.9042+116.4074/"
    noted = film(box(b"udta", box(b"\xa9xyz", place)) + box(b"meta", place) + box(b"uuid", place))
    kept = normalise(noted, "video", "x").data
    assert noted.count(place) == 6
    assert place not in kept
    assert len(kept) == len(noted)
    assert kept.index(b"mdat") == noted.index(b"mdat")
    assert kept[kept.index(b"mdat") :] == noted[noted.index(b"mdat") :]


@pytest.mark.parametrize(
    "name,shown",
    [
        ("IMG_1.jpg", "IMG_1.jpg"),
        ("", "这个文件"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.jpg", "b.jpg"),
        ("长" * 300 + ".jpg", "长" * 20 + "…" + "长" * 8 + ".jpg"),
        ("a\nb\x00", "ab"),
    ],
)
def test_a_name_is_shown_plainly(name: str, shown: str):
    with pytest.raises(MediaRefused) as refused:
        normalise(b"?", "image", name)
    assert str(refused.value).startswith(f"“{shown}”不是能用的照片")


SEEDS = [*PICTURES.values(), film(), mp3(), PDF, XLSX, AMR, SILK]


def kept_or_told(data: bytes, kind: str) -> bool:
    try:
        return bool(normalise(data, kind, "x").data)
    except MediaRefused as refused:
        return str(refused).endswith("。")


@given(data=st.binary(max_size=400), kind=st.sampled_from(["image", "video", "voice", "file"]), seed=st.integers(0, 15))
@settings(max_examples=200, deadline=None)
def test_garbage_is_refused_in_words(data: bytes, kind: str, seed: int):
    """Whatever follows a true beginning: either it can be kept, or the sender is told; nothing else is raised."""
    for candidate in (data, SEEDS[seed % len(SEEDS)][:16] + data):
        assert kept_or_told(candidate, kind)


@given(
    seed=st.sampled_from(SEEDS), at=st.integers(0, 100_000), change=st.binary(min_size=1, max_size=6), cut=st.booleans()
)
@settings(max_examples=300, deadline=None)
def test_damaged_files_are_refused_in_words_or_kept(seed: bytes, at: int, change: bytes, cut: bool):
    at %= len(seed)
    damaged = seed[:at] + change + (b"" if cut else seed[at + len(change) :])
    for kind in ("image", "file"):
        assert kept_or_told(damaged, kind)
