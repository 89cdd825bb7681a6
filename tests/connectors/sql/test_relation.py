"""A table or column that is not there, or suddenly empty, lands nothing and is named."""

from __future__ import annotations

from typing import Any

import pytest

from models.errors import ConfigError, IncompleteData, SchemaDrift
from tests.connectors.conftest import Project, source_of
from tests.plugins.sql_bank import Bank, failing, reading


@pytest.mark.parametrize(
    ("read", "said"),
    [
        pytest.param(
            {"table": "CUST_INF"}, r"no table 'CUST_INF' \(there is 'CUST_INFO'\)", id="table"
        ),
        pytest.param({"primary_key": ["Id"]}, r"no column 'Id' \(there is 'ID'\)", id="key"),
        pytest.param({"cursor": {"field": "UPD"}}, "no column 'UPD'", id="cursor"),
        pytest.param({"table": None, "query": "SELECT x FROM y"}, r"not there", id="query"),
    ],
)
def test_what_is_not_there_is_drift_and_names_the_nearest(
    bank: Bank, project: Project, read: dict[str, Any], said: str
) -> None:
    error = failing(bank, project, **read)
    assert isinstance(error, SchemaDrift)
    with pytest.raises(SchemaDrift, match=said):
        raise error
    assert project.raw.latest("core", "customer") is None


def test_a_mapped_column_that_vanished_lands_nothing(bank: Bank, project: Project) -> None:
    bank.put("1")
    source = reading(bank)
    mapping = source.objects["customer"].mapping.model_copy(update={"updated_at": "GONE_TS"})
    changed = source.objects["customer"].model_copy(update={"mapping": mapping})
    source = source.model_copy(update={"objects": {"customer": changed}})
    with pytest.raises(SchemaDrift, match="no column GONE_TS; its columns are ID, 客户姓名"):
        project.pull(source)


def test_a_table_that_is_suddenly_empty_is_refused_unless_allowed(
    bank: Bank, project: Project
) -> None:
    bank.put("1")
    project.pull(reading(bank))
    bank.run("DELETE FROM " + bank.engine.dialect.identifier_preparer.quote("CUST_INFO"))
    with pytest.raises(IncompleteData, match="allow_empty: true"):
        project.pull(reading(bank))
    assert project.landed(reading(bank), "ID") == [("1",)]
    source = reading(bank, allow_empty=True)
    project.pull(source)
    assert project.landed(source) == []


def test_columns_that_came_and_went_are_reported(bank: Bank, project: Project) -> None:
    bank.put("1")
    project.pull(reading(bank))
    quote = bank.engine.dialect.identifier_preparer.quote
    bank.run(f"ALTER TABLE {quote('CUST_INFO')} ADD COLUMN EMAIL VARCHAR(10)")
    bank.run(f"ALTER TABLE {quote('CUST_INFO')} DROP COLUMN {quote('BAL')}")
    report = project.pull(reading(bank))
    assert [name.upper() for name in report.new_columns] == ["EMAIL"]
    assert report.gone_columns == ("BAL",)


def test_a_table_and_a_query_are_one_too_many(project: Project) -> None:
    with pytest.raises(ConfigError, match="write 'table: NAME' or 'query"):
        project.pull(source_of("sql", {"url": "sqlite://"}, table="t", query="SELECT 1"))
