"""The kinds of columns that both databases keep alike."""

import json
from collections.abc import Sequence
from itertools import repeat
from typing import TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Integer,
    Text,
    literal_column,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")


def storable(text: str) -> str:
    """Without what PostgreSQL refuses: NUL characters are dropped, halves of surrogate pairs become "?"."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def storable_or_none(text: object) -> str | None:
    return None if text is None else storable(text if isinstance(text, str) else str(text))


def to_json(value: object) -> str:
    """As short as it gets. A NUL stays, escaped: the type json (not jsonb) takes it."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


class Words(TypeDecorator[str]):
    """Text that strangers wrote, ids of chat networks included."""

    impl: TypeEngine[str] | type[TypeEngine[str]] = Text
    cache_ok: bool | None = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  the base class asks for it
        return None if value is None else storable(value)


def key(name: str) -> Column[str]:
    """A word of our own in a primary key."""
    return Column(name, Text, primary_key=True)


def foreign_key(name: str) -> Column[str]:
    """A chat network's word in a primary key."""
    return Column(name, Words, primary_key=True)


def number_key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def flag_key(name: str) -> Column[bool]:
    return Column(name, Boolean, primary_key=True, autoincrement=False)


def word(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def words(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Words, nullable=null)


def number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def small(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def flag(name: str, *, null: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=null)


def moment(name: str, *, null: bool = False) -> Column[int]:
    """A time: microseconds since 1970 in UTC."""
    return Column(name, BigInteger, nullable=null)


def data(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, JSON(none_as_null=True), nullable=null)


def literally(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """``column = 'value'`` with the value in the statement's own text: a database takes a partial index only when it
    can see that the condition holds, and it does not look into parameters."""
    assert value.isalpha(), value
    return column == literal_column(f"'{value}'")


_SIZES = (1, 4, 16, 64, 256, 1024)


def padded(values: Sequence[T]) -> list[T]:
    """For ``IN``, at least one: repeated up to one of few lengths, so that few different statements are prepared."""
    size = next((s for s in _SIZES if s >= len(values)), len(values))
    return [*values, *repeat(values[-1], size - len(values))]
