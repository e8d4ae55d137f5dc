"""Opening, turning upright and writing pictures; what photos.py and intake.py share.

Pillow's plugins are called by name, after our own look at the first bytes, instead of ``Image.open``: nobody's file
picks its decoder, and the limit on pixels is ours (``Image.open`` warns about large ones through process-wide state).
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO

import pi_heif
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
    Format.HEIC: pi_heif.HeifImageFile,
}
_TORN = (OSError, SyntaxError, ValueError, EOFError, LookupError, RuntimeError, OverflowError, struct.error, zlib.error)
"""What Pillow and its decoders were seen to raise for torn and invented files."""
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
_WHITE = (255, 255, 255)


@contextmanager
def refusing_torn() -> Iterator[None]:
    try:
        yield
    except (*_TORN, Image.DecompressionBombError) as error:
        raise MediaRefused(BROKEN) from error


def load(data: bytes, side: int, care: float = 2.0) -> Image.Image:
    """The whole picture decoded, upright, RGB, at most ``side`` pixels long; a smaller one keeps its size.

    The header is judged before anything is decoded. care: at how many times its final size it is decoded, 1.0 is
    fastest. Raises MediaRefused.
    """
    opener = _OPENERS.get(recognise(data) or Format.ZIP)
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
        raise MediaRefused(f"像素太多了：最多 {most // 10_000} 万，请用手机的普通模式拍。")


def _orientation(image: ImageFile.ImageFile) -> int:
    """1 (upright) where there is no EXIF, or none that can be read."""
    if isinstance(image, pi_heif.HeifImageFile):
        return 1  # its library has turned it already
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except _TORN:
        return 1
    return value if isinstance(value, int) else 1


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
