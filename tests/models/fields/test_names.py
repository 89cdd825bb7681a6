from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fields.names import SCHEMA, normalise_name_parts, normalise_names


def read(text: str | None, kind: str = "legal") -> dict[str, str | None]:
    row: dict[str, str | None] = normalise_names(pa.array([text], pa.string()), "person", kind)
    return row.to_pylist()[0]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "family", "given_name", "fold", "sound"),
    [
        ("张三", "张", "三", "张三", "zhang san"),
        ("張三", "張", "三", "张三", "zhang san"),
        ("张　三", "张", "三", "张三", "zhang san"),
        ("欧阳修", "欧阳", "修", "欧阳修", "ou yang xiu"),
        ("歐陽修", "歐陽", "修", "欧阳修", "ou yang xiu"),
        ("司马相如", "司马", "相如", "司马相如", "si ma xiang ru"),
        ("陈方安生", "陈方", "安生", "陈方安生", "chen fang an sheng"),
        ("单田芳", "单", "田芳", "单田芳", "shan tian fang"),
        ("仇英", "仇", "英", "仇英", "qiu ying"),
        ("查良镛", "查", "良镛", "查良镛", "zha liang yong"),
        ("解缙", "解", "缙", "解缙", "xie jin"),
        ("曾国藩", "曾", "国藩", "曾国藩", "zeng guo fan"),
        ("区楚良", "区", "楚良", "区楚良", "ou chu liang"),
        ("翟天临", "翟", "天临", "翟天临", "zhai tian lin"),
        ("朴树", "朴", "树", "朴树", "piao shu"),
        ("乐嘉", "乐", "嘉", "乐嘉", "yue jia"),
        ("覃辉", "覃", "辉", "覃辉", "qin hui"),
        ("员明", "员", "明", "员明", "yun ming"),
        ("尉迟恭", "尉迟", "恭", "尉迟恭", "yu chi gong"),
        ("吕布", "吕", "布", "吕布", "lu bu"),
        ("锺丽缇", "锺", "丽缇", "钟丽缇", "zhong li ti"),
        ("甯静", "甯", "静", "宁静", "ning jing"),
        ("买买提·阿不都拉", None, None, "买买提阿不都拉", "mai mai ti a bu du la"),
        ("买买提．阿不都拉", None, None, "买买提阿不都拉", "mai mai ti a bu du la"),
    ],
)
def test_chinese_names(
    text: str, family: str | None, given_name: str | None, fold: str, sound: str
) -> None:
    row = read(text)
    assert (row["family"], row["given"], row["fold_key"]) == (family, given_name, fold)
    assert (row["sound_key"], row["script"], row["status"]) == (sound, "han", "ok")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("王伟先生", "王伟"),
        ("李红 女士", "李红"),
        ("李四 经理", "李四"),
        ("王建国总", "王建国"),
        ("王伟总", "王伟"),
        ("张三（已故）", "张三"),
        ("张三(代)", "张三"),
        ("VIP张三", "张三"),
        ("张三VIP", "张三"),
        ("张三2", "张三"),
        ("張 三", "張三"),
        ("买买提・阿不都拉", "买买提·阿不都拉"),
        ("⽯磊", "石磊"),
        ("王\ue863", "王䶮"),
        ("Mr. John Smith Jr.", "John Smith"),
        ("Dr Jane  Roe", "Jane Roe"),
        ("张三 Zhang San", "张三"),
    ],
)
def test_value_is_cleaned_and_keeps_its_characters(text: str, value: str) -> None:
    assert read(text)["value"] == value


@pytest.mark.parametrize(
    "latin",
    ["ZHANG SAN", "SAN ZHANG", "San, Zhang", "Zhang, San", "Zhangsan", "zhang san", "San ZHANG"],
)
def test_pinyin_sounds_like_the_chinese_name(latin: str) -> None:
    row = read(latin)
    assert row["sound_key"] == read("张三")["sound_key"]
    assert (row["family"] or "").casefold() == "zhang"


