"""The systems know as much, miss as much and err as often as tabled, each in its own way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.examples.bank_contents import rows, truth

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
