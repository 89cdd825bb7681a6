"""Call centre: names as they were heard, numbers as they were shown on the display."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from examples.bank import days, person_names, written
from examples.bank.desk import Desk, keys
from examples.bank.frame import Array
from examples.bank.sinks.sql import TableSpec
from examples.bank.text import Text, blank, number, words

TABLES = {
    "CALLER": TableSpec(
        key="CALLER_ID",
        columns={
            "CALLER_ID": 12, "HEARD_NAME": 60, "SALUTATION": 4, "PHONE": 30, "ID_NO": 40,
            "BIRTHDAY": 10, "CITY": 40, "TOPIC": 20, "CALLS": 6, "FIRST_CALL_AT": None,
            "LAST_CALL_AT": None,
        },
        index="LAST_CALL_AT",
    )
}  # fmt: skip
TOPICS = ("账户查询", "挂失", "投诉", "信用卡还款", "贷款咨询", "理财咨询")


def key(who: Array, organisation: bool) -> Text:
    """Return caller numbers."""
    return keys(who, organisation, "CC")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return the rows of the one table."""
    side = desk.people
    then, records, clerk = side.then, side.records, side.clerk
    first = np.minimum(records["opened"] * days.DAY + 36_000, records["updated"])
    return {
        "CALLER": pa.table(
            {
                "CALLER_ID": key(records["who"], False),
                "HEARD_NAME": person_names.full_name(then),
                "SALUTATION": words(["女士", "先生"], then["sex"]),
                "PHONE": written.mobile(then),
                "ID_NO": written.identity(then),
                "BIRTHDAY": days.day_text(then["born"]),
                "CITY": blank(written.region(then, "city"), then["address_missing"]),
                "TOPIC": words(TOPICS, clerk.pick("topic", len(TOPICS))),
                "CALLS": number(1 + clerk.pick("calls", 9)),
                "FIRST_CALL_AT": days.second_text(first),
                "LAST_CALL_AT": days.second_text(records["updated"]),
            }
        )
    }
