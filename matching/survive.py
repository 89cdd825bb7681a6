"""One golden customer out of all its records, with the reason for every value.

``normalised.*``, ``matched.*`` and the survivorship rules → every golden table but the two that
``identify`` fills, and the two that tell how this version differs from earlier ones.

Only customers of which something has changed since the last run are redone (``survive_touched``).
Their records are gathered and numbered (``survive_members``); then, attribute by attribute
(``facts``), the best value is chosen and winner and losers go to ``customer_provenance``
(``choose``), a steward's pins over all (``survive_pins``); the winners are put together, and all
other values kept in their own tables (``golden_lists``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.choose import begin_proof, choose, write_proof
from matching.facts import FACTS
from matching.golden_lists import LISTS, fill_lists, fill_relationships
from matching.survive_members import forget, gather
from matching.survive_pins import apply_pins, prove_pins, read_pins
from matching.survive_touched import compare, keep
from matching.survivorship import SurvivorshipConfig
from models.errors import StoreError
from models.progress import Progress, silent
from models.source import SourceConfig
from models.tables import LAYERS, table
from warehouse.previous import version_info
from warehouse.sql import create_statement, quote
from warehouse.store import Connection, begin_layer, count, insert_select

# Filled by ``identify``, and by the accounting that follows.
_NOT_HERE = frozenset(
    {"customer_id_redirect", "customer_id_member", "customer_change", "customer_history"}
)
_FILLED = tuple(item.name for item in LAYERS["golden"] if item.name not in _NOT_HERE)
_MANY_ROWS = 4_000_000
_BY_CUSTOMER = ("customer", "customer_provenance", *LISTS)


@dataclass(frozen=True, slots=True)
class SurviveReport:
    """Customers that were redone, and the rows of every golden table it fills, by its name."""

    redone: int
    rows: dict[str, int]

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return {"redone": self.redone, **self.rows}


def survive(
    con: Connection,
    config: SurvivorshipConfig,
    sources: Sequence[SourceConfig],
    previous: Path | None,
    progress: Progress = silent,
) -> SurviveReport:
    """Fill the golden tables.

    ``previous`` is the golden file that ``identify`` was given. Raises ConfigError when a source's
    trust names an unknown attribute.
    """
    run_before = _same_basis(con, previous)
    _where_missing(con)
    extent = compare(con, config, sources)
    _begin(con, whole=extent.whole)
    gather(con, sources)
    redone = count(con, "SELECT count(DISTINCT cust) FROM survive_member")
    pinned = read_pins(con)
    begin_proof(con)
    for done, fact in enumerate(FACTS):
        progress(f"choose {fact.name}", done, len(FACTS))
        choose(con, fact, config.attributes[fact.name])
        apply_pins(con, fact, pinned)
        write_proof(con, at_least=_MANY_ROWS)
    write_proof(con)
    prove_pins(con, pinned)
    _customers(con)
    fill_lists(con)
    _forget(con)
    fill_relationships(con)
    keep(con, extent, run_before)
    progress("choose", len(FACTS), len(FACTS))
    return SurviveReport(
        redone,
        {name: count(con, f"SELECT count(*) FROM golden.{quote(name)}") for name in _FILLED},
    )


def _begin(con: Connection, *, whole: bool) -> None:
    """Empty the golden tables, or take out the customers that are redone or gone."""
    if whole:
        begin_layer(con, "golden", *_BY_CUSTOMER)
        return
    for name in _BY_CUSTOMER:
        con.execute(f"""
            DELETE FROM golden.{quote(name)}
            WHERE customer_id IN (SELECT customer_id FROM survive_touched)
        """)


def _where_missing(con: Connection) -> None:
    """Make tables that others fill, where no step before has made them."""
    others = (
        table("matched", "decision"),
        table("golden", "customer_relationship"),
        *(table("golden", name) for name in sorted(_NOT_HERE)),
    )
    for item in others:
        statement = create_statement(item)
        con.execute(statement.replace("CREATE OR REPLACE TABLE", "CREATE TABLE IF NOT EXISTS", 1))


def _same_basis(con: Connection, previous: Path | None) -> str | None:
    """Return the run that made the version before."""
    row = con.execute("SELECT version FROM matched.basis").fetchone()
    info = version_info(previous)
    version = info.get("version")
    if row is None or row[0] != version:
        raise StoreError(
            f"The ids continue {row[0] if row else None}, but {version} is published now. Run the "
            "flow again from 'identify'."
        )
    run_id = info.get("run_id")
    return None if run_id is None else str(run_id)


def _customers(con: Connection) -> None:
    """Put the winners of every fact together: one row per customer."""
    joins = " ".join(f"LEFT JOIN won_{fact.name} USING (cust)" for fact in FACTS)
    columns = ", ".join(quote(column) for fact in FACTS for column in fact.columns)
    insert_select(
        con,
        table("golden", "customer"),
        f"""
        WITH counted AS (
            SELECT cust, any_value(customer_id) AS customer_id, count(*) AS record_count,
                count(DISTINCT source) AS source_count, max(updated_at) AS updated_at
            FROM survive_member GROUP BY cust
        ),
        doubtful AS (
            SELECT DISTINCT m.cust
            FROM (SELECT left_key AS record_key FROM matched.review
                  UNION ALL SELECT right_key FROM matched.review)
            JOIN survive_member m USING (record_key)
        )
        SELECT customer_id, {columns}, record_count, source_count,
            doubtful.cust IS NOT NULL AS review_pending, updated_at
        FROM counted {joins} LEFT JOIN doubtful ON doubtful.cust = counted.cust
        """,
    )


def _forget(con: Connection) -> None:
    forget(con)
    for name in ("candidate", "value", "ranked", "proof", "pin"):
        con.execute(f"DROP TABLE IF EXISTS temp.survive_{name}")
    for fact in FACTS:
        con.execute(f"DROP TABLE temp.won_{fact.name}")
