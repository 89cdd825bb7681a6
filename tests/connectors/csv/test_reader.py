"""Delimited files land exactly, in any encoding and dialect; what does not fit is named."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import Any

import pytest

from connectors.registry import open_connector
from models.errors import ConfigError, IncompleteData, SchemaDrift, SourceError
from models.source import SourceConfig
from tests.connectors.conftest import Project, source_of


def source(**read: Any) -> SourceConfig:
    return source_of("csv", {"path": "in"}, **({"glob": "*.csv*"} | read))


def put(project: Project, content: str | bytes, name: str = "a.csv") -> Path:
    path = project.base / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def land(project: Project, content: str | bytes, shown: str = "ID, N", **read: Any) -> Any:
    put(project, content)
    project.pull(source(**read))
    return project.landed(source(**read), shown)


RARE = "ID,N\n1,𬱖䶮㛃\n2,张三\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(RARE.encode("utf-8"), id="utf-8"),
        pytest.param(RARE.encode("utf-8-sig"), id="utf-8-bom"),
        pytest.param(RARE.encode("gb18030"), id="gb18030"),
        pytest.param(RARE.encode("utf-16"), id="utf-16"),
        pytest.param(codecs.BOM_UTF16_BE + RARE.encode("utf-16-be"), id="utf-16-be"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_the_encoding_is_found_and_rare_characters_survive(
    project: Project, content: bytes, packed: bool
) -> None:
    put(project, gzip.compress(content) if packed else content, "a.csv.gz" if packed else "a.csv")
    project.pull(source())
    assert project.landed(source(), "ID, N") == [("1", "𬱖䶮㛃"), ("2", "张三")]


def test_utf8_is_checked_to_the_end_before_it_is_believed(project: Project) -> None:
    filler = "".join(f"{number},{'x' * 1000}\n" for number in range(1200))
    assert land(project, f"ID,N\n{filler}a,张三\n".encode("gb18030"))[-1] == ("a", "张三")


def test_bytes_of_no_encoding_are_refused_with_their_offset(project: Project) -> None:
    put(project, "ID,N\n1,张三\n".encode("gb18030") + b"2,\xff\xff\n")
    with pytest.raises(SourceError, match=r"a\.csv is not gb18030: the bytes near offset 14 "):
        project.pull(source())
    assert project.raw.latest("core", "customer") is None


def test_the_encoding_that_is_written_down_is_used_strictly(project: Project) -> None:
    put(project, "ID,N\n1,张三\n".encode("gb18030"))
    with pytest.raises(SourceError, match="not utf-8"):
        project.pull(source(encoding="utf-8"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "\x01", "|@|"])
def test_the_delimiter_is_found(project: Project, delimiter: str) -> None:
    lines = [["ID", "N", "地址"], ["1", "张三", "北京 x"], ["2", "", "上海"], ["3", "李四", "a"]]
    content = "".join(delimiter.join(line) + "\r\n" for line in lines)
    assert land(project, content, 'ID, N, "地址"') == [
        ("1", "张三", "北京 x"),
        ("2", None, "上海"),
        ("3", "李四", "a"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param('ID,N\n1,"a,b"\n2,"say ""x"""\n', ["a,b", 'say "x"'], id="quoted-commas"),
        pytest.param('ID,N\n1,"a\r\nb"\n2,c\n', ["a\r\nb", "c"], id="newline-in-quotes"),
        pytest.param('ID|N\n1|"ABC" Ltd\n2|c"d\n', ['"ABC" Ltd', 'c"d'], id="pipes-are-not-quoted"),
        pytest.param('"ID"|"N"\n"1"|"a|b"\n"2"|"c"\n', ["a|b", "c"], id="unless-they-are"),
        pytest.param("ID,N,\n1,a,\n2,b,\n", ["a", "b"], id="delimiter-at-the-end"),
        pytest.param("ID,N\n\n1,a\n\n2,b\n\n", ["a", "b"], id="blank-lines"),
        pytest.param("ID,N\n1,a\n2,b", ["a", "b"], id="no-final-newline"),
        pytest.param("ID,N\n1, a \n2,00b\n", [" a ", "00b"], id="spaces-and-zeros-stay"),
        pytest.param("ID,N\n1,1e5\n2,a\x00b\n", ["1e5", "a\x00b"], id="nul-stays"),
    ],
)
def test_what_stands_in_the_fields_lands(
    project: Project, content: str, expected: list[str]
) -> None:
    assert land(project, content, "N") == [(value,) for value in expected]
    assert project.rejected() == []


@pytest.mark.parametrize(
    ("content", "line", "said", "landed"),
    [
        pytest.param("ID,N\n1,a\n2\n3,c\n", 3, "1 fields where the header has 2", "13", id="few"),
        pytest.param("ID,N\n1,a\n2,b,c,d\n3,c\n", 3, "4 fields where", "13", id="many"),
        pytest.param('ID,N\n1,"a\n2,b\n3,c\n', 2, "its quotes", "23", id="quote-never-closed"),
        pytest.param('ID,N\n1,"a"x\n2,b\n', 2, "its quotes", "2", id="text-after-quote"),
        pytest.param('ID,N\n1,"x\ny"\n2\n3,c\n', 4, "1 fields", "13", id="after-a-long-record"),
        pytest.param("ID,N\n1,a\rb\n2,b\n", 2, "its quotes", "2", id="lone-carriage-return"),
        pytest.param('ID,N\n1,"a\n2,"b\n3,c\n', 2, "its quotes", "3", id="two-open-quotes"),
    ],
)
def test_lines_that_do_not_fit_are_rejected_by_number_and_the_others_land(
    project: Project, content: str, line: int, said: str, landed: str
) -> None:
    rows = land(project, content, "ID", quotes="double", delimiter=",")
    assert [key for (key,) in rows] == list(landed)
    rule, reason = project.rejected()[0]
    assert (rule, reason[: len(f"a.csv, line {line}: ")]) == ("bad_line", f"a.csv, line {line}: ")
    assert said in reason


