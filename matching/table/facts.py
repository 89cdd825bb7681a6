"""What one cluster may hold only once: a number given for life.

Two different citizen numbers, or company codes, that both pass their check are two parties,
whatever else looks alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from matching.constraints import Exclusive
from matching.table.fields import TableField
from matching.table.kinds.readers import LIFELONG


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
