"""Redoing only what changed gives, to the byte, what an empty working file gives."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.identify import identify
from matching.survive import SurviveReport, survive
from matching.survive_touched import Extent, compare, keep
from matching.survivorship import load_survivorship
from tests.matching.test_survive_crowd import rich
from tests.plugins.small_bank import SOURCES, Record, fill, person, source, working
from warehouse.digest import layer_digest, table_digests
from warehouse.store import Connection

KEYS = [f"{name}.c:{number}" for name in ("core", "crm", "web") for number in range(5)]


class World:
    """What the sources, the stewards and the matching say now; it can be changed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.records: dict[str, Record] = {key: rich(key, self.dice) for key in KEYS}
        self.groups = {key: self.dice.randrange(5) for key in KEYS}
        self.pins: dict[str, tuple[str, str | None]] = {}
        self.doubts: set[tuple[str, str]] = set()
        self.scores: dict[int, float] = {}
        self.shared: set[str] = set()
        self.rules: str | None = None
        self.trust = 0.9

    def change(self) -> None:
        """Let one thing be different."""
        key = self.dice.choice(KEYS)
        match self.dice.randrange(9):
            case 0:
                self.records[key] = rich(key, self.dice)
            case 1:
                self.records.pop(key, None)
            case 2:
                self.groups[key] = self.dice.randrange(5)
            case 3:
                pin = self.dice.choice([("full_name", "王小明"), ("city", "天津市"), ("sex", None)])
                self.pins[key] = pin
            case 4:
                self.pins.pop(key, None)
            case 5:
                self.doubts ^= {(key, self.dice.choice(KEYS))}
            case 6:
                self.scores[self.groups[key]] = self.dice.random()
            case 7:
                self.shared ^= {"+8613800000001"}
            case _:
                self.trust = self.dice.choice([0.9, 0.4])

    def clusters(self) -> list[list[str]]:
        """Return the records that are there, as they belong together."""
        groups: dict[int, list[str]] = {}
        for key in sorted(self.records):
            groups.setdefault(self.groups[key], []).append(key)
        return list(groups.values())

    def write(self, con: Connection) -> None:
        """Write it all as the steps before ``identify`` leave it."""
        fill(con, self.records.values(), self.clusters())
        for key, record in self.records.items():
            says = hashlib.sha256(repr(sorted(record.items())).encode()).hexdigest()[:16]
            con.execute("INSERT INTO normalised.fingerprint VALUES (?, ?, ?)", [key, says, says])
        for number, cluster in enumerate(self.clusters()):
            score = self.scores.get(number, 0.5)
            for left, right in itertools.pairwise(cluster):
                con.execute(
                    "INSERT INTO matched.pair VALUES (?, ?, 'match', 'r', 'b', '{}', ?)",
                    [left, right, score],
                )
        for left, right in self.doubts:
            con.execute("INSERT INTO matched.review VALUES (?, ?, 'r', 'b', 0.5)", [left, right])
        for value in self.shared:
            con.execute("INSERT INTO matched.stop_value VALUES ('mobile', ?, 900, 800)", [value])
        for number, key in enumerate(KEYS):
            if key in self.pins and key in self.records:
                attribute, pinned = self.pins[key]
                con.execute(
                    "INSERT INTO matched.decision BY NAME SELECT ? AS decision_id, 'pin' AS kind, "
                    "'left' AS side, ? AS record_key, ? AS attribute, ? AS value, "
                    "TIMESTAMP '2026-03-01' AS decided_at, 'in_force' AS status",
                    [number, key, attribute, pinned],
                )

    def golden(self, con: Connection) -> SurviveReport:
        """Walk the two steps over what stands in ``con``."""
        self.write(con)
        identify(con, None)
        sources = (source("core", self.trust), *SOURCES[1:])
        return survive(con, load_survivorship(self.rules), sources, None)


def rows(con: Connection) -> dict[str, dict[str, set[tuple[Any, ...]]]]:
    """Return what the golden tables say of each customer."""
    found: dict[str, dict[str, set[tuple[Any, ...]]]] = {}
    for name in table_digests(con, "golden"):
        if name in ("customer_id_redirect", "customer_change", "customer_history"):
            continue
        for row in con.execute(f"SELECT customer_id, * FROM golden.{name}").fetchall():
            found.setdefault(row[0], {}).setdefault(name, set()).add(row[1:])
    return found


@given(seed=st.integers(0, 1_000_000), steps=st.lists(st.integers(1, 3), min_size=2, max_size=3))
@settings(max_examples=3, deadline=None)
def test_redoing_what_changed_gives_what_doing_all_gives(seed: int, steps: Sequence[int]) -> None:
    world = World(seed)
    con = working([])
    world.golden(con)
    for changes in steps:
        before = rows(con)
        con.execute("DELETE FROM work.touched")
        for _ in range(changes):
            world.change()
        world.golden(con)
        afresh = working([])
        world.golden(afresh)
        assert table_digests(con, "golden") == table_digests(afresh, "golden")
        after = rows(con)
        differ = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        touched = {row[0] for row in con.execute("FROM work.touched").fetchall()}
        assert differ <= touched


def test_a_second_run_over_the_same_redoes_nobody_and_one_record_only_its_customer() -> None:
    world = World(1)
    con = working([])
    assert world.golden(con).redone == len(world.clusters())
    digest = layer_digest(con, "golden")
    assert world.golden(con).redone == 0
    assert layer_digest(con, "golden") == digest
    world.records["core.c:0"] = person("core.c:0", "张三", day=28)
    assert world.golden(con).redone == 1
    assert con.execute(
        "SELECT count(*) FROM golden.customer_provenance WHERE value = '张三'"
    ).fetchall() == [(1,)]
    world.rules = "attributes: {full_name: {criteria: [earliest]}}"
    assert world.golden(con).redone == len(world.clusters()), "other rules, all anew"


def _published(con: Connection, run_id: str) -> None:
    """Leave the marks of a run that went through, and of the version it published."""
    con.execute("CREATE TABLE IF NOT EXISTS work.mark (step VARCHAR, run_id VARCHAR)")
    con.execute("DELETE FROM work.mark")
    for step in ("survive", "check", "publish"):
        con.execute("INSERT INTO work.mark VALUES (?, ?)", [step, run_id])


@pytest.mark.parametrize("published", [True, False], ids=["published", "held"])
def test_touched_grows_until_what_was_made_here_is_published(published: bool) -> None:
    con = working([])
    compare(con, load_survivorship(None), SOURCES)

    def run(changed: str, whole: bool, before: str | None) -> tuple[set[str], bool]:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE survive_touched AS SELECT '{changed}' AS customer_id"
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE survive_signature AS "
            f"SELECT '{changed}' AS customer_id, 1::HUGEINT AS signature"
        )
        keep(con, Extent(whole=whole, rules="r"), before)
        touched = {row[0] for row in con.execute("FROM work.touched").fetchall()}
        return touched, con.execute("FROM work.touched_basis").fetchall()[0][0]

    assert run("a", True, None) == ({"a"}, True)
    _published(con, "r1")
    assert run("b", False, "r1") == ({"b"}, False)
    if published:
        _published(con, "r2")
        assert run("c", False, "r2") == ({"c"}, False)
    else:
        con.execute("UPDATE work.mark SET run_id = 'r2' WHERE step IN ('survive', 'check')")
        assert run("c", False, "r1") == ({"b", "c"}, False)
        assert run("d", False, "r0") == ({"d"}, True), "gone back to a version not made here"