def test_rejects_are_counted_and_carry_no_values_in_their_reason(project: Project) -> None:
    put(project, "ID,N\n1,a\nsecret\nsecret,x,y\n")
    report = project.pull(source(delimiter=","))
    assert (report.rows, report.rejects) == (1, 2)
    counts = project.load(source(delimiter=","))
    assert (counts.rows_read, counts.rows_rejected) == (3, 2)
    assert not any("secret" in reason for _, reason in project.rejected())


def test_bad_lines_among_many_are_found_by_their_right_number(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.csv.records.BATCH_ROWS", 7)
    lines = [f'{number},"a\nb"\n' if number % 5 == 0 else f"{number},x\n" for number in range(100)]
    for number in (13, 50, 77):
        lines[number] = f"{number},x,bad\n"
    expected = [2 + sum(1 + (n % 5 == 0 and n != 50) for n in range(k)) for k in (13, 50, 77)]
    assert len(land(project, "ID,N\n" + "".join(lines))) == 97
    assert [reason.split(":")[0] for _, reason in project.rejected()] == [
        f"a.csv, line {number}" for number in sorted(expected, key=str)
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("ID,N\n1,a\n2", id="too-few-fields"),
        pytest.param('ID,N\n1,a\n2,"b', id="open-quote"),
        pytest.param('ID,N\n1,a\n2,"b\nc', id="open-quote-over-lines"),
    ],
)
def test_a_cut_file_lands_nothing(project: Project, content: str) -> None:
    put(project, content)
    with pytest.raises(IncompleteData, match=r"a\.csv is cut in line 3"):
        project.pull(source())
    assert project.raw.latest("core", "customer") is None


def test_a_cut_packed_file_lands_nothing(project: Project) -> None:
    packed = gzip.compress("".join(f"{n},{n * 7919}\n" for n in range(9999)).encode())
    put(project, packed[:-100], "a.csv.gz")
    with pytest.raises(IncompleteData, match="ends in the middle"):
        project.pull(source(columns=["ID", "N"]))


def test_files_without_a_header_take_names_from_the_configuration(project: Project) -> None:
    content = "unload of 2026-11-23\n1|a\n2|b\n"
    read: dict[str, Any] = {"columns": ["ID", "N"], "skip_lines": 1, "delimiter": "|"}
    assert land(project, content, **read) == [("1", "a"), ("2", "b")]


def test_repeated_and_blank_headers_get_names(project: Project) -> None:
    put(project, "ID,n,N,,N\n1,a,b,c,d\n")
    found = open_connector(source(), project.base).sample("customer", 5)
    assert found.column_names == ["ID", "n", "N_2", "column_4", "N_3"]


def test_an_empty_file_and_a_header_alone_are_different(project: Project) -> None:
    path = put(project, "")
    with pytest.raises(SourceError, match="not even a header"):
        project.pull(source())
    path.write_text("ID,N\n")
    assert project.pull(source()).rows == 0
    assert project.landed(source()) == []


@pytest.mark.parametrize(
    "control",
    ["2", "2\r\n", "file=a.csv\nrows: 2\ndate=20261123", "记录数：2", "a.csv row count = 2"],
)
@pytest.mark.parametrize("name", ["a.ctl", "a.csv.ctl"])
def test_the_count_in_a_control_file_is_checked(project: Project, control: str, name: str) -> None:
    put(project, control, name)
    read: dict[str, Any] = {"glob": "*.csv", "control": {"suffix": ".ctl"}}
    assert len(land(project, "ID,N\n1,a\n2,b\n", **read)) == 2
    put(project, "ID,N\n1,a\n", "a.csv")
    with pytest.raises(IncompleteData, match="declares 2 rows, and 1 came"):
        project.pull(source(**read))


def test_a_file_whose_control_file_is_not_there_has_not_arrived(project: Project) -> None:
    put(project, "ID,N\n1,old\n", "a1.csv")
    put(project, "1", "a1.ctl")
    put(project, "ID,N\n1,new\n", "a2.csv")
    read: dict[str, Any] = {"glob": "*.csv", "control": {"suffix": ".ctl"}}
    project.pull(source(**read))
    assert project.landed(source(**read), "N") == [("old",)]


def test_a_control_file_without_a_count_asks_for_a_pattern(project: Project) -> None:
    put(project, "done", "a.ctl")
    put(project, "ID,N\n1,a\n")
    with pytest.raises(ConfigError, match=r"not found in a\.ctl.*read\.control\.rows"):
        project.pull(source(glob="*.csv", control={"suffix": ".ctl"}))


def test_a_renamed_key_column_is_drift(project: Project) -> None:
    put(project, "NO,N\n1,a\n")
    with pytest.raises(SchemaDrift, match="no column ID; its columns are NO, N"):
        project.pull(source())


def test_discover_and_check_look_at_the_last_file(project: Project) -> None:
    connector = open_connector(source(), project.base)
    assert "no folder" in connector.check().detail
    put(project, "ID,N\n1,a\n")
    assert connector.check().ok
    assert [column.name for column in connector.discover()[0].columns] == ["ID", "N"]
    assert connector.sample("customer", 1).to_pylist() == [{"ID": "1", "N": "a"}]
