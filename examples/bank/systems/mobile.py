"""Mobile banking: events as JSON lines, one file a day; the last event of a user counts.

The phone is checked by a text message and so nearly always right; names come with nicknames.
Some users have two events in the first file, an older one with what was true then.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from examples.bank import days, person_names, written
from examples.bank.desk import Desk, Side, keys, sit_down
from examples.bank.frame import Array, Frame
from examples.bank.text import Text, blank, choose, number, words
from examples.bank.words import word_lists

DOCUMENTS = {
    "resident_id": "ID_CARD",
    "passport_foreign": "FOREIGN_PASSPORT",
    "hkmo_permit": "HKM_PERMIT",
    "tw_permit": "TW_PERMIT",
    "passport_cn": "PASSPORT",
}
DEVICES = ("iPhone 15", "HUAWEI Mate 60", "Xiaomi 14", "OPPO Find X7", "vivo X100")


def key(who: Array, organisation: bool) -> Text:
    """Return user ids."""
    return keys(who, organisation, "u")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return one event per user; in a new bank, an older one of every eighth user before them."""
    earlier = [_events(_earlier(desk))] if desk.new else []
    return {"USER": pa.concat_tables([*earlier, _events(desk.people)])}


def _earlier(desk: Desk) -> Side:
    """The state of some users on the day they signed up, where that was an earlier day."""
    records = desk.people.records
    some = (desk.people.clerk.pick("earlier", 8) == 0) & (
        records["opened"] < records["updated"] // days.DAY
    )
    before = records.take(some)
    before["updated"] = before["opened"] * days.DAY + 43_200
    nobody = records.take(np.zeros(0, np.int64))
    return sit_down(desk.system, desk.world, desk.luck, before, nobody).people


def _events(side: Side) -> pa.Table:
    then, records, clerk = side.then, side.records, side.clerk
    nick = words(word_lists()["nicknames"], clerk.pick("nick", len(word_lists()["nicknames"])))
    time = days.second_text(records["updated"], "%Y-%m-%dT%H:%M:%S+08:00")
    refuses = clerk.pick("consent", 3) == 0
    return pa.table(
        {
            "event": words(["registered", "profile_updated"], _changed(records)),
            "ts": time,
            "user_id": key(records["who"], False),
            "nickname": choose(clerk.pick("nick?", 5) > 0, nick, None),
            "real_name": person_names.full_name(then),
            "gender": words(["FEMALE", "MALE"], then["sex"]),
            "birthday": days.day_text(then["born"]),
            "identity.type": written.document_type(then, DOCUMENTS),
            "identity.number": written.identity(then),
            "contact.mobile": written.mobile(then),
            "contact.email": person_names.email(then, word_lists()["mail_hosts"]),
            "device.model": words(DEVICES, clerk.pick("device", len(DEVICES))),
            "device.app_version": blank(
                number(70 + clerk.pick("app", 9)), clerk.pick("app?", 9) == 0
            ),
            "consent.push": choose(refuses, "N", "Y"),
            "consent.decided_at": days.day_text(records["opened"]),
            "state": words(["ACTIVE", "LOCKED"], clerk.pick("state", 40) // 39),
        }
    )


def _changed(records: Frame) -> Array:
    return (records["updated"] // days.DAY > records["opened"]).astype(np.int64)
