"""What really is: who stands behind which record, and everything true about them.

Written to ``truth`` as Parquet, beside ``systems`` and never inside it:

| table | one row per |
|---|---|
| ``record`` | source record: its key as the product writes it, and the entity behind it |
| ``person``, ``organisation`` | entity, with its true values of today |
| ``relation`` | two entities that are related, and how |
| ``hard_case`` | two entities that look alike and must stay ``apart``, or two records of one |
|                | entity that look different and must end ``together`` |
| ``error`` | mistake made in one field of one record |
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from examples.bank import days, person_names, places
from examples.bank.company_names import legal_name
from examples.bank.desk import Desk
from examples.bank.frame import Array, Frame, Rows
from examples.bank.people import COUNTRIES, HONG_KONG, ID_CLASSES, MACAU, TAIWAN
from examples.bank.spoil import PASSPORT_CN
from examples.bank.systems import SYSTEMS, System
from examples.bank.text import Text, arrow, blank, from_bytes, join, number, same, words
from examples.bank.words import word_lists
from examples.bank.world import World

NAMESAKES = "same_name_same_birth"


class TruthWriter:
    """Writes the six tables, chunk by chunk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, name: str, rows: pa.Table) -> None:
        """Append rows to one table."""
        if name not in self._writers:
            path = self._folder / f"{name}.parquet"
            self._writers[name] = pq.ParquetWriter(path, rows.schema, compression="zstd")
        self._writers[name].write_table(rows)

    def close(self) -> None:
        """Note all people who share name and birth date, and complete all files."""
        self._writers["person"].close()
        self.add("hard_case", _namesakes(self._folder / "person.parquet"))
        for writer in self._writers.values():
            writer.close()


def add_chunk(writer: TruthWriter, world: World, desks: dict[str, Desk]) -> None:
    """Write all that is true about one chunk."""
    pairs = [(system, desks[system.name]) for system in SYSTEMS]
    writer.add("person", persons(world.people, world.companies))
    writer.add("organisation", organisations(world.companies, world.people))
    writer.add("relation", relations(world))
    writer.add("hard_case", lookalikes(world))
    writer.add("hard_case", twofold(pairs))
    for system, desk in pairs:
        writer.add("record", records(system, desk))
        writer.add("error", errors(system, desk))


def entity_ids(entity: Array, organisation: bool) -> Text:
    """Return ``P000000001`` or ``C000000001``."""
    return join("C" if organisation else "P", number(entity, 9))


def records(system: System, desk: Desk) -> pa.Table:
    """Return the ``record`` rows of one system's chunk: persons, then organisations."""
    sides = ((desk.people, desk.world.people), (desk.companies, desk.world.companies))
    names = (system.person, system.organisation)
    parts = [
        _records(system, name, side.records, parties, organisation)
        for organisation, (name, (side, parties)) in enumerate(zip(names, sides, strict=True))
        if name
    ]
    return pa.concat_tables(parts)


def _records(
    system: System, name: str, records: Frame, parties: Frame, organisation: int
) -> pa.Table:
    key = system.key(records["who"], bool(organisation))
    rows = len(key)
    columns: dict[str, Any] = {
        "record_key": join(f"{system.name}.{name}:", key),
        "entity_id": entity_ids(parties["entity"][records["row"]], bool(organisation)),
        "party_type": same("organisation" if organisation else "person", rows),
        "source": same(system.name, rows),
        "object": same(name, rows),
        "source_pk": key,
        "updated_at": arrow(records["updated"].astype("datetime64[s]")),
    }
    return pa.table(columns)


