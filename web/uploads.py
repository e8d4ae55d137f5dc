"""What a form brings: words and photos. Read piece by piece, so that nothing endless is taken into memory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from domain.chatroom import ChatRefused
from domain.messages import File
from web.photos import Darkroom, TooLarge

PHOTO_BYTES = 20 * 1024 * 1024
MOST_PHOTOS = 9
_ALL_BYTES = 5 * PHOTO_BYTES
_TEXT_BYTES = 5 * 1024 * 1024
_MOST_PARTS = 30


@dataclass(frozen=True, slots=True)
class Form:
    fields: Mapping[str, str]
    photos: tuple[File, ...]


async def read_form(request: web.Request, darkroom: Darkroom) -> Form:
    """Raises ChatRefused, also for a body that is no form."""
    if not request.content_type.startswith("multipart/"):
        raise ChatRefused("没有看懂这个请求：请从聊天页面发送。")
    try:
        return await _read(request, darkroom)
    except (ValueError, AssertionError, LookupError) as error:  # what aiohttp raises for a torn or foreign body
        raise ChatRefused("没有收完整，请再发一次。") from error


async def _read(request: web.Request, darkroom: Darkroom) -> Form:
    fields: dict[str, str] = {}
    photos: list[File] = []
    left, parts = _ALL_BYTES, 0
    async for part in await request.multipart():
        parts += 1
        if parts > _MOST_PARTS or not isinstance(part, BodyPartReader):
            raise TooLarge("表单的内容太多了。")
        if part.name != "photos":
            fields[part.name or ""] = (await _content(part, _TEXT_BYTES, "文字太长了。")).decode(errors="replace")
            continue
        data = await _content(part, min(PHOTO_BYTES, left), _photo_limit(left))
        left -= len(data)
        if data or part.filename:
            photos.append(await darkroom.checked(File(_file_name(part.filename), "", data)))
        if len(photos) > MOST_PHOTOS:
            raise TooLarge(f"一次最多发 {MOST_PHOTOS} 张照片。")
    return Form(fields, tuple(photos))


async def _content(part: BodyPartReader, limit: int, words: str) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(256 * 1024):
        data += chunk
        if len(data) > limit:
            raise TooLarge(words)
    return bytes(data)


def _photo_limit(left: int) -> str:
    if left < PHOTO_BYTES:
        return f"这几张照片加起来超过 {_ALL_BYTES // 1024 // 1024} MB,请分几次发。"
    return f"照片太大了：一张最多 {PHOTO_BYTES // 1024 // 1024} MB。"


def _file_name(name: str | None) -> str:
    plain = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", "", name or "")
    return re.split(r"[/\\]", plain)[-1][-60:] or "照片"
