"""Files for a person at the terminal: whole or not at all, and only those may read them who ran the command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from domain.errors import ConfigError

FORMS = (".xlsx", ".csv")


def check_form(file: Path) -> None:
    if file.suffix.lower() not in FORMS:
        raise ConfigError(f"{file}: expected a name that ends in {' or '.join(FORMS)}, for example 名册.xlsx")


@contextmanager
def written(file: Path) -> Iterator[IO[bytes]]:
    """Written beside it and then moved over it. Raises ConfigError."""
    check_form(file)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            yield out
        beside.replace(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written ({error.strerror})") from error
    finally:
        with suppress(OSError):
            beside.unlink()
