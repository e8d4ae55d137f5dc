"""Weights of one's own (``python -m bot train``): checked before they judge anything."""

import json
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from domain.errors import ConfigError
from understanding.model import COLUMNS, WEIGHTS, Model, load

LARGEST_FILE = 64_000_000
_KEYS = {"version", "slope", "shift", "act", "ask", "rules", "grams"}
_AGAIN = "make it with: python -m bot train --from corrections --out FILE"


def read_weights(path: Path) -> Model:
    """Raises ConfigError with what was expected."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError(f"{path}: expected weights of at most {LARGEST_FILE // 1_000_000} MB")
        data = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: the weights cannot be read ({error.strerror}); {_AGAIN}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: expected weights as JSON: {error}; {_AGAIN}") from error
    fault = _fault(data)
    if fault is not None:
        raise ConfigError(f"{path}: {fault}; {_AGAIN}")
    return Model(**data)


def trained_on_shipped_lines(model: Model) -> bool:
    """False: the program has learnt since, and these weights have not."""
    return model.version.partition("+")[0] == load(WEIGHTS).version.partition("+")[0]


def _fault(data: object) -> str | None:
    if not isinstance(data, dict) or set(data) != _KEYS:
        return f"expected an object with {', '.join(sorted(_KEYS))}"
    if not isinstance(data["version"], str) or not data["version"]:
        return '"version": expected text'
    if not all(_figure(data[name]) for name in ("slope", "shift", "act", "ask")):
        return '"slope", "shift", "act", "ask": expected numbers'
    if not 0 < data["ask"] <= data["act"] < 1 or data["slope"] <= 0:
        return "expected 0 < ask <= act < 1 and a slope above 0"
    for name in ("rules", "grams"):
        if not isinstance(data[name], dict) or not data[name]:
            return f'"{name}": expected an object with at least one entry'
        bad = _bad_row(data[name])
        if bad is not None:
            return f'"{name}", {bad!r}: expected {len(COLUMNS)} numbers, for {", ".join(COLUMNS)}'
    return None


def _bad_row(table: Mapping[str, object]) -> str | None:
    for name, row in table.items():
        if not isinstance(row, list) or len(row) != len(COLUMNS) or not all(map(_figure, row)):
            return name
    return None


def _figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
