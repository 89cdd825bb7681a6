"""Workbooks that people made land as tables: header found, totals out, nothing lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from connectors.registry import open_connector
from models.errors import ConfigError, IncompleteData, SchemaDrift
from models.source import SourceConfig
from tests.connectors.conftest import Project, source_of

Rows = Sequence[Sequence[Any]]
HEAD = ["客户编号", "姓名", "余额"]


def source(**read: Any) -> SourceConfig:
    base = {"glob": "*.xlsx", "primary_key": ["客户编号"]}
    return source_of("excel", {"path": "in"}, **(base | read))


def put(
    project: Project,
    rows: Rows,
    merges: Sequence[str] = (),
    name: str = "a.xlsx",
    change: Callable[[Workbook], None] = lambda book: None,
) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "客户"
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    change(book)
    path = project.base / "in" / name
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def land(project: Project, rows: Rows, shown: str = "*", **read: Any) -> list[tuple[Any, ...]]:
    put(project, rows, read.pop("merges", ()), change=read.pop("change", lambda book: None))
    project.pull(source(**read))
    return project.landed(source(**read), shown)


def columns(project: Project) -> list[str]:
    [run] = project.raw.runs("core", "customer")
    return list(run.columns)


WEALTH: Rows = [
    ["理财客户信息表（截至2026年11月23日）"],
    ["客户编号", "证件信息", None, None, "手机"],
    [None, "证件类型", "证件号码", "有效期至", None],
    ["W1", "居民身份证", "11010119900101123X", date(2030, 1, 2), "13800138000"],
    ["W2", "护照", "E12345678", None, None],
    ["合计", 2],
]
MERGES = ["A1:E1", "A2:A3", "B2:D2", "E2:E3"]


def test_a_title_merged_headers_and_a_total_are_understood(project: Project) -> None:
    found = land(project, WEALTH, "* EXCLUDE (_pk, _hash)", merges=MERGES)
    assert found == [
        ("W1", "居民身份证", "11010119900101123X", "2030-01-02", "13800138000"),
        ("W2", "护照", "E12345678", None, None),
    ]
    assert columns(project) == [
        "客户编号",
        "证件信息_证件类型",
        "证件信息_证件号码",
        "证件信息_有效期至",
        "手机",
    ]


def test_notes_above_the_header_are_passed_over(project: Project) -> None:
    notes: Rows = [["单位：元", "制表：客户部", "币种：人民币"]]
    assert land(project, [*notes, HEAD, ["1", "王", 1]], "姓名") == [("王",)]


@pytest.mark.parametrize("rows", [2, 3])
def test_headers_without_merged_cells_are_given_by_their_rows(project: Project, rows: int) -> None:
    extra: Rows = [["制表：客户部", "单位：元"]] if rows == 3 else []
    land(project, [WEALTH[0], *extra, *WEALTH[1:]], header=[rows, rows + 1])
    assert columns(project)[:3] == ["客户编号", "证件信息_证件类型", "证件信息_证件号码"]


def test_a_table_may_stand_anywhere(project: Project) -> None:
    def move(book: Workbook) -> None:
        book.worksheets[0].move_range("A1:E6", rows=4, cols=3)

    put(project, WEALTH, change=move)

    def merge(book: Workbook) -> None:
        move(book)
        for area in ["D5:H5", "D6:D7", "E6:G6", "H6:H7"]:
            book.worksheets[0].merge_cells(area)

    put(project, WEALTH, change=merge)
    project.pull(source())
    assert project.landed(source(), "客户编号, 证件信息_证件号码, 手机") == [
        ("W1", "11010119900101123X", "13800138000"),
        ("W2", "E12345678", None),
    ]
    assert "证件信息_有效期至" in columns(project)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(110101199001011237, "1.101011990010112E+17", id="id number as a number"),
        pytest.param("110101199001011237", "110101199001011237", id="id number as text"),
        pytest.param("007", "007", id="leading zeros"),
        pytest.param(13800138000, "13800138000", id="mobile as a number"),
        pytest.param(999999999999999, "999999999999999", id="15 digits are certain"),
        pytest.param(6222021234567890, "6.2220212345678900E+15", id="16 digits are not"),
        pytest.param(1.0, "1", id="whole"),
        pytest.param(-0.1, "-0.1", id="decimal"),
        pytest.param(datetime.fromisoformat("2026-11-23"), "2026-11-23", id="date"),
        pytest.param(
            datetime.fromisoformat("2026-11-23T18:05"), "2026-11-23T18:05:00", id="moment"
        ),
        pytest.param(time(18, 5), "18:05:00", id="time"),
        pytest.param(True, "true", id="yes"),
        pytest.param(" 䶮 ", " 䶮 ", id="text as it is"),
        pytest.param("#N/A", None, id="error cell"),
    ],
)
def test_values_land_as_they_are(project: Project, cell: object, text: str | None) -> None:
    assert land(project, [HEAD, ["1", "x", cell]], "余额") == [(text,)]


def test_numbers_as_keys_have_no_decimal_point(project: Project) -> None:
    assert land(project, [HEAD, [1001, "王", 1]], "_pk, 客户编号") == [("1001", "1001")]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["合计", None, 300], id="合计"),
        pytest.param([None, "小 计", 300], id="小计 in the second cell"),
        pytest.param(["总计：", None, 300], id="总计 with a colon"),
        pytest.param(["TOTAL", 2, 300], id="total"),
        pytest.param(["Subtotal (2)", None, 300], id="subtotal"),
        pytest.param([None, None, None], id="empty"),
        pytest.param([None, "  ", None], id="blanks"),
        pytest.param(HEAD, id="header again"),
    ],
)
def test_rows_that_are_no_records_are_left_out(project: Project, row: list[Any]) -> None:
    found = land(project, [HEAD, ["1", "王", 100], row, ["2", "李", 200], row], "客户编号")
    assert found == [("1",), ("2",)]


def test_a_customer_called_total_stays(project: Project) -> None:
    rows: Rows = [
        ["姓名", "客户编号", "余额"],
        ["Total", "7", 1],
        ["合计金属", "8", 2],
        ["合计", None, 3],
    ]
    assert land(project, rows, "客户编号") == [("7",), ("8",)]


def test_columns_without_or_with_the_same_name_are_told_apart(project: Project) -> None:
    head = ["客户编号", "电话", "电话", None, None, "联系\n地址", "First\nname"]
    land(project, [head, ["1", "a", "b", None, "note", "d", "e"]])
    assert columns(project) == [
        "客户编号",
        "电话",
        "电话_2",
        "column_5",
        "联系地址",
        "First name",
    ]


def hide(book: Workbook) -> None:
    sheet = book.create_sheet("旧")
    sheet.append(HEAD)
    sheet.append(["9", "赵", 9])
    sheet.sheet_state = "hidden"


def show(book: Workbook) -> None:
    hide(book)
    book["旧"].sheet_state = "visible"


@pytest.mark.parametrize(("sheet", "key"), [(None, "1"), ("客户", "1"), ("旧", "9")])
def test_hidden_sheets_are_read_only_by_name(project: Project, sheet: str | None, key: str) -> None:
    assert land(project, [HEAD, ["1", "王", 1]], "客户编号", sheet=sheet, change=hide) == [(key,)]


@pytest.mark.parametrize("sheet", [None, "客户们"])
def test_a_sheet_is_never_guessed(project: Project, sheet: str | None) -> None:
    put(project, [HEAD, ["1", "王", 1]], change=show)
    with pytest.raises(SchemaDrift, match="客户, 旧"):
        project.pull(source(sheet=sheet))


def test_the_last_workbook_is_the_whole_state(project: Project) -> None:
    put(project, [HEAD, ["1", "王", 1], ["2", "李", 2]], name="客户_9.xlsx")
    project.pull(source())
    put(project, [HEAD, ["2", "李四", 2]], name="客户_10.xlsx")
    project.pull(source())
    assert project.landed(source(), "客户编号, 姓名") == [("2", "李四")]


def test_changes_add_up_and_no_workbook_counts_twice(project: Project) -> None:
    changes = source(mode="changes", deletes={"flag": {"field": "余额", "values": ["销户"]}})
    path = put(project, [HEAD, ["1", "王", 1], ["2", "李", 2]], name="a1.xlsx")
    put(project, [HEAD, ["2", "李四", 2]], name="a2.xlsx")
    assert project.pull(changes).rows == 3
    path.with_name("a3.xlsx").write_bytes(path.read_bytes())
    assert project.pull(changes).outcome == "unchanged"
    put(project, [HEAD, ["1", None, "销户"], ["3", "赵", 3]], name="a4.xlsx")
    assert project.pull(changes).rows == 2
    assert project.landed(changes, "客户编号, 姓名") == [("2", "李四"), ("3", "赵")]


@pytest.mark.parametrize("content", ["cut", "empty", "text"])
def test_what_is_no_whole_workbook_does_not_land(project: Project, content: str) -> None:
    path = put(project, [HEAD, ["1", "王", 1]])
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[:-200], "empty": b"", "text": "客户编号,1".encode()}[content])
    with pytest.raises(IncompleteData, match="not a whole workbook"):
        project.pull(source())
    assert project.raw.runs("core", "customer") == []


@pytest.mark.parametrize("rows", [[], [["标题"]], [[1, 2, 3], [4, 5, 6]]], ids=str)
def test_a_sheet_without_a_header_is_refused(project: Project, rows: Rows) -> None:
    put(project, rows)
    with pytest.raises(SchemaDrift, match=r"read\.header"):
        project.pull(source())


def test_a_missing_key_says_which_rows_were_taken_for_the_header(project: Project) -> None:
    put(project, WEALTH, MERGES)
    with pytest.raises(SchemaDrift, match=r"no column 编号 in its header, .* rows 2 to 3"):
        project.pull(source(primary_key=["编号"]))


def test_header_rows_must_follow_each_other(project: Project) -> None:
    put(project, [HEAD])
    with pytest.raises(ConfigError, match="follow each other"):
        project.pull(source(header=[2, 4]))


def test_check_discover_and_sample(project: Project) -> None:
    put(project, [HEAD, ["1", "王", 1], ["2", "李", 2]])
    connector = open_connector(source(), project.base)
    assert connector.check().ok
    [stream] = connector.discover()
    assert [column.name for column in stream.columns] == HEAD
    assert connector.sample("customer", 1).to_pylist() == [
        {"客户编号": "1", "姓名": "王", "余额": "1"}
    ]
