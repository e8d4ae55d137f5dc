"""Chinese words on pictures: the font comes with a wheel, so that every machine draws the same."""

from functools import lru_cache

import pylopdf_fonts_zh_cn
from PIL import ImageFont

_SMALLEST = 12


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """size: pixels. Basic layout, since the other one depends on libraries of the system."""
    return ImageFont.truetype(pylopdf_fonts_zh_cn.sans_path(), size, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, size: int) -> int:
    return round(font(size).getlength(text))


def fitted(text: str, size: int, room: int) -> tuple[str, int]:
    """The words and the size at which they fit into ``room`` pixels: smaller first, by a third at most, then cut."""
    smallest = max(_SMALLEST, size * 2 // 3)
    while size > smallest and width(text, size) > room:
        size -= 1
    if width(text, size) <= room:
        return text, size
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…", size


def time_span(minutes: int) -> str:
    """8分钟, 1小时5分, 2天3小时"""
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
    days, hours = divmod(hours, 24)
    return f"{days}天{hours}小时" if hours else f"{days}天"
