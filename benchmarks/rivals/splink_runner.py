"""One Splink job: ``splink_runner demo|tuned SET INPUT OUTPUT [CUT]``, run by the rivals' Python.

With a cut such as ``components@8.0`` (match weight in bits) it writes ``record_id`` and
``cluster_id``, as a user would; without one it writes a column of clusters for every cut that is
worth trying, for somebody who may look at the truth to choose from.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from benchmarks.rivals import splink_bank
from benchmarks.rivals.splink_companies import COMPANIES
from benchmarks.rivals.splink_demos import DEMOS
from benchmarks.rivals.splink_recipe import Recipe, trained
from benchmarks.rivals.splink_tuned import TUNED

RECIPES: dict[str, dict[str, Recipe]] = {"demo": DEMOS, "tuned": {**TUNED, **COMPANIES}}


def main() -> None:
    """Do what the command line says."""
    settings, name, given, target, *cut = sys.argv[1:]
    recipe = _recipe(settings, name)
    linker = trained(recipe, Path(given))
    if cut:
        method, weight = cut[0].split("@")
        links = linker.inference.predict(threshold_match_weight=float(weight))
        clusters = _clusters(linker, links, method, float(weight))
        query = f"SELECT record_id, cluster_id FROM {clusters.physical_name} ORDER BY record_id"
    else:
        query = _every_cut(linker, recipe)
    linker._db_api.duckdb_con.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")


def _recipe(settings: str, name: str) -> Recipe:
    """Return the recipe of a set; the bank's are the same at any size."""
    if name.startswith("bank_"):
        return splink_bank.COMPANIES if name.endswith("companies") else splink_bank.PEOPLE
    return RECIPES[settings][name]


def _every_cut(linker: Any, recipe: Recipe) -> str:
    """Return SQL for one row per record and a column per cut."""
    links = linker.inference.predict(threshold_match_weight=recipe.weights[0])
    methods = ["components", "best_links"] if recipe.source else ["components"]
    parts = []
    for method in methods:
        for weight in recipe.weights:
            clusters = _clusters(linker, links, method, weight)
            parts.append(
                f'(SELECT record_id, cluster_id AS "{method}@{weight}" '
                f"FROM {clusters.physical_name})"
            )
    return f"FROM {' JOIN '.join([parts[0], *(f'{part} USING (record_id)' for part in parts[1:])])}"


def _clusters(linker: Any, links: Any, method: str, weight: float) -> Any:
    clustering = linker.clustering
    if method == "components":
        return clustering.cluster_pairwise_predictions_at_threshold(
            links, threshold_match_weight=weight
        )
    # With the join order of DuckDB 2.0's optimiser this call does not end (0.5 s without).
    linker._db_api.duckdb_con.execute("SET disabled_optimizers = 'join_order'")
    return clustering.cluster_using_single_best_links(
        links,
        duplicate_free_datasets=sorted(linker._input_tables_dict),
        threshold_match_weight=weight,
    )


if __name__ == "__main__":
    main()
