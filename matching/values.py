"""The compare frame: every normalised record as integer columns, read once from ``normalised.*``.

Records are numbered by ``record_key``, so whatever order rows arrive in, record 7 is the same
record. Multi-valued facts (names, numbers, phones, addresses) are ``Values``; birth date and sex
are one integer each, with what a valid identity number says going before what was typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from matching.columns import (
    Codes,
    Column,
    Levels,
    Texts,
    Values,
    arrow,
    encode,
    first_rows,
    flat,
    looked_up,
    marked,
    pc,
)
from models.fields.vocabulary import LIFELONG_ID_CLASSES
from warehouse.sql import literal
from warehouse.store import Connection

PERSON, ORGANISATION = 0, 1
SEX_CODES = {"male": 1, "female": 2}

# Kinds of values that many unrelated records may share by accident.
SharedKind = Literal["identifier", "mobile", "landline", "email", "address"]
SHARED_KINDS: tuple[SharedKind, ...] = ("identifier", "mobile", "landline", "email", "address")

_NAMES = """
    SELECT rec, name.* REPLACE (lower(family) AS family, lower(given) AS given)
    FROM normalised.name JOIN match_record USING (record_key)
    WHERE (party_type = 'person') = {person} AND fold_key IS NOT NULL AND status <> 'placeholder'"""
_CONTACTS = """
    SELECT rec, contact.* FROM normalised.contact JOIN match_record USING (record_key)
    WHERE kind IN ({kinds}) AND value IS NOT NULL AND status IN ('valid', 'masked')"""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read of one kind of value: the columns that make two values the same, and the order
    a record's values come in.
    """

    columns: tuple[str, ...]
    source: str
    order: str = "ordinal, value"

    @property
    def query(self) -> str:
        key = " || chr(31) || ".join(f"coalesce({name}, chr(30))" for name in self.columns)
        return (
            f"SELECT rec, {', '.join(self.columns)}, {key} AS value_key "
            f"FROM ({self.source}) ORDER BY rec, {self.order}"
        )


_READINGS = {
    "person_names": _Reading(
        ("fold_key", "sound_key", "family", "given", "script", "status"),
        _NAMES.format(person=True),
        "kind <> 'legal', ordinal, kind, value",
    ),
    "company_names": _Reading(
        (
            "fold_key",
            "sound_key",
            "org_region",
            "org_core",
            "org_form",
            "org_branch",
            "script",
            "status",
        ),
        _NAMES.format(person=False),
        "kind <> 'legal', ordinal, kind, value",
    ),
    "identifier": _Reading(
        ("id_class", "country", "value", "status"),
        """SELECT rec, identifier.* FROM normalised.identifier JOIN match_record USING (record_key)
        WHERE length(value) >= 5 AND status IN ('valid', 'unchecked', 'invalid', 'masked')""",
        "ordinal, id_class, value",
    ),
    # A number of unknown kind is compared with mobiles: that is what people give today.
    "mobile": _Reading(("value", "status"), _CONTACTS.format(kinds="'mobile', 'phone'")),
    "landline": _Reading(("value", "status"), _CONTACTS.format(kinds="'landline'")),
    "email": _Reading(("value", "status"), _CONTACTS.format(kinds="'email'")),
    "address": _Reading(
        ("region_code", "city", "district", "postcode", "address_key"),
        """SELECT rec, ordinal, region_code, lower(city) AS city, lower(district) AS district,
               postcode, address_key
        FROM normalised.address JOIN match_record USING (record_key)
        WHERE coalesce(address_key, region_code, city, postcode) IS NOT NULL""",
        "ordinal, address_key",
    ),
}
_BY_RECORD = ("party", "source", "birth", "typed_birth", "sex")
_FACTS = f"""
    WITH typed AS (
        SELECT record_key,
               max(TRY_CAST(value AS DATE)) FILTER (attribute = 'birth_date') AS birth_date,
               max(value) FILTER (attribute = 'sex') AS sex
        FROM normalised.attribute WHERE attribute IN ('birth_date', 'sex') GROUP BY ALL),
    proven AS (
        SELECT record_key, min(birth_date) AS birth_date, min(sex) AS sex
        FROM normalised.identifier
        WHERE status = 'valid' AND id_class IN ({", ".join(map(literal, LIFELONG_ID_CLASSES))})
        GROUP BY ALL)
    SELECT (party_type <> 'person')::UTINYINT AS party, source,
           coalesce(strftime(coalesce(proven.birth_date, typed.birth_date), '%Y%m%d')::INTEGER, 0)
               AS birth,
           coalesce(strftime(typed.birth_date, '%Y%m%d')::INTEGER, 0) AS typed_birth,
           CASE coalesce(proven.sex, typed.sex) WHEN 'male' THEN 1 WHEN 'female' THEN 2 ELSE 0 END
               ::UTINYINT AS sex
    FROM match_record LEFT JOIN proven USING (record_key) LEFT JOIN typed USING (record_key)
    ORDER BY rec"""


