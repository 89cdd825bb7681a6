"""Headers in English, Chinese, pinyin and other languages; and those that say nothing."""

from __future__ import annotations

import pytest

from matching.table.headers import NOTHING, hint

SAYS = [
    ("first_name", "given_name", ""),
    ("Surname", "family_name", ""),
    ("CUST_NM", "person_name", ""),
    ("客户姓名", "person_name", ""),
    ("KHXM", "person_name", ""),
    ("OLD_NM", "other_names", ""),
    ("dateOfBirth", "date", ""),
    ("出生日期", "date", ""),
    ("Geburtsdatum", "date", ""),
    ("CERT_NO", "identifier", ""),
    ("证件号码", "identifier", ""),
    ("统一社会信用代码", "identifier", ""),
    ("soc_sec_id", "identifier", ""),
    ("手机号码1", "phone", ""),
    ("联系人电话", "phone", "contact"),
    ("通讯地址", "address", ""),
    ("单位地址", "address", "work"),
    ("employer_street_number", "house_number", "employer"),
    ("mailing_address_zipcode", "postcode", "mailing"),
    ("mailing_address_po_box", "unit", "mailing"),
    ("法定代表人姓名", "person_name", "representative"),
    ("EMPLOYER", "company", "employer"),
    ("by", "year", ""),
    ("Hausnr", "house_number", ""),
    ("codePostal", "postcode", ""),
    ("loan_date", "ignore:moment", ""),
    ("更新时间", "ignore:moment", ""),
    ("tax_year", "ignore:year", ""),
    ("客户类型", "ignore:sort", ""),
    ("account_balance", "ignore:amount", "account"),
]


@pytest.mark.parametrize(("header", "says", "about"), SAYS, ids=[row[0] for row in SAYS])
def test_a_header_says_a_kind_and_whose_it_is(header: str, says: str, about: str) -> None:
    found = hint(header)
    assert (found.says, found.about) == (says, about)


@pytest.mark.parametrize("header", ["c1", "f2", "column_7", "x", "列3", ""])
def test_a_header_without_words_says_nothing(header: str) -> None:
    assert hint(header) == NOTHING


def test_the_last_known_word_is_the_noun() -> None:
    assert hint("phone_type").says == "ignore:sort"
    assert hint("company_phone").says == "phone"
    assert hint("身份证类型").says == "ignore:sort"