def errors(system: System, desk: Desk) -> pa.Table:
    """Return the ``error`` rows of one system's chunk."""
    tables = []
    for side, organisation in ((desk.people, False), (desk.companies, True)):
        object_name = system.organisation if organisation else system.person
        if object_name is None:
            continue
        prefix = f"{system.name}.{object_name}:"
        key = join(prefix, system.key(side.records["who"], organisation))
        shown = [slip for slip in side.clerk.slips if slip[0] not in system.hides]
        for field, mistake, rows in shown:
            columns = [key.take(arrow(rows)), same(field, len(rows)), same(mistake, len(rows))]
            tables.append(pa.table(columns, ["record_key", "field", "error"]))
    return pa.concat_tables(tables) if tables else _no_errors()


def _no_errors() -> pa.Table:
    return pa.table({name: arrow([], pa.string()) for name in ("record_key", "field", "error")})


def persons(people: Frame, companies: Frame) -> pa.Table:
    """Return the ``person`` rows of a chunk."""
    n = len(people)
    plain = np.zeros(n, np.bool_)
    former = people.take(np.arange(n))
    for column in ("family", "given1", "given2"):
        former[column] = people[f"old_{column}"]
    where = people["address"]
    works = people["employer"]
    employer = companies["entity"][np.maximum(works, 0)]
    columns: dict[str, Any] = {
        "entity_id": entity_ids(people["entity"], False),
        "full_name": person_names.full_name(people),
        "family": person_names.tokens(people["family"]),
        "latin_name": person_names.latin_name(people, plain, plain),
        "former_name": blank(person_names.full_name(former), people["renamed"] == days.NEVER),
        "sex": words(["female", "male"], people["sex"]),
        "birth_date": arrow(people["born"].astype(np.int32)).cast(pa.date32()),
        "nationality": words([*COUNTRIES, "HK", "MO", "TW"], _nationality(people)),
        "id_class": words(ID_CLASSES, people["id_class"]),
        "id_number": from_bytes(people["id"]),
        "passport": from_bytes(people["passport"]),
        "mobile": join("+86", number(people["phone"])),
        "email": person_names.email(people, word_lists()["mail_hosts"]),
        **_where(where),
        "employer_id": blank(entity_ids(employer, True), works < 0),
    }
    return pa.table(columns)


def _nationality(people: Frame) -> Array:
    result = people["country"].astype(np.int64)
    for index, origin in enumerate((HONG_KONG, MACAU, TAIWAN)):
        result = np.where(people["origin"] == origin, len(COUNTRIES) + index, result)
    return result


def organisations(companies: Frame, people: Frame) -> pa.Table:
    """Return the ``organisation`` rows of a chunk."""
    columns: dict[str, Any] = {
        "entity_id": entity_ids(companies["entity"], True),
        "full_name": legal_name(companies, people),
        "former_name": blank(
            legal_name(companies, people, former=True), companies["renamed"] == days.NEVER
        ),
        "kind": words(["company", "branch", "household"], companies["kind"]),
        "uscc": from_bytes(companies["uscc"]),
        "registered_on": arrow(companies["registered"].astype(np.int32)).cast(pa.date32()),
        "mobile": join("+86", number(companies["phone"])),
        **_where(companies["address"]),
        "legal_rep_id": entity_ids(people["entity"][companies["owner"]], False),
    }
    return pa.table(columns)


def _where(address: Array) -> dict[str, Text]:
    return {
        "address": places.street(address),
        "province": places.region(address, "province"),
        "city": places.region(address, "city"),
        "district": places.region(address, "district"),
        "region_code": number(places.places().code[address[:, places.DISTRICT]], 6),
    }


def relations(world: World) -> pa.Table:
    """Return the ``relation`` rows of a chunk: the left one is the right one's ``type``."""
    people, companies = world.people, world.companies
    person = entity_ids(people["entity"], False)
    company = entity_ids(companies["entity"], True)
    stated = (
        ("spouse", person, person, people["spouse"]),
        ("parent", person, person, people["father"]),
        ("parent", person, person, people["mother"]),
        ("employer", company, person, people["employer"]),
        ("head_of", company, company, companies["head"]),
        ("legal_rep", person, company, companies["owner"]),
    )
    tables = []
    for kind, left, right, row in stated:
        has = np.flatnonzero(row >= 0)
        tables.append(_pairs(kind, left.take(arrow(row[has])), right.take(arrow(has))))
    return pa.concat_tables(tables)