@dataclass(frozen=True)
class Frame:
    """All records of a run, ready to be compared. Arrays are indexed by record number.

    ``birth`` is ``yyyymmdd`` or 0, ``typed_birth`` the same but never taken from a number; ``sex``
    is 0 unknown, 1 male, 2 female; ``party`` is 0 person, 1 organisation; ``source`` numbers the
    names in ``sources``.
    """

    keys: Texts
    party: Levels
    source: Codes
    sources: tuple[str, ...]
    birth: Codes
    typed_birth: Codes
    sex: Levels
    person_names: Values
    company_names: Values
    identifier: Values
    mobile: Values
    landline: Values
    email: Values
    address: Values

    def __len__(self) -> int:
        return len(self.keys)

    def shared(self, kind: SharedKind) -> Values:
        """Return the values of one of ``SHARED_KINDS``."""
        values: Values = getattr(self, kind)
        return values

    def replacing(self, **values: Any) -> Frame:
        """Return the frame with other values of some kinds."""
        return replace(self, **values)

    def only(self, records: Codes) -> Frame:
        """Return a frame of only those records, ascending; they are numbered anew."""
        facts: dict[str, Any] = {name: getattr(self, name)[records] for name in _BY_RECORD}
        values: dict[str, Any] = {name: _only(getattr(self, name), records) for name in _READINGS}
        return replace(self, keys=self.keys.take(arrow(records)), **facts, **values)

    def by_party(self) -> dict[int, tuple[Codes, Frame]]:
        """Return persons and organisations: their numbers, and a frame of only them."""
        return {party: self._of_party(party) for party in (PERSON, ORGANISATION)}

    def _of_party(self, party: int) -> tuple[Codes, Frame]:
        records = np.flatnonzero(self.party == party).astype(np.int32)
        return records, self.only(records)

    @cached_property
    def called(self) -> Codes:
        """How each record is called: a code of its first name's sound, -1 where unknown.

        Masked names do not count: they may be anybody.
        """
        sounds = _sounds(self.person_names)
        persons = looked_up(sounds, self.person_names.column.first())
        others = looked_up(_sounds(self.company_names), self.company_names.column.first())
        offset = np.int32(sounds.max(initial=-1) + 1)
        return np.where(persons >= 0, persons, np.where(others >= 0, others + offset, -1))


def load_frame(connection: Connection) -> Frame:
    """Read ``normalised.*`` into a frame; leaves the temporary table ``match_record`` behind."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE match_record AS
        SELECT (row_number() OVER (ORDER BY record_key) - 1)::INTEGER AS rec,
            record_key, party_type, source
        FROM normalised.record""")
    keys = _read(connection, "SELECT record_key FROM match_record ORDER BY rec")["record_key"]
    facts = _read(connection, _FACTS)
    size = len(keys)
    sources = sorted(facts["source"].unique().to_pylist())
    return Frame(
        keys=flat(keys),
        party=facts["party"].to_numpy(),
        source=pc.index_in(facts["source"], pa.array(sources, pa.string())).to_numpy(),
        sources=tuple(sources),
        birth=facts["birth"].to_numpy(),
        typed_birth=facts["typed_birth"].to_numpy(),
        sex=facts["sex"].to_numpy(),
        **{name: _values(connection, reading, size) for name, reading in _READINGS.items()},
    )


def _values(connection: Connection, reading: _Reading, record_count: int) -> Values:
    """Number the distinct values of one kind; their codes are those of the column."""
    rows = _read(connection, reading.query)
    codes = encode(rows["value_key"])
    table = rows.select(reading.columns).take(arrow(first_rows(codes))).combine_chunks()
    return Values(Column.build(rows["rec"].to_numpy(), codes, record_count), table)


def _only(values: Values, records: Codes) -> Values:
    """Return the values of only those records; both are numbered anew, in their order."""
    counts = np.diff(values.column.starts)[records]
    starts = np.zeros(len(records) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    shift = np.repeat(values.column.starts[:-1][records] - starts[:-1], counts)
    codes = values.column.codes[np.arange(len(shift)) + shift]
    used = np.zeros(len(values.table), dtype=bool)
    used[codes] = True
    number = np.cumsum(used, dtype=np.int32) - np.int32(1)
    table = values.table.filter(arrow(used)).combine_chunks()
    return Values(Column(starts, number[codes]), table)


def _read(connection: Connection, query: str) -> pa.Table:
    return connection.sql(query).to_arrow_table()


def _sounds(names: Values) -> Codes:
    """Return for each name a code of its sound (or spelling), -1 for a masked one."""
    codes = encode(pc.coalesce(names.texts("sound_key"), names.texts("fold_key")))
    return np.where(marked(names.texts("status"), "masked"), -1, codes).astype(np.int32)
