"""What bytes are, whatever somebody calls them."""

import pytest

from documents.formats import Format, recognise
from tests.documents.samples import AMR, DOCX, HEIC, PDF, SILK, XLSX, encoded, film, mp3, picture


@pytest.mark.parametrize(
    "data,expected",
    [
        (encoded(picture()), Format.JPEG),
        (encoded(picture(), "PNG"), Format.PNG),
        (encoded(picture(), "WEBP"), Format.WEBP),
        (encoded(picture(), "GIF"), Format.GIF),
        (HEIC, Format.HEIC),
        (film(), Format.MP4),
        (SILK, Format.SILK),
        (SILK[1:], Format.SILK),
        (AMR, Format.AMR),
        (b"#!AMR-WB\n" + bytes(9), Format.AMR),
        (mp3(), Format.MP3),
        (b"ID3\x04" + bytes(20), Format.MP3),
        (PDF, Format.PDF),
        (XLSX, Format.ZIP),
        (DOCX, Format.ZIP),
        (mp3(frames=1), None),
        (b"", None),
        (b"\xff", None),
        (b"GIF88a" + bytes(30), None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"\x00\x00\x00\x1cftypavif", None),
        (b"\x00\x00\x00\x14ftypqt  ", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        ("漏水了".encode(), None),
    ],
)
def test_the_first_bytes_tell(data: bytes, expected: Format | None):
    assert recognise(data) is expected
