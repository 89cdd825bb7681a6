"""Working file and run facts → everything the report shows; reads counts only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.errors import StoreError
from models.source import SourceConfig, Title
from models.tables import table
from models.verdict import CheckResult
from quality.gate import recorded_verdict
from quality.report.facts import (
    BlockingRule,
    Changes,
    Fill,
    Flow,
    Matching,
    MatchRule,
    ReportData,
    RunFacts,
    SourceRows,
)
from warehouse.sql import literal, quote
from warehouse.store import Connection, count

_NOT_FILLED = {
    "customer_id",
    "party_type",
    "record_count",
    "source_count",
    "review_pending",
    "updated_at",
}
_MOST = 6


def collect(connection: Connection, run: RunFacts, sources: Sequence[SourceConfig]) -> ReportData:
    """Read the page's figures; raises StoreError when the candidate was not judged yet."""
    verdict = recorded_verdict(connection)
    if verdict is None:
        raise StoreError("There is no verdict to report on; run the step 'check' first.")
    previous: dict[str, float] = dict(
        _all(connection, "SELECT metric, value FROM quality.previous")
    )
    parties: dict[str, int] = dict(
        _all(connection, "SELECT party_type, count(*) FROM golden.customer GROUP BY party_type")
    )
    before = previous.get("customers")
    return ReportData(
        run=run,
        verdict=verdict,
        results=_results(connection),
        data_as_of=_all(connection, "SELECT max(extracted_at) FROM landed.object_load")[0][0],
        persons=parties.get("person", 0),
        organisations=parties.get("organisation", 0),
        previous_customers=None if before is None else int(before),
        rows={source.name: _source_rows(connection, source.name) for source in sources},
        flow=_flow(connection, sources),
        matching=_matching(connection),
        fill=_fill(connection, parties, previous),
        changes=_changes(connection),
    )


def _all(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def _results(connection: Connection) -> tuple[CheckResult, ...]:
    columns = ", ".join(quote(name) for name in table("quality", "check_result").column_names)
    rows = _all(connection, f"SELECT {columns} FROM quality.check_result ORDER BY rowid")
    return tuple(CheckResult(*row) for row in rows)


def _source_rows(connection: Connection, source: str) -> SourceRows:
    of_source = f"WHERE source = {literal(source)}"
    reasons = _all(
        connection,
        f"SELECT rule, count(*) FROM normalised.quarantine {of_source} "
        f"GROUP BY rule ORDER BY count(*) DESC, rule LIMIT {_MOST}",
    )
    live, rejected = _all(
        connection,
        "SELECT coalesce(sum(rows_live), 0), coalesce(sum(rows_rejected), 0) "
        f"FROM landed.object_load {of_source}",
    )[0]
    return SourceRows(
        live=int(live),
        records=count(connection, f"SELECT count(*) FROM normalised.record {of_source}"),
        quarantined=count(
            connection,
            f"SELECT count(DISTINCT (object, source_pk)) FROM normalised.quarantine {of_source}",
        ),
        rejected=int(rejected),
        defects=count(connection, f"SELECT count(*) FROM normalised.defect {of_source}"),
        reasons=tuple(reasons),
    )


def _flow(connection: Connection, sources: Sequence[SourceConfig]) -> Flow:
    parties = " OR ".join(
        f"(source = {literal(source.name)} AND object = {literal(name)})"
        for source in sources
        for name in source.party_objects()
    )
    read, older, rejected, details = _all(
        connection,
        "SELECT coalesce(sum(rows_read), 0), "
        "coalesce(sum(rows_superseded + rows_deleted + rows_duplicate), 0), "
        "coalesce(sum(rows_rejected), 0), "
        f"coalesce(sum(rows_live) FILTER (NOT ({parties or 'false'})), 0) FROM landed.object_load",
    )[0]
    return Flow(
        read=int(read),
        older=int(older),
        rejected=int(rejected),
        details=int(details),
        quarantined=count(
            connection,
            "SELECT count(DISTINCT (source, object, source_pk)) FROM normalised.quarantine "
            f"WHERE {parties or 'false'}",
        ),
        records=count(connection, "SELECT count(*) FROM normalised.record"),
        customers=count(connection, "SELECT count(*) FROM golden.customer"),
    )


def _matching(connection: Connection) -> Matching:
    rules = _all(
        connection,
        "SELECT rule, decision, count(*) FROM matched.pair GROUP BY rule, decision "
        "ORDER BY decision, count(*) DESC, rule",
    )
    blocking = _all(
        connection,
        "SELECT rule, blocks, biggest, pairs, new_pairs, set_aside FROM matched.blocking "
        "ORDER BY new_pairs DESC, rule",
    )
    return Matching(
        rules=tuple(MatchRule(*row) for row in rules),
        review=tuple(_counts(connection, "matched.review", "rule")),
        blocking=tuple(BlockingRule(*row) for row in blocking),
        stop_values=tuple(_counts(connection, "matched.stop_value", "kind")),
        sizes=tuple(
            _all(
                connection,
                "SELECT least(record_count, 6) AS size, count(*) FROM golden.customer "
                "GROUP BY size ORDER BY size",
            )
        ),
    )


def _counts(connection: Connection, name: str, column: str) -> list[tuple[str, int]]:
    rows = _all(
        connection,
        f"SELECT {column}, count(*) FROM {name} GROUP BY {column} ORDER BY count(*) DESC, {column}",
    )
    return [(str(key), int(number)) for key, number in rows]


def _fill(
    connection: Connection, parties: dict[str, int], previous: dict[str, float]
) -> tuple[Fill, ...]:
    columns = [
        column for column in table("golden", "customer").columns if column.name not in _NOT_FILLED
    ]
    counted = ", ".join(f"count({quote(column.name)})" for column in columns)
    filled = {
        row[0]: row[1:]
        for row in _all(
            connection, f"SELECT party_type, {counted} FROM golden.customer GROUP BY party_type"
        )
    }
    total = sum(parties.values())

    def share(kind: str, position: int) -> float | None:
        whole = parties.get(kind)
        return int(filled[kind][position]) / whole if whole else None

    def change(name: str, position: int) -> float | None:
        before = previous.get(f"filled:{name}")
        if before is None or not total:
            return None
        now: int = sum(row[position] for row in filled.values())
        return 100 * (now / total - before)

    return tuple(
        Fill(
            column=column.name,
            label=Title(en=column.name.replace("_", " "), zh=column.zh),
            person=share("person", position),
            organisation=share("organisation", position),
            change=change(column.name, position),
        )
        for position, column in enumerate(columns)
    )


def _changes(connection: Connection) -> Changes:
    by_attribute = _all(
        connection,
        "SELECT attribute, count(*) FROM golden.customer_change WHERE attribute IS NOT NULL "
        f"GROUP BY attribute ORDER BY count(*) DESC, attribute LIMIT {2 * _MOST}",
    )
    return Changes(
        by_kind=tuple(
            _all(
                connection,
                "SELECT change, count(DISTINCT customer_id) AS customers "
                "FROM golden.customer_change GROUP BY ALL ORDER BY customers DESC, change",
            )
        ),
        by_attribute=tuple(by_attribute),
    )
