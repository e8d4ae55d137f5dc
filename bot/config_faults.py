"""What is wrong with a configuration, for the person who has to mend it: where, what was expected, an example."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

MOST_SHOWN = 10
Step = int | str


def in_words(path: Path, model: type[BaseModel], error: ValidationError) -> str:
    faults = list(dict.fromkeys(_fault(model, details) for details in error.errors(include_url=False)))
    more = [f"… and {len(faults) - MOST_SHOWN} more"] if len(faults) > MOST_SHOWN else []
    return "\n".join([f"{path}: the configuration cannot be used:", *(f"  {f}" for f in faults[:MOST_SHOWN]), *more])


def _fault(model: type[BaseModel], details: Mapping[str, Any]) -> str:
    where = [step for step in details["loc"] if isinstance(step, int) or not _is_a_branch(step)]
    path = _path(where)
    if details["type"] == "extra_forbidden":
        known = _known_keys(model, where[:-1])
        return f"{path}: unknown key; expected one of: {', '.join(known)}" if known else f"{path}: unknown key"
    field = _field(model, where)
    example = f", for example {field.examples[0]}" if field is not None and field.examples else ""
    if details["type"] == "missing":
        return f"{path}: is missing{example}"
    expected = (
        details["msg"]
        .replace("valid tuple", "list of names")
        .removeprefix("Value error, ")
        .removeprefix("Input should be ")
    )
    expected = expected if expected.startswith(("expected", "groups", "staff", "buildings")) else f"expected {expected}"
    given = details["input"]
    hidden = "password" in expected or (isinstance(given, Mapping | Sequence) and not isinstance(given, str))
    shown = "" if hidden else f", got {str(given)[:60]!r}"
    return f"{path + ': ' if path else ''}{expected}{shown}{'' if 'for example' in expected else example}"


def _is_a_branch(step: str) -> bool:
    """pydantic names the member of a union that it tried: no part of the file's path."""
    return step in {"int", "function-before", "constrained-int"} or step.startswith(("tuple[", "function-", "source-"))


def _path(steps: Sequence[Step]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def _known_keys(model: type[BaseModel], steps: Sequence[Step]) -> list[str]:
    found: type[BaseModel] | None = model
    for step in steps:
        field = _named(found, step) if found is not None and isinstance(step, str) else None
        if isinstance(step, str):
            found = next(_models(field.annotation), None) if field is not None else None
    return [field.alias or name for name, field in found.model_fields.items()] if found is not None else []


def _field(model: type[BaseModel], steps: Sequence[Step]) -> FieldInfo | None:
    found: type[BaseModel] | None = model
    field: FieldInfo | None = None
    for step in steps:
        if isinstance(step, int):
            continue
        field = _named(found, step) if found is not None else None
        found = next(_models(field.annotation), None) if field is not None else None
    return field


def _named(model: type[BaseModel], key: str) -> FieldInfo | None:
    return next((f for name, f in model.model_fields.items() if key in {name, f.alias}), None)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models inside ``tuple[BuildingPart, ...]``, ``ConsoleSettings | None`` and their kin."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in {tuple, list, dict, Union, UnionType, Annotated}:
        for inner in get_args(annotation):
            yield from _models(inner)
