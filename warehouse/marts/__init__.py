"""Views and macros of the published file: each an ``.sql`` beside the ``.yml`` that describes it.

They stand on the golden tables alone. A view's columns mean what those of ``customer`` mean, unless
its ``.yml`` says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

from models.tables import table
from warehouse.sql import literal, quote
from warehouse.store import Connection

_OF_CUSTOMER = {c.name: (c.en, c.zh) for c in table("golden", "customer").columns}


@dataclass(frozen=True, slots=True)
class Mart:
    """One view, or one macro with its parameters; ``columns``: what its own columns mean."""

    name: str
    kind: str
    en: str
    zh: str
    sql: str
    parameters: tuple[str, ...] = ()
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)


@cache
def marts() -> tuple[Mart, ...]:
    """Return every mart, by name."""
    room = files("warehouse.marts")
    names = sorted(item.name for item in room.iterdir() if item.name.endswith(".yml"))
    return tuple(
        _read(
            name.removesuffix(".yml"),
            room.joinpath(name).read_text(encoding="utf-8"),
            room.joinpath(name.replace(".yml", ".sql")).read_text(encoding="utf-8"),
        )
        for name in names
    )


def make_marts(published: Connection) -> None:
    """Create every mart in a published file whose tables are there, with comments."""
    for mart in marts():
        comment = literal(f"{mart.en} · {mart.zh}")
        name = quote(mart.name)
        if mart.kind == "macro":
            parameters = ", ".join(map(quote, mart.parameters))
            published.execute(f"CREATE OR REPLACE MACRO {name}({parameters}) AS ({mart.sql})")
            published.execute(f"COMMENT ON MACRO {name} IS {comment}")
            continue
        published.execute(f"CREATE OR REPLACE VIEW {name} AS {mart.sql}")
        published.execute(f"COMMENT ON VIEW {name} IS {comment}")
        published.execute(
            "; ".join(
                f"COMMENT ON COLUMN {name}.{quote(column)} IS {literal(f'{en} · {zh}')}"
                for column, (en, zh) in meanings(published, mart).items()
            )
        )


def meanings(published: Connection, view: Mart) -> dict[str, tuple[str, str]]:
    """Return what each column of a view means; KeyError for one that nothing describes."""
    rows = published.execute(f"DESCRIBE {quote(view.name)}").fetchall()
    return {row[0]: view.columns.get(row[0]) or _OF_CUSTOMER[row[0]] for row in rows}


def _read(name: str, description: str, sql: str) -> Mart:
    said = yaml.safe_load(description)
    columns = {key: (item["en"], item["zh"]) for key, item in said.get("columns", {}).items()}
    parameters = tuple(said.get("parameters", ()))
    return Mart(name, said["kind"], said["en"], said["zh"], sql.strip(), parameters, columns)
