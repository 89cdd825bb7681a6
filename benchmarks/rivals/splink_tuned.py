"""Splink's settings made by hand, with the truth in view, until they got no better.

That is more than a user without labels can do. Each was the best of five to ten tries.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from splink import block_on  # type: ignore[import-not-found]
from splink import comparison_level_library as cll
from splink import comparison_library as cl

from benchmarks.rivals.splink_demos import DEMOS, FAKE
from benchmarks.rivals.splink_recipe import Recipe


def _spelled(column: str, *edits: int) -> Any:
    """Levels by edits, rare values weighing more."""
    return cl.LevenshteinAtThresholds(column, [*edits]).configure(term_frequency_adjustments=True)


def _sounding(column: str, *similar: float) -> Any:
    """Levels by Jaro–Winkler similarity, rare values weighing more."""
    return cl.JaroWinklerAtThresholds(column, [*similar]).configure(term_frequency_adjustments=True)


def _exact(column: str) -> Any:
    return cl.ExactMatch(column).configure(term_frequency_adjustments=True)


_DEMO = DEMOS["historical_50k"]
_HISTORICAL = replace(
    _DEMO,
    origin="its demo, with blocking and comparisons changed by hand",
    columns=f"{_DEMO.columns}, full_name, split_part(postcode_fake, ' ', 1) AS outward",
    blocking=[
        *_DEMO.blocking,
        block_on("surname", "birth_place"),
        block_on("first_name", "birth_place", "substr(dob,1,4)"),
        block_on("surname", "substr(dob,1,4)"),
        block_on("first_name", "surname"),
        block_on("postcode_fake"),
        block_on("full_name"),
        block_on("outward", "occupation", "substr(dob,1,4)"),
        block_on("dob", "occupation"),
        block_on("dob", "substr(first_name,1,1)"),
        block_on("dob", "substr(surname,1,1)"),
        block_on("birth_place", "occupation", "substr(dob,1,4)"),
        block_on("outward", "substr(surname,1,2)"),
        block_on("outward", "substr(dob,1,4)"),
    ],
    comparisons=[
        _sounding("first_name", 0.92, 0.8),
        _sounding("surname", 0.92, 0.8),
        _spelled("dob", 1, 2),
        cl.CustomComparison(
            output_column_name="postcode",
            comparison_levels=[
                cll.NullLevel("postcode_fake"),
                cll.ExactMatchLevel("postcode_fake", term_frequency_adjustments=True),
                cll.LevenshteinLevel("postcode_fake", 1),
                cll.ExactMatchLevel("outward", term_frequency_adjustments=True),
                cll.ElseLevel(),
            ],
        ),
        _exact("birth_place"),
        _exact("occupation"),
    ],
)

_VOTERS = Recipe(
    origin="by hand; records of one party are never linked",
    columns="givenname, surname, suburb, postcode",
    blocking=[
        block_on("surname", "givenname"),
        block_on("surname", "postcode"),
        block_on("givenname", "postcode"),
        block_on("suburb", "postcode", "substr(givenname,1,1)"),
        block_on("suburb", "postcode", "substr(surname,1,1)"),
        block_on("surname", "suburb"),
        block_on("givenname", "suburb"),
        block_on("substr(surname,1,3)", "substr(givenname,1,3)", "substr(postcode,1,3)"),
    ],
    comparisons=[
        _spelled("givenname", 1, 2),
        _spelled("surname", 1, 2),
        _spelled("suburb", 1, 2, 3),
        _spelled("postcode", 1, 2),
    ],
    prior=[block_on("surname", "givenname", "postcode")],
    recall=0.3,
    sessions=[block_on("surname", "givenname"), block_on("postcode", "suburb")],
    fast_training=False,
    source="party",
)

# With the mailing address it falls to 0.987: households agree on it.
_W2 = Recipe(
    origin="by hand",
    columns="""ssn, first_name, middle_initial, last_name, employer_name,
        nullif(concat_ws(' ', mailing_address_street_number, mailing_address_street_name,
            mailing_address_unit_number, mailing_address_po_box), '') AS address""",
    blocking=[
        block_on("ssn"),
        block_on("first_name", "last_name"),
        block_on("last_name", "address"),
        block_on("first_name", "address"),
        block_on("last_name", "employer_name", "substr(first_name,1,1)"),
        block_on("first_name", "employer_name", "substr(last_name,1,1)"),
        block_on("substr(ssn,1,6)", "first_name"),
        block_on("substr(ssn,6,6)", "first_name"),
        block_on("substr(ssn,1,6)", "last_name"),
        block_on("substr(ssn,6,6)", "last_name"),
    ],
    comparisons=[
        cl.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
        _sounding("first_name", 0.92, 0.8),
        _sounding("last_name", 0.92, 0.8),
        _exact("middle_initial"),
        _sounding("employer_name", 0.9),
    ],
    prior=[block_on("ssn", "first_name"), block_on("ssn", "last_name")],
    recall=0.9,
    sessions=[block_on("ssn"), block_on("first_name", "last_name")],
)

_FAKE = replace(
    FAKE,
    origin="its demo, with blocking and comparisons changed by hand",
    blocking=[
        *FAKE.blocking,
        block_on("city"),
        block_on("substr(email,1,4)"),
        block_on("substr(dob,1,7)"),
    ],
    comparisons=[
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        _sounding("city", 0.9, 0.8),
        cl.EmailComparison("email"),
    ],
)

_RL = Recipe(
    origin="by hand",
    columns='fname_c1, lname_c1, "by" AS birth_year, bm AS birth_month, bd AS birth_day',
    blocking=[
        block_on("fname_c1", "lname_c1"),
        block_on("lname_c1", "birth_year"),
        block_on("fname_c1", "birth_year"),
        block_on("birth_year", "birth_month", "birth_day"),
        block_on("lname_c1", "birth_month", "birth_day"),
        block_on("fname_c1", "birth_month", "birth_day"),
    ],
    comparisons=[
        _spelled("fname_c1", 1, 2),
        _spelled("lname_c1", 1, 2),
        cl.LevenshteinAtThresholds("birth_year", [1]),
        cl.LevenshteinAtThresholds("birth_month", [1]),
        cl.LevenshteinAtThresholds("birth_day", [1]),
    ],
    prior=[
        block_on("lname_c1", "birth_year", "birth_month", "birth_day"),
        block_on("fname_c1", "birth_year", "birth_month", "birth_day"),
        block_on("fname_c1", "lname_c1", "birth_year", "birth_month"),
        block_on("fname_c1", "lname_c1", "birth_year", "birth_day"),
        block_on("fname_c1", "lname_c1", "birth_month", "birth_day"),
    ],
    recall=0.8,
    sessions=[
        block_on("lname_c1", "birth_month"),
        block_on("fname_c1", "birth_year"),
        block_on("birth_year", "birth_day"),
    ],
)

TUNED: dict[str, Recipe] = {
    "historical_50k": _HISTORICAL,
    "ncvr": _VOTERS,
    "pseudopeople_w2": _W2,
    "fake_1000": _FAKE,
    "rldata500": _RL,
    "rldata10000": _RL,
}
