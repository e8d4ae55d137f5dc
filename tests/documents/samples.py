"""Pictures and other files, made up on the spot: no photos of anything real."""

import zipfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

GPS = 0x8825


def picture(width: int = 640, height: int = 480) -> Image.Image:
    """Red above, blue below, a white square in the top left corner: shows how it is turned."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 2, width, height), fill=(30, 30, 200))
    draw.rectangle((0, 0, width // 8, height // 8), fill=(255, 255, 255))
    return image


def encoded(image: Image.Image, format: str = "JPEG", **options) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def located(orientation: int = 1) -> bytes:
    """A JPEG as a phone writes it: with coordinates, a maker, and how it was held."""
    exif = Image.Exif()
    exif[0x010F] = "Phone Maker"
    exif[0x0112] = orientation
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 30.0), 3: "E", 4: (116.0, 23.0, 29.0)}
    return encoded(picture(), exif=exif)


def box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + kind + content


def film(notes: bytes = b"") -> bytes:
    """The boxes of an MP4, without pictures in them."""
    moov = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", box(b"tkhd", bytes(84)) + notes) + notes)
    return box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2") + moov + box(b"mdat", b"pictures" * 50)


def office(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return out.getvalue()


def mp3(frames: int = 3) -> bytes:
    """Frames of 128 kbit/s at 44.1 kHz: 417 bytes each."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
XLSX = office("[Content_Types].xml", "xl/workbook.xml")
DOCX = office("[Content_Types].xml", "word/document.xml")
AMR = b"#!AMR\n" + b"\x7c" * 50
HEIC = (Path(__file__).parent / "held_sideways.heic").read_bytes()
"""picture(160, 120) with GPS and orientation 6, written by libheif and x265."""
SILK = b"\x02#!SILK_V3" + bytes(40)
