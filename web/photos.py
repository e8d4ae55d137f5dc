"""Looking at photos: is it one, and a small copy of it for the chat."""

import asyncio
from collections import OrderedDict
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.chatroom import ChatRefused
from domain.messages import File

_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
SHOWN_TYPES = frozenset(_TYPES.values())
_MOST_PIXELS = 60_000_000
_SIDE = 640
_MOST_PREVIEWS = 300
_NO_PHOTO = "“{name}”不是能用的照片：请发 JPG、PNG、WebP 或 GIF 图片。"
_BROKEN = "“{name}”这张照片不完整，可能没传完，请重新选一次。"
_PIXELS = "“{name}”像素太多了：最多 " + str(_MOST_PIXELS // 10_000) + " 万，请用手机的普通模式拍。"


class TooLarge(ChatRefused):
    """More than the chat takes."""


class Darkroom:
    """One photo at a time, in a thread: a large one takes memory while it is decoded."""

    def __init__(self) -> None:
        self._busy = asyncio.Semaphore(1)
        self._previews: OrderedDict[str, bytes] = OrderedDict()

    async def checked(self, file: File) -> File:
        """With its true type, whatever name or type the sender claims. Raises ChatRefused."""
        async with self._busy:
            return replace(file, mime=await asyncio.to_thread(_true_type, file))

    async def preview(self, path: Path) -> bytes | None:
        """A small JPEG, upright; None when the file cannot be drawn."""
        async with self._busy:
            known = self._previews.get(path.name)
            if known is None:
                known = await asyncio.to_thread(_preview, path)
                self._previews[path.name] = known or b""
            self._previews.move_to_end(path.name)
            if len(self._previews) > _MOST_PREVIEWS:
                self._previews.popitem(last=False)
        return known or None


def _true_type(file: File) -> str:
    """A JPEG is decoded at an eighth of its size, so that one which was cut off is found out cheaply."""
    try:
        with Image.open(BytesIO(file.data), formats=tuple(_TYPES)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise TooLarge(_PIXELS.format(name=file.name))
            if image.format == "JPEG":
                image.draft("RGB", (image.width // 8, image.height // 8))
                image.load()
            else:
                image.verify()
            return _TYPES[image.format or ""]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(_PIXELS.format(name=file.name)) from error
    except UnidentifiedImageError as error:
        raise ChatRefused(_NO_PHOTO.format(name=file.name)) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises for torn files
        raise ChatRefused(_BROKEN.format(name=file.name)) from error


def _preview(path: Path) -> bytes | None:
    try:
        with Image.open(path, formats=tuple(_TYPES)) as image:
            image.draft("RGB", (2 * _SIDE, 2 * _SIDE))
            small = ImageOps.exif_transpose(image)
            small.thumbnail((_SIDE, _SIDE))
            out = BytesIO()
            small.convert("RGB").save(out, "JPEG", quality=82)
            return out.getvalue()
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None
