"""Which cluster gets which earlier id, where several want one or one could have several.

A claim says: this cluster holds ``overlap`` records of that id. They are served in the order of
their phase, then the largest overlap, then the id that fits best (fewest records in all), then
the older id. A cluster and an id are each served once.

- phase 1: a current id, and the cluster holds records it has of its own;
- phase 2: a retired id, and the cluster holds most of the records it had when it retired;
- phase 3: a current id that was only lent: all it has in this cluster came with a retired id, and
  another cluster holds records of its own. So an undone merge gives both parts their own id back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from warehouse.store import Connection


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """One cluster's claim on one id; claims sort in the order in which they are served.

    ``rank`` is minus the overlap; ``size`` how many records the retired id had, 0 for a current.
    """

    phase: int
    rank: int
    size: int
    customer_id: str
    cluster_id: str


def serve(claims: Iterable[Claim]) -> dict[str, str]:
    """Return the id given to each cluster that gets an earlier one: ``{cluster_id: id}``."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for claim in sorted(claims):
        if claim.cluster_id not in given and claim.customer_id not in taken:
            given[claim.cluster_id] = claim.customer_id
            taken.add(claim.customer_id)
    return given


def write_claims(con: Connection) -> None:
    """Write down which cluster may have which earlier id, and how strongly."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE id_overlap AS
        SELECT c.cluster_id, w.customer_id, count(*) AS overlap
        FROM matched.cluster c JOIN id_was w USING (record_key)
        GROUP BY ALL
    """)
    # Records an id had before merges that still hold: without those of the ids merged into it.
    con.execute("""
        CREATE OR REPLACE TEMP TABLE id_own AS
        WITH own AS (
            SELECT m.customer_id, m.record_key
            FROM id_member m
            WHERE m.customer_id IN (SELECT customer_id FROM id_was)
            EXCEPT
            SELECT r.customer_id, m.record_key
            FROM id_retired r JOIN id_member m ON m.customer_id = r.retired_id
        )
        SELECT DISTINCT c.cluster_id, o.customer_id
        FROM own o JOIN matched.cluster c USING (record_key)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE id_claim AS
        SELECT cluster_id, customer_id, overlap, 0 AS size,
            CASE WHEN customer_id IN (SELECT customer_id FROM id_own)
                AND NOT EXISTS (
                    SELECT 1 FROM id_own n
                    WHERE n.cluster_id = o.cluster_id AND n.customer_id = o.customer_id
                ) THEN 3 ELSE 1 END AS phase
        FROM id_overlap o
        UNION ALL
        SELECT c.cluster_id, m.customer_id, count(*) AS overlap, any_value(s.size) AS size, 2
        FROM id_member m
        JOIN id_retired r ON r.retired_id = m.customer_id
        JOIN matched.cluster c USING (record_key)
        JOIN (SELECT customer_id, count(*) AS size FROM id_member GROUP BY ALL) s
            ON s.customer_id = m.customer_id
        GROUP BY c.cluster_id, m.customer_id
        QUALIFY row_number() OVER (
            PARTITION BY m.customer_id ORDER BY overlap DESC, c.cluster_id) = 1
    """)


def give_earlier_ids(con: Connection) -> None:
    """Give earlier ids: at once where nobody disputes them, else in the order of the claims."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE id_given AS
        SELECT cluster_id, customer_id
        FROM id_claim
        WHERE phase <> 2
        QUALIFY count(*) OVER (PARTITION BY cluster_id) = 1
            AND count(*) OVER (PARTITION BY customer_id) = 1
    """)
    con.execute("""
        INSERT INTO id_given
        SELECT cluster_id, customer_id
        FROM id_claim
        WHERE cluster_id NOT IN (SELECT cluster_id FROM id_given)
        QUALIFY count(*) OVER (PARTITION BY cluster_id) = 1
            AND count(*) OVER (PARTITION BY customer_id) = 1
    """)
    disputed = con.execute("""
        SELECT phase, -overlap, size, customer_id, cluster_id
        FROM id_claim
        WHERE cluster_id NOT IN (SELECT cluster_id FROM id_given)
    """).fetchall()
    given = serve(Claim(*row) for row in disputed)
    con.register(
        "served_claims",
        pa.table(
            {
                "cluster_id": pa.array(list(given), pa.string()),
                "customer_id": pa.array(list(given.values()), pa.string()),
            }
        ),
    )
    con.execute("INSERT INTO id_given SELECT * FROM served_claims")
    con.unregister("served_claims")
