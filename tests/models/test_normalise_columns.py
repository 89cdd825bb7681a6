"""Every column is mapped, ignored or reported, and one that identifies must not vanish."""

from __future__ import annotations

import pyarrow as pa
import pytest

from models.errors import SchemaDrift
from models.normalise import normalise_object
from tests.plugins.core_customers import SOURCE, WANG, landed


def test_every_column_is_mapped_ignored_or_reported() -> None:
    rows = (
        landed(WANG | {"BRANCH_NO": "1"}, WANG)
        .drop_columns(["JOB"])
        .append_column("EXTRA", pa.array(["x", ""]))
    )
    done = normalise_object(SOURCE, "customer", rows)
    uses = {row["column_name"]: row for row in done.tables["column_use"].to_pylist()}
    assert uses["CUST_NM"]["use"] == "mapped"
    assert uses["CUST_NM"]["target"] == "name.full"
    assert uses["CUST_NM"]["filled"] == 2
    assert uses["CUST_NO"]["target"] == "record.source_pk"
    assert uses["UPD_TS"]["target"] == "cursor, record.updated_at"
    assert (uses["BRANCH_NO"]["use"], uses["BRANCH_NO"]["filled"]) == ("ignored", 1)
    assert (uses["EXTRA"]["use"], uses["EXTRA"]["target"], uses["EXTRA"]["filled"]) == (
        "unmapped",
        None,
        1,
    )
    assert (uses["JOB"]["use"], uses["JOB"]["target"]) == ("missing", "attribute.occupation")
    assert "_pk" not in uses


@pytest.mark.parametrize("column", ["CUST_NM", "OLD_NM", "CERT_NO", "CERT_TP", "CUST_TP"])
def test_a_missing_name_number_or_type_column_is_drift(column: str) -> None:
    with pytest.raises(SchemaDrift, match=f"'customer' has no column {column}"):
        normalise_object(SOURCE, "customer", landed(WANG).drop_columns([column]))


def test_columns_are_found_whatever_their_case_unless_two_are_alike() -> None:
    lower = landed(WANG).rename_columns([name.lower() for name in landed(WANG).column_names])
    assert normalise_object(SOURCE, "customer", lower).tables["record"].num_rows == 1
    twice = (
        landed(WANG)
        .rename_columns({"CUST_NM": "cust_nm"})
        .append_column("Cust_Nm", pa.array(["x"]))
    )
    with pytest.raises(SchemaDrift):
        normalise_object(SOURCE, "customer", twice)
