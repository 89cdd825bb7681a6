from __future__ import annotations

from tests.plugins.parties import Bank, Party, resident_id

NUMBER = resident_id("440305", "1985-03-12", "123")


def test_records_are_numbered_by_their_keys(bank: Bank) -> None:
    frame = bank.fill(
        Party("b.o:1", "张伟"), Party("a.o:2", "李四"), Party("a.o:10", "王五")
    ).frame()
    assert frame.keys.to_pylist() == ["a.o:10", "a.o:2", "b.o:1"]


def test_a_valid_number_says_birth_date_and_sex_before_what_was_typed(bank: Bank) -> None:
    typed = Party("a.o:1", "张伟", birth="1999-01-01", sex="female")
    proven = Party("a.o:2", "张伟", birth="1999-01-01", sex="female", ids=[("resident_id", NUMBER)])
    slip = Party("a.o:3", "张伟", ids=[("resident_id", NUMBER, "invalid")])
    frame = bank.fill(typed, proven, slip).frame()
    assert frame.birth.tolist() == [19990101, 19850312, 0]
    assert frame.typed_birth.tolist() == [19990101, 19990101, 0]
    assert frame.sex.tolist() == [2, 1, 0]


def test_equal_values_share_a_code_and_unusable_ones_have_none(bank: Bank) -> None:
    frame = bank.fill(
        Party("a.o:1", "张伟", mobile="+8613812345678"),
        Party("a.o:2", "张伟", mobile=["+8613812345678", "+8613911112222"]),
        Party("a.o:3", "测试", ids=[("resident_id", "111111111111111111", "placeholder")]),
    ).frame()
    assert frame.mobile.column.codes.tolist() == [0, 0, 1]
    assert frame.mobile.column.records.tolist() == [0, 1, 1]
    assert len(frame.identifier.column.codes) == 0
    assert frame.person_names.column.first().tolist()[:2] == [0, 0]


def test_a_record_is_called_by_its_first_whole_name(bank: Bank) -> None:
    frame = bank.fill(
        Party("a.o:1", "王小明"),
        Party("a.o:2", "王晓明"),
        Party("a.o:3", "王*"),
        Party("a.o:4", "王小明", party_type="organisation"),
        Party("a.o:5"),
    ).frame()
    one, homophone, masked, firm, nameless = frame.called.tolist()
    assert one == homophone != firm
    assert masked == nameless == -1
