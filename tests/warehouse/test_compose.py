"""The folder of a version: what it holds, and that it says what it is."""

from __future__ import annotations

import json
import stat
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from models.tables import LAYERS
from tests.plugins.small_bank import SmallBank, leave, person
from warehouse.publish import PublishRun, publish

NOW = datetime.fromisoformat("2026-02-01")


@pytest.fixture
def bank(tmp_path: Path) -> SmallBank:
    return SmallBank(tmp_path)


def test_a_version_holds_tables_parquet_manifest_and_report(
    bank: SmallBank, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    report.write_text("<p>good</p>")
    bank.prepare([person("core.c:1"), person("core.c:2")])
    published = bank.release(report_html=report)
    version = published.version
    assert (version.name, published.unchanged) == ("v000001", False)
    tables = sorted([*(item.name for item in LAYERS["golden"]), "data_dictionary", "version"])
    assert sorted(
        path.relative_to(version.folder).as_posix() for path in _files(version.folder)
    ) == [
        "contract.odcs.yaml",
        "dictionary.html",
        "golden.duckdb",
        "manifest.json",
        *(f"parquet/{name}.parquet" for name in tables),
        "report.html",
    ]
    assert version.manifest.tables["customer"].rows == 2
    assert version.manifest.last_id_number == 2
    assert (version.manifest.previous_version, version.manifest.run_id) == (None, "r1")
    assert (version.folder / "report.html").read_text() == "<p>good</p>"
    assert (bank.versions.root / "current").readlink() == Path("versions/v000001")


def test_the_golden_file_describes_itself_in_both_languages(bank: SmallBank) -> None:
    bank.publish([person("core.c:1")])
    comments = bank.ask(
        "SELECT comment FROM duckdb_columns() "
        "WHERE table_name = 'customer' AND column_name = 'birth_date'"
    )
    assert comments == [("date of birth · 出生日期",)]
    assert bank.ask("SELECT count(*) FROM duckdb_tables() WHERE comment IS NULL") == [(0,)]
    assert bank.ask("SELECT version, previous_version, run_id, customers FROM version_info") == [
        ("v000001", None, "r1", 1)
    ]


def test_a_version_remembers_its_day_its_code_and_its_model(bank: SmallBank) -> None:
    bank.prepare([person("core.c:1")])
    run = PublishRun("r", NOW, "config", as_of=date(2026, 1, 31), code_digest="c0de")
    with bank.store.writing() as con:
        con.execute("INSERT INTO matched.model VALUES ('rules: 1\n')")
        version = publish(con, leave(con), bank.versions, run).version
    assert (version.manifest.as_of, version.manifest.code_digest) == (date(2026, 1, 31), "c0de")
    assert (version.folder / "matching-model.yml").read_text() == "rules: 1\n"
    assert "matching-model.yml" in version.manifest.files


def test_the_manifest_of_an_older_version_is_still_read(bank: SmallBank) -> None:
    version = bank.publish([person("core.c:1")]).version
    file = version.folder / "manifest.json"
    older = json.loads(file.read_text())
    del older["as_of"], older["code_digest"]
    file.chmod(0o644)
    file.write_text(json.dumps(older))
    read = bank.versions.verify(1).manifest
    assert (read.as_of, read.code_digest) == (None, None)


def test_the_version_being_made_gets_its_number_in_what_is_written(bank: SmallBank) -> None:
    bank.publish([person("core.c:1")])
    bank.prepare([person("core.c:1", "王二")])
    with bank.store.writing() as con:
        con.execute(
            "INSERT INTO golden.customer_history (attribute, known_from, known_to) "
            "VALUES ('a', 1, 0), ('b', 0, NULL), ('c', 1, NULL)"
        )
    version = bank.release().version
    asked = "SELECT attribute, known_from, known_to FROM {} WHERE attribute < 'd' ORDER BY 1"
    rows = [("a", 1, 2), ("b", 2, None), ("c", 1, None)]
    assert bank.ask(asked.format("customer_history")) == rows
    parquet = str(version.parquet / "customer_history.parquet")
    assert duckdb.sql(asked.format(f"'{parquet}'")).fetchall() == rows
    bank.versions.verify(2)


def test_a_version_lists_those_that_led_to_it(bank: SmallBank) -> None:
    for name in ("一", "二", "三"):
        bank.publish([person("core.c:1", name)])
    bank.versions.rollback(2)
    version = bank.publish([person("core.c:1", "四")]).version
    rows = [(1, "v000001", NOW), (2, "v000002", NOW), (4, "v000004", NOW)]
    assert bank.ask("FROM version") == rows
    assert duckdb.sql(f"FROM '{version.parquet / 'version.parquet'}'").fetchall() == rows


def test_a_version_before_the_list_began_is_still_listed(bank: SmallBank) -> None:
    first = bank.publish([person("core.c:1", "一")]).version
    (first.parquet / "version.parquet").unlink()
    bank.publish([person("core.c:1", "二")])
    assert bank.ask("SELECT number FROM version") == [(1,), (2,)]


def test_rows_stand_sorted_in_the_file_and_in_parquet(bank: SmallBank) -> None:
    keys = [f"core.c:{number}" for number in range(50, 9, -1)]
    version = bank.publish([person(key) for key in keys]).version
    in_file = bank.ask("SELECT record_key FROM customer_xref")
    parquet = str(version.parquet / "customer_xref.parquet")
    assert (
        in_file == sorted(in_file) == duckdb.sql(f"SELECT record_key FROM '{parquet}'").fetchall()
    )


def test_published_files_carry_no_write_permission_and_no_log(bank: SmallBank) -> None:
    version = bank.publish([person("core.c:1")]).version
    modes = {stat.S_IMODE(path.stat().st_mode) for path in _files(version.folder)}
    assert modes == {0o444}
    assert not list(version.folder.rglob("*.wal"))
    assert [path.name for path in bank.versions.versions.iterdir()] == ["v000001"]


def test_the_file_can_be_read_by_the_first_stable_duckdb(bank: SmallBank) -> None:
    version = bank.publish([person("core.c:1")]).version
    header = version.golden_file.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64, "the storage version of DuckDB 1.0"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
