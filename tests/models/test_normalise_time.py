"""A record's business time: the first of the mapping's columns that holds one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from models.mapping import Mapping
from models.normalise import Normalised, normalise_object
from models.source import SourceConfig

ROWS = ["NM", "UPD", "OPENED", "_pk", "_hash"]


def normalised(updated_at: Any, **row: str | None) -> Normalised:
    mapping = {"party": "person", "names": [{"full": "NM"}], "timezone": "UTC"}
    if updated_at is not None:
        mapping["updated_at"] = updated_at
    config = {"read": {}, "mapping": mapping}
    source = SourceConfig.model_validate(
        {"name": "core", "connector": "sql", "objects": {"customer": config}}
    )
    whole = {"NM": "王小明", "_pk": "1", "_hash": "h"} | row
    rows = pa.table({name: pa.array([whole.get(name)], pa.string()) for name in ROWS})
    return normalise_object(source, "customer", rows)


def time_of(done: Normalised) -> datetime | None:
    moment: datetime | None = done.tables["record"]["updated_at"][0].as_py()
    return moment


UPDATED, OPENED = datetime.fromisoformat("2026-05-02"), datetime.fromisoformat("2020-01-03")
TIMES: list[tuple[Any, dict[str, str | None], datetime | None]] = [
    (["UPD", "OPENED"], {"UPD": "2026-05-02", "OPENED": "2020-01-03"}, UPDATED),
    (["UPD", "OPENED"], {"UPD": None, "OPENED": "2020-01-03"}, OPENED),
    (["UPD", "OPENED"], {"UPD": " ", "OPENED": "2020-01-03"}, OPENED),
    (["UPD", "OPENED"], {"UPD": "soon", "OPENED": "2020-01-03"}, OPENED),
    (["OPENED", "UPD"], {"UPD": "2026-05-02", "OPENED": "2020-01-03"}, OPENED),
    (["UPD", "OPENED"], {}, None),
    ("UPD", {"UPD": "2026-05-02"}, UPDATED),
    ("UPD", {"OPENED": "2020-01-03"}, None),
    (None, {"UPD": "2026-05-02"}, None),
]


@pytest.mark.parametrize(
    ("updated_at", "row", "moment"),
    TIMES,
    ids=[
        "the-first", "empty", "blank", "unreadable", "other-order", "none-filled", "one-column",
        "one-column-empty", "not-mapped",
    ],
)  # fmt: skip
def test_the_first_column_that_holds_a_time_counts(
    updated_at: Any, row: dict[str, str | None], moment: datetime | None
) -> None:
    assert time_of(normalised(updated_at, **row)) == moment


def test_an_unreadable_time_is_a_defect_though_another_stands_in() -> None:
    done = normalised(["UPD", "OPENED"], UPD="soon", OPENED="2020-01-03")
    assert done.tables["defect"]["field"].to_pylist() == ["UPD"]


def test_every_column_of_the_list_is_mapped() -> None:
    uses = normalised(["UPD", "OPENED"]).tables["column_use"].to_pylist()
    targets = {row["column_name"]: row["target"] for row in uses}
    assert targets["UPD"] == targets["OPENED"] == "record.updated_at"


def test_a_list_names_at_least_one_column() -> None:
    with pytest.raises(ValidationError):
        Mapping.model_validate({"party": "person", "names": [{"full": "N"}], "updated_at": []})
