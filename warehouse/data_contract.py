"""The published tables as a data contract after the Open Data Contract Standard, v3.1.0.

https://bitol-io.github.io/open-data-contract-standard/v3.1.0/. The contract says what readers may
rely on; it names meaning, type, key, grade and source of every column, in English and Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import yaml

from models.tables import BESIDE_GOLDEN, LAYERS, VERSION_INFO, Table
from warehouse.dictionary import Entry

CONTRACT = "contract.odcs.yaml"
# Raise the first number when a column goes or changes its meaning, the second when one comes.
CONTRACT_VERSION = "1.0.0"
# libyaml's, where PyYAML was built with it, is ten times as fast and writes the same.
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_LOGICAL = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
# What names one row; a table whose rows nothing names is not here.
KEYS: dict[str, tuple[str, ...]] = {
    "customer": ("customer_id",),
    "customer_name": ("customer_id", "kind", "value"),
    "customer_identifier": ("customer_id", "id_class", "value"),
    "customer_contact": ("customer_id", "kind", "value"),
    "customer_xref": ("record_key",),
    "customer_id_redirect": ("retired_id",),
    "customer_id_member": ("customer_id", "record_key"),
    "match_evidence": ("left_key", "right_key"),
    "version": ("number",),
    "data_dictionary": ("table_name", "column_name"),
}
# A retired id has members too, and a history; all others belong to a customer of today.
_REFERRING = frozenset(
    table.name
    for table in LAYERS["golden"]
    if table.name.startswith("customer_")
    and table.name
    not in ("customer_id_member", "customer_id_redirect", "customer_change", "customer_history")
)


def contract(entries: Sequence[Entry]) -> str:
    """Return the contract as YAML; the same for the same tables and sources."""
    tables = {table.name: table for table in (*LAYERS["golden"], VERSION_INFO, *BESIDE_GOLDEN)}
    document = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "golden-customer",
        "name": "golden_customer",
        "version": CONTRACT_VERSION,
        "status": "active",
        "domain": "customer",
        "description": {
            "purpose": "One golden customer from all source systems · 汇聚各来源系统的黄金客户数据",
            "usage": "Open golden.duckdb read-only through 'current' · 经 current 以只读方式打开",
            "limitations": "A customer_id never moves to another customer; resolve ids noted "
            "earlier with customer_today(id) · 旧客户号请用 customer_today(id) 解析",
        },
        "servers": [
            {"server": "published", "type": "duckdb", "database": "golden.duckdb", "schema": "main"}
        ],
        "schema": [
            _object(tables[name], list(columns))
            for name, columns in groupby(entries, key=lambda entry: entry.table_name)
        ],
        "slaProperties": [{"property": "retention", "value": "keep_versions in golden.yml"}],
    }
    return str(yaml.dump(document, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100))


def _object(table: Table, entries: list[Entry]) -> dict[str, Any]:
    return {
        "name": table.name,
        "physicalName": table.name,
        "logicalType": "object",
        "physicalType": "table",
        "description": f"{table.en} · {table.zh}",
        "dataGranularityDescription": table.en,
        "properties": [_property(entry) for entry in entries],
    }


def _property(entry: Entry) -> dict[str, Any]:
    key = KEYS.get(entry.table_name, ())
    found: dict[str, Any] = {
        "name": entry.column_name,
        "physicalName": entry.column_name,
        "logicalType": _LOGICAL[entry.type],
        "physicalType": entry.type,
        "businessName": entry.meaning_zh,
        "description": f"{entry.meaning_en} · {entry.meaning_zh}",
        "classification": entry.classification,
        "required": entry.column_name in key,
    }
    if entry.column_name in key:
        found["primaryKey"] = True
        found["primaryKeyPosition"] = key.index(entry.column_name) + 1
        found["unique"] = len(key) == 1
    if entry.column_name == "customer_id" and entry.table_name in _REFERRING:
        found["relationships"] = [{"type": "foreignKey", "to": "customer.customer_id"}]
    if entry.sources:
        found["transformSourceObjects"] = entry.sources.split(", ")
    return found
