"""Codes of organisations are checked, and the one inside another is found."""

from __future__ import annotations

import pyarrow as pa

from models.fields.identifiers import normalise_identifiers, org_codes_within
from tests.plugins.id_numbers import COMPANY, PERSON, one, org_code


def test_company_codes_accept_letters_first_and_refuse_a_wrong_check() -> None:
    assert one(COMPANY, "uscc")["status"] == "valid"
    wrong = COMPANY[:-1] + ("A" if COMPANY[-1] != "A" else "B")
    assert one(wrong, "uscc")["rule"] == "id_check_digit"
    assert one(wrong)["id_class"] == "uscc"


def test_org_code_check_of_eleven_is_written_zero() -> None:
    body = next(b for b in (f"{n:08}" for n in range(13572400, 13572500)) if org_code(b)[-1] == "0")
    assert one(org_code(body), "org_code")["status"] == "valid"
    assert any(org_code(f"{n:08}").endswith("X") for n in range(13572400, 13572500))


def test_crosswalk_finds_the_organisation_code_in_uscc_and_tax_number() -> None:
    inner = org_code("60003734")
    values = pa.array([COMPANY, "110108" + inner, PERSON, None])
    table = normalise_identifiers(values, pa.array(["uscc", "tax_id", "resident_id", "uscc"]))
    codes = org_codes_within(table["value"], table["id_class"], table["status"])
    assert codes.to_pylist() == [inner, inner, None, None]
