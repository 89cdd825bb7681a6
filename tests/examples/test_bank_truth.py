"""The truth tables name every row there is, hold sound people, and look-alikes that look alike."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from examples.bank.systems import SYSTEMS
from models.reading import reading_of
from tests.examples.bank_contents import OBJECTS, rows, source, truth


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_truth_names_exactly_the_rows_there_are(bank: Path, system: object) -> None:
    name = getattr(system, "name")  # noqa: B009
    known = Counter(
        key for (key,) in truth(bank, f"SELECT record_key FROM record WHERE source = '{name}'")
    )
    config = source(name)
    there = Counter(
        f"{name}.{item}:{row[reading_of(name, item, config.objects[item].read).primary_key[0]]}"
        for item in config.party_objects()
        for row in rows(bank, f"{name}.{item}")
    )
    assert known == there


def test_nobody_sees_entity_ids(small_bank: Path) -> None:
    pattern = re.compile(r"^[PC]\d{9}$")
    values = [
        str(value) for name in OBJECTS for row in rows(small_bank, name) for value in row.values()
    ]
    assert values
    assert not [value for value in values if pattern.match(value)]


def test_check_digits_are_right_in_truth(bank: Path) -> None:
    ids = [
        str(value)
        for (value,) in truth(bank, "SELECT id_number FROM person WHERE id_class = 'resident_id'")
    ]
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    assert len(ids) > 4_000
    assert all(
        number[17]
        == "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11]
        for number in ids
    )
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for (code,) in truth(bank, "SELECT uscc FROM organisation"):
        text = str(code)
        assert (
            alphabet[
                (31 - sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17])) % 31)
                % 31
            ]
            == text[17]
        )
        check = (
            11
            - sum(
                int(c, 36) * w for c, w in zip(text[8:16], [3, 7, 9, 10, 5, 8, 4, 2], strict=True)
            )
            % 11
        )
        assert {10: "X", 11: "0"}.get(check, str(check)) == text[16]


def test_numbers_fit_the_people(bank: Path) -> None:
    wrong = truth(
        bank,
        """SELECT count(*) FROM person WHERE id_class = 'resident_id'
           AND (id_number[7:14] != strftime(birth_date, '%Y%m%d')
                OR (id_number[17]::INT % 2 = 1) != (sex = 'male'))""",
    )
    assert wrong == [(0,)]


@pytest.mark.parametrize("column", ["id_number", "passport"])
def test_true_numbers_are_unique(bank: Path, column: str) -> None:
    assert (
        truth(
            bank,
            f"FROM person SELECT {column} WHERE {column} NOT NULL GROUP BY ALL HAVING count(*) > 1",
        )
        == []
    )


def test_a_record_without_noted_mistakes_is_true(bank: Path) -> None:
    """Full circle: what no error label excuses stands in the system as it is in truth."""
    people = {
        str(key): (name, number)
        for key, name, number in truth(
            bank,
            """SELECT record_key, full_name, id_number FROM record JOIN person USING (entity_id)
               WHERE source = 'card' AND former_name IS NULL AND id_class = 'resident_id'
               AND record_key NOT IN (SELECT record_key FROM error WHERE field IN ('name', 'id'))
               AND entity_id NOT IN
                   (SELECT right_key FROM hard_case WHERE kind = 'number_reassigned')""",
        )
    }
    seen = {
        f"card.holder:{row['KHH']}": (row["KHXM"], row["ZJHM"]) for row in rows(bank, "card.holder")
    }
    assert len(people) > 1_000
    assert {key: seen[key] for key in people} == people


KINDS = [
    "twins", "siblings", "father_son_one_phone", "minor_on_parents_phone", "spouses_one_phone",
    "recycled_phone", "same_name_same_birth", "company_and_branch", "sister_companies",
    "company_and_owners_household", "one_legal_rep_many_companies", "bookkeeping_agent_phone",
    "number_reassigned", "owner_and_household_business", "former_name", "passport_for_id",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_look_alike_is_there(bank: Path, kind: str) -> None:
    ((count,),) = truth(bank, f"SELECT count(*) FROM hard_case WHERE kind = '{kind}'")
    assert int(str(count)) >= 2


LOOKS = [
    (
        "twins",
        """a.birth_date = b.birth_date AND a.family = b.family AND a.full_name != b.full_name
           AND a.id_number[1:6] = b.id_number[1:6]""",
    ),
    (
        "same_name_same_birth",
        "a.full_name = b.full_name AND a.birth_date = b.birth_date AND a.city != b.city",
    ),
    ("spouses_one_phone", "a.mobile = b.mobile AND a.address = b.address AND a.sex != b.sex"),
    (
        "father_son_one_phone",
        "a.mobile = b.mobile AND a.address = b.address AND a.family = b.family",
    ),
    ("minor_on_parents_phone", "a.mobile = b.mobile AND a.birth_date > b.birth_date"),
    ("number_reassigned", "a.birth_date = b.birth_date AND a.id_number != b.id_number"),
]


@pytest.mark.parametrize(("kind", "alike"), LOOKS, ids=[look[0] for look in LOOKS])
def test_look_alikes_look_alike(bank: Path, kind: str, alike: str) -> None:
    cases = truth(
        bank,
        f"""SELECT coalesce({alike}, false) FROM hard_case JOIN person a ON a.entity_id = left_key
            JOIN person b ON b.entity_id = right_key WHERE kind = '{kind}'""",
    )
    assert cases
    assert [ok for (ok,) in cases].count(False) <= len(cases) * 0.1
