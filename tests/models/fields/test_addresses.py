from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fields.address_detail import number
from models.fields.addresses import SCHEMA, normalise_addresses

Row = dict[str, str | None]


def read(text: str | None, **parts: str | None) -> Row:
    columns = {"text": text, **parts}
    arrays = {name: pa.array([value], pa.string()) for name, value in columns.items()}
    row: Row = normalise_addresses(arrays).to_pylist()[0]
    return row


def test_a_whole_address() -> None:
    assert read("深圳南山科技园南区１２幢 三单元502房") == {
        "text": "广东省深圳市南山区科技园南区12栋3单元502室",
        "country": "CN",
        "province": "广东省",
        "city": "深圳市",
        "district": "南山区",
        "region_code": "440305",
        "detail": "科技园南区12栋3单元502室",
        "postcode": None,
        "address_key": "440305|科技园南区12-3-502",
        "level": "district",
        "rule": None,
    }


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("深圳市南山区人民路八十八号", "人民路88号"),
        ("深圳市南山区人民路一百零三号", "人民路103号"),
        ("深圳市南山区人民路第88号", "人民路88号"),
        ("深圳市南山区人民路No.88", "人民路88号"),
        ("深圳市南山区人民路88#", "人民路88号"),
        ("深圳市南山区人民路88号3号楼", "人民路88号3栋"),
        ("深圳市南山区人民路88号3幢", "人民路88号3栋"),
        ("深圳市南山区人民路88号3#楼502", "人民路88号3栋502室"),
        ("深圳市南山区人民路88号A座 12层 1203", "人民路88号A栋12楼1203室"),
        ("上海市浦东新区张江路No.88 3#502", "张江路88号3栋502室"),
        ("深圳市南山区八一路", "八一路"),
        ("深圳市南山区书香门第21号楼", "书香门第21栋"),
        ("深圳市南山区三里屯", "三里屯"),
        ("深圳市南山区，人民路", "人民路"),
    ],
)
def test_detail(text: str, detail: str) -> None:
    assert read(text)["detail"] == detail


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("广东省深圳市南山区人民路88号3栋2单元502室", "深圳南山人民路88-3-2-502"),
        ("广东省深圳市南山区粤海街道人民路88号", "深圳市南山区人民路八十八号"),
        ("浙江省杭州市江干区杭海路88号", "杭州市上城区杭海路88号"),
        ("上海浦東新區張江路88號", "上海市浦东新区张江路88号"),
        ("北京市朝阳区三里屯路19号院3号楼502室", "北京朝阳三里屯路19号3栋502"),
        ("深圳市南山区人民路88号(科技大厦)", "深圳市南山区人民路88号"),
    ],
)
def test_one_address_in_two_spellings(left: str, right: str) -> None:
    assert read(left)["address_key"] == read(right)["address_key"] is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("深圳市南山区人民路88号", "深圳市福田区人民路88号"),
        ("深圳市南山区人民路8号8栋", "深圳市南山区人民路88号"),
        ("深圳市南山区人民路88号3栋502室", "深圳市南山区人民路88号3栋503室"),
    ],
)
def test_two_addresses(left: str, right: str) -> None:
    assert read(left)["address_key"] != read(right)["address_key"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("518057 广东省深圳市南山区高新南一道", "518057"),
        ("518057广东省深圳市南山区高新南一道", "518057"),
        ("广东省深圳市南山区高新南一道 518057", "518057"),
        ("广东省深圳市南山区高新南一道（邮编：518057）", "518057"),
        ("广东省深圳市南山区高新南一道100001号", None),
    ],
)
def test_postcode_in_the_text(text: str, expected: str | None) -> None:
    row = read(text)
    assert row["postcode"] == expected
    assert (row["detail"] or "").startswith("高新南一道")


@pytest.mark.parametrize(
    "text", ["无", "不详", "测试", "测试地址", "test", "N/A", "-", "***", "12345", "xxx"]
)
def test_placeholders_leave_nothing_but_the_rule(text: str) -> None:
    assert read(text) == {**dict.fromkeys(SCHEMA.names), "rule": "placeholder"}


@pytest.mark.parametrize(
    ("text", "rule", "level", "keyed"),
    [
        ("深圳市南山区科技园***", "masked", "district", False),
        ("深圳市南山区某小区1号", "masked", "district", False),
        ("深圳市□山区科技园1号", "chars_lost", "city", True),
        ("深圳市\ufffd山区科技园1号", "chars_lost", "city", True),
        ("朝阳区三里屯", None, "none", False),
        ("人民路88号", None, "none", False),
        ("广东省", None, "province", False),
        ("深圳市", None, "city", False),
    ],
)
def test_how_far_it_is_certain(text: str, rule: str | None, level: str, keyed: bool) -> None:
    row = read(text)
    assert (row["rule"], row["level"], row["address_key"] is not None) == (rule, level, keyed)


