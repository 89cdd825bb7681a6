"""Citizens' numbers tell birth, sex and region; a faulty one is marked and never repaired."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugins.id_numbers import PERSON, bodies, citizen, one

LEGITIMATE = {
    "Hong Kong residence permit": citizen("81000019940823002"),
    "Macau residence permit": citizen("82000019940823002"),
    "Taiwan residence permit": citizen("83000019940823002"),
    "born 1970 in a county made in 1993": citizen("31011519700101451"),
    "Chongqing while it was Sichuan": citizen("51021219750607451"),
    "Hangzhou district made in 2021": citizen("33011320210607451"),
    "unknown county": citizen("33999919900607451"),
    "born in 1899": citizen("33010618991231451"),
}


@pytest.mark.parametrize("number", LEGITIMATE.values(), ids=LEGITIMATE)
def test_region_and_age_are_never_a_reason_to_reject(number: str) -> None:
    assert one(number, "resident_id")["status"] == "valid"
    assert one(number)["id_class"] == "resident_id"


def test_citizen_number_tells_birth_sex_and_region() -> None:
    assert one(PERSON, "resident_id") == {
        "value": PERSON,
        "id_class": "resident_id",
        "country": "CN",
        "status": "valid",
        "birth_date": date(1985, 3, 17),
        "sex": "male",
        "region_code": "330106",
    }


WRITTEN = {
    "spaces": f" {PERSON[:6]} {PERSON[6:14]} {PERSON[14:]} ",
    "dashes": f"{PERSON[:6]}-{PERSON[6:]}",
    "full width": "".join(chr(ord(c) + 0xFEE0) for c in PERSON),
    "leading quote of spreadsheets": f"'{PERSON}",
    "no-break space": f"{PERSON}\u00a0",
    "tab and newline": f"\t{PERSON}\n",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_spellings_of_one_number_become_one_value(written: str) -> None:
    assert one(written, "resident_id")["value"] == PERSON


def test_small_x_is_the_check_character() -> None:
    number = next(n for n in map(citizen, bodies()) if n.endswith("X"))
    assert one(number.lower(), "resident_id") == one(number, "resident_id")


FAULTS = {
    "check digit": (PERSON[:-1] + str((int(PERSON[-1]) + 1) % 10), "id_check_digit"),
    "30 February": (citizen("33010619850230123"), "id_birth_date"),
    "born in 2099": (citizen("33010620990317123"), "id_birth_date"),
    "17 digits": (PERSON[:-1], "id_form"),
    "letter l for 1": (PERSON.replace("1", "l"), "id_form"),
    "letter O for 0": (PERSON.replace("0", "O"), "id_form"),
}


@pytest.mark.parametrize(("number", "rule"), FAULTS.values(), ids=FAULTS)
def test_faulty_citizen_numbers_are_kept_and_marked_but_not_repaired(
    number: str, rule: str
) -> None:
    row = one(number, "resident_id")
    assert row["status"] == "invalid"
    assert row["rule"] == rule
    assert row["value"] == number.upper()
    assert "birth_date" not in row


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(1, 995))
def test_fifteen_digits_become_eighteen(born: date, sequence: int) -> None:
    old = f"330106{born:%y%m%d}{sequence:03}"
    row = one(old, "resident_id")
    assert row["value"] == citizen(f"330106{born:%Y%m%d}{sequence:03}")
    assert row["status"] == "valid"
    assert row["birth_date"] == born


@pytest.mark.parametrize("sequence", range(996, 1000))
def test_centenarians_of_the_old_numbers_were_born_in_the_eighteen_hundreds(sequence: int) -> None:
    row = one(f"330106950317{sequence}", "resident_id")
    assert row["birth_date"] == date(1895, 3, 17)


@settings(max_examples=50)
@given(st.integers(1, 16), st.integers(1, 9), st.sampled_from(bodies()))
def test_any_one_wrong_digit_is_noticed(place: int, step: int, body: str) -> None:
    number = citizen(body)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert one(wrong, "resident_id")["status"] != "valid"
