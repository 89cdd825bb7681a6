from __future__ import annotations

import pytest

from matching.keys import KEY_NAMES, key_column, phonetic
from tests.plugins.parties import HOME, Bank, Party, resident_id

NUMBER = resident_id("440305", "1985-03-12", "123")
MASKED = NUMBER[:6] + "********" + NUMBER[14:]


@pytest.mark.parametrize(
    ("one", "other"),
    [("smith", "smyth"), ("jonathan", "jonathon"), ("meyer", "meier"), ("catherine", "cathryn")],
)
def test_words_that_sound_alike_share_a_phonetic_key(one: str, other: str) -> None:
    assert phonetic(one) == phonetic(other)


@pytest.mark.parametrize("word", ["", "j", "张"])
def test_too_little_to_hear_gives_no_key(word: str) -> None:
    assert phonetic(word) is None


@pytest.mark.parametrize(
    ("key", "one", "other", "meet"),
    [
        pytest.param("name", Party("s.o:1", "张伟"), Party("s.o:2", "張偉"), True, id="fold"),
        pytest.param("name", Party("s.o:1", "张*"), Party("s.o:2", "张*"), False, id="masked name"),
        pytest.param(
            "sound", Party("s.o:1", "张伟"), Party("s.o:2", "Zhang Wei"), True, id="sound"
        ),
        pytest.param(
            "words",
            Party("s.o:1", "John Smith"),
            Party("s.o:2", "Smyth Jon"),
            True,
            id="Latin words in any order",
        ),
        pytest.param(
            "words",
            Party("s.o:1", "张伟"),
            Party("s.o:2", "张伟"),
            False,
            id="Han names have no Latin words",
        ),
        pytest.param(
            "identifier",
            Party("s.o:1", ids=[("resident_id", MASKED, "masked")]),
            Party("s.o:2", ids=[("resident_id", MASKED, "masked")]),
            False,
            id="masked number",
        ),
        pytest.param(
            "identifier_tail",
            Party("s.o:1", ids=[("resident_id", MASKED, "masked")]),
            Party("s.o:2", ids=[("resident_id", NUMBER)]),
            True,
            id="readable tail",
        ),
        pytest.param(
            "mobile_ends",
            Party("s.o:1", mobile="+86138****5678"),
            Party("s.o:2", mobile="+8613812345678"),
            True,
            id="readable ends",
        ),
        pytest.param(
            "mobile_ends",
            Party("s.o:1", mobile="+86*******5678"),
            Party("s.o:2", mobile="+86*******5678"),
            False,
            id="hidden ends",
        ),
        pytest.param(
            "district",
            Party("s.o:1", address=HOME),
            Party("s.o:2", address=HOME),
            True,
            id="district",
        ),
        pytest.param(
            "district",
            Party("s.o:1", address=("440300", None, None, None)),
            Party("s.o:2", address=("440300", None, None, None)),
            False,
            id="a city is no district",
        ),
        pytest.param(
            "birth_date", Party("s.o:1", "张伟"), Party("s.o:2", "张伟"), False, id="no birth date"
        ),
    ],
)
def test_key_columns_bring_together_what_they_should(
    bank: Bank, key: str, one: Party, other: Party, meet: bool
) -> None:
    column = key_column(bank.fill(one, other).frame(), key)
    values = [
        set(column.codes[column.starts[at] : column.starts[at + 1]].tolist()) for at in range(2)
    ]
    assert bool(values[0] & values[1]) is meet


@pytest.mark.parametrize("key", KEY_NAMES)
def test_every_key_column_can_be_built_from_nothing(bank: Bank, key: str) -> None:
    assert len(key_column(bank.fill().frame(), key).codes) == 0
