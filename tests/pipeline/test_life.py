"""A bank's life in any order: rows come, change, come late and go; stewards decide and take back;
runs publish, fail half-way, are rolled back and rebuilt. After every publish the promises hold.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from models.decision import Decision
from models.errors import GateHeld
from pipeline.project import Project
from pipeline.run import begin_run, pull_all, run_step
from pipeline.steps import STEPS
from pipeline.times import new_run_id, utc_now
from tests.pipeline.small_bank import DAY, SOURCES, SmallBank, number, redirects, xref
from warehouse.decisions import Decisions, Withdrawal
from warehouse.versions import Version

pytestmark = [pytest.mark.timeout(900)]

# Valid numbers of nobody: twins (one name, one day), a father and a namesake among them.
_PEOPLE = (
    ("王伟", "110105194912310038", "1949-12-31", "13812345678", "北京市朝阳区建国路1号"),
    ("王伟", "110105194912310054", "1949-12-31", "13812345678", "北京市朝阳区建国路1号"),
    ("李娜", "310104198803124526", "1988-03-12", "13987654321", "上海市徐汇区漕溪路8号"),
    ("李娜", None, "1988-03-12", "13987654321", None),
    ("欧阳静", "440106197505051223", "1975-05-05", "13711112222", "广州市天河区天河路9号"),
)
_RECORD = st.tuples(st.sampled_from(sorted(SOURCES)), st.sampled_from(["1", "2", "3", "4"]))
_PERSON = st.integers(0, len(_PEOPLE) - 1)
_DAYS = st.integers(min_value=1, max_value=28)


class Life(RuleBasedStateMachine):
    """What may happen to a bank, and to whoever runs it."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="life_"))
        self.bank = SmallBank(self.home / "bank")
        self.rows: dict[tuple[str, str], dict[str, str | None]] = {}
        self.holders: dict[str, set[str]] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    @initialize()
    def begins_with_some_people(self) -> None:
        for at, record in enumerate([("core", "1"), ("core", "2"), ("shop", "1"), ("shop", "2")]):
            self._write(record, at, 1)
        self.publishes()

    @rule(record=_RECORD, person=_PERSON, day=_DAYS, at_once=st.booleans())
    def somebody_is_written(
        self, record: tuple[str, str], person: int, day: int, *, at_once: bool
    ) -> None:
        """A new row, another person under an old key, or a late change with an old date."""
        self._write(record, person, day)
        self._maybe_publishes(now=at_once)

    @rule(record=_RECORD, mobile=st.sampled_from(["13600000001", None]), day=_DAYS)
    def a_phone_changes(self, record: tuple[str, str], mobile: str | None, day: int) -> None:
        if record in self.rows:
            row = self.rows[record] | {"MOBILE": mobile, "UPDATED_AT": f"2026-10-{day:02d} 08:00"}
            self.rows[record] = row
            self.bank.write(record[0], row)

    @precondition(lambda self: len(self.rows) > 2)
    @rule(record=_RECORD, at_once=st.booleans())
    def somebody_leaves(self, record: tuple[str, str], *, at_once: bool) -> None:
        others = [key for key in self.rows if key[0] == record[0] and key != record]
        if others and self.rows.pop(record, None):  # a source that empties is not believed
            self.bank.remove(*record)
        self._maybe_publishes(now=at_once)

    @rule(
        one=_RECORD,
        other=_RECORD,
        kind=st.sampled_from(["link", "split"]),
        at_once=st.booleans(),
    )
    def a_steward_decides(
        self, one: tuple[str, str], other: tuple[str, str], kind: str, *, at_once: bool
    ) -> None:
        if one != other and {one, other} <= self.rows.keys():
            left, right = (f"{source}.person:{key}" for source, key in (one, other))
            Decisions(self.bank.project.state).add(
                Decision(0, kind, (left,), (right,), "steward", "seen", utc_now())  # type: ignore[arg-type]
            )
        self._maybe_publishes(now=at_once)

    @rule()
    def a_steward_takes_it_back(self) -> None:
        for decision in self.bank.decisions()[-1:]:
            withdrawal = Withdrawal("steward", utc_now(), "mistaken")
            Decisions(self.bank.project.state).withdraw(decision.decision_id, withdrawal)

    @rule(steps=st.integers(1, len(STEPS) - 1))
    def a_run_stops_half_way(self, steps: int) -> None:
        project, run_id = self.bank.project, new_run_id()
        pull_all(project, run_id)
        begin_run(project, run_id, as_of=DAY)
        for step in STEPS[:steps]:
            run_step(project, run_id, step.name)

    @rule()
    def readers_are_sent_back(self) -> None:
        versions = self.bank.project.versions
        there = versions.list()
        if len(there) > 1:
            versions.rollback(there[-2].number)
            self.holders = _by_customer(xref(there[-2].golden_file))

    @rule(full=st.booleans())
    def publishes(self, *, full: bool = False) -> None:
        """Run the flow; with ``full``, on an empty working file."""
        before = self.bank.project.versions.current()
        try:
            project = self.bank.run(full=full)
        except GateHeld as held:
            self._holds_back(str(held), before)
        else:
            self._holds(project)

    def _holds_back(self, why: str, before: Version | None) -> None:
        """Only a source that brings no identity number may hold a publish; readers stay."""
        assert "identity_columns_filled" in why, why
        assert "1 critical checks" in why, why
        current = self.bank.project.versions.current()
        assert (current and current.name) == (before and before.name)

    def _maybe_publishes(self, *, now: bool) -> None:
        if now:
            self.publishes()

    def _write(self, record: tuple[str, str], person: int, day: int) -> None:
        name, id_no, born, mobile, address = _PEOPLE[person]
        row = {
            "ID": record[1],
            "NAME": name,
            "ID_NO": id_no,
            "BORN": born,
            "MOBILE": mobile,
            "ADDRESS": address,
            "UPDATED_AT": f"2026-10-{day:02d} 08:00",
        }
        self.rows[record] = row
        self.bank.write(record[0], row)

    def _holds(self, project: Project) -> None:
        """Check the promises on what readers see now."""
        current = project.versions.current()
        assert current is not None
        project.versions.verify(current.number)
        file = current.golden_file
        today = xref(file)
        self._nothing_is_lost(today)
        self._ids_stand(today, redirects(file))
        self._nobody_is_two(file)
        self._decisions_hold(project, today)
        assert number(file, _UNPROVEN) == 0
        assert number(file, _UNEXPLAINED) == 0
        assert number(file, _OF_NOW) == 0
        assert self.bank.rebuilt(self.home / "again") == current.manifest.golden_digest
        self.holders = _by_customer(today)

    def _nothing_is_lost(self, today: dict[str, str]) -> None:
        assert today.keys() == {f"{source}.person:{key}" for source, key in self.rows}

    def _ids_stand(self, today: dict[str, str], retired: dict[str, str | None]) -> None:
        """An id whose records stay together stays; one that is gone leads somewhere, or nowhere."""
        now = _by_customer(today)
        for customer, held in self.holders.items():
            assert customer in now or customer in retired
            if customer in now and held & today.keys():
                continue
            left = {today[key] for key in held & today.keys()}
            if left:
                assert retired[customer] in left
        assert all(target is None or target in now for target in retired.values())

    def _nobody_is_two(self, file: Path) -> None:
        assert number(file, _TWO_NUMBERS) == 0

    def _decisions_hold(self, project: Project, today: dict[str, str]) -> None:
        with project.store.reading() as working:
            rows = working.execute(
                "SELECT decision_id, kind, side, record_key FROM matched.decision "
                "WHERE status IN ('in_force', 'evidence_changed')"
            ).fetchall()
        sides: dict[tuple[int, str], dict[str, set[str]]] = {}
        for decision_id, kind, side, key in rows:
            sides.setdefault((decision_id, kind), {}).setdefault(side, set()).add(today[key])
        for (_, kind), by_side in sides.items():
            left, right = by_side.get("left", set()), by_side.get("right", set())
            if kind == "split":
                assert not left & right
            elif left and right:
                assert len(left | right) == 1


def _by_customer(today: dict[str, str]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for key, customer in today.items():
        held.setdefault(customer, set()).add(key)
    return held


_TWO_NUMBERS = """
    SELECT count(*) FROM (
        SELECT customer_id FROM customer_identifier
        WHERE id_class = 'resident_id' AND status = 'valid'
        GROUP BY customer_id HAVING count(DISTINCT value) > 1)
"""
_UNPROVEN = """
    SELECT count(*) FROM (
        UNPIVOT (SELECT customer_id, full_name, id_number, mobile, address, birth_date::VARCHAR AS
                 birth_date FROM customer)
        ON COLUMNS(* EXCLUDE customer_id) INTO NAME attribute VALUE value)
    LEFT JOIN customer_provenance p USING (customer_id, attribute, value)
    WHERE p.won IS NOT TRUE
"""
_UNEXPLAINED = "SELECT count(*) FROM customer_change WHERE cause = 'unexplained'"
_OF_NOW = """
    SELECT count(*) FROM customer c FULL JOIN golden_as_of() h USING (customer_id)
    WHERE c.full_name IS DISTINCT FROM h.full_name OR c.mobile IS DISTINCT FROM h.mobile
"""

Life.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TestLife = Life.TestCase
