from __future__ import annotations

from matching.sharing import names_by_value, take_out_stop_values
from tests.plugins.parties import HOME, Bank, Party

PHONE = "+8613800138000"


def crowd(size: int, **facts: object) -> list[Party]:
    names = ["张伟", "李芳", "王强", "陈静", "刘洋", "赵磊"]
    return [Party(f"s.o:{at}", names[at], **facts) for at in range(size)]  # type: ignore[arg-type]


def test_names_are_counted_by_sound_and_masked_ones_are_not(bank: Bank) -> None:
    people = [
        Party(f"s.o:{at}", name, mobile=PHONE)
        for at, name in enumerate(["张伟", "张薇", "张*", "李芳"])
    ]
    frame = bank.fill(*people).frame()
    assert names_by_value(frame, frame.mobile).tolist() == [2]


def test_a_value_under_too_many_names_is_taken_out_and_listed(bank: Bank) -> None:
    frame = bank.fill(*crowd(4, mobile=PHONE, email="x@qq.com")).frame()
    kept, listed = take_out_stop_values(frame, {"mobile": 3, "email": 4})
    assert listed.to_pylist() == [{"kind": "mobile", "value": PHONE, "records": 4, "names": 4}]
    assert len(kept.mobile.column.codes) == 0
    assert len(kept.email.column.codes) == 4


def test_a_common_address_loses_its_street_but_stays_a_place(bank: Bank) -> None:
    frame = bank.fill(*crowd(4, address=HOME)).frame()
    kept, listed = take_out_stop_values(frame, {"address": 3})
    assert listed["value"].to_pylist() == [HOME[3]]
    assert kept.address.texts("address_key").to_pylist() == [None]
    assert kept.address.texts("region_code").to_pylist() == [HOME[0]]


def test_one_persons_many_records_are_no_stop_value(bank: Bank) -> None:
    same = [Party(f"s.o:{at}", "张伟", mobile=PHONE) for at in range(9)]
    frame = bank.fill(*same).frame()
    kept, listed = take_out_stop_values(frame, {"mobile": 3})
    assert listed.num_rows == 0
    assert len(kept.mobile.column.codes) == 9


def test_a_household_of_many_given_names_keeps_its_phone(bank: Bank) -> None:
    names = ["张建国", "李芳", "张伟", "张小明", "张小亮", "张小红", "王桂英"]
    home = [Party(f"s.o:{at}", name, mobile=PHONE) for at, name in enumerate(names)]
    kept, listed = take_out_stop_values(bank.fill(*home).frame(), {"mobile": 5})
    assert listed.num_rows == 0
    assert len(kept.mobile.column.codes) == len(names)
    crowd_too = [*home, Party("s.o:8", "赵磊", mobile=PHONE)]
    _, listed = take_out_stop_values(bank.fill(*crowd_too).frame(), {"mobile": 5})
    assert listed["names"].to_pylist() == [8]