def _namesakes(person: Path) -> pa.Table:
    """Return the ``hard_case`` rows of different people of one full name and birth date."""
    with duckdb.connect(config={"memory_limit": "2GB", "threads": 1}) as connection:
        return connection.execute(
            """
            WITH following AS (
              SELECT entity_id AS left_key, lead(entity_id) OVER same AS right_key
              FROM read_parquet($file)
              WINDOW same AS (PARTITION BY full_name, birth_date ORDER BY entity_id)
            )
            SELECT $kind AS kind, 'apart' AS expected, left_key, right_key
            FROM following WHERE right_key IS NOT NULL ORDER BY left_key
            """,
            {"kind": NAMESAKES, "file": str(person)},
        ).to_arrow_table()


def _pairs(kind: str, left: Text, right: Text) -> pa.Table:
    columns: list[Any] = [left, same(kind, len(left)), right]
    return pa.table(columns, ["left_id", "type", "right_id"])


def lookalikes(world: World) -> pa.Table:
    """Return the ``hard_case`` rows that must stay apart, but for namesakes, which come last."""
    tables = []
    for ties, parties, organisation in (
        (world.person_ties, world.people, False),
        (world.company_ties, world.companies, True),
    ):
        for kind, pairs in ties.pairs.items():
            if kind == NAMESAKES:
                continue
            left, right = (entity_ids(parties["entity"][pairs[:, i]], organisation) for i in (0, 1))
            tables.append(_cases(kind, "apart", left, right))
    owned = np.flatnonzero(world.companies["kind"] == 2)
    owner = entity_ids(world.people["entity"][world.companies["owner"][owned]], False)
    business = entity_ids(world.companies["entity"][owned], True)
    tables.append(_cases("owner_and_household_business", "apart", owner, business))
    return pa.concat_tables(tables)


def _cases(kind: str, expected: str, left: Text, right: Text) -> pa.Table:
    columns: list[Any] = [same(kind, len(left)), same(expected, len(left)), left, right]
    return pa.table(columns, ["kind", "expected", "left_key", "right_key"])


def twofold(system_desks: list[tuple[System, Desk]]) -> pa.Table:
    """Return the ``hard_case`` rows of one person under two names or two documents.

    Each names two records, the odd one first, that must end ``together``.
    """
    people = system_desks[0][1].world.people
    plain_key: list[Any] = []
    plain_row: list[Rows] = []
    odd: dict[str, list[tuple[Any, Rows]]] = {"former_name": [], "passport_for_id": []}
    for system, desk in system_desks:
        side = desk.people
        key = join(f"{system.name}.{system.person}:", system.key(side.records["who"], False))
        row = side.records["row"]
        former = side.records["updated"] // days.DAY < people["renamed"][row]
        passport = side.then["shown"] == PASSPORT_CN
        for kind, mask in (("former_name", former), ("passport_for_id", passport)):
            chosen = np.flatnonzero(mask)
            odd[kind].append((key.take(arrow(chosen)), row[chosen]))
        chosen = np.flatnonzero(~former & (side.then["shown"] == people["id_class"][row]))
        plain_key.append(key.take(arrow(chosen)))
        plain_row.append(row[chosen])
    keys, rows = pa.concat_arrays(plain_key), np.concatenate(plain_row)
    best = np.full(len(people), -1)
    best[rows[::-1]] = np.arange(len(rows))[::-1]
    tables = []
    for kind, found in odd.items():
        left = pa.concat_arrays([key for key, _ in found])
        other = best[np.concatenate([row for _, row in found])]
        has = arrow(other >= 0)
        right = keys.take(arrow(np.maximum(other, 0)))
        tables.append(_cases(kind, "together", left.filter(has), right.filter(has)))
    return pa.concat_tables(tables)
