"""Gives every cluster its customer id: the one its records had before, or a new one.

``matched.cluster`` and the previous published file → ``matched.identity``,
``golden.customer_id_redirect``, ``golden.customer_id_member``, ``matched.identity_event`` and
``matched.basis``.

- A cluster keeps the earlier id it shares most records with; ties go to the older id.
- An id goes to one cluster only. On a split the other parts get the id they had before a merge,
  if they had one, or a new one.
- An id that no cluster gets is retired. It redirects to the customer that holds most of the
  records it last had, or follows the id it was merged into; NULL when its records are gone.
- When the records of a retired id stand alone again, they get it back: that is what
  ``customer_id_member`` is for (see docs/decisions/0006-undone-merges.md).
- New ids count on from the highest ever given, in the order of the smallest record key.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from matching.claims import give_earlier_ids, write_claims
from matching.customer_ids import id_sql, number_sql
from models.tables import table
from warehouse.previous import bring, version_info
from warehouse.store import Connection, begin_layer, count, insert_select
from warehouse.versions import last_id_number

_REDIRECT = table("golden", "customer_id_redirect")
_MEMBER = table("golden", "customer_id_member")
_EVENTS = ("created", "kept", "merged", "split", "retired")


@dataclass(frozen=True, slots=True)
class IdentifyReport:
    """Records and customers now, and how many ids each event befell."""

    records: int
    customers: int
    created: int
    kept: int
    merged: int
    split: int
    retired: int

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)


def identify(con: Connection, previous: Path | None) -> IdentifyReport:
    """Fill the identity tables from ``matched.cluster`` and the ``previous`` golden file."""
    begin_layer(con, "matched", "identity", "identity_event", "basis")
    begin_layer(con, "golden", _REDIRECT.name, _MEMBER.name)
    _remember(con, previous)
    write_claims(con)
    give_earlier_ids(con)
    last_number = _give_new_ids(con, _last_number(con, previous))
    _write_identity(con)
    _write_redirects(con)
    _write_members(con)
    _write_events(con)
    _write_basis(con, previous, last_number)
    _forget(con)
    return _report(con)


def _remember(con: Connection, previous: Path | None) -> None:
    """Bring the previous version: who had which record, which ids are retired, who held what."""
    bring(con, previous, table("golden", "customer_xref"), "id_was")
    bring(con, previous, _REDIRECT, "id_retired")
    bring(con, previous, _MEMBER, "id_member")


def _last_number(con: Connection, previous: Path | None) -> int:
    """Return the highest id number ever given, in any version that was ever published."""
    seen = count(
        con,
        f"SELECT max({number_sql('id')}) FROM (SELECT customer_id AS id FROM id_was "
        "UNION ALL SELECT retired_id FROM id_retired)",
    )
    return max(seen, last_id_number(previous))


def _give_new_ids(con: Connection, last_number: int) -> int:
    """Give the other clusters new ids; return the highest number given now."""
    con.execute(f"""
        INSERT INTO id_given
        WITH fresh AS (
            SELECT cluster_id, {last_number} + row_number() OVER (ORDER BY min(record_key)) AS n
            FROM matched.cluster
            WHERE cluster_id NOT IN (SELECT cluster_id FROM id_given)
            GROUP BY cluster_id
        )
        SELECT cluster_id, {id_sql("n")} FROM fresh
    """)
    return max(last_number, count(con, f"SELECT max({number_sql('customer_id')}) FROM id_given"))


def _write_identity(con: Connection) -> None:
    insert_select(
        con,
        table("matched", "identity"),
        "SELECT record_key, customer_id FROM matched.cluster JOIN id_given USING (cluster_id)",
    )


def _write_redirects(con: Connection) -> None:
    """Point every retired id to who holds its records today, or to where its target went."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE id_last AS
        SELECT m.customer_id AS retired_id, m.record_key
        FROM id_member m JOIN id_retired r ON r.retired_id = m.customer_id
        WHERE m.customer_id NOT IN (SELECT customer_id FROM id_given)
        UNION ALL
        SELECT customer_id, record_key
        FROM id_was
        WHERE customer_id NOT IN (SELECT customer_id FROM id_given)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE id_holder AS
        SELECT l.retired_id, i.customer_id
        FROM id_last l JOIN matched.identity i USING (record_key)
        GROUP BY l.retired_id, i.customer_id
        QUALIFY row_number() OVER (
            PARTITION BY l.retired_id ORDER BY count(*) DESC, i.customer_id) = 1
    """)
    insert_select(
        con,
        _REDIRECT,
        """
        WITH gone AS (
            SELECT retired_id, customer_id AS target FROM id_retired
            WHERE retired_id NOT IN (SELECT customer_id FROM id_given)
            UNION ALL
            SELECT DISTINCT customer_id, NULL FROM id_was
            WHERE customer_id NOT IN (SELECT customer_id FROM id_given)
        ),
        today AS (
            SELECT gone.retired_id,
                coalesce(held.customer_id, kept.customer_id, moved.customer_id) AS customer_id
            FROM gone
            LEFT JOIN id_holder held ON held.retired_id = gone.retired_id
            LEFT JOIN id_given kept ON kept.customer_id = gone.target
            LEFT JOIN id_holder moved ON moved.retired_id = gone.target
        )
        SELECT retired_id, customer_id,
            CASE WHEN customer_id IS NULL THEN 'gone' ELSE 'merged' END AS cause
        FROM today
        """,
    )


def _write_members(con: Connection) -> None:
    """Keep the last records of retired ids, and those of their targets from before the merge."""
    insert_select(con, _MEMBER, "SELECT retired_id AS customer_id, record_key FROM id_last")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE id_target AS
        SELECT DISTINCT customer_id FROM golden.customer_id_redirect WHERE customer_id IS NOT NULL
    """)
    for source in ("id_member", "id_was", "matched.identity"):
        insert_select(
            con,
            _MEMBER,
            f"""
            SELECT customer_id, record_key FROM {source}
            WHERE customer_id IN (SELECT customer_id FROM id_target)
                AND customer_id NOT IN (SELECT customer_id FROM golden.customer_id_member)
            """,
        )


