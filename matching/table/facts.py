"""What one cluster may hold only once: a number given for life.

Two different citizen numbers, or company codes, that both pass their check are two parties,
whatever else looks alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from matching.constraints import Exclusive
from matching.linkage import Constraints
from matching.table.fields import TableField
from matching.table.kinds.readers import LIFELONG
from matching.table.reading import InputTable
from matching.table.sources import duplicate_free, source_codes
from matching.table.spec import ClusterSpec


def table_constraints(
    table: InputTable, clusters: ClusterSpec, fields: Sequence[TableField]
) -> Constraints:
    """Return the conditions that every cluster of these records keeps."""
    sources = duplicate_free(clusters, table.sources, source_codes(table.sources))
    return Constraints(facts=exclusive_facts(fields), sources=sources)


def exclusive_facts(fields: Sequence[TableField]) -> list[Exclusive]:
    """Return the facts of which a cluster of these records holds one value each."""
    found = [
        _numbers(field, id_class)
        for field in fields
        if field.kind == "identifier" and not field.about
        for id_class in LIFELONG
    ]
    return [fact for fact in found if len(fact.values.codes)]


def _numbers(field: TableField, id_class: str) -> Exclusive:
    lifelong = field.part("lifelong").to_numpy(zero_copy_only=False)
    return Exclusive(
        f"{field.name}: {id_class}", field.values.keep((lifelong == id_class)[field.values.codes])
    )
