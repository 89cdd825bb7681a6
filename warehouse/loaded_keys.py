"""What became of all rows of every key, so that new runs can be added without the old ones.

``work.loaded__<source>__<object>`` has one row for each key that has more to tell than one live
row: ``deleted`` (its newest row says so), ``gone`` (deleted, or missed by the last sweep), and how
many of its rows are ``older``, ``same``, ``repeated`` and ``contradicting`` (as the kinds of
``warehouse.landed_sql``). A key of one live row stands only in the landed table. Rows without a key
count under the NULL key.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.tables import LANDED
from warehouse.load_parts import RawObject
from warehouse.sql import quote
from warehouse.store import Connection, count

PREFIX = "loaded__"
_LOSERS = ("older", "same", "repeated", "contradicting")
_BY_KEY = f"""
    SELECT pk, bool_or(deleted) AS deleted, bool_or(gone) AS gone,
           {", ".join(f"count(*) FILTER (kind = '{kind}') AS {kind}" for kind in _LOSERS)}
    FROM load_fate
"""
_MORE_TO_TELL = f"gone OR {' + '.join(_LOSERS)} > 0"


@dataclass(frozen=True, slots=True)
class KeyCounts:
    """How many rows have each fate, and how many keys of the last sweep never came."""

    live: int
    deleted: int
    superseded: int
    duplicate: int
    rejected: int
    missing: int


def table_of(item: RawObject) -> str:
    """Return the table of one object, quoted."""
    return f"work.{quote(f'{PREFIX}{item.table_name}')}"


def make_keys(con: Connection, item: RawObject) -> None:
    """Make the table new from ``load_fate``, which has every row."""
    con.execute("CREATE SCHEMA IF NOT EXISTS work")
    con.execute(f"""
        CREATE OR REPLACE TABLE {table_of(item)} AS {_BY_KEY}
        WHERE pk IS NULL OR pk IN
            (SELECT pk FROM load_fate WHERE fate <> 'live' AND pk IS NOT NULL)
        GROUP BY pk
    """)


def make_swept(con: Connection, item: RawObject, *, new_sweep: bool) -> None:
    """Make ``load_gone``: live keys that a new sweep misses and no new row names."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE load_gone AS SELECT {LANDED.key} AS pk FROM {item.landed}
        WHERE {new_sweep} AND NOT EXISTS (FROM load_key WHERE load_key.pk = {LANDED.key})
          AND NOT EXISTS (FROM load_fate WHERE load_fate.pk = {LANDED.key})
    """)


def keys_return(con: Connection, item: RawObject) -> bool:
    """Whether the last sweep lists a key without a new row that an earlier sweep had missed."""
    returned = count(
        con,
        f"SELECT count(*) FROM {table_of(item)} AS known WHERE gone AND NOT deleted "
        "AND EXISTS (FROM load_key WHERE load_key.pk = known.pk) "
        "AND NOT EXISTS (FROM load_fate WHERE load_fate.pk = known.pk)",
    )
    return returned > 0


def add_keys(con: Connection, item: RawObject) -> None:
    """Add the new rows in ``load_fate`` and the keys in ``load_gone``; before the table changes.

    All rows a key had before are older than the new ones.
    """
    known = table_of(item)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE load_known AS
        WITH new AS ({_BY_KEY} GROUP BY pk),
        before AS (
            SELECT new.pk, 1 + coalesce({" + ".join(f"known.{kind}" for kind in _LOSERS)}, 0) AS n
            FROM new LEFT JOIN {known} AS known ON known.pk = new.pk
            LEFT JOIN {item.landed} AS landed ON landed.{LANDED.key} = new.pk
            WHERE known.pk IS NOT NULL OR landed.{LANDED.key} IS NOT NULL
        )
        SELECT new.* REPLACE (new.older + coalesce(before.n, 0) AS older)
        FROM new LEFT JOIN before ON before.pk = new.pk WHERE new.pk IS NOT NULL
        UNION ALL BY NAME
        SELECT load_gone.pk, false AS deleted, true AS gone,
               {", ".join(f"coalesce(known.{kind}, 0) AS {kind}" for kind in _LOSERS)}
        FROM load_gone LEFT JOIN {known} AS known ON known.pk = load_gone.pk
        UNION ALL BY NAME
        SELECT NULL AS pk, false AS deleted, false AS gone,
               {", ".join(f"sum({kind})::BIGINT AS {kind}" for kind in _LOSERS)}
        FROM (FROM new UNION ALL BY NAME FROM {known}) WHERE pk IS NULL HAVING count(*) > 0
    """)
    con.execute(f"DELETE FROM {known} WHERE pk IS NULL OR pk IN (SELECT pk FROM load_known)")
    con.execute(f"INSERT INTO {known} BY NAME FROM load_known WHERE {_MORE_TO_TELL}")
    con.execute("DROP TABLE load_known")


def key_counts(con: Connection, item: RawObject) -> KeyCounts:
    """Count the rows of every fate; of ``load_key``, the keys that never came."""
    known = table_of(item)
    row = con.execute(f"""
        SELECT count(*) FILTER (gone),
               sum(older + CASE WHEN gone THEN repeated + contradicting ELSE 0 END),
               sum(same + CASE WHEN gone THEN 0 ELSE repeated END),
               sum(CASE WHEN gone THEN 0 ELSE contradicting END)
        FROM {known}
    """).fetchone()
    deleted, superseded, duplicate, rejected = (int(number or 0) for number in row or (0,) * 4)
    missing = count(
        con,
        "SELECT count(*) FROM load_key WHERE pk IS NOT NULL "
        f"AND NOT EXISTS (FROM {item.landed} AS landed WHERE landed.{LANDED.key} = load_key.pk) "
        f"AND NOT EXISTS (FROM {known} AS known WHERE known.pk = load_key.pk)",
    )
    live = count(con, f"SELECT count(*) FROM {item.landed}")
    return KeyCounts(live, deleted, superseded, duplicate, rejected, missing)
