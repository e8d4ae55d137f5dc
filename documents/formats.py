"""Which format bytes are in, told by their first bytes alone; names and types that senders claim are not believed."""

import re
from enum import Enum

_MP4_BRANDS = re.compile(rb"iso[m2-9]|mp4[12]|avc1|dash|MSNV|3gp[45]")
_HEIC_BRANDS = re.compile(rb"hei[cxms]|mif1")


class Format(Enum):
    """Each with its mime type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    HEIC = "image/heic"
    MP4 = "video/mp4"
    SILK = "audio/silk"
    AMR = "audio/amr"
    MP3 = "audio/mpeg"
    PDF = "application/pdf"
    ZIP = "application/zip"
    """also xlsx and docx: what is in it tells"""

    @property
    def mime(self) -> str:
        return self.value


PICTURES = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.GIF, Format.HEIC})
SOUNDS = frozenset({Format.SILK, Format.AMR, Format.MP3})

_STARTS = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"#!SILK_V3", Format.SILK),
    (b"\x02#!SILK_V3", Format.SILK),  # as WeChat writes it
    (b"#!AMR", Format.AMR),
    (b"ID3", Format.MP3),
    (b"%PDF-", Format.PDF),
    (b"PK\x03\x04", Format.ZIP),
)


def recognise(data: bytes) -> Format | None:
    for start, started in _STARTS:
        if data.startswith(start):
            return started
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[4:8] == b"ftyp":
        return _by_brand(data[8:12])
    return Format.MP3 if _two_frames(data) else None


def _by_brand(brand: bytes) -> Format | None:
    """MP4 and HEIC share a container; the brand tells them apart (AVIF and QuickTime have others)."""
    if _HEIC_BRANDS.fullmatch(brand):
        return Format.HEIC
    return Format.MP4 if _MP4_BRANDS.fullmatch(brand) else None


_KBITS_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _two_frames(data: bytes) -> bool:
    """An MP3 without ID3 has no signature: two frames in a row make chance unlikely."""
    first = _frame_length(data[:4])
    return first is not None and _frame_length(data[first : first + 4]) is not None


def _frame_length(header: bytes) -> int | None:
    """Bytes of an MPEG layer III frame; None when this is no frame header."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version not in _RATES or not 0 < bitrate < 15 or rate == 3:
        return None
    kbits = _KBITS_MPEG1[bitrate] if version == 3 else _KBITS_MPEG2[bitrate]
    return (144 if version == 3 else 72) * kbits * 1000 // _RATES[version][rate] + (header[2] >> 1 & 1)
