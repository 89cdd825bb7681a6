"""What the choice works on: the records of the customers to be redone, numbered, and their values.

``survive_touched`` and ``normalised.*`` → temporary tables of which every other question of
``survive`` is asked, so that a run over few customers never looks at the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from matching.customer_ids import number_sql
from matching.survive_key import weight
from matching.survivorship import CHOSEN
from models.errors import ConfigError
from models.source import SourceConfig
from models.tables import table
from warehouse.sql import quote
from warehouse.store import Connection

_VALUES = ("name", "identifier", "contact", "address", "attribute", "account", "consent")
# Records without a business time count as of this day; trust fades from here, whatever comes.
_OLDEST = "TIMESTAMP '1900-01-01'"


def gather(con: Connection, sources: Sequence[SourceConfig]) -> None:
    """Write ``survive_member``, ``survive_trust``, ``survive_verified``, ``survive_<values>``.

    Raises ConfigError when a source's trust names an attribute that is not chosen.
    """
    _members(con)
    for name in _VALUES:
        columns = [c for c in table("normalised", name).column_names if c != "record_key"]
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE survive_{name} AS
            SELECT m.cust, m.rec, {", ".join(f"v.{quote(column)}" for column in columns)}
            FROM normalised.{quote(name)} v JOIN survive_member m USING (record_key)
        """)
    _trust(con, sources)
    _verified(con)


def forget(con: Connection) -> None:
    """Drop the temporary tables of ``gather``."""
    for name in ("member", "trust", "verified", *_VALUES):
        con.execute(f"DROP TABLE IF EXISTS temp.survive_{name}")


def _members(con: Connection) -> None:
    """Write every record with small numbers for itself and its customer.

    ``rec`` counts records in the order of their keys, so the smaller is the smaller key;
    ``seconds`` and ``years`` are its business time, counted from 1900.
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_member AS
        SELECT r.record_key, i.customer_id, {number_sql("i.customer_id")} AS cust,
            (row_number() OVER (ORDER BY r.record_key))::INTEGER AS rec,
            r.source, r.object, r.source_pk, r.party_type, r.updated_at,
            date_diff('second', {_OLDEST}, r.updated_at) AS seconds,
            coalesce(greatest(seconds, 0) / (365.25 * 86400), 0) AS years
        FROM normalised.record r
        JOIN matched.identity i USING (record_key)
        SEMI JOIN survive_touched USING (customer_id)
    """)


def _trust(con: Connection, sources: Sequence[SourceConfig]) -> None:
    """Write how far each source is trusted for each attribute, and that on a scale to fade it."""
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
            trust = float(source.trust_by_attribute.get(attribute, source.trust))
            rows.append(
                {
                    "source": source.name,
                    "attribute": attribute,
                    "trust": trust,
                    "weight": weight(trust),
                }
            )
    con.register("source_trust", pa.Table.from_pylist(rows))
    con.execute("CREATE OR REPLACE TEMP TABLE survive_trust AS SELECT * FROM source_trust")
    con.unregister("source_trust")


def _verified(con: Connection) -> None:
    """Write what the customers' valid resident numbers say about them."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE survive_verified AS
        WITH number AS (
            SELECT cust, birth_date, sex FROM survive_identifier
            WHERE id_class = 'resident_id' AND status = 'valid'
        )
        SELECT DISTINCT cust, 'birth_date' AS attribute, birth_date::VARCHAR AS verified
        FROM number WHERE birth_date IS NOT NULL
        UNION ALL
        SELECT DISTINCT cust, 'sex', sex FROM number WHERE sex IS NOT NULL
    """)
