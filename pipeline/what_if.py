"""What would change if a rule were another: the flow on a copy of the working file.

Nothing that anybody else reads is touched: the copy is taken under the writer's lock, matched and
merged anew by the other rules, compared with what stood in it, and thrown away.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock

from matching.decided import write_decisions
from matching.flow import match
from matching.identify import identify
from matching.survive import survive
from models.errors import ConfigError, StoreError
from models.progress import Progress, silent
from models.tables import table
from pipeline.continuity import kept_models
from pipeline.project import Project, load_project
from warehouse.decisions import Decisions
from warehouse.normalising import normalise
from warehouse.sql import literal, quote
from warehouse.store import Connection, count

_KEPT = ("customer", "customer_xref", "match_evidence")
_RULE_FILES = ("*.yml", "sources/*.yml", "quality/*.yml")
_UNCOMPARED = frozenset({"customer_id"})


@dataclass(frozen=True, slots=True)
class SamplePair:
    """Two records that the other rules bring together (``joined``) or take apart."""

    joined: bool
    left_key: str
    right_key: str
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What the other rules do to the customers of today; counts of customers but where said.

    ``merged``: ids of today that would redirect to another; ``retired``: ids of today that would
    be gone or redirect; ``split``: ids of today whose records would be several customers';
    ``moved_records``: records that would have another customer; ``cells``: changed values by
    attribute, of customers that are there before and after; ``waiting``: doubtful pairs, before
    and after.
    """

    customers: tuple[int, int]
    merged: int
    retired: int
    split: int
    created: int
    moved_records: int
    waiting: tuple[int, int]
    cells: dict[str, int] = field(default_factory=dict)
    pairs: tuple[SamplePair, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain lists and dictionaries."""
        return asdict(self)


def what_if(
    project: Project, rules: Path, as_of: date, samples: int = 20, progress: Progress = silent
) -> Difference:
    """Return what the rules in the folder ``rules`` would change.

    ``rules`` holds the files that differ, laid out as in the project (``matching.yml``,
    ``survivorship.yml``, ``sources/NAME.yml``, …); every other file is the project's own. Raises
    ConfigError when it holds none, StoreError when there is no finished candidate to compare with.
    """
    with _overlaid(project, rules) as other, _copied(other, project) as connection:
        _remember(connection)
        if (rules / "sources").is_dir():
            normalise(connection, other.sources, progress)
        _rerun(connection, other, project, as_of, progress)
        return _difference(connection, samples)


@contextmanager
def _overlaid(project: Project, rules: Path) -> Iterator[Project]:
    """Yield the project as it would be with the files of ``rules`` in place of its own."""
    given = [file for pattern in _RULE_FILES for file in sorted(rules.glob(pattern))]
    if not given:
        raise ConfigError(
            f"{rules} holds no rules to try.",
            hint="Copy matching.yml or survivorship.yml there, change it, and name the folder.",
        )
    with tempfile.TemporaryDirectory(prefix="what_if_") as scratch:
        folder = Path(scratch)
        for root in (project.folder, rules):
            for pattern in _RULE_FILES:
                for file in root.glob(pattern):
                    target = folder / file.relative_to(root)
                    target.parent.mkdir(exist_ok=True)
                    shutil.copyfile(file, target)
        yield load_project(folder)


@contextmanager
def _copied(other: Project, project: Project) -> Iterator[Connection]:
    """Yield a connection to a copy of the working file, which is removed afterwards."""
    original = project.store.path
    if not original.is_file():
        raise StoreError("There is no candidate to compare with yet. Run 'golden run' first.")
    with tempfile.TemporaryDirectory(prefix="what_if_", dir=original.parent) as scratch:
        copy = Path(scratch) / original.name
        with FileLock(f"{original}.lock", timeout=project.store.wait):
            for suffix in ("", ".wal"):  # a killed step leaves a log that belongs to the file
                if (part := original.with_name(f"{original.name}{suffix}")).is_file():
                    shutil.copyfile(part, copy.with_name(f"{copy.name}{suffix}"))
        with replace(project.store, path=copy).writing() as connection:
            yield connection


def _remember(connection: Connection) -> None:
    """Set aside what the rules of today gave; refuse where there is nothing complete."""
    marks = connection.execute(
        "SELECT count(DISTINCT run_id), count(*) FROM work.mark "
        "WHERE step IN ('match', 'identify', 'survive')"
    ).fetchone()
    if marks != (1, 3):
        raise StoreError(
            "The working file holds no finished candidate: a run was stopped in the middle. Run "
            "'golden run' first."
        )
    for name in _KEPT:
        connection.execute(f"CREATE TEMP TABLE if_{name} AS FROM golden.{quote(name)}")
    connection.execute("CREATE TEMP TABLE if_review AS FROM matched.review")


def _rerun(
    connection: Connection, other: Project, project: Project, as_of: date, progress: Progress
) -> None:
    current = project.versions.current()
    previous = current.golden_file if current else None
    write_decisions(connection, Decisions(project.state).in_force(), as_of, previous)
    clean = [source.name for source in other.sources if source.duplicate_free]
    walk = partial(match, connection, other.matching, progress, duplicate_free=clean)
    try:
        walk(other.models or kept_models(connection, project))
    except ConfigError:  # the rules ask what the kept model has not learnt
        walk(None)
    identify(connection, previous)
    survive(connection, other.survivorship, other.sources, previous, progress)


def _difference(connection: Connection, samples: int) -> Difference:
    def ask(sql: str) -> int:
        return count(connection, sql)

    return Difference(
        customers=(
            ask("SELECT count(*) FROM if_customer"),
            ask("SELECT count(*) FROM golden.customer"),
        ),
        merged=ask(
            "SELECT count(*) FROM golden.customer_id_redirect "
            "WHERE customer_id IS NOT NULL AND retired_id IN (SELECT customer_id FROM if_customer)"
        ),
        retired=ask(
            "SELECT count(*) FROM golden.customer_id_redirect "
            "WHERE retired_id IN (SELECT customer_id FROM if_customer)"
        ),
        split=ask(
            "SELECT count(*) FROM (SELECT w.customer_id FROM if_customer_xref w "
            "JOIN golden.customer_xref n USING (record_key) GROUP BY w.customer_id "
            "HAVING count(DISTINCT n.customer_id) > 1)"
        ),
        created=ask(
            "SELECT count(*) FROM golden.customer "
            "WHERE customer_id NOT IN (SELECT customer_id FROM if_customer)"
        ),
        moved_records=ask(
            "SELECT count(*) FROM if_customer_xref w JOIN golden.customer_xref n "
            "USING (record_key) WHERE w.customer_id <> n.customer_id"
        ),
        waiting=(
            ask("SELECT count(*) FROM if_review"),
            ask("SELECT count(*) FROM matched.review"),
        ),
        cells=_cells(connection),
        pairs=_sampled(connection, samples),
    )


def _cells(connection: Connection) -> dict[str, int]:
    columns = [c.name for c in table("golden", "customer").columns if c.name not in _UNCOMPARED]
    counts = ", ".join(
        f"count(*) FILTER (w.{quote(name)} IS DISTINCT FROM n.{quote(name)})" for name in columns
    )
    row = connection.execute(
        f"SELECT {counts} FROM if_customer w JOIN golden.customer n USING (customer_id)"
    ).fetchone()
    return {name: found for name, found in zip(columns, row or (), strict=False) if found}


def _sampled(connection: Connection, samples: int) -> tuple[SamplePair, ...]:
    """Return up to ``samples`` pairs, half of each sort where there are, one per two customers.

    Which ones is decided by a hash of their keys: a fair sample, the same every time.
    """
    joined = _pairs(
        connection, "matched.pair", "if_customer_xref", "golden.customer_xref", "decision = 'match'"
    )
    parted = _pairs(
        connection, "if_match_evidence", "golden.customer_xref", "if_customer_xref", "TRUE"
    )
    half = max(samples // 2, samples - len(parted))
    told = [SamplePair(True, *row) for row in joined[:half]]
    return (*told, *(SamplePair(False, *_now(connection, row)) for row in parted))[:samples]


def _pairs(
    connection: Connection, pairs: str, apart: str, together: str, condition: str
) -> list[tuple[str, str, str, str]]:
    """Return linked pairs whose records are two customers in ``apart`` and one in ``together``."""
    return connection.execute(f"""
        SELECT p.left_key, p.right_key, p.rule, p.because
        FROM {pairs} p
        JOIN {apart} l ON l.record_key = p.left_key
        JOIN {apart} r ON r.record_key = p.right_key AND r.customer_id <> l.customer_id
        JOIN {together} lt ON lt.record_key = p.left_key
        JOIN {together} rt ON rt.record_key = p.right_key AND rt.customer_id = lt.customer_id
        WHERE {condition}
        QUALIFY row_number() OVER (
            PARTITION BY least(l.customer_id, r.customer_id),
                greatest(l.customer_id, r.customer_id)
            ORDER BY md5(p.left_key || '|' || p.right_key), p.left_key, p.right_key) = 1
        ORDER BY md5(p.left_key || '|' || p.right_key), p.left_key, p.right_key
        LIMIT 1000
    """).fetchall()


def _now(connection: Connection, row: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    """Return what the other rules say of a pair that the rules of today had linked."""
    left, right, rule, _ = row
    found = connection.execute(
        "SELECT rule, because FROM matched.pair WHERE left_key = $left AND right_key = $right",
        {"left": left, "right": right},
    ).fetchone()
    said = found or (rule, "no rule and too little evidence for it now · 现有规则与证据均不足")
    return left, right, str(said[0]), str(said[1])


def values_of(project: Project, keys: list[str]) -> dict[str, str]:
    """Return for each record its name, birth date and identity number's class, to look at."""
    listed = ", ".join(literal(key) for key in keys)
    with project.store.reading() as connection:
        rows = connection.execute(f"""
            SELECT r.record_key, concat_ws(' · ',
                (SELECT string_agg(DISTINCT value, ' / ' ORDER BY value) FROM normalised.name n
                 WHERE n.record_key = r.record_key),
                (SELECT min(value) FROM normalised.attribute a
                 WHERE a.record_key = r.record_key AND attribute = 'birth_date'),
                (SELECT string_agg(DISTINCT value, ' / ' ORDER BY value)
                 FROM normalised.contact c WHERE c.record_key = r.record_key))
            FROM normalised.record r WHERE r.record_key IN ({listed or "''"})
        """).fetchall()
    return dict(rows)
