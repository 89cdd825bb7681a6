"""Items of the ``checks`` lists as they were written, defaults first, the project's on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from models.errors import ConfigError
from models.verdict import LAYER_ORDER, Layer

# The same safe loader, ten times as fast where PyYAML was built with its C parser.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEMANDS = frozenset({"expect", "rows", "measure"})
_PARTS_OF_DEMANDS = _DEMANDS | {"among", "min", "max", "unit"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a ``checks`` list, and where it stands."""

    layer: Layer
    fields: dict[str, Any]
    file: str
    line: int

    @property
    def name(self) -> str:
        """``layer.id``."""
        return f"{self.layer}.{self.fields['id']}"

    def with_fields(self, fields: dict[str, Any]) -> Entry:
        """Return the same place with other fields."""
        return Entry(self.layer, fields, self.file, self.line)

    def error(self, what: str, hint: str = "") -> ConfigError:
        """Return a ConfigError that points here."""
        return ConfigError(what, file=self.file, line=self.line, hint=hint)


def default_entries(layer: Layer) -> Iterator[Entry]:
    """Yield the checks this project ships for ``layer``."""
    resource = files("quality") / "defaults" / f"{layer}.yml"
    yield from _entries(resource.read_text(encoding="utf-8"), f"quality/defaults/{layer}.yml")


def project_entries(folder: Path | None) -> Iterator[Entry]:
    """Yield the checks of every ``*.yml`` in ``folder``; raises ConfigError with file and line."""
    for file in sorted(folder.glob("*.yml")) if folder and folder.is_dir() else []:
        yield from _entries(file.read_text(encoding="utf-8-sig"), str(file))


def merge(
    defaults: Iterable[Entry], changes: Iterable[Entry]
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Return templates by ``layer.id`` and single-instance changes by ``layer.id[instance]``.

    Raises ConfigError when the defaults, or the changes, name one check twice.
    """
    templates: dict[str, Entry] = {}
    for entry in defaults:
        _add(templates, entry)
    changed: dict[str, Entry] = {}
    for entry in changes:
        _add(changed, entry)
    instances = {name: entry for name, entry in changed.items() if "[" in name}
    for name, entry in changed.items():
        if name not in instances:
            base = templates.get(name)
            fields = {**without_demand(base, entry), **entry.fields}
            templates[name] = entry.with_fields(fields)
    return templates, instances


def without_demand(base: Entry | None, change: Entry) -> dict[str, Any]:
    """Return the fields a change starts from: a new demand replaces the old one whole."""
    if base is None:
        return {}
    dropped = _PARTS_OF_DEMANDS if _DEMANDS & set(change.fields) else frozenset()
    return {key: value for key, value in base.fields.items() if key not in dropped}


def _add(entries: dict[str, Entry], entry: Entry) -> None:
    if entry.name in entries:
        raise entry.error(f"check {entry.name!r} is declared twice.", "Take one of them out.")
    entries[entry.name] = entry


def _entries(text: str, file: str) -> Iterator[Entry]:
    content, root = _parsed(text, file)
    if not isinstance(content, dict) or content.get("layer") not in LAYER_ORDER:
        raise ConfigError(
            "the file does not say which layer it checks.",
            file=file,
            hint=f"Write 'layer: …' at the top, one of {', '.join(LAYER_ORDER)}.",
        )
    unknown = ", ".join(sorted(map(str, set(content) - {"layer", "checks"})))
    if unknown or not isinstance(content.get("checks"), list):
        raise ConfigError(
            f"nothing is called {unknown} here." if unknown else "'checks' is not a list.",
            file=file,
            hint="A quality file has 'layer' and a list 'checks'.",
        )
    for fields, line in zip(content["checks"], _lines(root), strict=True):
        if not isinstance(fields, dict) or not isinstance(fields.get("id"), str):
            raise ConfigError("a check needs an 'id'.", file=file, line=line)
        yield Entry(content["layer"], fields, file, line)


def _parsed(text: str, file: str) -> tuple[Any, yaml.Node | None]:
    try:
        return yaml.load(text, _LOADER), yaml.compose(text, _LOADER)  # noqa: S506  # both are safe
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ConfigError(f"this is not YAML: {error.problem}.", file=file, line=line) from None


def _lines(root: yaml.Node | None) -> list[int]:
    """Return the line on which each item of ``checks`` starts."""
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    listed = next(value for key, value in pairs if key.value == "checks")
    return [item.start_mark.line + 1 for item in listed.value]
