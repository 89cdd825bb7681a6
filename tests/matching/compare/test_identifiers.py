from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plugins.parties import Party, resident_id

NUMBER = resident_id("440305", "1985-03-12", "123")
OTHER = resident_id("440305", "1985-03-12", "141")
SLIP = NUMBER[:9] + str((int(NUMBER[9]) + 1) % 10) + NUMBER[10:]
EXCHANGED = NUMBER[:14] + NUMBER[15] + NUMBER[14] + NUMBER[16:]
USCC = "91440300708461136T"


def holder(key: str, *ids: tuple[str, ...]) -> Party:
    return Party(f"s.o:{key}", "张伟", ids=ids)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(("resident_id", NUMBER), ("resident_id", NUMBER), "same", id="same"),
        pytest.param(("resident_id", NUMBER), ("resident_id", OTHER), "unlike", id="two valid"),
        pytest.param(
            ("resident_id", NUMBER), ("resident_id", SLIP, "invalid"), "near", id="one digit wrong"
        ),
        pytest.param(
            ("resident_id", NUMBER),
            ("resident_id", EXCHANGED, "invalid"),
            "near",
            id="neighbours exchanged",
        ),
        pytest.param(
            ("resident_id", SLIP, "invalid"),
            ("resident_id", SLIP, "invalid"),
            "weak",
            id="the same slip twice",
        ),
        pytest.param(
            ("resident_id", NUMBER),
            ("resident_id", NUMBER[:6] + "********" + NUMBER[14:], "masked"),
            "masked",
            id="fits the mask",
        ),
        pytest.param(
            ("resident_id", OTHER),
            ("resident_id", NUMBER[:6] + "********" + NUMBER[14:], "masked"),
            "unlike",
            id="does not fit the mask",
        ),
        pytest.param(
            ("resident_id", NUMBER),
            ("resident_id", NUMBER[0] + "*" * 16 + NUMBER[-1], "masked"),
            "unlike",
            id="a mask that shows two characters proves nothing",
        ),
        pytest.param(("uscc", USCC), ("org_code", USCC[8:17]), "cross", id="code inside a uscc"),
        pytest.param(
            ("tax_id", "440300" + USCC[8:17], "unchecked"),
            ("uscc", USCC),
            "cross",
            id="code inside an old tax number",
        ),
        pytest.param(
            ("passport_cn", "E12345678", "unchecked"),
            ("passport_cn", "E12345678", "unchecked"),
            "weak",
            id="passport",
        ),
        pytest.param(
            ("passport_cn", "E12345678", "unchecked"),
            ("resident_id", NUMBER),
            "missing",
            id="classes that cannot be compared",
        ),
    ],
)
def test_identifier_level(
    level_of: Callable[..., str], one: tuple[str, ...], other: tuple[str, ...], expected: str
) -> None:
    assert level_of("identifier", holder("1", one), holder("2", other)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param([("resident_id", NUMBER)], [("resident_id", OTHER)], "conflict", id="two"),
        pytest.param([("resident_id", NUMBER)], [("resident_id", NUMBER)], "none", id="one"),
        pytest.param(
            [("resident_id", NUMBER)], [("resident_id", SLIP, "invalid")], "none", id="a slip"
        ),
        pytest.param(
            [("resident_id", NUMBER)], [("hkmo_permit", "H12345678")], "none", id="two classes"
        ),
        pytest.param(
            [("resident_id", NUMBER), ("hkmo_permit", "H12345678")],
            [("resident_id", OTHER), ("hkmo_permit", "H12345678")],
            "conflict",
            id="agreeing in one class does not excuse another",
        ),
        pytest.param(
            [("passport_cn", "E12345678")],
            [("passport_cn", "E87654321")],
            "none",
            id="passports are renewed",
        ),
    ],
)
def test_conflict_level(
    level_of: Callable[..., str],
    one: list[tuple[str, ...]],
    other: list[tuple[str, ...]],
    expected: str,
) -> None:
    assert level_of("conflict", holder("1", *one), holder("2", *other)) == expected


def test_numbers_of_two_countries_are_not_the_same_number(bank, level_of) -> None:  # type: ignore[no-untyped-def]
    one, other = (holder(key, ("national_id", "123456789", "unchecked")) for key in "12")
    assert level_of("identifier", one, other) == "weak"
    bank.connection.execute(
        "UPDATE normalised.identifier SET country = 'US' WHERE record_key = 's.o:2'"
    )
    import numpy as np

    from matching.compare import prepare
    from matching.values import load_frame

    frame = load_frame(bank.connection)
    found = prepare(frame)["identifier"](np.array([0], np.int32), np.array([1], np.int32))
    assert found.tolist() == [0]
