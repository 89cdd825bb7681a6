"""What stands in a bank's systems, read with other tools than those that wrote it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import yaml
from openpyxl import load_workbook

from models.source import SourceConfig

PROJECT = Path(__file__).parents[2] / "examples" / "bank" / "project"
TABLES = {
    "core.customer": ("core", "CUST_INFO"),
    "core.account": ("core", "ACCT_INFO"),
    "core.relation": ("core", "CUST_REL"),
    "loan.borrower": ("loan", "BORROWER"),
    "callcentre.caller": ("callcentre", "CALLER"),
}
STORES = {"crm.contact": "contact", "crm.company": "company", "marketing.lead": "lead"}


def source(name: str) -> SourceConfig:
    """Return the source's YAML of the project template."""
    text = (PROJECT / "sources" / f"{name}.yml").read_text("utf-8")
    return SourceConfig.model_validate(yaml.safe_load(text))


NAMES = sorted(path.stem for path in (PROJECT / "sources").glob("*.yml"))
OBJECTS = sorted(f"{name}.{item}" for name in NAMES for item in source(name).objects)


def truth(bank: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the bank's truth tables."""
    with duckdb.connect() as connection:
        for path in (bank / "truth").glob("*.parquet"):
            connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        return connection.execute(sql).fetchall()


def digests(root: Path) -> dict[str, str]:
    """Return the digest of every file; of SQLite files, of what they hold."""
    return {
        str(path.relative_to(root)): hashlib.sha256(
            _dump(path) if path.suffix == ".db" else path.read_bytes()
        ).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def _dump(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()).encode()


def rows(bank: Path, name: str) -> list[dict[str, object]]:
    """Return the rows of ``source.object``; nested JSON with dotted names."""
    system, table = TABLES.get(name, (name.split(".", maxsplit=1)[0], STORES.get(name, "")))
    if name in TABLES:
        with closing(sqlite3.connect(bank / "systems" / f"{system}.db")) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]
    if name in STORES:
        with closing(sqlite3.connect(bank / "systems" / f"{system}.db")) as connection:
            bodies = connection.execute(f'SELECT body FROM "{table}"')
            return [_flat(json.loads(body)) for (body,) in bodies]
    return {"card.holder": _cards, "mobile.user": _users, "wealth.client": _clients}[name](bank)


def _flat(item: dict[str, object]) -> dict[str, object]:
    result: dict[str, object] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            result |= {f"{name}.{inner}": inner_value for inner, inner_value in value.items()}
        else:
            result[name] = value
    return result


def _cards(bank: Path) -> list[dict[str, object]]:
    newest = max((bank / "systems" / "card").glob("*.csv"))
    header, *lines = newest.read_text("gb18030").splitlines()
    names = header.replace('"', "").split(",")
    return [dict(zip(names, line.split(","), strict=True)) for line in lines]


def _users(bank: Path) -> list[dict[str, object]]:
    """The last event of every user, over all files."""
    last: dict[str, dict[str, object]] = {}
    for path in sorted((bank / "systems" / "mobile" / "events").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            event = _flat(json.loads(line))
            user = str(event["user_id"])
            if user not in last or str(event["ts"]) >= str(last[user]["ts"]):
                last[user] = event
    return list(last.values())


def _clients(bank: Path) -> list[dict[str, object]]:
    """The newest row of every client, over all workbooks."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted((bank / "systems" / "wealth").glob("*.xlsx")):
        sheet = load_workbook(path)["客户"]
        tops, belows = ([cell.value for cell in sheet[row]] for row in (2, 3))
        names: list[str] = []
        for index, below in enumerate(belows):
            top = tops[index] or names[-1].split("_")[0]
            names.append(f"{top}_{below}" if below else str(top))
        for row in sheet.iter_rows(min_row=4, max_row=sheet.max_row - 1, values_only=True):
            found[str(row[0])] = dict(zip(names, row, strict=True))
    return list(found.values())
