"""Opening, turning upright and writing pictures; what photos.py and intake.py share.

Pillow's plugins are called by name, after our own look at the first bytes, instead of ``Image.open``: nobody's file
picks its decoder, and the limit on pixels is ours (``Image.open`` warns about large ones through process-wide state).
"""

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image, ImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from documents.formats import Format, recognise
from domain.errors import MediaRefused

WANTED = "不是能用的照片：请发 JPG、PNG、WebP、GIF 或 HEIC 图片。"
BROKEN = "不完整，可能没传完，请重新发一次。"
MOST_PIXELS = 64_000_000
MOST_PIXELS_IN_STEPS = 200_000_000
"""For formats that are scaled down while they are read, line by line: plain JPEG. All others are whole in memory."""
QUALITY = 85

_OPENERS: Mapping[Format, Callable[[BytesIO], ImageFile.ImageFile]] = {
    Format.JPEG: JpegImageFile,
    Format.PNG: PngImageFile,
    Format.WEBP: WebPImageFile,
    Format.GIF: GifImageFile,
}
_TORN = (OSError, SyntaxError, ValueError, EOFError, LookupError, RuntimeError, OverflowError, struct.error, zlib.error)
"""What Pillow and its decoders raise for torn and invented files."""
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
_BYTE_ORDERS: Mapping[bytes, Literal["little", "big"]] = {b"II*\x00": "little", b"MM\x00*": "big"}
_WHITE = (255, 255, 255)
_APART_SECONDS = 40
_EXIT_TOO_LARGE = 3
"""The exit code TOO_LARGE of heic_reader.py, which is not imported: it would load the decoder into this process."""


@contextmanager
def refusing_torn() -> Iterator[None]:
    try:
        yield
    except (*_TORN, Image.DecompressionBombError, Warning) as error:  # Warning: where they are set to be raised
        raise MediaRefused(BROKEN) from error


def load(data: bytes, side: int, care: float = 2.0) -> Image.Image:
    """The whole picture decoded, upright, RGB, at most ``side`` pixels long; a smaller one keeps its size.

    The header is judged before anything is decoded. care: at how many times its final size it is decoded, 1.0 is
    fastest. Raises MediaRefused.
    """
    kind = recognise(data)
    if kind is Format.HEIC:
        data, kind = _read_apart(data, side), Format.JPEG
    opener = _OPENERS.get(kind) if kind is not None else None
    if opener is None:
        raise MediaRefused(WANTED)
    with refusing_torn(), opener(BytesIO(data)) as image:
        _check_pixels(image)
        turn = _UPRIGHT.get(_orientation(image))
        image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=care)
        image.load()
        flat = _flat(image)
        return flat.transpose(turn) if turn is not None else flat


def jpeg(image: Image.Image, quality: int = QUALITY) -> bytes:
    """Without any metadata. The same picture gives the same bytes."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=False, progressive=False, exif=b"", icc_profile=None)
    return out.getvalue()


def _check_pixels(image: ImageFile.ImageFile) -> None:
    in_steps = isinstance(image, JpegImageFile) and "progressive" not in image.info
    most = MOST_PIXELS_IN_STEPS if in_steps else MOST_PIXELS
    if image.width * image.height > most:
        raise _too_many_pixels(most)


def _too_many_pixels(most: int) -> MediaRefused:
    return MediaRefused(f"像素太多了：最多 {most // 10_000} 万，请用手机的普通模式拍。")


def _read_apart(data: bytes, side: int) -> bytes:
    """A HEIC photo as JPEG, by a process that may crash (see heic_reader.py): about 0.2 s more than other photos."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("heic_reader.py")), str(side)]
    try:
        done = subprocess.run(  # noqa: S603 - the program is ours, the photo goes in as data
            command, input=data, capture_output=True, check=False, timeout=_APART_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise MediaRefused(BROKEN) from error
    if done.returncode == _EXIT_TOO_LARGE:
        raise _too_many_pixels(MOST_PIXELS)
    if done.returncode != 0:
        raise MediaRefused(BROKEN)
    return done.stdout


def _orientation(image: ImageFile.ImageFile) -> int:
    """1 (upright) where there is no EXIF, or none that can be read. Read here: Pillow's reader warns and may raise."""
    exif = image.info.get("exif")
    if not isinstance(exif, bytes):
        return 1
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return 1
    start = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[start : start + 2], order)
    entries = (tiff[at : at + 12] for at in range(start + 2, start + 2 + 12 * count, 12))
    return next((int.from_bytes(e[8:10], order) for e in entries if int.from_bytes(e[:2], order) == _ORIENTATION), 1)


def _flat(image: Image.Image) -> Image.Image:
    """RGB, what is transparent in white: a drawing on black cannot be read."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, _WHITE)
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
