"""What goes wrong in a database, said in our words: the loops catch StoreError, wait and try again."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from domain.errors import StoreError

_MEANINGS = (
    ("database is locked", "another process is writing to the database; it is tried again"),
    ("disk is full", "the disk (or the database's own limit) is full; free some space, nothing was lost"),
    ("disk I/O error", "the disk does not answer as it should"),
    ("readonly database", "the database file may not be written; check its owner and mode"),
    ("not a database", "the file is not an SQLite database"),
    ("malformed", "the database file is damaged; restore a backup"),
    (
        "unable to open database file",
        "the database file cannot be opened; check its folder and who may write there",
    ),
)


@contextmanager
def translated(driver_errors: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Everything that a database or its driver may raise leaves as StoreError."""
    expected: tuple[type[Exception], ...] = (SQLAlchemyError, OSError, *driver_errors)
    try:
        yield
    except expected as error:
        raise StoreError(in_words(error)) from error


def in_words(error: Exception) -> str:
    """Without the statement and its values: they hold what residents wrote."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    told = f"{type(cause).__name__}: {cause}".splitlines()[0]
    meaning = next((words for sign, words in _MEANINGS if sign in told), None)
    return f"{meaning} ({told})" if meaning else f"the database is away or refused ({told})"
