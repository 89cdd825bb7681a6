"""The example bank at any size: our match step, and Splink on a flat table of the same records.

The bank is made, pulled, loaded and normalised without being measured, and kept for the next
time. Then the match step runs alone, as the flow runs it, and the rivals get one row per record.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.matching.bank_table import flat_tables
from benchmarks.matching.results import Result, keep
from benchmarks.matching.sets import ID, WORK, DataSet
from benchmarks.matching.systems import SYSTEMS, ZERO_CONFIG
from benchmarks.measure import Cost, run
from examples.bank.servers import serving
from matching.evaluate import score_clusters
from pipeline.project import Project, load_project
from pipeline.run import begin_run
from pipeline.times import new_run_id

PEOPLE_PER_RECORD = 0.306
STEP = "golden, step of the flow"
SPLINK = "Splink, tuned"
_LIFELONG = """
    SELECT entity_id, id_class, id_number AS number FROM '{truth}/person.parquet'
    WHERE id_class IN ('resident_id', 'hkmo_permit', 'tw_permit')
    UNION ALL SELECT entity_id, 'uscc', uscc FROM '{truth}/organisation.parquet'"""


def measure_bank(records: int, only: str | None = None) -> Iterator[Result]:
    """Yield a result for each system whose name holds ``only``, one after the other."""
    folder = WORK / f"bank_{records}"
    project = _made(folder / "bank", round(records * PEOPLE_PER_RECORD))
    wanted = [name for name in (STEP, ZERO_CONFIG, SPLINK) if only is None or only in name]
    sets = flat_tables(project.store.path, folder) if wanted != [STEP] else {}
    for name in wanted:
        try:
            result = _step(folder, project) if name == STEP else _flat(folder, name, sets)
        except RuntimeError as failure:
            reason = str(failure).strip().splitlines()[-1]
            result = Result(folder.name, name, "", "", None, None, reason)
        keep(result)
        yield result


def _made(folder: Path, people: int) -> Project:
    """Return the bank's project with ``normalised.*`` filled; made once."""
    mark, log = folder.parent / "normalised.txt", folder.parent / "bank.log"
    if not mark.exists():
        shutil.rmtree(folder.parent, ignore_errors=True)
        folder.parent.mkdir(parents=True)
        print(f"making a bank of {people:,} people, not measured …", flush=True)
        run(["examples.bank", "create", str(folder), "--people", str(people)], log)
        with serving(folder) as urls:
            project, run_id = load_project(folder), new_run_id()
            for source in project.sources:
                run(["benchmarks.one", str(folder), "pull", run_id, source.name], log, urls)
        begin_run(project, run_id)
        for step in ("load", "normalise"):
            run(["benchmarks.one", str(folder), "step", run_id, step], log)
        mark.write_text(run_id, encoding="utf-8")
    return load_project(folder)


def _step(folder: Path, project: Project) -> Result:
    run_id = (folder / "normalised.txt").read_text(encoding="utf-8")
    command = ["benchmarks.one", str(project.folder), "step", run_id, "match"]
    cost = run(command, folder / "match.log")
    with duckdb.connect(str(project.store.path), read_only=True) as connection:
        clusters = connection.execute(
            "SELECT record_key, cluster_id::VARCHAR AS cluster_id FROM matched.cluster"
        ).to_arrow_table()
    return _scored(folder, Result(folder.name, STEP, "none", "its own", cost, None), clusters)


def _flat(folder: Path, name: str, sets: dict[str, DataSet]) -> Result:
    """Run a system on the flat table; Splink runs once for people and once for companies."""
    system = next(system for system in SYSTEMS if system.name == name)
    names = ["people", "companies"] if system.sweeps else ["everybody"]
    costs, rules, parts = [], [], []
    for name in names:
        cost, cut, output = system.measured(sets[name])
        costs.append(cost)
        rules.append(f"{name} {float(cut.split('@')[1]):g} bits" if cut else "its own")
        parts.append(_by_key(sets[name], output, name))
    total = Cost(
        sum(cost.wall for cost in costs),
        sum(cost.cpu for cost in costs),
        max(cost.peak_mb for cost in costs),
    )
    rule = ("best by the truth: " if system.sweeps else "") + ", ".join(rules)
    result = Result(folder.name, system.name, system.settings, rule, total, None)
    return _scored(folder, result, pa.concat_tables(parts))


def _by_key(data: DataSet, output: Path, name: str) -> pa.Table:
    """Return record_key and cluster of a run on one flat table."""
    with duckdb.connect() as connection:
        return connection.execute(f"""
            SELECT record_key, '{name} ' || cluster_id AS cluster_id
            FROM '{output}' JOIN '{data.folder}/keys.parquet' USING ({ID})""").to_arrow_table()


def _scored(folder: Path, run: Result, clusters: pa.Table) -> Result:
    """Score clusters by record key; a record without a cluster stands alone."""
    truth = (folder / "bank" / "truth").as_posix()
    with duckdb.connect() as connection:
        connection.register("clusters", clusters)
        connection.execute(f"""
            CREATE TABLE ended AS
            SELECT coalesce(cluster_id, 'alone ' || record_key) AS cluster_id, entity_id
            FROM '{truth}/record.parquet' LEFT JOIN clusters USING (record_key)""")
        ended = connection.execute("FROM ended").to_arrow_table()
        breaches = connection.execute(f"""
            SELECT count(*) FROM (
                SELECT cluster_id FROM ended JOIN ({_LIFELONG.format(truth=truth)})
                USING (entity_id) GROUP BY cluster_id, id_class
                HAVING count(DISTINCT number) > 1)""").fetchall()[0][0]
    scores = score_clusters(ended["cluster_id"], ended["entity_id"])
    return replace(run, scores=scores, breaches=int(breaches))
