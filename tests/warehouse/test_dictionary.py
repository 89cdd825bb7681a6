"""The dictionary and the contract of a version: complete, in two languages, nobody's values."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from models.tables import BESIDE_GOLDEN, LAYERS, VERSION_INFO
from tests.plugins.small_bank import RESIDENT, SmallBank, person
from warehouse.classification import GRADED
from warehouse.data_contract import CONTRACT, KEYS
from warehouse.versions import Version

TABLES = {table.name: table for table in (*LAYERS["golden"], *BESIDE_GOLDEN, VERSION_INFO)}
# Field names of Open Data Contract Standard v3.1.0 (JSON Schema, additionalProperties: false).
FUNDAMENTALS = {
    "version",
    "kind",
    "apiVersion",
    "id",
    "name",
    "tenant",
    "tags",
    "status",
    "servers",
    "dataProduct",
    "description",
    "domain",
    "schema",
    "support",
    "price",
    "team",
    "roles",
    "slaDefaultElement",
    "slaProperties",
    "authoritativeDefinitions",
    "customProperties",
    "contractCreatedTs",
}
ELEMENT = {
    "id",
    "name",
    "physicalType",
    "description",
    "businessName",
    "authoritativeDefinitions",
    "tags",
    "customProperties",
    "logicalType",
    "physicalName",
    "relationships",
    "quality",
}
OBJECT = ELEMENT | {"dataGranularityDescription", "properties"}
PROPERTY = ELEMENT | {
    "primaryKey",
    "primaryKeyPosition",
    "logicalTypeOptions",
    "required",
    "unique",
    "partitioned",
    "partitionKeyPosition",
    "classification",
    "encryptedName",
    "transformSourceObjects",
    "transformLogic",
    "transformDescription",
    "examples",
    "criticalDataElement",
    "items",
}
LOGICAL = {
    "string",
    "date",
    "timestamp",
    "time",
    "number",
    "integer",
    "object",
    "array",
    "boolean",
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> SmallBank:
    bank = SmallBank(tmp_path_factory.mktemp("bank"))
    phone = {"contacts": [{"value": "+8613800138000"}]}
    bank.publish(
        [
            person("core.c:1", "欧阳慧敏", identifiers=[RESIDENT], **phone),
            person("crm.c:2", "欧阳慧敏"),
            person("web.c:3", "司徒建国"),
        ],
        [["core.c:1", "crm.c:2"]],
    )
    return bank


@pytest.fixture(scope="module")
def version(bank: SmallBank) -> Version:
    current = bank.versions.current()
    assert current is not None
    return current


@pytest.fixture(scope="module")
def contract(version: Version) -> dict[str, Any]:
    text = (version.folder / CONTRACT).read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def test_every_column_is_in_the_dictionary(bank: SmallBank) -> None:
    rows = bank.ask("SELECT table_name, column_name FROM data_dictionary ORDER BY ALL")
    there = bank.ask(
        "SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() "
        "USING (table_name) WHERE NOT duckdb_columns.internal ORDER BY ALL"
    )
    assert rows == there
    unsaid = bank.ask("SELECT * FROM data_dictionary WHERE meaning_en = '' OR meaning_zh = ''")
    assert unsaid == []


def test_it_says_how_full_a_column_is_and_who_feeds_it(bank: SmallBank) -> None:
    rows = bank.ask(
        "SELECT column_name, table_rows, fill_rate, distinct_values, sources, classification "
        "FROM data_dictionary WHERE table_name = 'customer' "
        "AND column_name IN ('customer_id', 'id_number', 'full_name') ORDER BY 1"
    )
    assert rows == [
        ("customer_id", 2, 1.0, 2, None, "C1"),
        ("full_name", 2, 1.0, 2, "core, web", "C2"),
        ("id_number", 2, 0.5, 1, "core", "C2"),
    ]
    contact = "SELECT DISTINCT sources FROM data_dictionary WHERE table_name = 'customer_contact' "
    assert bank.ask(contact + "AND column_name = 'value'") == [("core",)]


def test_every_published_column_has_been_graded() -> None:
    columns = {column for table in TABLES.values() for column in table.column_names}
    assert columns - GRADED == set(), "grade it in warehouse/classification.py"


def test_neither_page_nor_contract_nor_table_holds_a_value(
    bank: SmallBank, version: Version
) -> None:
    texts = [
        (version.folder / name).read_text(encoding="utf-8")
        for name in ("dictionary.html", CONTRACT)
    ]
    texts.append(str(bank.ask("FROM data_dictionary")))
    for value in ("欧阳慧敏", "司徒建国", str(RESIDENT["value"]), "13800138000"):
        assert not any(value in text for text in texts)


def test_the_page_is_whole_and_asks_for_nothing(version: Version) -> None:
    text = (version.folder / "dictionary.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|https?:|src=|@import|url\(", text)
    tags: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag != "meta":
                tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert tags.pop() == tag

    Balance().feed(text)
    assert tags == []
    assert all(f'id="{name}"' in text for name in TABLES)
    assert "客户号" in text


def test_views_and_macros_are_there_with_comments(bank: SmallBank) -> None:
    views = bank.ask("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1")
    names = [name for name, _ in views]
    assert names == ["customer_id_today", "customer_open_review", "organisation", "person"]
    assert all(" · " in comment for _, comment in views)
    silent = bank.ask("SELECT * FROM duckdb_columns() WHERE NOT internal AND comment IS NULL")
    assert silent == []
    macros = bank.ask(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal "
        "AND comment IS NOT NULL ORDER BY 1"
    )
    assert ("customer_today",) in macros
    assert ("golden_as_of",) in macros


def test_persons_and_organisations_are_all_customers(bank: SmallBank) -> None:
    assert bank.ask(
        "SELECT (FROM person SELECT count(*)), (FROM organisation SELECT count(*))"
    ) == [(2, 0)]
    columns = [row[0] for row in bank.ask("DESCRIBE person")]
    assert "party_type" not in columns
    assert "birth_date" in columns


def test_an_id_of_any_age_resolves(tmp_path: Path) -> None:
    bank = SmallBank(tmp_path)
    ids = bank.people([["core.c:1", "core.c:2"], ["core.c:3"], ["core.c:4"]])
    keeps, merged, gone = ids["core.c:1"], ids["core.c:3"], ids["core.c:4"]
    bank.people([["core.c:1", "core.c:2", "core.c:3"]])
    answers = bank.ask(
        f"SELECT customer_today('{keeps}'), customer_today('{merged}'), customer_today('{gone}'), "
        "customer_today('nobody')"
    )
    assert answers == [(keeps, keeps, None, None)]
    rows = bank.ask(
        "SELECT any_id, customer_today(any_id), standing FROM customer_id_today ORDER BY 1"
    )
    assert rows == [(keeps, keeps, "current"), (merged, keeps, "merged"), (gone, None, "gone")]


def test_the_contract_has_the_fields_of_the_standard_and_no_others(
    contract: dict[str, Any],
) -> None:
    assert {"version", "apiVersion", "kind", "id", "status"} <= contract.keys() <= FUNDAMENTALS
    assert (contract["apiVersion"], contract["kind"]) == ("v3.1.0", "DataContract")
    assert contract["description"].keys() <= {"usage", "purpose", "limitations"}
    (server,) = contract["servers"]
    assert {"server", "type", "database"} <= server.keys()
    for item in contract["schema"]:
        assert item.keys() <= OBJECT
        assert item["logicalType"] == "object"
        for column in item["properties"]:
            assert {"name", "logicalType", "classification"} <= column.keys() <= PROPERTY
            assert column["logicalType"] in LOGICAL
            for relation in column.get("relationships", []):
                assert relation == {"type": "foreignKey", "to": "customer.customer_id"}


def test_the_contract_names_every_column_with_its_type(
    bank: SmallBank, contract: dict[str, Any]
) -> None:
    promised = {
        (item["name"], column["name"], column["physicalType"])
        for item in contract["schema"]
        for column in item["properties"]
    }
    there = bank.ask(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() JOIN duckdb_tables() "
        "USING (table_name) WHERE NOT duckdb_columns.internal"
    )
    assert promised == set(there)


def test_the_keys_it_promises_name_columns(contract: dict[str, Any]) -> None:
    for item in contract["schema"]:
        keys = [column for column in item["properties"] if column.get("primaryKey")]
        keys.sort(key=lambda column: column["primaryKeyPosition"])
        assert tuple(column["name"] for column in keys) == KEYS.get(item["name"], ())
        assert all(column["required"] for column in keys)


@pytest.mark.parametrize("table", sorted(KEYS))
def test_the_keys_it_promises_hold(version: Version, table: str) -> None:
    key = ", ".join(KEYS[table])
    with duckdb.connect(str(version.golden_file), read_only=True) as con:
        assert (
            con.execute(f"FROM {table} SELECT {key} GROUP BY ALL HAVING count(*) > 1").fetchall()
            == []
        )


def test_the_contract_does_not_change_with_the_rows(tmp_path: Path) -> None:
    bank = SmallBank(tmp_path)
    texts = [
        (bank.publish([person(f"core.c:{i}") for i in range(n)]).version.folder / CONTRACT)
        for n in (1, 3)
    ]
    assert texts[0].read_text(encoding="utf-8") == texts[1].read_text(encoding="utf-8")
