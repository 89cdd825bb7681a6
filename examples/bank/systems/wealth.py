"""Wealth management: workbooks that managers keep, with titles, merged headers and totals.

A few numbers went through a spreadsheet as numbers and lost their last digits. Clients who left
are marked, not removed. A new workbook only holds what changed.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from examples.bank import days, person_names, written
from examples.bank.company_names import known_name
from examples.bank.desk import Desk, Side, keys
from examples.bank.frame import Array
from examples.bank.text import (
    Text,
    blank,
    choose,
    from_bytes,
    join,
    nothing,
    number,
    pc,
    same,
    words,
)
from examples.bank.words import word_lists

DOCUMENTS = {
    "resident_id": "居民身份证",
    "passport_foreign": "外国护照",
    "hkmo_permit": "港澳通行证",
    "tw_permit": "台胞证",
    "passport_cn": "护照",
}
SHEET = "客户"
# One row of headers for the groups, one for what is in them.
HEADER = (
    ("客户编号", ""),
    ("客户名称", ""),
    ("客户类型", ""),
    ("证件信息", "证件类型"),
    ("证件信息", "证件号码"),
    ("证件信息", "有效期至"),
    ("出生日期", ""),
    ("性别", ""),
    ("联系方式", "手机"),
    ("联系方式", "邮箱"),
    ("联系方式", "地址"),
    ("风险等级", ""),
    ("客户经理", ""),
    ("更新日期", ""),
    ("客户状态", ""),
)
NAMES = tuple(f"{top}_{below}" if below else top for top, below in HEADER)
# Columns written as real dates, and the one where numbers may be numbers.
DATES = ("更新日期",)
NUMBERS = ("证件信息_证件号码",)
_FLOAT_ONE_IN = 250


def key(who: Array, organisation: bool) -> Text:
    """Return client numbers."""
    return keys(who, organisation, "W")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return the rows of the sheet; numbers that were spoilt stand as ``1.10101E+17``."""
    return {SHEET: pa.concat_tables([_people(desk.people), _companies(desk)])}


def _people(side: Side) -> pa.Table:
    then = side.then
    plain = then["long_number"] & (then["number_style"] == 0)
    digits = pc.match_substring_regex(written.identity(then), "^[0-9]{18}$")
    digits = pc.fill_null(digits, False).to_numpy(zero_copy_only=False)
    floats = plain & digits & (side.clerk.pick("float", _FLOAT_ONE_IN) == 0)
    if floats.any():
        side.clerk.slips.append(("id", "id_float", np.flatnonzero(floats)))
    return _table(
        side,
        False,
        客户名称=person_names.full_name(then),
        证件信息_证件类型=written.document_type(then, DOCUMENTS),
        证件信息_证件号码=choose(
            floats, _as_number(written.identity(then)), written.identity(then)
        ),
        证件信息_有效期至=_expiry(then["expires"], then["shown"] < 0),
        出生日期=days.day_text(then["born"], "%Y年%m月%d日"),
        性别=words(["女", "男"], then["sex"]),
        联系方式_邮箱=person_names.email(then, word_lists()["mail_hosts"]),
    )


def _companies(desk: Desk) -> pa.Table:
    then = desk.companies.then
    empty = nothing(len(then))
    return _table(
        desk.companies,
        True,
        客户名称=known_name(then, desk.world.people),
        证件信息_证件类型=choose(then["uscc"] == b"", None, "统一社会信用代码"),
        证件信息_证件号码=from_bytes(then["uscc"]),
        证件信息_有效期至=empty,
        出生日期=empty,
        性别=empty,
        联系方式_邮箱=empty,
    )


def _table(side: Side, organisation: bool, **columns: Text) -> pa.Table:
    records, clerk = side.records, side.clerk
    filled = columns | {
        "客户编号": key(records["who"], organisation),
        "客户类型": same("机构" if organisation else "个人", len(records)),
        "联系方式_手机": written.mobile(side.then),
        "联系方式_地址": written.address(side.then),
        "风险等级": join("C", number(1 + clerk.pick("risk", 5))),
        "客户经理": join("M", number(records["who"] % 90, 3)),
        "更新日期": days.day_text(records["updated"] // days.DAY),
        "客户状态": same("正常", len(records)),
    }
    return pa.table({name: filled[name] for name in NAMES})


def _expiry(expires: Array, missing: Array) -> Text:
    text = days.day_text(expires, "%Y-%m-%d")
    return blank(choose(expires == days.LONG_TERM, "长期", text), missing)


def _as_number(text: Text) -> Text:
    """Fifteen digits are what a spreadsheet keeps."""
    head = pc.utf8_slice_codeunits(text, 0, 1)
    return join(head, ".", pc.utf8_slice_codeunits(text, 1, 15), "E+17")