def test_parts_in_columns() -> None:
    row = read(
        None, province="广东", city="深圳", district="南山", line="大道12号", postcode="518057"
    )
    assert (row["region_code"], row["detail"], row["postcode"]) == ("440305", "大道12号", "518057")
    again = read("广东省深圳市南山区科技园1号", province="广东省", city="深圳市", district="南山区")
    assert again["text"] == "广东省深圳市南山区科技园1号"


def test_a_postcode_of_zeros_is_none() -> None:
    assert read("深圳市南山区科技园", postcode="000000")["postcode"] is None


def test_the_city_of_a_municipality_is_itself() -> None:
    row = read("重庆市渝中区解放碑1号")
    assert (row["province"], row["city"], row["district"]) == ("重庆市", "重庆市", "渝中区")
    assert row["text"] == "重庆市渝中区解放碑1号"


def test_western_addresses() -> None:
    rows = normalise_addresses(
        {
            "line": pa.array(["12 High Street", "12 HIGH ST", "unknown", None]),
            "city": pa.array(["London", "london", None, None]),
            "region": pa.array(["Greater London", None, None, None]),
            "postcode": pa.array(["sw1a 1aa", "SW1A1AA", None, None]),
        },
        "GB",
    )
    assert rows.schema == SCHEMA
    assert rows["address_key"].to_pylist() == ["12 high st|sw1a1aa"] * 2 + [None, None]
    assert rows["level"].to_pylist() == ["city", "city", None, None]
    assert rows["rule"].to_pylist() == [None, None, "placeholder", None]
    assert rows["text"][0].as_py() == "12 High Street, London, Greater London, SW1A 1AA"
    assert rows["country"].to_pylist() == ["GB", "GB", None, None]


def test_a_chinese_address_in_latin_letters() -> None:
    row = read("Room 502, No.88 Keji Road, Nanshan District, Shenzhen")
    assert (row["level"], row["country"]) == ("none", "CN")
    assert row["address_key"] == "room 502 88 keji rd nanshan district shenzhen|"


def test_rows_keep_their_places_and_empty_rows_are_null() -> None:
    values = ["深圳市", None, "", "北京市", "  ", "深圳市"]
    rows = normalise_addresses({"text": pa.array(values)})
    assert rows["city"].to_pylist() == ["深圳市", None, None, "北京市", None, "深圳市"]
    assert set(rows.to_pylist()[1].values()) == {None}
    parts = {"city": pa.array([None, "深圳"]), "line": pa.array([None, "x路1号"])}
    assert normalise_addresses(parts)["city"].to_pylist() == [None, "深圳市"]


@pytest.mark.parametrize("country", ["CN", "GB"])
@pytest.mark.parametrize(
    "column",
    [
        pa.array([], pa.string()),
        pa.array([None], pa.string()),
        pa.chunked_array([["深圳市"], [None]]),
        pa.array(["深圳市"]).dictionary_encode(),
    ],
    ids=["empty", "null", "chunked", "dictionary"],
)
def test_any_text_column(column: pa.Array, country: str) -> None:
    assert normalise_addresses({"text": column}, country).num_rows == len(column)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("八", 8),
        ("十", 10),
        ("十二", 12),
        ("八十八", 88),
        ("一百零三", 103),
        ("二〇三", 203),
        ("一千二百", 1200),
        ("两百", 200),
    ],
)
def test_number_words(word: str, value: int) -> None:
    assert number(word) == value


# Free-standing accents (Sk) and combining marks (Mn) are left out: they recompose with neighbours.
ANYTHING = st.text(st.characters(exclude_categories=["Cs", "Cn", "Mn", "Sk"]), max_size=8)
PIECES = st.sampled_from(
    [
        *(
            "广东省",
            "深圳",
            "深圳市",
            "南山",
            "南山区",
            "北京",
            "朝阳区",
            "海淀",
            "襄樊市",
            "杭州",
            "江干区",
        ),
        *(
            "人民路",
            "大道",
            "科技园",
            "街道",
            "88号",
            "八十八号",
            "3幢",
            "A座",
            "二单元",
            "502",
            "#",
        ),
        *(
            " ",
            "-",
            ",",
            "(",
            ")",
            "*",
            "?",
            "No.",
            "第",
            "５",
            "無",
            "新區",
            "12",
            "层",
            "a",
            "B b",
        ),
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=9).map("".join) | ANYTHING)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = read(text)
    if once["text"] is None:
        return
    again = read(once["text"])
    for column in ("text", "region_code", "detail", "level", "address_key"):
        assert again[column] == once[column]
