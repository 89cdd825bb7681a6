"""Credit cards: a full file every night, in GB18030, with headers in pinyin initials.

Beside the name stands the one embossed on the card, in Latin letters, and the address the
statements go to. A control file carries the number of rows. Who is gone is missing tomorrow.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from examples.bank import days, numbers, person_names, written
from examples.bank.desk import Desk, keys
from examples.bank.frame import Array
from examples.bank.text import Text, from_bytes, number, same, words
from examples.bank.words import word_lists

# After the first code table of the PBoC's credit system; H is the bank's own.
DOCUMENTS = {
    "resident_id": "0",
    "passport_foreign": "H",
    "hkmo_permit": "5",
    "tw_permit": "6",
    "passport_cn": "2",
}
COUNTRIES = ("中国", "美国", "英国", "日本", "韩国", "德国", "澳大利亚")


def key(who: Array, organisation: bool) -> Text:
    """Return customer numbers of the card centre."""
    return keys(who, organisation, "6")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return the rows of the one file."""
    side = desk.people
    then, records, clerk = side.then, side.records, side.clerk
    card = numbers.cards(records["who"], 246_813_579)
    swap, initials = then["latin_swap"], then["latin_initials"]
    return {
        "CARD_CUST": pa.table(
            {
                "KHH": key(records["who"], False),
                "KHXM": person_names.full_name(then),
                "KHPY": person_names.latin_name(then, swap, initials),
                "ZJLX": written.document_type(then, DOCUMENTS),
                "ZJHM": written.identity(then),
                "ZJYXQ": days.day_text(then["expires"], "%Y/%m/%d"),
                "CSRQ": days.day_text(then["born"], "%Y/%m/%d"),
                "XB": words(["F", "M"], then["sex"]),
                "GJ": words(COUNTRIES, then["country"]),
                "SJHM": written.mobile(then),
                "DZYX": person_names.email(then, word_lists()["mail_hosts"]),
                "ZDDZ": written.address(then),
                "YZBM": written.postcode(then),
                "KH": from_bytes(card),
                "KLX": words(["普卡", "金卡", "白金卡"], clerk.pick("card", 3)),
                "KZT": words(["正常", "冻结", "注销"], np.maximum(clerk.pick("state", 20) - 17, 0)),
                "KKRQ": days.day_text(records["opened"], "%Y/%m/%d"),
                "FKJG": number(clerk.pick("branch", 60), 4),
                "GXSJ": days.second_text(records["updated"], "%Y/%m/%d %H:%M:%S"),
                "BZ": same("", len(then)),
            }
        )
    }
