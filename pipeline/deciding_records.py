"""Who is meant by a word on the command line, and what those records say now; read-only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from models.decision import Decision
from models.errors import ConfigError, StoreError
from pipeline.project import Project
from warehouse.store import Connection

_CUSTOMER_ID = re.compile(r"C\d{10}[\dX]")
# records that said the same as a named one when it was decided, kept so that the decision never
# moves to one of them; of more than these, a follower could not be told apart anyway
_TWINS = 20


@dataclass(frozen=True, slots=True)
class Party:
    """What one word on the command line stands for: its records, and the customer it named."""

    word: str
    records: tuple[str, ...]
    customer_id: str | None = None


def find_parties(project: Project, words: Sequence[str]) -> list[Party]:
    """Return what each word stands for; raises ConfigError for one nobody knows."""
    with published(project) as con:
        customers = {word: _customer(con, word) for word in words if _CUSTOMER_ID.fullmatch(word)}
        known = _known(con, "customer_xref", words)
    missing = [word for word in words if word not in customers and word not in known]
    if missing:
        with working(project) as con:
            known |= _known(con, "normalised.record", missing)
    for place, word in enumerate(words, start=1):
        if word not in customers and word not in known:
            raise ConfigError(
                f"argument {place} is neither a record nor a customer of this project.",
                hint="A record is written source.object:key, as in customer_xref; "
                "a customer by its id.",
            )
    return [customers.get(word) or Party(word, (word,)) for word in words]


def _customer(con: Connection, word: str) -> Party:
    """Return today's customer behind an id of today or before, with its records."""
    rows = con.execute(
        "SELECT customer_id, record_key FROM customer_xref WHERE customer_id = coalesce("
        "(SELECT customer_id FROM customer_id_redirect WHERE retired_id = $id), $id) "
        "ORDER BY record_key",
        {"id": word},
    ).fetchall()
    if not rows:
        raise ConfigError(
            f"there is no customer {word} with records now.", hint="Look it up: golden show ID."
        )
    return Party(word, tuple(row[1] for row in rows), rows[0][0])


def _known(con: Connection, name: str, keys: Sequence[str]) -> set[str]:
    rows = con.execute(
        f"SELECT record_key FROM {name} WHERE record_key IN (SELECT unnest($keys::VARCHAR[]))",
        {"keys": list(keys)},
    ).fetchall()
    return {row[0] for row in rows}


def evidence_of(con: Connection, decision: Decision) -> dict[str, str]:
    """Return the hashes of the named records, and of a few others that say the same now."""
    rows = con.execute(
        """
        WITH named AS (
            SELECT record_key, evidence_hash FROM normalised.fingerprint
            WHERE record_key IN (SELECT unnest($keys::VARCHAR[]))
        ),
        twin AS (
            SELECT f.record_key, f.evidence_hash FROM normalised.fingerprint f
            WHERE evidence_hash IN (SELECT evidence_hash FROM named)
                AND record_key NOT IN (SELECT record_key FROM named)
            QUALIFY row_number() OVER (PARTITION BY evidence_hash ORDER BY record_key) <= $twins
        )
        FROM named UNION ALL FROM twin ORDER BY ALL
        """,
        {"keys": list(decision.records), "twins": _TWINS},
    ).fetchall()
    return dict(rows)


@contextmanager
def published(project: Project) -> Iterator[Connection]:
    """Yield the version readers see, read-only; raises StoreError before the first publish."""
    current = project.versions.current()
    if current is None:
        raise StoreError("Nothing is published yet. Run 'golden run' first.")
    with duckdb.connect(str(current.golden_file), read_only=True) as connection:
        yield connection


@contextmanager
def working(project: Project) -> Iterator[Connection]:
    """Yield the working file, read-only; raises StoreError when no run has left one.

    StoreLocked while a run is writing it.
    """
    if not project.store.path.is_file():
        raise StoreError(
            "There is no working file to read what the records say. Run 'golden run' first."
        )
    with project.store.reading() as connection:
        try:
            yield connection
        except duckdb.CatalogException as error:
            raise StoreError(
                "The working file holds no whole run. Run 'golden run' first."
            ) from error