def _write_events(con: Connection) -> None:
    insert_select(
        con,
        table("matched", "identity_event"),
        """
        WITH today AS (SELECT customer_id, count(*) AS records FROM matched.identity GROUP BY ALL),
        before AS (SELECT customer_id, count(*) AS records FROM id_was GROUP BY ALL),
        origin AS (
            SELECT cluster_id, customer_id AS other FROM id_overlap
            QUALIFY row_number() OVER (
                PARTITION BY cluster_id ORDER BY overlap DESC, customer_id) = 1
        )
        SELECT g.customer_id,
            CASE WHEN before.customer_id IS NOT NULL THEN 'kept'
                WHEN origin.other IS NOT NULL THEN 'split' ELSE 'created' END AS event,
            CASE WHEN before.customer_id IS NULL THEN origin.other END AS other_customer_id,
            today.records
        FROM id_given g
        JOIN today USING (customer_id)
        LEFT JOIN before USING (customer_id)
        LEFT JOIN origin USING (cluster_id)
        UNION ALL
        SELECT before.customer_id, CASE WHEN r.customer_id IS NULL THEN 'retired' ELSE 'merged' END,
            r.customer_id, before.records
        FROM before JOIN golden.customer_id_redirect r ON r.retired_id = before.customer_id
        """,
    )


def _write_basis(con: Connection, previous: Path | None, last_number: int) -> None:
    info = version_info(previous)
    con.execute(
        "INSERT INTO matched.basis VALUES ($version, $digest, $last)",
        {"version": info.get("version"), "digest": info.get("digest"), "last": last_number},
    )


def _forget(con: Connection) -> None:
    for name in (
        *("was", "retired", "member", "overlap", "own", "claim"),
        *("given", "last", "holder", "target"),
    ):
        con.execute(f"DROP TABLE IF EXISTS temp.id_{name}")


def _report(con: Connection) -> IdentifyReport:
    found = dict(
        con.execute("SELECT event, count(*) FROM matched.identity_event GROUP BY ALL").fetchall()
    )
    events = {event: int(found.get(event, 0)) for event in _EVENTS}
    return IdentifyReport(
        records=count(con, "SELECT count(*) FROM matched.identity"),
        customers=events["created"] + events["kept"] + events["split"],
        **events,
    )
