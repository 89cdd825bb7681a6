from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from examples.bank.create import create, read_bank
from examples.bank.desk import Luck
from examples.bank.systems import SYSTEMS, Place
from models.errors import ConfigError
from models.reading import reading_of
from tests.examples.bank_contents import PROJECT, digests, rows, source

NAMES = sorted(path.stem for path in (PROJECT / "sources").glob("*.yml"))
OBJECTS = sorted(f"{name}.{item}" for name in NAMES for item in source(name).objects)


def truth(bank: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        for path in (bank / "truth").glob("*.parquet"):
            connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        return connection.execute(sql).fetchall()


def test_same_seed_same_bytes(small_bank: Path, tmp_path: Path) -> None:
    create(Place(tmp_path / "again", {}), 300, Luck(7))
    assert digests(tmp_path / "again") == digests(small_bank)


def test_another_seed_another_bank(small_bank: Path, tmp_path: Path) -> None:
    create(Place(tmp_path / "other", {}), 300, Luck(8))
    mine, other = digests(small_bank), digests(tmp_path / "other")
    same = {name for name in mine if mine[name] == other.get(name)}
    assert same <= {
        "golden.yml",
        "systems/clock.json",
        *(f"sources/{name}.yml" for name in NAMES),
    }


def test_create_again_changes_nothing(small_bank: Path) -> None:
    before = digests(small_bank)
    assert not create(Place(small_bank, {}), 300, Luck(7))
    assert digests(small_bank) == before


@pytest.mark.parametrize(("people", "seed"), [(301, 7), (300, 8)], ids=["size", "seed"])
def test_create_refuses_to_overwrite_another_bank(small_bank: Path, people: int, seed: int) -> None:
    with pytest.raises(ConfigError, match="holds another bank"):
        create(Place(small_bank, {}), people, Luck(seed))


def test_create_refuses_a_folder_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "systems").mkdir()
    with pytest.raises(ConfigError, match="not an example bank's"):
        create(Place(tmp_path, {}), 300, Luck(7))
    assert list((tmp_path / "systems").iterdir()) == []


