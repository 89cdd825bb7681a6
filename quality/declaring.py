"""Templates → the checks that are really run: one for every source, party object or object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError

from models.fields.vocabulary import LIFELONG_ID_CLASSES
from models.source import SourceConfig
from models.tables import landed_table, table
from quality.checks import Check, Declared
from quality.entries import Entry, without_demand
from quality.previous import metrics_select
from warehouse.sql import literal, quote

_SQL_FIELDS = frozenset({"rows", "among", "key", "measure"})
# Columns of customer that are counted from its records, not chosen among their values.
_WITHOUT_PROVENANCE = frozenset(
    {"customer_id", "record_count", "source_count", "review_pending", "updated_at"}
)


def declare(
    entry: Entry, sources: Sequence[SourceConfig], instances: Mapping[str, Entry]
) -> Iterator[Declared]:
    """Yield the check, or one per source, party or object when it is a template.

    ``instances`` holds changes of single instances by ``layer.id[source.object]``.
    Raises ConfigError when a filled or changed check is not valid.
    """
    check = validated(entry)
    if check.for_each is None:
        schema, name = check.table.split(".")
        filled = validated(entry.with_fields(_fill(entry.fields, {}, {})))
        yield Declared(entry.name, entry.layer, schema, name, filled)
        return
    for source in sources:
        for object_name in _objects(check, source):
            yield _instance(entry, source, object_name, instances)


def validated(entry: Entry) -> Check:
    """Return the entry as a check; raises ConfigError with the place and every problem."""
    try:
        return Check.model_validate(entry.fields)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'the check'}: "
            f"{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_url=False, include_input=False)
        )
        raise entry.error(f"check {entry.fields['id']!r}: {problems}.") from None


def _instance(
    template: Entry,
    source: SourceConfig,
    object_name: str | None,
    instances: Mapping[str, Entry],
) -> Declared:
    instance = source.name if object_name is None else f"{source.name}.{object_name}"
    check_id = f"{template.name}[{instance}]"
    change = instances.get(check_id)
    entry = template
    if change is not None:
        fields = {**without_demand(template, change), **change.fields, "id": template.fields["id"]}
        entry = change.with_fields(fields)
    texts = {"source": source.name, "object": object_name or "", "owner": source.owner}
    check = validated(entry.with_fields(_fill(entry.fields, texts, _source_sql(source, texts))))
    schema, name = (
        ("landed", landed_table(source.name, object_name))
        if object_name is not None and check.table == "{landed}"
        else check.table.split(".")
    )
    return Declared(check_id, template.layer, schema, name, check, source.name, object_name)


def _objects(check: Check, source: SourceConfig) -> Sequence[str | None]:
    match check.for_each:
        case "object":
            return sorted(source.objects)
        case "party":
            return source.party_objects()
        case _:
            return [None]


def _source_sql(source: SourceConfig, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the placeholders of one instance as they stand in SQL."""
    quoted = {key: value.replace("'", "''") for key, value in texts.items()}
    landed = f"{quote('landed')}.{quote(landed_table(source.name, texts['object']))}"
    parties = ", ".join(map(literal, source.party_objects()))
    return {**quoted, "landed": landed, "party_objects": parties}


@cache
def _constant_sql() -> dict[str, str]:
    """Return the placeholders that are the same everywhere."""
    proven = [
        column.name
        for column in table("golden", "customer").columns
        if column.name not in _WITHOUT_PROVENANCE
    ]
    return {
        "lifelong": ", ".join(map(literal, LIFELONG_ID_CLASSES)),
        "proven_columns": ", ".join(f"{quote(name)}::VARCHAR AS {quote(name)}" for name in proven),
        "proven_names": ", ".join(map(literal, proven)),
        "golden_metrics": metrics_select("golden"),
    }


def _fill(
    fields: Mapping[str, Any], texts: Mapping[str, str], sql: Mapping[str, str]
) -> dict[str, Any]:
    """Replace the placeholders: as SQL in conditions, as plain words in texts."""
    in_sql = {**_constant_sql(), **sql}
    return {
        key: _replace(value, in_sql if key in _SQL_FIELDS else texts)
        for key, value in fields.items()
    }


def _replace(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replace(item, words) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    for name, word in words.items():
        value = value.replace(f"{{{name}}}", word)
    return value
