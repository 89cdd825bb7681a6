"""Splink's settings as its own documentation gives them for these data."""

from __future__ import annotations

from splink import block_on  # type: ignore[import-not-found]
from splink import comparison_library as cl

from benchmarks.rivals.splink_recipe import Recipe

_HISTORICAL = Recipe(
    origin="its demo deduplicate_50k_synthetic",
    columns="first_name, surname, dob, birth_place, postcode_fake, occupation, "
    "first_name || ' ' || surname AS first_name_surname_concat",
    blocking=[
        block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
        block_on("surname", "dob"),
        block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"),
        block_on("substr(postcode_fake,1,3)", "dob"),
        block_on("substr(postcode_fake,1,3)", "first_name"),
        block_on("substr(postcode_fake,1,3)", "surname"),
        block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ],
    comparisons=[
        cl.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
        ),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ],
    prior=[
        block_on("first_name", "surname", "dob"),
        block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
        block_on("dob", "postcode_fake"),
    ],
    recall=0.6,
    sessions=[block_on("first_name", "surname"), block_on("dob")],
    u_pairs=1e7,
)

_FEBRL = Recipe(
    origin="its demo febrl3",
    columns="given_name, surname, street_number, postcode, date_of_birth, soc_sec_id",
    blocking=[
        block_on("soc_sec_id"),
        block_on("given_name"),
        block_on("surname"),
        block_on("date_of_birth"),
        block_on("postcode"),
    ],
    comparisons=[
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ],
    prior=[
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        """l.given_name = r.surname AND l.surname = r.given_name
           AND l.date_of_birth = r.date_of_birth""",
    ],
    recall=0.9,
    sessions=[block_on("date_of_birth"), block_on("postcode")],
    fast_training=False,
)

FAKE = Recipe(
    origin="its demo accuracy_analysis_from_labels_column",
    columns="first_name, surname, dob, city, email",
    blocking=[block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email")],
    comparisons=[
        cl.ForenameSurnameComparison("first_name", "surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ],
    prior=[
        "l.first_name = r.first_name AND levenshtein(r.dob, l.dob) <= 1",
        "l.surname = r.surname AND levenshtein(r.dob, l.dob) <= 1",
        "l.first_name = r.first_name AND levenshtein(r.surname, l.surname) <= 2",
        "l.email = r.email",
    ],
    recall=0.7,
    sessions=[block_on("dob"), block_on("email"), block_on("first_name", "surname")],
)

DEMOS: dict[str, Recipe] = {
    "historical_50k": _HISTORICAL,
    "febrl1": _FEBRL,
    "febrl2": _FEBRL,
    "febrl3": _FEBRL,
    "fake_1000": FAKE,
}
