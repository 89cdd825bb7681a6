"""Files of all sorts become one table; what cannot be read is refused in a sentence."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.table.reading import InputTable, read_files, read_tables
from models.errors import ConfigError, SourceError

CSV = "id,姓名,city\n2,李四,\n10, 王五 ,深圳\n1,张三,上海\n"
ROWS = [
    {"姓名": "张三", "city": "上海"},
    {"姓名": "李四", "city": None},
    {"姓名": "王五", "city": "深圳"},
]


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV.encode()),
        ("a.csv.gz", gzip.compress(CSV.encode())),
        ("a.csv", CSV.encode("utf-8-sig")),
        ("a.csv", CSV.encode("gb18030")),
        ("a.csv", CSV.encode("utf-16")),
        ("a.csv", CSV.replace(",", ";").replace("\n", "\r\n").encode()),
        ("a.tsv", CSV.replace(",", "\t").encode()),
        ("a.txt", CSV.replace(",", "|").encode()),
    ],
    ids=["utf-8", "gz", "mark", "gb18030", "utf-16", "semicolons", "tabs", "bars"],
)
def test_text_files_are_read_as_they_are_written(tmp_path: Path, name: str, content: bytes) -> None:
    table = read_files([written(tmp_path, name, content)], "id", None)
    assert table.ids.to_pylist() == [1, 2, 10]
    assert table.rows.to_pylist() == ROWS
    assert table.source_name is None
    assert set(table.sources.to_pylist()) == {"a"}


def test_ids_with_leading_zeros_stay_texts(tmp_path: Path) -> None:
    table = read_files([written(tmp_path, "a.csv", b"id,x\n007,a\n12,b\n")], "id", None)
    assert table.ids.to_pylist() == ["007", "12"]


def test_parquet_keeps_the_type_of_its_ids_and_becomes_text(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    columns = {
        "id": pa.array([7, 3], pa.int32()),
        "born": [date(1990, 1, 2), None],
        "year": [1990.0, float("nan")],
        "name": pa.array(["x", " "]).dictionary_encode(),
        "tags": [["a", "b"], None],
    }
    pq.write_table(pa.table(columns), file)
    table = read_files([file], "id", None)
    assert table.ids.type == pa.int32()
    assert table.rows.to_pylist() == [
        {"born": None, "year": None, "name": None, "tags": None},
        {"born": "1990-01-02", "year": "1990", "name": "x", "tags": '["a","b"]'},
    ]


def test_several_files_are_sources_of_their_own(tmp_path: Path) -> None:
    one = written(tmp_path, "one.csv", b"id,name\n1,a\n2,b\n")
    two = written(tmp_path, "two.csv", b"id,surname\n1,c\n")
    table = read_files([two, one], "id", None)
    assert table.source_name == "source"
    assert table.sources.to_pylist() == ["one", "one", "two"]
    assert table.rows.to_pylist() == [
        {"name": "a", "surname": None},
        {"name": "b", "surname": None},
        {"name": None, "surname": "c"},
    ]


def same(one: InputTable, other: InputTable) -> bool:
    return (
        one.rows.equals(other.rows)
        and one.ids.equals(other.ids)
        and one.sources.equals(other.sources)
    )


def test_no_order_of_rows_or_files_matters(tmp_path: Path) -> None:
    lines = [f"{number},name {number % 7},{'ab'[number % 2]}" for number in range(200)]
    head = "id,name,party"
    whole = written(tmp_path, "x.csv", "\n".join([head, *lines, ""]).encode())
    first = read_files([whole], "id", "party")
    Random(4).shuffle(lines)
    whole.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    assert same(first, read_files([whole], "id", "party"))
    files = [
        written(tmp_path, name, "\n".join([head, *part, ""]).encode())
        for name, part in (("p.csv", lines[:90]), ("q.csv", lines[90:]))
    ]
    assert same(read_files(files, "id", None), read_files(files[::-1], "id", None))


REFUSED = {
    "no such column": (b"nr,name\n1,x\n", "there is no column 'id'"),
    "id twice": (b"id,name\n1,x\n1,y\n", "1 ids in column 'id'"),
    "empty id": (b"id,name\n,x\n", "1 rows have no id"),
    "no rows": (b"id,name\n", "no row to match"),
    "nothing else": (b"id\n1\n", "no column to match by"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_table_that_cannot_be_matched_is_refused(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        read_files([written(tmp_path, "a.csv", content)], "id", None)


BROKEN = {
    "empty": ("a.csv", b"", "is empty"),
    "wide line": ("a.csv", b"id,name\n1,Secret,Person\n2,x\n", "line 2: 3 fields where"),
    "neither encoding": ("a.csv", b"id,name\n1,\xff\xff\n", "is not utf-8 or gb18030"),
    "cut gz": ("a.csv.gz", gzip.compress(CSV.encode())[:-9], "cannot be read"),
    "no parquet": ("a.parquet", b"PAR1", "not a whole Parquet file"),
}


@pytest.mark.parametrize(("name", "content", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_refused_without_a_value_of_it(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read_files([written(tmp_path, name, content)], "id", None)
    assert "Secret" not in str(caught.value)


def test_files_that_are_missing_or_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_files([tmp_path / "none.csv"], "id", None)
    with pytest.raises(ConfigError, match="not read"):
        read_files([written(tmp_path, "a.docx", b"x")], "id", None)
    file = written(tmp_path, "a.csv", CSV.encode())
    with pytest.raises(ConfigError, match="named twice"):
        read_files([file, file], "id", None)


def test_repeated_and_missing_names_of_columns_get_their_own(tmp_path: Path) -> None:
    content = b"id,tel,tel,\n1,a,b,c\n2,d,e,f\n"
    table = read_files([written(tmp_path, "a.csv", content)], "id", None)
    assert table.rows.column_names == ["tel", "tel_2", "column_4"]


def test_arrow_tables_are_read_like_files(tmp_path: Path) -> None:
    columns = {"id": [2, 1], "born": [date(1980, 1, 2), None], "name": [" 李四", "张三"]}
    tables = {"b": pa.table(columns), "a": pa.table(columns)}
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    from_files = read_files([tmp_path / "a.parquet", tmp_path / "b.parquet"], "id", None)
    assert read_tables(tables, "id") == from_files
    assert from_files.rows["born"].to_pylist() == [None, "1980-01-02"] * 2


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        pytest.param({}, "no table is given", id="none"),
        pytest.param({"core": pa.table({"nr": [1]})}, "core: there is no column 'id'", id="column"),
        pytest.param({"core": pa.table({"id": [1]})}, "no column to match by", id="only ids"),
    ],
)
def test_arrow_tables_that_cannot_be_matched_are_refused(
    tables: dict[str, pa.Table], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        read_tables(tables, "id")
