"""Which customers must be chosen anew: those whose signature is not what it was.

A customer's signature sums up, free of order, all that its golden rows are made of: its records
and what they say, decisions that name them, links between them, doubts, shared contacts. It is kept
in ``work.survive_customer``; the rules and the program by which the rows were made in
``work.survive_basis``. States are compared, never events: a run that was killed or held leaves no
gap, and a new working file simply has no signatures.

``work.touched`` and ``work.touched_basis`` say the same towards the *published* version, and so
go on growing over runs that were held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from matching.survivorship import SurvivorshipConfig
from models.source import SourceConfig
from warehouse.edition import code_digest
from warehouse.store import Connection, count

_STATE = """
    CREATE SCHEMA IF NOT EXISTS work;
    CREATE TABLE IF NOT EXISTS work.survive_customer (
        customer_id VARCHAR, signature HUGEINT);
    CREATE TABLE IF NOT EXISTS work.survive_basis (rules VARCHAR, since VARCHAR);
    CREATE TABLE IF NOT EXISTS work.touched (customer_id VARCHAR);
    CREATE TABLE IF NOT EXISTS work.touched_basis (whole BOOLEAN);
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is to be redone: ``whole``, or the customers in ``survive_touched``."""

    whole: bool
    rules: str


def compare(con: Connection, config: SurvivorshipConfig, sources: Sequence[SourceConfig]) -> Extent:
    """Write ``survive_signature`` and ``survive_touched`` (ids that are, or were, customers)."""
    con.execute(_STATE)
    _sign(con)
    rules = _rules(config, sources)
    whole = not _continues(con, rules)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_touched AS
        SELECT customer_id FROM survive_signature n FULL JOIN work.survive_customer w
            USING (customer_id)
        WHERE {whole} OR n.signature IS DISTINCT FROM w.signature
    """)
    return Extent(whole, rules)


def keep(con: Connection, extent: Extent, run_id: str | None) -> None:
    """Keep the signatures, and add to ``work.touched``; ``run_id`` made the published version."""
    con.execute("""
        DELETE FROM work.survive_customer
        WHERE customer_id IN (SELECT customer_id FROM survive_touched)
    """)
    con.execute("""
        INSERT INTO work.survive_customer
        SELECT * FROM survive_signature SEMI JOIN survive_touched USING (customer_id)
    """)
    _add_touched(con, extent, run_id)
    con.execute("DELETE FROM work.survive_basis")
    con.execute("INSERT INTO work.survive_basis VALUES (?, ?)", [extent.rules, run_id])
    con.execute("DROP TABLE temp.survive_signature")
    con.execute("DROP TABLE temp.survive_touched")


def _sign(con: Connection) -> None:
    """Sum up what each customer's golden rows are made of: 64-bit hashes, in any order."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE survive_signature AS
        WITH part AS (
            SELECT i.customer_id,
                hash(concat(f.record_key, ' ', f.content_hash, ' ', f.evidence_hash)) AS says
            FROM matched.identity i LEFT JOIN normalised.fingerprint f USING (record_key)
            UNION ALL
            SELECT DISTINCT i.customer_id, hash('doubt')
            FROM (SELECT left_key AS record_key FROM matched.review
                  UNION ALL SELECT right_key FROM matched.review)
            JOIN matched.identity i USING (record_key)
            UNION ALL
            SELECT i.customer_id, hash(concat_ws(' ', 'shared', c.record_key, c.kind, c.value))
            FROM normalised.contact c
            SEMI JOIN matched.stop_value s ON s.kind = c.kind AND s.value = c.value
            JOIN matched.identity i USING (record_key)
            UNION ALL
            SELECT i.customer_id, hash(to_json(d)::VARCHAR)
            FROM matched.decision d JOIN matched.identity i USING (record_key)
            UNION ALL
            SELECT l.customer_id,
                hash(concat_ws(' ', p.left_key, p.right_key, p.score, p.rule, p.because, p.levels))
            FROM matched.pair p JOIN matched.identity l ON l.record_key = p.left_key
            WHERE p.decision = 'match'
        )
        SELECT customer_id, sum(says)::HUGEINT AS signature FROM part GROUP BY customer_id
    """)


def _continues(con: Connection, rules: str) -> bool:
    """Tell whether the golden tables in this file are those that the signatures speak of."""
    row = con.execute("SELECT rules FROM work.survive_basis").fetchone()
    if row is None or row[0] != rules:
        return False
    present = count(
        con,
        "SELECT count(*) FROM duckdb_tables() WHERE NOT internal "
        "AND schema_name = 'golden' AND table_name IN ('customer', 'customer_xref')",
    )
    if present < 2 or count(con, "SELECT count(*) FROM normalised.fingerprint") < count(
        con, "SELECT count(*) FROM normalised.record"
    ):
        return False
    return count(con, "SELECT count(*) FROM golden.customer") == count(
        con, "SELECT count(*) FROM work.survive_customer"
    )


def _rules(config: SurvivorshipConfig, sources: Sequence[SourceConfig]) -> str:
    """Return a digest over the rules, the trust, and the program with its tables."""
    digest = hashlib.sha256(f"{code_digest()} {config.model_dump_json()}".encode())
    for source in sorted(sources, key=lambda item: item.name):
        trust = sorted(source.trust_by_attribute.items())
        digest.update(repr((source.name, source.trust, trust)).encode())
    return digest.hexdigest()


def _add_touched(con: Connection, extent: Extent, run_id: str | None) -> None:
    """Add to ``work.touched``, from empty when this file's golden tables are the published ones."""
    row = con.execute("SELECT since FROM work.survive_basis").fetchone()
    goes_on = row is not None and run_id is not None and row[0] == run_id
    if not goes_on:
        known = _published_from_here(con, run_id)
        con.execute("DELETE FROM work.touched")
        con.execute("DELETE FROM work.touched_basis")
        con.execute("INSERT INTO work.touched_basis VALUES (?)", [not known])
    if extent.whole:
        con.execute("UPDATE work.touched_basis SET whole = TRUE")
    con.execute("""
        INSERT INTO work.touched
        SELECT customer_id FROM survive_touched
        WHERE customer_id NOT IN (SELECT customer_id FROM work.touched)
    """)


def _published_from_here(con: Connection, run_id: str | None) -> bool:
    """Tell whether the last run that chose in this file went on to publish the version before."""
    marks = count(
        con,
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'work' AND table_name = 'mark'",
    )
    if not marks or run_id is None:
        return False
    steps = ("survive", "check", "publish")
    done = con.execute("SELECT step FROM work.mark WHERE run_id = ?", [run_id]).fetchall()
    return {row[0] for row in done} >= set(steps)
