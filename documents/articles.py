"""A paper's lines as a page (HTML) and as Markdown: for a browser, and for the editor of an official account.

Styles stand at each element: editors drop everything else when something is pasted. Pictures are inside the page; in
Markdown they are named, and come as files of their own.
"""

import html
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import TypeAlias

Line: TypeAlias = "tuple[tuple[str, str], bytes | None]"
_GREEN, _INK = "#1f7a5a", "#1c2024"
_TAGS: Mapping[str, tuple[str, str]] = {
    "title": ("h1", "font-size:22px;line-height:1.4;margin:0 0 16px;text-align:center"),
    "section": ("h2", f"font-size:17px;margin:28px 0 10px;padding-left:10px;border-left:4px solid {_GREEN}"),
    "framed": ("p", "margin:0 0 16px;padding:12px 14px;background:#eef5f1;border-radius:6px"),
    "large": ("p", "font-size:18px;margin:0 0 12px"),
    "item": ("p", "margin:0 0 8px;padding-left:1em;text-indent:-1em"),
}
_PLAIN = ("p", "margin:0 0 12px")
_BODY = (
    f"max-width:677px;margin:0 auto;padding:20px 16px;font:16px/1.75 -apple-system,'PingFang SC','Noto Sans SC',"
    f"'Microsoft YaHei',sans-serif;color:{_INK};word-break:break-word"
)
_MARKS: Mapping[str, str] = {"title": "# ", "section": "## ", "framed": "> ", "item": "- "}
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def as_html(title: str, lines: Iterable[Line]) -> bytes:
    body = "\n".join(_element(line, picture) for line, picture in lines)
    page = (
        '<!doctype html>\n<html lang="zh-CN">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{html.escape(title)}</title>\n<body style="{_BODY}">\n{body}\n</body>\n</html>\n'
    )
    return page.encode()


def _element(line: tuple[str, str], picture: bytes | None) -> str:
    style, words = line
    said = html.escape(words)
    if picture is not None:
        link = f"data:image/jpeg;base64,{b64encode(picture).decode()}"
        return (
            f'<figure style="margin:12px 0 20px"><img alt="{said}" style="width:100%;height:auto" src="{link}">'
            f'<figcaption style="font-size:14px;color:#66707a;text-align:center">{said}</figcaption></figure>'
        )
    tag, look = _TAGS.get(style, _PLAIN)
    return f'<{tag} style="{look}">{"· " if style == "item" else ""}{said}</{tag}>'


def as_markdown(name: str, lines: Iterable[Line]) -> bytes:
    """name: of the pictures' files, which are name-图1.jpg and so on."""
    blocks: list[str] = []
    count = 0
    last = ""
    for (style, words), picture in lines:
        said = _SIGNS.sub(r"\\\1", words)
        if picture is not None:
            count += 1
            said = f"![{said}]({name}-图{count}.jpg)"
        gap = "\n" if style == last == "item" else "\n\n"
        blocks.append((gap if blocks else "") + _MARKS.get(style, "") + said)
        last = style
    return ("".join(blocks) + "\n").encode()
