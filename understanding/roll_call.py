"""接龙: a list that each person sends again with a line of their own at its end. Only that line is theirs."""

import re

_HEAD = re.compile(r"^\s*#?接龙")
_ITEM = re.compile(r"^\s*\d{1,3}\s*[.、．,，:：)）]\s*(?=\S)(.*)$")
_ADDRESS = re.compile(r"\d{3,4}(?!\d)")


def own_line(text: str) -> str:
    """The sender's line of a roll call; any other text as it is. "1. 厨房漏 2. 厕所漏" is one person's list of two."""
    if "\n" not in text:
        return text
    lines = text.splitlines()
    items = [match[1] for line in lines if (match := _ITEM.match(line))]
    rolls = bool(_HEAD.match(text)) or (len(items) > 1 and all(_ADDRESS.search(item) for item in items))
    return items[-1] if items and rolls else text
