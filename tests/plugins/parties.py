"""Parties as short as a test can say them, and the normalised tables they stand for."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from matching.config import MatchingConfig, load_matching
from matching.flow import MatchReport, match
from matching.values import Frame, load_frame
from models.fields.names import normalise_names
from models.tables import table
from warehouse.store import Connection, begin_layer, insert

# (region code, city, district, address key)
Address = tuple[str | None, str | None, str | None, str | None]
DEFAULTS = load_matching(None)
HOME: Address = ("440305", "深圳市", "南山区", "科技园路8号3栋2单元1201室")
OTHER_CITY: Address = ("330106", "杭州市", "西湖区", "文三路77号5幢301室")


@dataclass(frozen=True)
class Party:
    """One source record; ``ids`` are (class, number, status) or (class, number)."""

    key: str
    name: str | None = None
    names: Sequence[tuple[str, str]] = ()
    ids: Sequence[tuple[str, ...]] = ()
    birth: str | None = None
    sex: str | None = None
    mobile: str | Sequence[str] = ()
    landline: str | Sequence[str] = ()
    email: str | Sequence[str] = ()
    address: Address | None = None
    party_type: str = "person"


@dataclass
class Bank:
    """A connection with ``normalised.*`` filled from parties."""

    connection: Connection
    parties: list[Party] = field(default_factory=list)

    def fill(self, *parties: Party, shuffle: int | None = None) -> Bank:
        """Make the normalised tables new, with these parties' rows (in a shuffled order)."""
        self.parties = list(parties)
        begin_layer(self.connection, "normalised")
        rows: dict[str, list[dict[str, Any]]] = {}
        for party in parties:
            for name, row in _rows(party):
                rows.setdefault(name, []).append(row)
        for name, items in rows.items():
            if shuffle is not None:
                random.Random(shuffle).shuffle(items)
            insert(self.connection, table("normalised", name), pa.Table.from_pylist(items))
        return self

    def frame(self) -> Frame:
        """The compare frame of these parties."""
        return load_frame(self.connection)

    def match(self, config: MatchingConfig | None = None) -> MatchReport:
        """Run the whole matching step."""
        return match(self.connection, config or DEFAULTS)

    def clusters(self) -> set[frozenset[str]]:
        """The clusters, as sets of record keys."""
        rows = self.connection.execute(
            "SELECT list(record_key) FROM matched.cluster GROUP BY cluster_id"
        ).fetchall()
        return {frozenset(keys) for (keys,) in rows}

    def pair(self, left: str, right: str) -> tuple[str, str] | None:
        """Decision and rule of a pair, None where nothing was kept."""
        row = self.connection.execute(
            "SELECT decision, rule FROM matched.pair WHERE left_key = ? AND right_key = ?",
            sorted([left, right]),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def reviews(self) -> set[tuple[str, str, str]]:
        """The pairs for review: left, right, rule."""
        return set(
            self.connection.execute(
                "SELECT left_key, right_key, rule FROM matched.review"
            ).fetchall()
        )

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every matched table's rows in the order they stand."""
        return {
            name: self.connection.execute(f"SELECT * FROM matched.{name}").fetchall()
            for name in ("pair", "cluster", "review", "weight", "blocking", "stop_value")
        }


def _rows(party: Party) -> Iterator[tuple[str, dict[str, Any]]]:
    source, rest = party.key.split(".", 1)
    object_name, pk = rest.split(":", 1)
    own = {"record_key": party.key}
    yield (
        "record",
        {
            **own,
            "source": source,
            "object": object_name,
            "source_pk": pk,
            "party_type": party.party_type,
        },
    )
    names = [("legal", party.name)] if party.name else []
    for ordinal, (name_kind, text) in enumerate([*names, *party.names]):
        row = normalise_names(pa.array([text]), party.party_type, name_kind).to_pylist()[0]
        row.pop("rule")
        yield "name", {**own, "ordinal": ordinal, "kind": name_kind, **row}
    for ordinal, (id_class, number, *status) in enumerate(party.ids):
        yield "identifier", _identifier(own, ordinal, id_class, number, (*status, "valid")[0])
    for kind in ("mobile", "landline", "email"):
        given = getattr(party, kind)
        for ordinal, contact in enumerate([given] if isinstance(given, str) else given):
            status = "masked" if "*" in contact else "valid"
            yield (
                "contact",
                {**own, "ordinal": ordinal, "kind": kind, "value": contact, "status": status},
            )
    if party.address:
        region, city, district, key = party.address
        yield (
            "address",
            {
                **own,
                "ordinal": 0,
                "region_code": region,
                "city": city,
                "district": district,
                "address_key": key,
            },
        )
    for attribute, fact in (("birth_date", party.birth), ("sex", party.sex)):
        if fact:
            yield "attribute", {**own, "attribute": attribute, "value": fact}


def _identifier(
    own: dict[str, str], ordinal: int, id_class: str, value: str, status: str
) -> dict[str, Any]:
    born = sex = None
    if id_class == "resident_id" and status == "valid":
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
        sex = "male" if int(value[16]) % 2 else "female"
    return {
        **own,
        "ordinal": ordinal,
        "id_class": id_class,
        "value": value,
        "country": "CN",
        "status": status,
        "birth_date": born,
        "sex": sex,
    }


def resident_id(region: str, birth: str, serial: str) -> str:
    """Return a citizen number with its check character (ISO 7064 MOD 11-2, GB 11643)."""
    digits = region + birth.replace("-", "") + serial
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]
