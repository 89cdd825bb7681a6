"""What comes from the environment, and the only place that reads it.

``GOLDEN_PROJECT``: the project folder (default: the current folder).
``${NAME}`` and ``${NAME:-default}`` inside ``connection`` of a source: filled in when the source
is opened, so a secret is never part of the configuration that is hashed, shown or logged.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from models.errors import ConfigError
from models.source import SourceConfig

_PLACEHOLDER = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}")


def project_folder() -> Path:
    """Return the folder named by ``GOLDEN_PROJECT``, or the current one."""
    return Path(os.environ.get("GOLDEN_PROJECT", ".")).resolve()


def with_environment(source: SourceConfig) -> SourceConfig:
    """Return ``source`` with the placeholders of its connection filled in.

    Raises ConfigError when a variable without a default is not set.
    """
    return source.model_copy(update={"connection": _fill(source.connection, source.name)})


def _fill(value: Any, source: str) -> Any:
    if isinstance(value, dict):
        return {key: _fill(item, source) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, source) for item in value]
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda match: _lookup(match, source), value)
    return value


def _lookup(match: re.Match[str], source: str) -> str:
    name, default = match["name"], match["default"]
    found = os.environ.get(name, default)
    if found is None:
        raise ConfigError(
            f"the connection of source {source!r} needs the environment variable {name}, "
            "which is not set.",
            file=f"sources/{source}.yml",
            hint=f"Set {name}, or write ${{{name}:-default}} if there is a harmless default.",
        )
    return found
