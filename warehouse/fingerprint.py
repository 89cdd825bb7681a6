"""What every record says, as two hashes: ``normalised.fingerprint``.

A row becomes one text, the name of its table first, and NULL never looks like an empty value. The
lower halves of the rows' MD5 are added up modulo 2^64, so no order of rows changes a fingerprint
and a row that stands twice counts twice. DuckDB's own ``hash()`` differs between its versions.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.tables import Table, table
from models.tables.normalised import NORMALISED
from warehouse.sql import full_name, literal, quote
from warehouse.store import Connection, insert_select

_FINGERPRINT = table("normalised", "fingerprint")
# Of the record itself; its hash in the source is left out: a column nobody maps changes nothing.
_WHO, _WHEN = ("source", "party_type"), ("object", "source_pk", "updated_at")
_EVIDENCE = ("name", "identifier", "contact", "address", "attribute")
_CONTENT = ("account", "relationship", "consent")


def write_fingerprints(con: Connection, only: str | None = None) -> int:
    """Add the fingerprint of every record, or of those ``only`` names; return how many.

    ``only`` is a table with a column ``record_key``. ``evidence_hash`` is over party type, source
    and all that matching reads; ``content_hash`` over all of it and everything else but the
    defects, which are values nobody uses. None of the records may have a fingerprint yet.
    """
    sums = " UNION ALL ".join(_sums(only))
    return insert_select(
        con,
        _FINGERPRINT,
        f"""
        SELECT record_key, {_hex("sum(evidence)")} AS evidence_hash,
               {_hex("sum(evidence) + sum(content)")} AS content_hash
        FROM ({sums}) AS sums (record_key, evidence, content) GROUP BY record_key
        """,
    )


def _sums(only: str | None) -> Iterator[str]:
    """Yield SELECTs of ``record_key, evidence, content``: at most one row per record and table.

    Each table is summed up by itself first, so that never more than records × tables are held.
    """
    for definition in (item for item in NORMALISED if item.name in _EVIDENCE + _CONTENT):
        columns = [name for name in definition.column_names if name != "record_key"]
        total = f"sum({_number(definition, columns)})"
        both = f"{total}, 0" if definition.name in _EVIDENCE else f"0, {total}"
        yield (
            f"SELECT record_key, {both} FROM {full_name(definition)} {_where(only)} "
            "GROUP BY record_key"
        )
    record = table("normalised", "record")
    both = ", ".join(f"{_number(record, columns)}::HUGEINT" for columns in (_WHO, _WHEN))
    yield f"SELECT record_key, {both} FROM {full_name(record)} {_where(only)}"


def _where(only: str | None) -> str:
    return f"WHERE record_key IN (SELECT record_key FROM {only})" if only else ""


def _number(definition: Table, columns: list[str] | tuple[str, ...]) -> str:
    """Return the SQL expression of a row as a number of 64 bits."""
    types = {column.name: column.type for column in definition.columns}
    parts = (
        f"strlen({quote(name)}), ':', {quote(name)}"
        if types[name] == "VARCHAR"
        else f"{quote(name)}::VARCHAR, '|'"
        for name in columns
    )
    text = f"concat({literal(definition.name)}, ';', {', '.join(parts)})"
    return f"(md5_number({text}) & {2**64 - 1}::UHUGEINT)::UBIGINT"


def _hex(total: str) -> str:
    """Return the SQL expression of a sum's lower 64 bits as 16 hexadecimal digits."""
    return f"lower(lpad(to_hex((({total}) % {2**64}::HUGEINT)::UBIGINT), 16, '0'))"
