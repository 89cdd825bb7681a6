from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matching.block import build_blocks, candidate_chunks
from matching.columns import Mask
from matching.table.blocking import propose_blocking
from matching.table.fields import prepare_fields
from matching.table.keys import ALL, key_columns
from matching.table.spec import FieldSpec, KeySpec, Kind, MatchSpec

_KINDS: dict[str, Kind] = {
    "given": "given_name",
    "family": "family_name",
    "born": "date",
    "town": "city",
    "code": "postcode",
}
_ENTITIES = 3000


def people(damaged: tuple[str, ...], seed: int = 7) -> pa.Table:
    """Everybody twice, records ``i`` and ``i + _ENTITIES``; the second lost the damaged columns."""
    chance = np.random.default_rng(seed)
    letters = np.array(list("abdegiklmnorstu"))

    def words(count: int) -> list[str]:
        return ["".join(chance.choice(letters, chance.integers(4, 9))) for _ in range(count)]

    def drawn(values: list[str]) -> list[str]:
        common = 1 / np.arange(3, len(values) + 3)
        return [str(value) for value in chance.choice(values, _ENTITIES, p=common / common.sum())]

    days = np.datetime64("1940-01-01") + chance.integers(0, 20_000, _ENTITIES)
    columns = {
        "given": drawn(words(300)),
        "family": drawn(words(900)),
        "born": [str(day) for day in days],
        "town": drawn(words(150)),
        "code": [f"{number:05d}" for number in chance.integers(20_000, 20_400, _ENTITIES)],
    }
    other = words(_ENTITIES)
    return pa.table({n: [*v, *(other if n in damaged else v)] for n, v in columns.items()})


def blocked(rows: pa.Table, kinds: dict[str, Kind]) -> tuple[list[KeySpec], int, Mask]:
    """Return the rules, how many pairs they propose and which entities' own pair is among them."""
    spec = MatchSpec(fields=[FieldSpec(name=n, kind=k, columns=[n]) for n, k in kinds.items()])
    fields = prepare_fields(rows, spec)
    keys, size = key_columns(fields), rows.num_rows
    rules = propose_blocking(keys, fields, size)
    found, pairs = np.zeros(size, dtype=np.bool_), 0
    for chunk in candidate_chunks(build_blocks(keys, rules, size), size, 1_000_000):
        found[chunk.left[chunk.right - chunk.left == size // 2]] = True
        pairs += len(chunk.left)
    return rules, pairs, found[: size // 2]


@pytest.mark.parametrize(
    "damaged",
    [(), ("given",), ("family",), ("born",), ("town",), ("given", "town"), ("family", "born")],
    ids=lambda names: " and ".join(names) or "nothing",
)
def test_damaged_columns_leave_a_rule_within_the_budget(damaged: tuple[str, ...]) -> None:
    _, pairs, found = blocked(people(damaged), _KINDS)
    assert found.mean() > 0.97
    assert pairs < 480_000


def test_the_same_rules_every_time_and_no_two_alike() -> None:
    one, *_ = blocked(people(()), _KINDS)
    other, *_ = blocked(people(()), _KINDS)
    assert one == other
    assert len({rule.id for rule in one}) == len(one)


def test_all_pairs_of_a_tiny_table_are_compared() -> None:
    rules, pairs, found = blocked(pa.table({"town": ["a", "b", "c", "d"]}), {"town": "city"})
    assert [rule.keys for rule in rules] == [[ALL]]
    assert pairs == 6
    assert found.all()


def test_a_single_column_of_company_names_is_blocked_by_its_words() -> None:
    towns = people(()).column("family").to_pylist()[:_ENTITIES]
    town = [f"{one}{at % 90}" for at, one in enumerate(towns)]
    rows = pa.table(
        {"name": [*(f"{t} steel works" for t in town), *(f"the {t} works" for t in town)]}
    )
    rules, pairs, found = blocked(rows, {"name": "company"})
    assert {"name.words", "name.grams"} & {key for rule in rules for key in rule.keys}
    assert found.mean() > 0.97
    assert pairs < 480_000


@pytest.mark.parametrize(
    "values",
    [["one"] * 2000, [None] * 2000, ["one", None] * 1000],
    ids=["one giant block", "nothing known", "half known"],
)
def test_a_column_without_evidence_costs_little(values: list[str | None]) -> None:
    _, pairs, _ = blocked(pa.table({"town": pa.array(values, pa.string())}), {"town": "city"})
    assert pairs <= 400_000
