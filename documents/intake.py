"""A file as it came, made fit to keep: is it what it claims to be, whole, of bearable size, and without coordinates."""

import re
from collections.abc import Callable, Mapping

from documents import pictures, video
from documents.formats import PICTURES, SOUNDS, Format, recognise
from documents.papers import paper_mime
from domain.errors import MediaRefused
from domain.media import Normalised
from domain.vocabulary import MessageKind

PHOTO_SIDE = 2560
"""Pixels: enough to read a meter on, a few hundred kilobytes."""
_MEGABYTE = 1024 * 1024
_LARGEST: Mapping[MessageKind, tuple[str, int]] = {
    MessageKind.IMAGE: ("照片", 30),
    MessageKind.VIDEO: ("视频", 100),
    MessageKind.VOICE: ("语音", 10),
    MessageKind.FILE: ("文件", 30),
}
"""What it is called, and its most megabytes."""
_NO_VIDEO = "不是能用的视频：请发 MP4 视频。"
_NO_VOICE = "不是能用的语音：请按住说话，或发 MP3、AMR、SILK 录音。"
_NO_FILE = "这种文件收不了：请发照片、MP4 视频、录音、PDF、Excel（xlsx）或 Word（docx）。"
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def normalise(data: bytes, kind: str, name: str) -> Normalised:
    """Raises MediaRefused with a sentence for the sender: what was wrong with ``name`` and what was expected.

    kind: image, video, voice or file (a value of MessageKind); a file may be any of them. One large picture takes up
    to 400 MB while it is decoded: the store lets one in at a time.
    """
    try:
        claimed = MessageKind(kind)
        _check_size(data, claimed)
        return _CHECKS[claimed](data)
    except MediaRefused as refused:
        raise MediaRefused(f"“{_shown(name)}”{refused}") from refused


def _check_size(data: bytes, kind: MessageKind) -> None:
    called, megabytes = _LARGEST[kind]
    if not data:
        raise MediaRefused("是空的，可能没传完，请重新发一次。")
    if len(data) > megabytes * _MEGABYTE:
        raise MediaRefused(f"太大了：{called}最多 {megabytes} MB，请压缩或剪短后再发。")


def _photo(data: bytes) -> Normalised:
    return Normalised(pictures.jpeg(pictures.load(data, PHOTO_SIDE)), Format.JPEG.mime)


def _film(data: bytes) -> Normalised:
    if recognise(data) is not Format.MP4:
        raise MediaRefused(_NO_VIDEO)
    return Normalised(video.cleaned(data), Format.MP4.mime)


def _voice(data: bytes) -> Normalised:
    sort = recognise(data)
    if sort is None or sort not in SOUNDS:
        raise MediaRefused(_NO_VOICE)
    return Normalised(data, sort.mime)


def _file(data: bytes) -> Normalised:
    """Photos sent as originals, films and recordings come as files too, and are treated as what they are."""
    sort = recognise(data)
    if sort is None:
        raise MediaRefused(_NO_FILE)
    if sort in PICTURES:
        return _photo(data)
    if sort is Format.MP4:
        return _film(data)
    mime = sort.mime if sort in SOUNDS else paper_mime(data, sort)
    if mime is None:
        raise MediaRefused(_NO_FILE)
    return Normalised(data, mime)


_CHECKS: Mapping[MessageKind, Callable[[bytes], Normalised]] = {
    MessageKind.IMAGE: _photo,
    MessageKind.VIDEO: _film,
    MessageKind.VOICE: _voice,
    MessageKind.FILE: _file,
}


def _shown(name: str) -> str:
    """Names are the sender's: kept short, without characters that reorder or hide text."""
    plain = re.split(r"[/\\]", _UNSHOWN.sub("", name))[-1].strip()
    if len(plain) > 40:
        return f"{plain[:20]}…{plain[-12:]}"
    return plain or "这个文件"
