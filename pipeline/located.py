"""YAML that remembers on which line each value stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from models.errors import ConfigError

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """The content of one YAML file, and the line of every value in it (from 1)."""

    file: Path
    content: Any
    lines: dict[Location, int]

    def line(self, location: Sequence[str | int]) -> int:
        """Return the line of ``location``, or of the nearest value around it that exists."""
        where = tuple(location)
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)


def read_yaml(file: Path) -> Located:
    """Read one file; raises ConfigError when it is missing, not UTF-8 or not YAML."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError("there is no such file.", file=file) from None
    except UnicodeDecodeError:
        raise ConfigError("the file is not UTF-8.", file=file, hint="Save it as UTF-8.") from None
    return parse_yaml(text, file)


def parse_yaml(text: str, file: Path) -> Located:
    """Parse ``text``; ``file`` is only named in errors."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ConfigError(
            f"this is not YAML: {error.problem}.",
            file=file,
            line=mark.line + 1 if mark else None,
            hint="Check the indentation and the quotes there.",
        ) from None
    lines: dict[Location, int] = {}
    if node is not None:
        _remember(node, (), lines, file)
    return Located(file, content, lines)


def _remember(node: yaml.Node, location: Location, lines: dict[Location, int], file: Path) -> None:
    lines.setdefault(location, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*location, key.value)
            if inner in lines:
                raise ConfigError(
                    f"the key {key.value!r} stands here twice; the second would silently win.",
                    file=file,
                    line=key.start_mark.line + 1,
                    hint="Take one of them out.",
                )
            lines[inner] = key.start_mark.line + 1
            _remember(value, inner, lines, file)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _remember(value, (*location, position), lines, file)
