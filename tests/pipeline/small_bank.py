"""A bank of two tables that a test edits by hand, and what must hold of whatever it publishes."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from models.decision import Decision
from pipeline.project import Project, load_project
from pipeline.run import begin_run, pull_all, run_steps
from pipeline.times import new_run_id
from warehouse.decisions import Decisions

SOURCES = {"core": 0.9, "shop": 0.6}
DAY = date(2026, 11, 24)
_COLUMNS = ("ID", "NAME", "ID_NO", "MOBILE", "ADDRESS", "BORN", "UPDATED_AT")
_GOLDEN = "name: small_bank\ntitle: {en: Small bank, zh: 小银行}\nowner: data office\ndata: data\n"
# Of a handful of customers, one more or less is a tenth: their shares may jump.
_QUALITY = """
layer: golden
checks:
  - {id: customer_drop, max: 1.0}
  - {id: ids_retired, max: 100.0}
"""
_SOURCE = """
name: @name
title: {en: "@name", zh: "@name"}
owner: data office
connector: sql
connection: {url: "sqlite:///systems/@name.db"}
trust: @trust
objects:
  person:
    read:
      table: PERSON
      primary_key: [ID]
      deletes: {sweep: true}
    mapping:
      party: person
      updated_at: UPDATED_AT
      names: [{full: NAME}]
      identifiers: [{number: ID_NO, id_class: resident_id}]
      contacts: [{mobile: MOBILE}]
      addresses: [{text: ADDRESS, use: home}]
      attributes: {birth_date: BORN}
"""


class SmallBank:
    """The two systems and the project that reads them, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sources").mkdir(parents=True)
        (folder / "systems").mkdir()
        (folder / "golden.yml").write_text(_GOLDEN, encoding="utf-8")
        (folder / "quality").mkdir()
        (folder / "quality" / "golden.yml").write_text(_QUALITY.lstrip(), encoding="utf-8")
        for name, trust in SOURCES.items():
            text = _SOURCE.replace("@name", name).replace("@trust", str(trust))
            (folder / "sources" / f"{name}.yml").write_text(text.lstrip(), encoding="utf-8")
            self.ask(name, f"CREATE TABLE PERSON ({', '.join(f'{c} TEXT' for c in _COLUMNS)})")

    @property
    def project(self) -> Project:
        """The project as it stands."""
        return load_project(self.folder)

    def ask(self, source: str, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Run one statement in a source system and return what it gives."""
        with sqlite3.connect(self.folder / "systems" / f"{source}.db") as system:
            return system.execute(sql, values).fetchall()

    def write(self, source: str, row: dict[str, str | None]) -> None:
        """Insert a row, or replace the one with its ID."""
        self.ask(source, "DELETE FROM PERSON WHERE ID = ?", (row["ID"],))
        marks = ", ".join("?" * len(_COLUMNS))
        self.ask(
            source, f"INSERT INTO PERSON VALUES ({marks})", tuple(row.get(c) for c in _COLUMNS)
        )

    def remove(self, source: str, key: str) -> None:
        """Delete a row."""
        self.ask(source, "DELETE FROM PERSON WHERE ID = ?", (key,))

    def run(self, *, full: bool = False) -> Project:
        """Pull both systems and walk the flow; raises what stops it."""
        project, run_id = self.project, new_run_id()
        for result in pull_all(project, run_id).values():
            assert not isinstance(result, Exception), result
        begin_run(project, run_id, full=full, as_of=DAY)
        run_steps(project, run_id)
        return project

    def rebuilt(self, beside: Path) -> str:
        """Return the digest a run on an empty working file gives, on the version before."""
        copy = Path(shutil.copytree(self.folder, beside, symlinks=True))
        try:
            project = load_project(copy)
            current = project.versions.current()
            assert current is not None
            before = current.manifest.previous_version
            for folder in (current.folder, *project.store.path.parent.glob("working*")):
                _remove(folder)
            (project.versions.root / "current").unlink()
            if before:
                project.versions.point_at(before)
            began = project.state.run(current.manifest.run_id)
            assert began is not None
            run_id = new_run_id()
            begin_run(project, run_id, as_of=DAY)
            run_steps(project, run_id)
            again = project.versions.current()
            assert again is not None
            return again.manifest.golden_digest
        finally:
            shutil.rmtree(copy)

    def decisions(self) -> list[Decision]:
        """Return what stewards decided and did not withdraw."""
        return Decisions(self.project.state).in_force()


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def xref(file: Path) -> dict[str, str]:
    """Return the customer of every record in a golden file."""
    with duckdb.connect(str(file), read_only=True) as golden:
        return dict(golden.execute("SELECT record_key, customer_id FROM customer_xref").fetchall())


def redirects(file: Path) -> dict[str, str | None]:
    """Return where every retired id leads in a golden file."""
    with duckdb.connect(str(file), read_only=True) as golden:
        return dict(
            golden.execute("SELECT retired_id, customer_id FROM customer_id_redirect").fetchall()
        )


def number(file: Path, sql: str) -> int:
    """Return the one number that ``sql`` gives in a golden file."""
    with duckdb.connect(str(file), read_only=True) as golden:
        row = golden.execute(sql).fetchone()
    return int(row[0]) if row else 0
