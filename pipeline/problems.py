"""A validation error, as the sentence the author of the file needs."""

from __future__ import annotations

import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from models.errors import ConfigError
from pipeline.located import Located, Location

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], located: Located) -> Model:
    """Return ``located`` as a ``model``; raises ConfigError with the first problem's line.

    All problems are named in the message, one a line, because fixing them one run at a time is
    what makes people give up.
    """
    try:
        return model.model_validate(located.content if located.content is not None else {})
    except ValidationError as error:
        details = _most_specific(error.errors(include_url=False, include_input=False))
        raise ConfigError("\n".join(_sentence(model, located, item) for item in details)) from None


def _most_specific(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Keep, of the branches of each union, only the one the author came nearest to."""
    nearest: dict[Location, int] = {}
    for item in details:
        nearest[_union(item)] = max(nearest.get(_union(item), 0), _nearness(item))
    return [item for item in details if _nearness(item) == nearest[_union(item)]]


def _union(item: ErrorDetails) -> Location:
    """Return where the union stands whose branch this is about; the error's own place if none."""
    location = item["loc"]
    branches = [index for index, part in enumerate(location) if _is_union_branch(part)]
    return location[: branches[0]] if branches else location


def _nearness(item: ErrorDetails) -> int:
    return 2 * len(item["loc"]) - (item["type"] == "model_type")


def _sentence(model: type[BaseModel], located: Located, item: ErrorDetails) -> str:
    where = tuple(part for part in item["loc"] if not _is_union_branch(part))
    place = f"{located.file}:{located.line(where)}: "
    path = ".".join(str(part) for part in where) or "the file"
    match item["type"]:
        case "extra_forbidden":
            return (
                f"{place}{path}: nothing is called {str(where[-1])!r} here.{_suggest(model, where)}"
            )
        case "missing":
            return f"{place}{path}: this is missing. Write '{where[-1]}: …' here."
        case "literal_error":
            expected = item.get("ctx", {}).get("expected", "")
            return f"{place}{path}: this value is not known. Write one of {expected}."
        case "value_error":
            return f"{place}{path}: {item['msg'].removeprefix('Value error, ')}."
        case _:
            return f"{place}{path}: {item['msg']}."


def _is_union_branch(part: str | int) -> bool:
    """Pydantic puts the branch of a union into the location: a model or a type, not a key."""
    return isinstance(part, str) and (
        part in {"Coded", "PartyType", "str"}
        or part.startswith(("literal[", "list[", "dict[", "constrained-"))
    )


def _suggest(model: type[BaseModel], where: tuple[str | int, ...]) -> str:
    known = sorted(_fields_at(model, where[:-1]))
    best = process.extractOne(str(where[-1]), known, score_cutoff=60) if known else None
    if best:
        return f" Did you mean {best[0]!r}?"
    return f" Known here: {', '.join(known)}." if known else ""


class _Container(frozenset[Any]):
    """What stands one index or key further in."""


def _fields_at(model: type[BaseModel], where: tuple[str | int, ...]) -> set[str]:
    """Return the keys that are allowed at ``where`` below ``model``."""
    here: set[Any] = {model}
    for part in where:
        here = set().union(*(_inside(item, part) for item in here))
    return {name for item in here if not isinstance(item, _Container) for name in item.model_fields}


def _inside(item: Any, part: str | int) -> set[Any]:
    if isinstance(item, _Container):
        return set(item)
    field = item.model_fields.get(str(part))
    return _models_in(field.annotation) if field else set()


def _models_in(annotation: Any) -> set[Any]:
    """Return the models a value of this type may be, behind unions and containers."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    inner: set[Any] = set().union(*map(_models_in, typing.get_args(annotation)), set())
    is_container = typing.get_origin(annotation) in {list, dict, tuple}
    return {_Container(inner)} if is_container and inner else inner