@pytest.mark.parametrize(
    ("latin", "sound"),
    [
        ("LV BU", "lu bu"),
        ("LYU BU", "lu bu"),
        ("Lü Bu", "lu bu"),
        ("LU BU", "lu bu"),
        ("WEI ZHANG", "zhang wei"),  # both are surnames; one is far commoner
        ("ZHANG WEI", "zhang wei"),
        ("LI WANG", "li wang"),
        ("Li WANG", "wang li"),
        ("OUYANG XIU", "ou yang xiu"),
        ("Ou Yang Xiu", "ou yang xiu"),
        ("SHANG GUAN WANG", "shang guan wang"),  # two syllables are no accident
        ("JIAN GUO ZHANG", "zhang jian guo"),
        ("Zhang Jian-guo", "zhang jian guo"),
        ("Li Xi'an", "li xi an"),
        ("Li Xian", "li xian"),
        ("Fangang Li", "li fan gang"),
        ("ZHANG S.", "s zhang"),
        ("John Smith", "john smith"),
        ("Smith, John", "john smith"),
        ("Jean-Pierre Müller", "jean muller pierre"),
    ],
)
def test_reading_of_latin_names(latin: str, sound: str) -> None:
    assert read(latin)["sound_key"] == sound


@pytest.mark.parametrize(
    ("text", "family", "given_name", "fold"),
    [
        ("John Smith", "Smith", "John", "john smith"),
        ("Smith, John", "Smith", "John", "john smith"),
        ("JOHN O'BRIEN", "O'BRIEN", "JOHN", "john obrien"),
        ("Anna van der Berg", "van der Berg", "Anna", "anna van der berg"),
        ("van der Berg, Anna", "van der Berg", "Anna", "anna van der berg"),
        ("García Márquez, Gabriel", "García Márquez", "Gabriel", "gabriel garcia marquez"),
        ("Søren Ångström", "Ångström", "Søren", "soren angstrom"),
        ("Madonna", None, "Madonna", "madonna"),
        ("ZHANG S.", "ZHANG", "S.", "zhang s"),
    ],
)
def test_parts_of_western_names(text: str, family: str | None, given_name: str, fold: str) -> None:
    row = read(text)
    assert (row["family"], row["given"], row["fold_key"]) == (family, given_name, fold)


@pytest.mark.parametrize(
    ("text", "status", "rule", "fold"),
    [
        ("王?", "partial", "chars_lost", "王?"),
        ("王□明", "partial", "chars_lost", "王?明"),
        ("王＊明", "partial", "chars_lost", "王?明"),
        ("王\ufffd", "partial", "chars_lost", "王?"),
        ("王\ue000", "partial", "chars_lost", "王?"),
        ("???", "partial", "chars_lost", None),
        ("王yan", "partial", "chars_lost", "王?"),
        ("王 yan", "partial", "chars_lost", "王?"),
        ("王先生", "partial", "given_missing", "王?"),
        ("王总", "partial", "given_missing", "王?"),
        ("欧阳", "partial", "given_missing", "欧阳?"),
        ("欧阳女士", "partial", "given_missing", "欧阳?"),
        ("王小明/李小红", "partial", "several_names", None),
        ("王*明", "masked", "masked", "王*明"),
        ("张**", "masked", "masked", "张**"),
        ("王某", "masked", "masked", "王*"),
        ("王某某", "masked", "masked", "王**"),
        ("张XX", "masked", "masked", "张**"),
        ("A**n Smith", "masked", "masked", "a**n smith"),
        ("***", "masked", "masked", None),
        ("测试", "placeholder", "placeholder", None),
        ("测试001", "placeholder", "placeholder", None),
        ("无名", "placeholder", "placeholder", None),
        ("未知", "placeholder", "placeholder", None),
        ("无", "placeholder", "placeholder", None),
        ("先生", "placeholder", "placeholder", None),
        ("test", "placeholder", "placeholder", None),
        ("Test User", "placeholder", "placeholder", None),
        ("N/A", "placeholder", "placeholder", None),
        ("aaaa", "placeholder", "placeholder", None),
        ("12345", "placeholder", "placeholder", None),
        ("-", "placeholder", "placeholder", None),
        ("Dr", "placeholder", "placeholder", None),
    ],
)
def test_defects(text: str, status: str, rule: str, fold: str | None) -> None:
    row = read(text)
    assert (row["status"], row["rule"], row["fold_key"]) == (status, rule, fold)
    assert row["sound_key"] is None or "yan" in text


