"""XML from strangers: bounded, without document types and entities, in whatever encoding it really is.

Files of the weather offices say UTF-8 and are GB18030, or the other way round: the bytes decide, not the declaration.
"""

import codecs
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from domain.errors import LouQunError

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "hz-gb-2312"})


class Unreadable(LouQunError):
    """What was expected of the file, in words."""


def xml_root(data: bytes, largest: int) -> Element:
    """Raises Unreadable."""
    if len(data) > largest:
        raise Unreadable(f"expected at most {largest} bytes")
    try:
        root: Element = fromstring(_decoded(data), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("expected XML without document types and entities") from error
    except (ParseError, LookupError, ValueError) as error:
        raise Unreadable(f"expected a whole XML file ({error})") from error
    return root


def _decoded(data: bytes) -> str | bytes:
    """Text where we know better than the declaration. A long text that happens to be valid UTF-8 is UTF-8."""
    if data.startswith(_WIDE):
        return data
    declared = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode().lower() if declared else ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if name in _CHINESE or name.removeprefix("utf").strip("-_") in {"", "8"}:
            return data.decode("gb18030")
        return data
    return text if name in _CHINESE or not name else data


def name_of(element: Element) -> str:
    """Without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: Element, name: str) -> str:
    """Of the first child of this name; "" where there is none."""
    found = next((child for child in element if name_of(child) == name), None)
    return (found.text or "").strip() if found is not None else ""
