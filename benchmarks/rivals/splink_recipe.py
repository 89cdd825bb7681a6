"""What one Splink job is made of, and the runner's way through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Splink is installed in build/rivals/.venv only.
from splink import DuckDBAPI, Linker, SettingsCreator  # type: ignore[import-not-found]

SEED = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings for one data set; ``origin`` says whose they are.

    ``columns`` is SQL over the input's columns, or over the table ``prepared`` that ``prepare``
    makes of ``given``; ``blocking`` is what is compared, ``comparisons`` how. ``prior`` rules find
    a share of ``recall`` of the true pairs; ``sessions`` are the blocking rules of the training.
    With ``source`` only records of different sources are linked. ``weights`` are the cuts worth
    trying, as match weights in bits.
    """

    origin: str
    columns: str
    blocking: Sequence[Any]
    comparisons: Sequence[Any]
    prior: Sequence[Any]
    recall: float
    sessions: Sequence[Any]
    u_pairs: float = 1e6
    fast_training: bool = True
    source: str | None = None
    prepare: str = "prepared AS (FROM given)"
    weights: Sequence[float] = tuple(half / 2 for half in range(-12, 53))


def trained(recipe: Recipe, file: Path) -> Linker:
    """Return a linker over ``file`` with all parameters estimated; nothing is labelled."""
    api = DuckDBAPI()
    linker = Linker(
        _tables(api, recipe, file),
        SettingsCreator(
            link_type="link_only" if recipe.source else "dedupe_only",
            unique_id_column_name="record_id",
            blocking_rules_to_generate_predictions=list(recipe.blocking),
            comparisons=list(recipe.comparisons),
            retain_intermediate_calculation_columns=False,
            retain_matching_columns=False,
        ),
    )
    training = linker.training
    training.estimate_probability_two_random_records_match(list(recipe.prior), recall=recipe.recall)
    training.estimate_u_using_random_sampling(max_pairs=recipe.u_pairs, seed=SEED)
    for rule in recipe.sessions:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=recipe.fast_training
        )
    return linker


def _tables(api: Any, recipe: Recipe, file: Path) -> Any:
    """Register the input, one table for each source where they are linked."""
    connection = api.duckdb_con
    connection.execute(f"""
        CREATE TABLE flat AS WITH given AS (FROM '{file}'), {recipe.prepare}
        SELECT record_id, {recipe.columns} FROM prepared ORDER BY record_id""")
    if recipe.source is None:
        return api.register("flat")
    sources = connection.execute(f"SELECT DISTINCT {recipe.source} FROM '{file}' ORDER BY 1")
    tables = []
    for (source,) in sources.fetchall():
        connection.execute(f"""
            CREATE TABLE source_{source} AS
            SELECT flat.* FROM flat SEMI JOIN (FROM '{file}' WHERE {recipe.source} = '{source}')
            USING (record_id)""")
        tables.append(api.register(f"source_{source}", dataset_display_name=f"source_{source}"))
    return tables
