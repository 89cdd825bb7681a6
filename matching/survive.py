"""One golden customer out of all its records, with the reason for every value.

``normalised.*``, ``matched.*`` and the survivorship rules → every golden table but the two that
``identify`` fills, and the two that tell how this version differs from earlier ones. Attribute by
attribute (``facts``): gather what the records say, choose (``choose``), write the winner and the losers to ``customer_provenance``; then put the winners
together and keep all other values in their own tables (``golden_lists``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from matching.choose import choose
from matching.facts import FACTS
from matching.golden_lists import fill_lists
from matching.survivorship import CHOSEN, SurvivorshipConfig
from models.errors import ConfigError, StoreError
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


@dataclass(frozen=True, slots=True)
class SurviveReport:
    """Rows of every golden table that was filled, by its name."""

    rows: dict[str, int]

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return dict(self.rows)


def survive(
    con: Connection,
    config: SurvivorshipConfig,
    sources: Sequence[SourceConfig],
    previous: Path | None,
    progress: Progress = silent,
    cause: str | None = None,
) -> SurviveReport:
    """Fill the golden tables.

    ``previous`` is the golden file that ``identify`` was given; ``cause`` is no longer looked at:
    ``warehouse.accounting`` finds causes.
    Raises ConfigError when a source's trust names an unknown attribute.
    """
    _same_basis(con, previous)
    _where_missing(con)
    names = [item.name for item in LAYERS["golden"] if item.name not in _NOT_HERE]
    begin_layer(con, "golden", *names)
    _members(con)
    _trust(con, sources)
    _verified(con)
    for done, fact in enumerate(FACTS):
        progress(f"choose {fact.name}", done, len(FACTS))
        choose(con, fact, config.attributes[fact.name])
    _customers(con)
    fill_lists(con)
    _forget(con)
    progress("choose", len(FACTS), len(FACTS))
    return SurviveReport(
        {name: count(con, f"SELECT count(*) FROM golden.{quote(name)}") for name in names}
    )


def _where_missing(con: Connection) -> None:
    """Make tables that others fill, where no step before has made them."""
    others = (table("matched", "decision"), *(table("golden", name) for name in sorted(_NOT_HERE)))
    for item in others:
        statement = create_statement(item)
        con.execute(statement.replace("CREATE OR REPLACE TABLE", "CREATE TABLE IF NOT EXISTS", 1))


def _same_basis(con: Connection, previous: Path | None) -> None:
    row = con.execute("SELECT version FROM matched.basis").fetchone()
    version = version_info(previous).get("version")
    if row is None or row[0] != version:
        raise StoreError(
            f"The ids continue {row[0] if row else None}, but {version} is published now. Run the "
            "flow again from 'identify'."
        )


def _members(con: Connection) -> None:
    """Write ``survive_member``: every record with small numbers for itself and its customer.

    ``rec`` counts records in the order of their keys, so the smaller is the smaller key.
    ``age_years`` is how much older a record is than the newest; without a time, as the oldest.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE survive_member AS
        WITH numbered AS (
            SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS cust
            FROM (SELECT DISTINCT customer_id FROM matched.identity)
        ),
        horizon AS (
            SELECT max(updated_at) AS newest, min(updated_at) AS oldest FROM normalised.record
        )
        SELECT r.record_key, i.customer_id, n.cust::INTEGER AS cust,
            (row_number() OVER (ORDER BY r.record_key))::INTEGER AS rec,
            r.source, r.object, r.source_pk, r.updated_at,
            coalesce(date_diff('second', coalesce(r.updated_at, h.oldest), h.newest)
                / (365.25 * 86400), 0) AS age_years
        FROM normalised.record r
        JOIN matched.identity i USING (record_key)
        JOIN numbered n USING (customer_id)
        CROSS JOIN horizon h
    """)


def _trust(con: Connection, sources: Sequence[SourceConfig]) -> None:
    """Write ``survive_trust``: how far each source is trusted for each attribute."""
    rows = []
    for source in sources:
        unknown = sorted(source.trust_by_attribute.keys() - set(CHOSEN))
        if unknown:
            raise ConfigError(
                f"trust_by_attribute names {', '.join(unknown)}, which is not chosen.",
                file=f"sources/{source.name}.yml",
                hint=f"Write one of {', '.join(CHOSEN)}.",
            )
        for attribute in CHOSEN:
            trust = source.trust_by_attribute.get(attribute, source.trust)
            rows.append({"source": source.name, "attribute": attribute, "trust": float(trust)})
    con.register("source_trust", pa.Table.from_pylist(rows))
    con.execute("CREATE OR REPLACE TEMP TABLE survive_trust AS SELECT * FROM source_trust")
    con.unregister("source_trust")


def _verified(con: Connection) -> None:
    """Write ``survive_verified``: what the customers' valid resident numbers say about them."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE survive_verified AS
        WITH number AS (
            SELECT m.cust, i.birth_date, i.sex
            FROM normalised.identifier i JOIN survive_member m USING (record_key)
            WHERE i.id_class = 'resident_id' AND i.status = 'valid'
        )
        SELECT DISTINCT cust, 'birth_date' AS attribute, birth_date::VARCHAR AS value
        FROM number WHERE birth_date IS NOT NULL
        UNION ALL
        SELECT DISTINCT cust, 'sex', sex FROM number WHERE sex IS NOT NULL
    """)


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
    for name in ("survive_member", "survive_trust", "survive_verified"):
        con.execute(f"DROP TABLE temp.{name}")
    for fact in FACTS:
        con.execute(f"DROP TABLE temp.won_{fact.name}")
