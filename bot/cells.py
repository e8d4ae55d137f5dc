"""What stands in the cell of a table, as the person who wrote it reads it."""

import re

from documents.sheets import Value
from domain.commands import tidy
from domain.roster import Building, Community


def cell_words(value: Value) -> str:
    """13900000001, not 13900000001.0."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    return text.removeprefix("'")


def column_word(value: Value) -> str:
    """The name of a column, without stars for what must be filled in."""
    return re.sub(r"[\s*＊]", "", tidy(cell_words(value))).lower()


def building_named(community: Community, word: str) -> Building | None:
    """3, 3号楼, B座."""
    plain = re.sub(r"号?[楼栋幢]$|座$", "", word).upper()
    buildings = community.buildings.values()
    return next((b for b in buildings if word in {b.name, b.id} or plain in {b.id.upper(), b.name.upper()}), None)
