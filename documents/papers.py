"""PDF, Excel and Word files that somebody sent: recognised and found whole; what they say is not read here."""

import zipfile
import zlib
from io import BytesIO

from documents.formats import Format
from domain.errors import MediaRefused

BROKEN = "这个文件不完整，可能没传完，请重新发一次。"
INFLATED = "这个文件展开后太大，请分成几个再发。"
MOST_INFLATED = 200 * 1024 * 1024
_MOST_MEMBERS = 5_000
_PDF_TAIL = 2048
_OFFICE = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def paper_mime(data: bytes, sort: Format) -> str | None:
    """The mime type of a PDF, xlsx or docx; None for any other archive. Raises MediaRefused when it is torn."""
    if sort is Format.PDF:
        if b"%%EOF" not in data[-_PDF_TAIL:]:
            raise MediaRefused(BROKEN)
        return Format.PDF.mime
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError) as error:
        raise MediaRefused(BROKEN) from error
    return _office_mime(members)


def _office_mime(members: list[zipfile.ZipInfo]) -> str | None:
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MOST_INFLATED:
        raise MediaRefused(INFLATED)
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names:
        return None
    return next((mime for name, mime in _OFFICE.items() if name in names), None)
