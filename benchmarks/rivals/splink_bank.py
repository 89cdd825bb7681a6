"""Splink's settings for the example bank's flat table: people and companies apart, by hand."""

from __future__ import annotations

from typing import Any

from splink import block_on  # type: ignore[import-not-found]
from splink import comparison_level_library as cll
from splink import comparison_library as cl

from benchmarks.rivals.splink_recipe import Recipe

_WEIGHTS = tuple(float(bits) for bits in range(-4, 42, 2))


def _number(column: str) -> Any:
    """Levels of a number that is somebody's own: the same, one edit apart, another."""
    return cl.LevenshteinAtThresholds(column, [1])


PEOPLE = Recipe(
    origin="by hand",
    columns="folded_name, sound, birth_date, sex, id_number, mobile, email, address, district, "
    "city, source",
    blocking=[
        block_on("id_number"),
        block_on("mobile"),
        block_on("email"),
        block_on("folded_name", "birth_date"),
        block_on("sound", "birth_date"),
        block_on("folded_name", "address"),
        block_on("folded_name", "district", "sex"),
        block_on("birth_date", "district"),
    ],
    comparisons=[
        cl.CustomComparison(
            output_column_name="name",
            comparison_levels=[
                cll.NullLevel("folded_name"),
                cll.ExactMatchLevel("folded_name", term_frequency_adjustments=True),
                cll.ExactMatchLevel("sound", term_frequency_adjustments=True),
                cll.LevenshteinLevel("folded_name", 1),
                cll.ElseLevel(),
            ],
        ),
        _number("id_number"),
        cl.CustomComparison(
            output_column_name="birth_date",
            comparison_levels=[
                cll.NullLevel("birth_date"),
                cll.ExactMatchLevel("birth_date"),
                cll.LevenshteinLevel("birth_date", 1),
                cll.CustomLevel(
                    "substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4)", "the same year"
                ),
                cll.ElseLevel(),
            ],
        ),
        _number("mobile"),
        cl.ExactMatch("email"),
        cl.ExactMatch("sex"),
        cl.CustomComparison(
            output_column_name="address",
            comparison_levels=[
                cll.And(cll.NullLevel("address"), cll.NullLevel("city")),
                cll.ExactMatchLevel("address", term_frequency_adjustments=True),
                cll.ExactMatchLevel("district", term_frequency_adjustments=True),
                cll.ExactMatchLevel("city", term_frequency_adjustments=True),
                cll.ElseLevel(),
            ],
        ),
    ],
    prior=[block_on("id_number"), block_on("folded_name", "birth_date", "mobile")],
    recall=0.9,
    sessions=[block_on("id_number"), block_on("folded_name", "birth_date"), block_on("mobile")],
    u_pairs=1e7,
    weights=_WEIGHTS,
)

COMPANIES = Recipe(
    origin="by hand",
    columns="folded_name, company_core, company_region, uscc, org_code, mobile, landline, "
    "district, city",
    blocking=[
        block_on("uscc"),
        block_on("org_code"),
        block_on("folded_name"),
        block_on("company_core"),
        block_on("mobile"),
        block_on("landline"),
    ],
    comparisons=[
        cl.CustomComparison(
            output_column_name="name",
            comparison_levels=[
                cll.NullLevel("folded_name"),
                cll.ExactMatchLevel("folded_name", term_frequency_adjustments=True),
                cll.And(cll.ExactMatchLevel("company_core"), cll.ExactMatchLevel("company_region")),
                cll.ExactMatchLevel("company_core", term_frequency_adjustments=True),
                cll.LevenshteinLevel("company_core", 1),
                cll.ElseLevel(),
            ],
        ),
        _number("uscc"),
        _number("org_code"),
        cl.ExactMatch("mobile"),
        cl.ExactMatch("landline"),
        cl.CustomComparison(
            output_column_name="place",
            comparison_levels=[
                cll.NullLevel("city"),
                cll.ExactMatchLevel("district", term_frequency_adjustments=True),
                cll.ExactMatchLevel("city"),
                cll.ElseLevel(),
            ],
        ),
    ],
    prior=[block_on("uscc"), block_on("org_code")],
    recall=0.8,
    sessions=[block_on("org_code"), block_on("folded_name"), block_on("company_core")],
    u_pairs=1e7,
    weights=_WEIGHTS,
)
