"""A small world of people with slips, matched by the real comparisons, model and linkage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from matching.block import build_blocks
from matching.columns import Codes, Texts
from matching.explain import Case, Clustering
from matching.linkage import Constraints, Linked, LinkOptions, link
from matching.model.train import Scored, train_and_score
from matching.table.comparisons import comparisons
from matching.table.fields import prepare_fields
from matching.table.keys import key_columns
from matching.table.spec import FieldSpec, KeySpec, MatchSpec

GIVEN = [
    "Anna", "Berta", "Carla", "Dora", "Emma", "Frida", "Greta", "Hanna",
    "Ida", "Julia", "Karla", "Lena", "Maria", "Nora", "Olga",
]  # fmt: skip
FAMILY = [
    "Abel", "Brandt", "Conrad", "Dietz", "Ebert", "Falk", "Giese", "Hahn",
    "Ihle", "Jung", "Kern", "Lorenz", "Moser", "Nolte",
]  # fmt: skip
CITY = [
    "Aachen", "Bremen", "Cottbus", "Dresden", "Erfurt", "Fulda", "Gotha",
]  # fmt: skip
RULES = [
    KeySpec(id="phone", keys=["phone"]),
    KeySpec(id="family_birth", keys=["family", "birth.year"]),
    KeySpec(id="given_birth", keys=["given", "birth.month_day"]),
    KeySpec(id="city_family", keys=["city", "family"], split=["given"], cap=12),
    KeySpec(id="year", keys=["birth.year"], cap=3),
]
SPEC = MatchSpec(
    fields=[
        FieldSpec(name="given", kind="given_name", columns=["given"]),
        FieldSpec(name="family", kind="family_name", columns=["family"]),
        FieldSpec(name="birth", kind="date", columns=["birth"]),
        FieldSpec(name="city", kind="city", columns=["city"]),
        FieldSpec(name="phone", kind="phone", columns=["phone"]),
    ],
    blocking=RULES,
)


@dataclass(frozen=True)
class World:
    """Records of people, what the matcher made of them, and who they really are."""

    rows: pa.Table
    people: Codes
    case: Case
    clustering: Clustering
    scored: Scored
    linked: Linked
    options: LinkOptions

    def at(self, name: str) -> int:
        """Return the record that is called so."""
        return int(self.case.ids.index(name).as_py())


def people_rows(people: int = 150, seed: int = 5) -> tuple[pa.Table, Codes, Texts]:
    """Return records of ``people`` with slips, whose they are, and their ids."""
    draw = np.random.default_rng(seed)
    rows, owners = [], []
    for person in range(people):
        given, family, city = (str(draw.choice(words)) for words in (GIVEN, FAMILY, CITY))
        birth = f"{draw.integers(1940, 2000)}-{draw.integers(1, 13):02}-{draw.integers(2, 28):02}"
        phone = f"030{draw.integers(1_000_000, 9_999_999)}"
        for _ in range(int(draw.integers(1, 5))):
            row: dict[str, str | None] = {
                "given": _slip(given, draw),
                "family": _slip(family, draw),
                "birth": birth,
                "city": str(draw.choice(CITY)) if draw.random() < 0.2 else city,
                "phone": None if draw.random() < 0.4 else phone,
            }
            if draw.random() < 0.1:
                row["birth"] = None
            rows.append(row)
            owners.append(person)
    ids = pa.array([f"r{number:03}" for number in range(len(rows))])
    return pa.Table.from_pylist(rows), np.array(owners, dtype=np.int32), ids


def _slip(word: str, draw: np.random.Generator) -> str:
    if draw.random() > 0.15:
        return word
    at = int(draw.integers(1, len(word)))
    return word[:at] + str(draw.choice(list("aeiou"))) + word[at + 1 :]


@pytest.fixture(scope="session")
def world() -> World:
    rows, owners, ids = people_rows()
    fields = prepare_fields(rows, SPEC)
    keys = key_columns(fields)
    blocks = build_blocks(keys, RULES, len(ids))
    scorer, scored = train_and_score(comparisons(fields), blocks, len(ids), -20.0)
    options = LinkOptions(review=-4.0, pooling=0.05, prior=float(np.log2(scorer.model.prior)))
    linked = link(len(ids), scored.left, scored.right, scored.bits, scorer.bits, None, options)
    return World(
        rows=rows,
        people=owners,
        case=Case(scorer, ids, cut=0.0, review=-4.0, pooling=options.pooling),
        clustering=Clustering(linked.labels, blocks, keys, Constraints()),
        scored=scored,
        linked=linked,
        options=options,
    )