def test_a_spelled_out_character_sounds_like_the_name_it_stands_for() -> None:
    assert read("王yan")["sound_key"] == read("王䶮")["sound_key"] == "wang yan"


def test_a_short_name_needs_no_given_name() -> None:
    assert read("李", kind="short")["status"] == "ok"
    assert read("李")["rule"] == "given_missing"


@pytest.mark.parametrize("text", ["Иван Петров", "김철수", "محمد علي", "ナカムラ"])
def test_other_scripts_are_folded_and_not_read(text: str) -> None:
    row = read(text)
    assert (row["script"], row["family"], row["status"]) == ("other", None, "ok")
    assert row["fold_key"]


def test_rows_keep_their_places_and_empty_rows_are_null() -> None:
    values = ["张三", None, "", "张三", "  ", "John Smith"]
    rows = normalise_names(pa.array(values), "person")
    assert rows.schema == SCHEMA
    assert rows["fold_key"].to_pylist() == ["张三", None, None, "张三", None, "john smith"]
    assert all(value is None for value in rows.to_pylist()[1].values())


@pytest.mark.parametrize(
    "values",
    [
        pa.array([], pa.string()),
        pa.array([None, None], pa.string()),
        pa.array(["张三"]).dictionary_encode(),
        pa.chunked_array([["张三"], ["李四", None]]),
        pa.array(["张三"], pa.large_string()),
    ],
    ids=["empty", "null", "dictionary", "chunked", "large"],
)
def test_any_text_column(values: pa.Array) -> None:
    for party_type in ("person", "organisation"):
        assert normalise_names(values, party_type).num_rows == len(values)


def test_names_in_parts() -> None:
    rows = normalise_name_parts(
        pa.array(["张", "Zhang", "Smith", "van der Berg", None, "王", "Wei", "", "未知"]),
        pa.array(["三", "San", "John", "Anna", "明明", None, "Zhang", None, "未知"]),
        pa.array([None, None, "Q.", None, None, None, None, None, None], pa.string()),
        "legal",
    )
    assert rows["value"].to_pylist() == [
        "张三",
        "Zhang San",
        "John Q. Smith",
        "Anna van der Berg",
        "明明",
        "王",
        "Wei Zhang",
        None,
        "未知未知",
    ]
    assert rows["family"].to_pylist()[:4] == ["张", "Zhang", "Smith", "van der Berg"]
    assert rows["sound_key"].to_pylist()[:2] == ["zhang san", "zhang san"]
    assert rows["sound_key"][6].as_py() == "wei zhang"
    assert rows["rule"][5].as_py() == "given_missing"
    assert rows["status"].to_pylist()[7:] == [None, "placeholder"]


def test_the_full_name_and_its_parts_are_one_name() -> None:
    whole = normalise_names(pa.array(["张三", "John Smith"]), "person")
    parts = normalise_name_parts(pa.array(["张", "Smith"]), pa.array(["三", "John"]))
    assert parts.equals(whole)


# Free-standing accents (Sk) and combining marks (Mn) are left out: they recompose with neighbours.
ANYTHING = st.text(st.characters(exclude_categories=["Cs", "Cn", "Mn", "Sk"]), max_size=8)
PIECES = st.sampled_from(
    [
        *"张王李欧阳司马明三丽䶮張龍·?*□ .,'-()（）/1\u3000\ue81e",
        *("先生", "女士", "总", "某", "VIP", "测试", "ZHANG", "San", "Wei", "Xi'an", "lü"),
        *("John", "O'Brien", "van", "Jr", "é"),
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=6).map("".join) | ANYTHING)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = read(text)
    if once["value"] is None or once["status"] == "placeholder":
        return
    again = read(once["value"])
    assert again["value"] == once["value"]
    assert again["fold_key"] == once["fold_key"]
