"""The levels every comparison can reach, from no evidence (0) upwards.

A higher level wins when a record has several values. ``missing`` (or ``none``) is always 0.
"""

from __future__ import annotations

LEVELS: dict[str, tuple[str, ...]] = {
    "party": ("missing", "differ", "same"),
    # weak: the same number of a class without check digit; cross: one number inside another class
    "identifier": ("missing", "unlike", "masked", "near", "weak", "cross", "same"),
    # conflict: two different valid lifelong numbers of one class
    "conflict": ("none", "conflict"),
    # one_char: another given name in one family, as sisters and twins have; slip: one character
    # differs and sounds or looks alike; short: one name is the other without its last character
    "name": (
        "missing",
        "differ",
        "family",
        "given",
        "one_char",
        "short",
        "masked",
        "initials",
        "near",
        "slip",
        "nickname",
        "reordered",
        "sound",
        "exact",
    ),
    # by how many records go by the name: up to 200, 12, 6
    "rarity": ("missing", "common", "uncommon", "rare", "unique"),
    # serial: 第一/第二, 东/西, Fund II/III; region: the same core under another region or country;
    # short: one name has all words of the other; words: most of the rare words agree; registered:
    # the same full name with region and legal form
    "company": (
        "missing",
        "differ",
        "serial",
        "branch",
        "region",
        "short",
        "words",
        "acronym",
        "near",
        "sound",
        "core",
        "form",
        "exact",
        "registered",
    ),
    "birth_date": (
        "missing",
        "differ",
        "same_year",
        "january_first",
        "one_digit",
        "transposed",
        "same",
    ),
    # as typed, without what a number says: independent evidence between two equal numbers
    "typed_birth_date": (
        "missing",
        "differ",
        "same_year",
        "january_first",
        "one_digit",
        "transposed",
        "same",
    ),
    "sex": ("missing", "differ", "same"),
    # shared: the same number, but people of several names use it
    "mobile": ("missing", "differ", "masked", "shared", "same"),
    "landline": ("missing", "differ", "masked", "shared", "same"),
    "email": ("missing", "differ", "local", "shared", "same"),
    "address": ("missing", "differ", "province", "city", "district", "near", "same"),
}


def level(comparison: str, name: str) -> int:
    """Return the code of a level; ValueError if the comparison has none of that name."""
    return LEVELS[comparison].index(name)