def test_a_bank_of_another_version_is_refused(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    mark = (small_bank / "truth" / "bank.json").read_text()
    (tmp_path / "truth" / "bank.json").write_text(mark.replace('"form": ', '"form": 1'))
    with pytest.raises(ConfigError, match="another version"):
        read_bank(tmp_path)


def test_a_killed_create_is_made_anew(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / ".unfinished").touch()
    (tmp_path / "systems").mkdir()
    (tmp_path / "systems" / "core.db").write_bytes(b"half a file")
    assert create(Place(tmp_path, {}), 300, Luck(7))
    assert digests(tmp_path) == digests(small_bank)


def test_edited_project_files_are_kept(tmp_path: Path) -> None:
    create(Place(tmp_path, {}), 100, Luck(1))
    (tmp_path / "golden.yml").write_text("name: mine\n")
    create(Place(tmp_path, {}), 100, Luck(1))
    assert (tmp_path / "golden.yml").read_text() == "name: mine\n"


@pytest.mark.parametrize("name", OBJECTS)
def test_every_column_is_mapped_or_ignored(small_bank: Path, name: str) -> None:
    system, item = name.split(".")
    config = source(system).objects[item]
    reading = reading_of(system, item, config.read)
    used = {column for column, _ in config.mapping.uses()} | set(config.mapping.ignore)
    used |= set(reading.primary_key)
    used |= {reading.deletes.flag.field} if reading.deletes.flag else set()
    used |= {reading.cursor.field} if reading.cursor else set()
    seen = {column for row in rows(small_bank, name) for column in row}
    assert seen == used


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


RATES = [
    # what, SQL for the share, expected, tolerance
    ("core members", "count(DISTINCT entity_id) FILTER (source = 'core') / 5000", 0.95, 0.02),
    ("loan members", "count(DISTINCT entity_id) FILTER (source = 'loan') / 5000", 0.30, 0.03),
    ("mobile members", "count(DISTINCT entity_id) FILTER (source = 'mobile') / 5000", 0.55, 0.03),
    (
        "crm twice",
        "count(*) FILTER (source = 'crm') / count(DISTINCT entity_id) FILTER (source = 'crm')",
        1.08,
        0.02,
    ),
    ("records a person", "count(*) / 5000", 3.15, 0.1),
]


@pytest.mark.parametrize(
    ("share", "expected", "tolerance"), [r[1:] for r in RATES], ids=[r[0] for r in RATES]
)
def test_membership_rates(bank: Path, share: str, expected: float, tolerance: float) -> None:
    ((found,),) = truth(bank, f"SELECT {share} FROM record WHERE party_type = 'person'")
    assert float(str(found)) == pytest.approx(expected, abs=tolerance)


MISSING = [
    ("core.customer", "CERT_NO", 0.02),
    ("card.holder", "ZJHM", 0.02),
    ("mobile.user", "identity.number", 0.04),
    ("crm.contact", "id_no", 0.45),
    ("callcentre.caller", "ID_NO", 0.70),
    ("marketing.lead", "id_no", 0.85),
    ("core.customer", "ADDR", 0.10),
    ("core.customer", "MOB_NO", 0.08),
]


@pytest.mark.parametrize(
    ("name", "column", "rate"), MISSING, ids=[f"{m[0]}-{m[1]}" for m in MISSING]
)
def test_missing_values_as_tabled(bank: Path, name: str, column: str, rate: float) -> None:
    values = [row[column] for row in rows(bank, name)]
    missing = sum(value in (None, "") for value in values) / len(values)
    assert missing == pytest.approx(rate, abs=max(0.01, rate * 0.12))


ERRORS = [
    ("callcentre", "homophone", 0.08),
    ("core", "id_style", 0.03),
    ("core", "birth_default", 0.015),
    ("core", "sex_missing", 0.06),
    ("mobile", "phone_junk", 0.002),
    ("card", "address_short", 0.30),
]


@pytest.mark.parametrize(
    ("system", "error", "rate"), ERRORS, ids=[f"{e[0]}-{e[1]}" for e in ERRORS]
)
def test_mistakes_are_made_as_often_as_tabled(
    bank: Path, system: str, error: str, rate: float
) -> None:
    ((found,),) = truth(
        bank,
        f"""SELECT (SELECT count(DISTINCT record_key) FROM error JOIN record USING (record_key)
                    WHERE error = '{error}' AND source = '{system}' AND party_type = 'person')
                   / count(*) FROM record WHERE source = '{system}' AND party_type = 'person'""",
    )
    assert float(str(found)) == pytest.approx(rate, abs=max(0.004, rate * 0.25))


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


FORMS = [
    ("core.customer", "CERT_NO", r"^\d{15}$", "fifteen digits"),
    ("core.customer", "CERT_NO", "^[１-９]", "full width"),
    ("core.customer", "CUST_NM", r"\?", "question mark for a rare character"),
    ("core.customer", "BIRTH_DT", "^19000101$", "unknown birth date"),
    ("crm.contact", "name", "(先生|女士|经理|总|老师|VIP)$", "title"),
    ("marketing.lead", "phone", r"^\d{3}\*{4}\d{4}$", "masked phone"),
    ("marketing.lead", "name", r"^.\*", "masked name"),
    ("mobile.user", "ts", r"\+08:00$", "time with a zone"),
    ("card.holder", "KHPY", "^[A-Z]+ [A-Z]+$", "Latin name"),
    ("loan.borrower", "ID_NO", "^.{8}-.$", "organisation code"),
    ("core.customer", "CUST_NM", "[·•]", "name with a dot"),
]


@pytest.mark.parametrize(
    ("name", "column", "pattern"), [f[:3] for f in FORMS], ids=[f[3] for f in FORMS]
)
def test_every_quirk_is_there(bank: Path, name: str, column: str, pattern: str) -> None:
    values = [str(row[column]) for row in rows(bank, name) if row[column]]
    assert 0 < sum(bool(re.search(pattern, value)) for value in values) <= len(values)


def test_some_ids_in_workbooks_were_ruined_by_floats(bank: Path) -> None:
    values = [row["证件信息_证件号码"] for row in rows(bank, "wealth.client")]
    ruined = [value for value in values if isinstance(value, float)]
    assert 0 < len(ruined) < len(values) * 0.02
    assert all(value > 1e17 for value in ruined)


def test_the_control_file_counts_the_rows(bank: Path) -> None:
    (control,) = (bank / "systems" / "card").glob("*.ctl")
    assert int(control.read_text()) == len(rows(bank, "card.holder"))


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
