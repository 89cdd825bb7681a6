"""Great Expectations itself: checks in, one answer per check out, nothing kept and nothing said.

The connection arguments are those that let Great Expectations 1.24 read DuckDB: it closes its
connection before it fetches, which only survives in autocommit mode.
"""

from __future__ import annotations

import importlib
import json
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.progress import Progress
from quality.checks import Declared
from quality.expectations import CannotBuild, build

_RESULT_FORMAT = {
    "result_format": "BASIC",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
}


_TALKATIVE = ("great_expectations", "sqlalchemy", "duckdb_sqlalchemy")
_ROWS_AS_OBSERVED = frozenset({"unexpected_rows_counted"})
# Results that cannot be the value of a customer: sizes of tables, shares and counts.
_SAFE_TO_SHOW = frozenset(
    {
        "expect_table_row_count_to_be_between",
        "expect_table_row_count_to_equal",
        "expect_table_column_count_to_be_between",
        "expect_table_column_count_to_equal",
        "expect_column_proportion_of_unique_values_to_be_between",
        "expect_column_proportion_of_non_null_values_to_be_between",
        "expect_column_unique_value_count_to_be_between",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Great Expectations said about one check; ``success`` is None when it could not run."""

    success: bool | None
    rows_failed: int | None = None
    observed: float | None = None
    fault: str = ""


def ask(
    work_file: Path,
    declared: Sequence[Declared],
    measured: Mapping[str, float | None],
    config: Mapping[str, Any],
    progress: Progress,
) -> dict[str, Answer]:
    """Return the answers by check id; a check that is missing was not answered.

    One batch per table, and one of a single row for all measures (``measured``, by check id).
    """
    batches: dict[tuple[str, str], list[Declared]] = {}
    for item in declared:
        place = ("", "") if item.check.measure else (item.schema, item.table)
        batches.setdefault(place, []).append(item)
    answers: dict[str, Answer] = {}
    with _quiet(), _context() as context:
        tables = _working_file(context, work_file, config)
        for done, (place, items) in enumerate(sorted(batches.items())):
            progress("check", done, len(batches))
            try:
                batch = _table(tables, *place) if place[0] else _measures(context, items, measured)
                answers |= _validate(batch, items)
            except Exception as error:  # noqa: BLE001  # whatever it is, nothing passes
                fault = f"Great Expectations stopped with {type(error).__name__}"
                answers |= {item.check_id: Answer(None, fault=fault) for item in items}
    return answers


@contextmanager
def _context() -> Iterator[Any]:
    """A context that lives in memory, says nothing to anybody and leaves no connection open."""
    gx: Any = importlib.import_module("great_expectations")
    types: Any = importlib.import_module("great_expectations.data_context.types.base")
    config = types.DataContextConfig(
        store_backend_defaults=types.InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=types.ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    try:
        yield context
    finally:
        for source in context.data_sources.all().values():
            _close(source)


def _close(source: Any) -> None:
    """Close every connection: one that stays open keeps the next step from writing the file."""
    if hasattr(source, "get_engine"):
        source.get_execution_engine().close()
        source.get_engine().dispose()


def _working_file(context: Any, work_file: Path, config: Mapping[str, Any]) -> Any:
    return context.data_sources.add_sql(
        "working_file",
        connection_string=f"duckdb:///{work_file.resolve().as_posix()}",
        create_temp_table=False,
        kwargs={
            "isolation_level": "AUTOCOMMIT",
            "skip_autocommit_rollback": True,
            "pool_reset_on_return": None,
            "connect_args": {"read_only": True, "config": dict(config)},
        },
    )


def _table(source: Any, schema: str, table: str) -> Any:
    asset = source.add_table_asset(f"{schema}.{table}", table_name=table, schema_name=schema)
    return asset.add_batch_definition_whole_table("all").get_batch()


def _measures(context: Any, items: Sequence[Declared], measured: Mapping[str, float | None]) -> Any:
    """Return the batch of one row that holds every measure under its check's id."""
    import pandas as pd

    frame = pd.DataFrame(
        {item.check_id: [measured[item.check_id]] for item in items}, dtype="float64"
    )
    asset = context.data_sources.add_pandas("measures").add_dataframe_asset("measures")
    definition = asset.add_batch_definition_whole_dataframe("all")
    return definition.get_batch(batch_parameters={"dataframe": frame})


def _validate(batch: Any, items: Sequence[Declared]) -> dict[str, Answer]:
    """Validate one batch; return the answers by check id, whatever their order."""
    gx: Any = importlib.import_module("great_expectations")
    answers: dict[str, Answer] = {}
    suite = gx.ExpectationSuite(name=batch.id)
    twins = _twins(items)
    for first, *_ in twins.values():
        try:
            suite.add_expectation(build(first))
        except CannotBuild as error:
            answers[first.check_id] = Answer(None, fault=str(error))
    if suite.expectations:
        for result in batch.validate(suite, result_format=_RESULT_FORMAT).results:
            answers[result.expectation_config.meta["check_id"]] = _answer(result)
    return {
        item.check_id: answers[first.check_id]
        for first, *others in twins.values()
        if first.check_id in answers
        for item in (first, *others)
    }


def _twins(items: Sequence[Declared]) -> dict[str, list[Declared]]:
    """Group the checks that demand the same: a suite keeps only the first of such expectations."""
    groups: dict[str, list[Declared]] = {}
    for item in items:
        check = item.check
        own = item.check_id if check.measure else None
        demand = json.dumps(
            [own, check.expect, check.rows, check.among], sort_keys=True, default=str
        )
        groups.setdefault(demand, []).append(item)
    return groups


def _answer(result: Any) -> Answer:
    if _raised(result.exception_info):
        return Answer(None, fault="the check could not be run")
    facts = result.result or {}
    kind = result.expectation_config.type
    if kind in _ROWS_AS_OBSERVED:
        return Answer(bool(result.success), rows_failed=int(facts.get("observed_value") or 0))
    return Answer(
        bool(result.success),
        rows_failed=facts.get("unexpected_count"),
        observed=facts.get("observed_value") if kind in _SAFE_TO_SHOW else None,
    )


def _raised(info: Any) -> bool:
    """Whether any metric of the expectation raised; the texts may quote values and stay unread."""
    if not isinstance(info, Mapping):
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(_raised(inner) for inner in info.values())


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence third parties: their log lines and warnings can quote values of customers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # first, because importing it sets the levels of its loggers
        importlib.import_module("great_expectations.expectations")
        loggers = [logging.getLogger(name) for name in _TALKATIVE]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
