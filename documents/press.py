"""Papers: words set into a layout, as PDF for the printer and as a picture for the chat.

The words are lines; a sign at the front says how a line looks: "# " the title, "## " a section, "! " framed, "+ "
large, "- " an item, "= " stands beside the QR code, "% " a bar (its name, its figure, its length in per cent), "| " a
row of a table; both have their cells kept apart by "|"; "^ " the next picture, with its caption; "* " room for
somebody's signature; "~ " names the paper's colour, "> " quotes somebody word for word. The same words give the same
bytes.
"""

import json
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn
import segno
import typst
from PIL import Image

from documents.articles import as_html, as_markdown
from domain.errors import DocumentFailed
from domain.messages import Document, File

LAYOUTS = Path(__file__).parent / "layouts"
_STYLES = {
    "# ": "title",
    "## ": "section",
    "! ": "framed",
    "+ ": "large",
    "- ": "item",
    "= ": "caption",
    "* ": "signature",
    "% ": "bar",
    "| ": "row",
    "^ ": "picture",
    "~ ": "colour",
    "> ": "quoted",
}
_UNSHOWN = frozenset({"Cc", "Cf"})
"""Controls and what turns the direction of writing: no ink, and Typst's line breaking has panicked on heaps of them."""
_MIMES = {"pdf": "application/pdf", "png": "image/png", "html": "text/html", "md": "text/markdown"}
_POINTS_PER_INCH = 150.0
"""Of a picture: sharp on a phone, some hundred kilobytes."""
_DRAWN_KEPT, _SHORT = 8, 20_000
"""One card goes to hundreds of groups, one after the other: it is drawn once."""


def draw(document: Document, words: str, pictures: Sequence[bytes | None] = ()) -> tuple[File, ...]:
    """A file for each format asked for, a picture for each page. pictures: JPEG, for its lines "^ " in this order.
    Blocks. Raises DocumentFailed."""
    lines = styled(words)
    title = next((said for style, said in lines if style == "title"), document.name)
    code = _code(document.link) if document.link else None
    shown = [*illustrated(lines, pictures)]
    in_text = [(("framed", document.mark), None), *shown] if document.mark else shown
    files: list[File] = []
    for format in document.formats:
        if format == "html":
            files.append(File(f"{document.name}.html", _MIMES[format], as_html(title, in_text)))
        elif format == "md":
            files.append(File(f"{document.name}.md", _MIMES[format], as_markdown(document.name, in_text)))
        elif format == "pdf" or format == "png":  # noqa: PLR1714  mypy reads it so
            lettered = [_with(*one) for one in shown]
            data = {"title": title, "lines": lettered, "code": code, "mark": document.mark}
            files += _sheets(document, format, data)
    return tuple(files)


def _with(line: tuple[str, str], picture: bytes | None) -> tuple[str, ...]:
    return (*line, _as_svg(picture)) if picture else line


def _sheets(document: Document, format: Literal["pdf", "png"], data: object) -> list[File]:
    words = json.dumps(data, ensure_ascii=False)
    pages = (_kept if len(words) < _SHORT else _set)(document.layout, words, format)
    names = [document.name] if len(pages) == 1 else [f"{document.name}-{n}" for n in range(1, len(pages) + 1)]
    return [File(f"{name}.{format}", _MIMES[format], page) for name, page in zip(names, pages, strict=True)]


def styled(words: str) -> list[tuple[str, str]]:
    """(style, words) of each line."""
    return [_styled(line) for line in words.splitlines() if line.strip()]


def illustrated(
    lines: Sequence[tuple[str, str]], pictures: Sequence[bytes | None]
) -> Iterator[tuple[tuple[str, str], bytes | None]]:
    """Each line with its picture; without the lines whose picture could not be had."""
    left = iter(pictures)
    for line in lines:
        picture = next(left, None) if line[0] == "picture" else None
        if picture is not None or line[0] != "picture":
            yield line, picture


def _styled(line: str) -> tuple[str, str]:
    sign = next((sign for sign in _STYLES if line.startswith(sign)), "")
    shown = "".join(c for c in line[len(sign) :] if unicodedata.category(c) not in _UNSHOWN)
    return _STYLES.get(sign, "plain"), shown.strip()


def _code(link: str) -> str:
    """A QR code as SVG; level M still reads when the paper got wet at a corner."""
    out = BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def _as_svg(picture: bytes) -> str:
    """A photo inside an SVG: data for Typst is text, and a file of its own would have to be swept up."""
    with Image.open(BytesIO(picture), formats=["JPEG"]) as image:
        width, height = image.size
    link = f"data:image/jpeg;base64,{b64encode(picture).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{link}"/></svg>'
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folder = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _set(layout: str, data: str, format: Literal["pdf", "png"]) -> tuple[bytes, ...]:
    """A PDF holds all its pages, a picture is one."""
    try:
        made = typst.Compiler(
            input=LAYOUTS / f"{layout}.typ", root=LAYOUTS, font_paths=_fonts(), sys_inputs={"data": data}
        ).compile(format=format, ppi=_POINTS_PER_INCH)
    except (RuntimeError, OSError, ValueError) as error:
        raise DocumentFailed(f"{layout}: {error}") from error
    except BaseException as error:
        if (
            type(error).__name__ != "PanicException"
        ):  # how a fault inside Typst arrives: no Exception, and not to import
            raise
        raise DocumentFailed(f"{layout}: {error}") from error
    assert made is not None, "no output file was named"
    return tuple(made) if isinstance(made, list) else (made,)


_kept = lru_cache(maxsize=_DRAWN_KEPT)(_set)
