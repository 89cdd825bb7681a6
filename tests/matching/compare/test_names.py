from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plugins.parties import Party

Tell = Callable[..., str]


def named(key: str, name: str, *others: tuple[str, str]) -> Party:
    return Party(f"s.o:{key}", name or None, others)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("张伟", "张伟", "exact", id="the same"),
        pytest.param("张伟", "張偉", "exact", id="traditional characters"),
        pytest.param("王小明", "王 小 明", "exact", id="spaces inside"),
        pytest.param("王小明", "王晓明", "sound", id="homophone"),
        pytest.param("张伟", "ZHANG WEI", "sound", id="pinyin"),
        pytest.param("张伟", "Wei Zhang", "sound", id="pinyin, given name first"),
        pytest.param("王小明", "王小红", "one_char", id="siblings: one given character differs"),
        pytest.param("王伟", "王芳", "family", id="two characters: only the family name is left"),
        pytest.param("王小明", "汪大海", "differ", id="others"),
        pytest.param("刘慧", "刘慧玲", "short", id="the last character left out"),
        pytest.param("刘慧", "刘玲慧", "family", id="another character in between"),
        pytest.param("陈静怡", "程静怡", "given", id="the same given name, another family"),
        pytest.param("张*", "张三", "masked", id="masked given name"),
        pytest.param("张*", "张小三", "masked", id="one star for a longer given name"),
        pytest.param("张*", "李三", "differ", id="masked under another family name"),
        pytest.param("王?明", "王小明", "masked", id="a character lost"),
        pytest.param("王?明", "王小红", "family", id="a character lost and another differs"),
        pytest.param("阿卜杜拉·买买提", "阿卜杜热·买买提", "near", id="long name, one character"),
        pytest.param("John Smith", "john  smith", "exact", id="case and spaces"),
        pytest.param("John Smith", "Smith, John", "exact", id="family name first"),
        pytest.param("John Smith", "Smith John", "reordered", id="names exchanged"),
        pytest.param("John Smith", "J. Smith", "initials", id="initial"),
        pytest.param("Jonathan Smith", "Jonathon Smith", "near", id="one letter"),
        pytest.param("Mary Jones", "Mary Smith", "given", id="married name"),
        pytest.param("Mary Jones", "Peter Jones", "family", id="one family"),
        pytest.param("", "张伟", "missing", id="no name"),
    ],
)
def test_name_level(level_of: Tell, one: str, other: str, expected: str) -> None:
    assert level_of("name", named("1", one), named("2", other)) == expected


def test_a_former_name_counts(level_of: Tell) -> None:
    one = named("1", "李芳", ("former", "李招娣"))
    assert level_of("name", one, named("2", "李招娣")) == "exact"


def test_two_masked_names_prove_less_than_a_name(level_of: Tell) -> None:
    assert level_of("name", named("1", "张*"), named("2", "张*")) == "masked"


@pytest.mark.parametrize(
    ("bearers", "expected"), [(2, "unique"), (7, "rare"), (13, "uncommon"), (201, "common")]
)
def test_rarity_counts_who_goes_by_the_sound(level_of: Tell, bearers: int, expected: str) -> None:
    crowd = [named(f"x{number}", "王晓伟") for number in range(bearers - 2)]
    assert level_of("rarity", named("1", "王小伟"), named("2", "王小伟"), *crowd) == expected
