"""The checks of every layer: the defaults, and what the project's ``quality/*.yml`` changes.

A project file names its layer and lists checks. An ``id`` that exists changes the fields it
gives; a new one adds a check; ``id[core.customer]`` changes one instance of a template only.

```yaml
layer: golden
checks:
  - {id: largest_customer, max: 500}
  - {id: "rows_present[marketing.lead]", severity: info}
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from models.source import SourceConfig
from models.verdict import LAYER_ORDER
from quality.checks import Declared, Suite
from quality.declaring import declare, validated
from quality.entries import Entry, default_entries, merge, project_entries
from warehouse.store import Connection, count


def load_suites(folder: Path | None, sources: Sequence[SourceConfig]) -> tuple[Suite, ...]:
    """Return one suite per layer, in the flow's order, with templates filled for every source.

    ``folder`` is the project's ``quality`` folder; it need not exist. Raises ConfigError with
    file and line. Before running, narrow the suites to what is there: ``applicable``.
    """
    defaults = [entry for layer in LAYER_ORDER for entry in default_entries(layer)]
    templates, instances = merge(defaults, list(project_entries(folder)))
    for entry in templates.values():
        validated(entry)
    declared = [item for entry in templates.values() for item in declare(entry, sources, instances)]
    _all_used(instances, declared)
    return tuple(
        Suite(layer, tuple(item for item in declared if item.layer == layer))
        for layer in LAYER_ORDER
    )


def applicable(suites: Sequence[Suite], connection: Connection) -> tuple[Suite, ...]:
    """Return the suites without checks of objects that never landed and, before the first
    publish, without comparisons.

    A source that was never reached is shown in the report, and the others go on. Once it has
    landed its data stays, so its checks cannot vanish again. Call ``take_previous`` before.
    """
    compare = count(connection, "SELECT count(*) FROM quality.previous")
    landed = set(
        connection.execute(
            "SELECT source, object FROM landed.object_load WHERE runs > 0"
        ).fetchall()
    )
    sources = {source for source, _ in landed}

    def applies(item: Declared) -> bool:
        if item.check.when == "previous" and not compare:
            return False
        if item.object_name is not None:
            return (item.source, item.object_name) in landed
        return item.source is None or item.source in sources

    return tuple(Suite(suite.layer, tuple(filter(applies, suite.checks))) for suite in suites)


def _all_used(instances: Mapping[str, Entry], declared: Sequence[Declared]) -> None:
    """A change of an instance that does not exist would change nothing, and nobody would know."""
    names = {item.check_id for item in declared}
    for name, entry in instances.items():
        if name not in names:
            raise entry.error(
                f"there is no check {name!r} to change.",
                "Names in brackets are a source, or source.object, of this project.",
            )
