"""The form of a number tells its class, and of each class only what lasts for life is kept."""

from __future__ import annotations

import pytest

from tests.plugins.id_numbers import COMPANY, PERSON, citizen, one, org_code, uscc

BY_FORM = {
    "citizen": (PERSON, "resident_id"),
    "foreigner's card of 2023": (citizen("93184019850317123"), "foreigner_permit"),
    "foreigner's card of 2004": ("USA110087052301", "foreigner_permit"),
    "company": (COMPANY, "uscc"),
    "ministry, digits only": (uscc("12100000" + org_code("40000123")), "uscc"),
    "rural collective": (uscc("N2131182" + org_code("MF123456")), "uscc"),
    "organisation code": (org_code("60003734"), "org_code"),
    "organisation code with dash": ("60003734-1", "org_code"),
    "registration": ("310000400000017", "business_reg"),
    "LEI": ("5493001KJTIIGC8Y1R12", "lei"),
    "Hong Kong permit": ("H01234567", "hkmo_permit"),
    "Macau permit with re-issue count": ("M0123456702", "hkmo_permit"),
    "passport": ("E13572468", "passport_cn"),
    "passport with letter": ("EA1357246", "passport_cn"),
    "soldier": ("军字第1357246号", "military_id"),
    "anything": ("KD-2231/7", "other"),
}


@pytest.mark.parametrize(("value", "id_class"), BY_FORM.values(), ids=BY_FORM)
def test_the_form_tells_the_class(value: str, id_class: str) -> None:
    row = one(value)
    assert row["id_class"] == id_class
    assert row["status"] in ("valid", "unchecked")
    assert "rule" not in row


def test_a_citizen_number_with_a_mistake_is_recognised_as_invalid() -> None:
    assert one(PERSON[:-1] + "0")["rule"] == "id_check_digit"
    row = one(citizen("33010619851317123"))
    assert (row["id_class"], row["status"], row["rule"]) == (
        "resident_id",
        "invalid",
        "id_birth_date",
    )


LIFELONG = {
    "Hong Kong": ("H0123456702", "hkmo_permit", "H01234567"),
    "Taiwan": ("0135724601", "tw_permit", "01357246"),
    "Taiwan with letter": ("0135724601(B)", "tw_permit", "01357246"),
    "military": ("海字第 1357246 号", "military_id", "海1357246"),
}


@pytest.mark.parametrize(("value", "id_class", "kept"), LIFELONG.values(), ids=LIFELONG)
def test_only_the_lifelong_part_of_a_document_number_is_kept(
    value: str, id_class: str, kept: str
) -> None:
    assert one(value, id_class)["value"] == kept


def test_a_company_code_declared_as_citizen_number_is_classed_by_its_form() -> None:
    row = one(COMPANY, "resident_id")
    assert (row["id_class"], row["status"], row["rule"]) == ("uscc", "valid", "class_by_form")
    assert row["region_code"] == "110108"


@pytest.mark.parametrize("id_class", ["business_reg", "tax_id", "org_code"])
def test_the_unified_code_in_the_column_of_a_code_it_replaced_is_no_mistake(id_class: str) -> None:
    row = one(COMPANY, id_class)
    assert row["id_class"] == "uscc"
    assert "rule" not in row


def test_foreign_numbers_are_not_taken_for_chinese_ones() -> None:
    assert one("H01234567", None, "DE")["id_class"] == "other"
    assert one(PERSON, "national_id", "KR")["id_class"] == "national_id"


SSN = {
    "fine": ("536-90-4399", "unchecked"),
    "area 000": ("000-12-3455", "invalid"),
    "area 666": ("666-12-3455", "invalid"),
    "area 9xx": ("912-12-3455", "invalid"),
    "group 00": ("536-00-4399", "invalid"),
    "serial 0000": ("536-90-0000", "invalid"),
    "eight digits": ("53690439", "invalid"),
    "in sold wallets": ("078-05-1120", "placeholder"),
    "sequence": ("123-45-6789", "placeholder"),
}


@pytest.mark.parametrize(("value", "status"), SSN.values(), ids=SSN)
def test_american_social_security_numbers(value: str, status: str) -> None:
    row = one(value, "national_id", "US")
    assert row["status"] == status
    assert row["country"] == "US"
