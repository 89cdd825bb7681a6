from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fields.identifiers import normalise_identifiers, org_codes_within
from models.fields.vocabulary import ID_CLASSES

# The check characters below were computed by hand-written loops, not by the code under test.
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def citizen(body: str) -> str:
    """Return 17 digits with their check character."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def org_code(body: str) -> str:
    """Return 8 characters with their check character."""
    weights = [3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(w * int(c, 36) for w, c in zip(weights, body, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def uscc(body: str) -> str:
    """Return 17 characters with their check character."""
    total = sum(USCC_CHARACTERS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + USCC_CHARACTERS[(31 - total % 31) % 31]


def one(value: str | None, id_class: str | None = None, country: str | None = None) -> Any:
    """Return the only row, without NULLs."""
    row = normalise_identifiers(pa.array([value], pa.string()), id_class, country).to_pylist()[0]
    return {name: item for name, item in row.items() if item is not None}


PERSON = citizen("33010619850317123")  # 198: odd, a man
COMPANY = uscc("91110108" + org_code("60003734"))

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


def bodies() -> list[str]:
    """Return a few 17-digit bodies."""
    return [f"33010619850317{sequence:03}" for sequence in range(100, 160)]


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


DESTROYED = [
    "1.10101E+17",
    "1.10101199001012e+17",
    "1E+17",
    "110101199001011000.0",
    "110101199001011000",
]


@pytest.mark.parametrize("value", DESTROYED)
@pytest.mark.parametrize("id_class", ["resident_id", None])
def test_numbers_a_float_has_destroyed_leave_no_value(value: str, id_class: str | None) -> None:
    row = one(value, id_class)
    assert row["status"] == "precision_lost"
    assert row["rule"] == "id_precision_lost"
    assert "value" not in row


def test_a_float_of_fifteen_digits_or_less_is_exact() -> None:
    assert one("81234567.0", "tw_permit")["value"] == "81234567"


MASKED = {
    "110101********1234": "110101********1234",
    "****1234": "****1234",
    "110101XXXXXXXX1234": "110101********1234",
    "110101＊＊＊＊＊＊＊＊123X": "110101********123X",
    "3301●●●●●●●●●●123X": "3301**********123X",
}


@pytest.mark.parametrize(("value", "stars"), MASKED.items())
def test_masked_numbers_keep_one_star_for_each_character(value: str, stars: str) -> None:
    row = one(value, "resident_id")
    assert (row["status"], row["value"], row["rule"]) == ("masked", stars, "masked")


FILLERS = [
    "111111111111111111",
    "000000000000000000",
    "123456789012345678",
    "987654321",
    "11010519491231002X",
    "无",
    "NULL",
    "n/a",
    "-",
    "/",
    "不详",
]


@pytest.mark.parametrize("value", FILLERS)
@pytest.mark.parametrize("id_class", ["resident_id", "other", None])
def test_fillers_are_placeholders(value: str, id_class: str | None) -> None:
    assert one(value, id_class)["status"] == "placeholder"


def test_words_for_none_leave_no_value() -> None:
    assert "value" not in one("无", "resident_id")


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
def test_no_value_gives_a_row_of_nulls(value: str | None) -> None:
    assert one(value, "resident_id") == {}


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


ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=24),
    st.text("0123456789X*ABEHM. -", max_size=22),
    st.sampled_from([PERSON, COMPANY, *DESTROYED, *FILLERS]),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(ANYTHING, st.sampled_from([None, *ID_CLASSES])), min_size=1, max_size=12))
def test_a_row_depends_on_nothing_but_itself(items: list[tuple[str | None, str | None]]) -> None:
    values = pa.array([value for value, _ in items], pa.string())
    classes = pa.array([name for _, name in items], pa.string())
    together = normalise_identifiers(values, classes).to_pylist()
    alone = [
        normalise_identifiers(pa.array([value], pa.string()), name).to_pylist()[0]
        for value, name in items
    ]
    assert together == alone


@settings(max_examples=40)
@given(st.lists(ANYTHING, min_size=1, max_size=12), st.sampled_from(ID_CLASSES))
def test_normalising_a_sound_number_again_changes_nothing(
    values: list[str | None], id_class: str
) -> None:
    first = normalise_identifiers(pa.array(values, pa.string()), id_class)
    sound = first.filter(pa.compute.is_in(first["status"], pa.array(["valid", "masked"])))
    again = normalise_identifiers(sound["value"], sound["id_class"])
    assert again.drop_columns(["rule"]).to_pylist() == sound.drop_columns(["rule"]).to_pylist()
