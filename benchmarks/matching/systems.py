"""The matchers, and how each is run on a data set: a process of its own, one at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.matching.results import Result, keep
from benchmarks.matching.sets import ID, ROOT, DataSet, truth
from benchmarks.measure import Cost, run_program
from benchmarks.rivals.install import rivals_python
from matching.evaluate import ClusterScores, score_clusters

CONFIGS = Path(__file__).with_name("configs")
PATIENCE = 1800.0
Command = Callable[[DataSet, Path], Sequence[str | Path]]

_ADDRESS = ("street_number", "street_name", "unit_number", "city", "state", "zipcode")
SPLINK_DEMOS = frozenset({"historical_50k", "febrl1", "febrl2", "febrl3", "fake_1000"})
SPLINK_TUNED = frozenset(
    {
        "historical_50k",
        "ncvr",
        "pseudopeople_w2",
        "fake_1000",
        "rldata500",
        "rldata10000",
        "wikidata_companies",
    }
)
# With all columns it takes employers and addresses for evidence: F1 0.92 instead of 0.98.
GOLDENMATCH_LEAVES_OUT = {
    "pseudopeople_w2": (
        *("wages", "tax_form", "tax_year"),
        *(f"employer_{part}" for part in ("name", *_ADDRESS)),
        *(f"mailing_address_{part}" for part in (*_ADDRESS, "po_box")),
    )
}


@dataclass(frozen=True, slots=True)
class System:
    """One way of matching: ``settings`` in words, and the command that writes the clusters.

    ``sweeps`` is for a system whose threshold is picked with the truth: its command, without a
    cut, writes the clusters of many cuts.
    """

    name: str
    settings: str
    command: Command
    applies: Callable[[DataSet], bool] = lambda data: True
    sweeps: bool = False

    def run(self, data: DataSet) -> Result:
        """Match, score and keep the result; a failure is a result too."""
        try:
            cost, cut, output = self.measured(data)
            scores = _scores(data, output)
            result = Result(data.name, self.name, self.settings, _rule(cut), cost, scores)
        except RuntimeError as failure:
            reason = str(failure).strip().splitlines()[-1]
            result = Result(data.name, self.name, self.settings, "", None, None, reason)
        keep(result)
        return result

    def measured(self, data: DataSet) -> tuple[Cost, str | None, Path]:
        """Run the whole job once: its cost, the cut picked before, and the file of clusters."""
        cut = self._best_cut(data) if self.sweeps else None
        output = data.folder / f"{self.key}.parquet"
        command = [*self.command(data, output), *([cut] if cut else [])]
        return _run(command, data, self.key), cut, output

    @property
    def key(self) -> str:
        """The name as part of a file's name."""
        return self.name.replace(" ", "-").replace(",", "")

    def _best_cut(self, data: DataSet) -> str:
        """Return the cut with the best pairwise F1, looking at the truth."""
        output = data.folder / f"{self.key}-sweep.parquet"
        _run(self.command(data, output), data, self.key)
        swept = pq.read_table(output).sort_by(ID)
        true = truth(data)["truth"]
        cuts: list[str] = [name for name in swept.column_names if name != ID]
        return max(cuts, key=lambda cut: score_clusters(swept[cut], true).f1)


def _ours(data: DataSet, output: Path) -> list[str | Path]:
    golden = Path(sys.executable).with_name("golden")
    source = ["--source-column", data.source] if data.source else []
    return [golden, "match", data.input, "--id-column", ID, *source, "--output", output]


def _configured(data: DataSet, output: Path) -> list[str | Path]:
    return [*_ours(data, output), "--config", CONFIGS / f"{data.name}.yml"]


def _splink(settings: str) -> Command:
    def command(data: DataSet, output: Path) -> list[str | Path]:
        runner: list[str | Path] = [rivals_python(), "-m", "benchmarks.rivals.splink_runner"]
        return [*runner, settings, data.name, data.input, output]

    return command


def _goldenmatch(mode: str, chosen: bool = False) -> Command:
    def command(data: DataSet, output: Path) -> list[str | Path]:
        runner: list[str | Path] = [rivals_python(), "-m", "benchmarks.rivals.goldenmatch_runner"]
        source = (data.source,) if data.source else ()
        left_out = GOLDENMATCH_LEAVES_OUT[data.name] if chosen else source
        return [*runner, mode, data.input, output, *left_out]

    return command


ZERO_CONFIG, CONFIGURED = "golden, zero-config", "golden, configured"
SYSTEMS: tuple[System, ...] = (
    System(ZERO_CONFIG, "none", _ours),
    System(
        CONFIGURED,
        "benchmarks/matching/configs",
        _configured,
        lambda data: (CONFIGS / f"{data.name}.yml").exists(),
    ),
    System(
        "Splink, demo",
        "as its documentation has them",
        _splink("demo"),
        lambda data: data.name in SPLINK_DEMOS,
        sweeps=True,
    ),
    System(
        "Splink, tuned",
        "by hand, with the truth in view",
        _splink("tuned"),
        lambda data: data.name in SPLINK_TUNED,
        sweeps=True,
    ),
    System("goldenmatch, zero-config", "none", _goldenmatch("zero")),
    System("goldenmatch, probabilistic", "its own proposal", _goldenmatch("probabilistic")),
    System(
        "goldenmatch, chosen columns",
        "probabilistic, columns picked with the truth in view",
        _goldenmatch("probabilistic", chosen=True),
        lambda data: data.name in GOLDENMATCH_LEAVES_OUT,
    ),
)


def _rule(cut: str | None) -> str:
    """Say in words who chose the threshold."""
    if cut is None:
        return "its own"
    method, weight = cut.split("@")
    way = "" if method == "components" else ", one record a source"
    return f"best by the truth: {float(weight):g} bits{way}"


def _run(command: Sequence[str | Path], data: DataSet, key: str) -> Cost:
    log = data.folder / f"{key}.log"
    log.unlink(missing_ok=True)
    # The rivals' runners are modules of this project.
    environment = {"PYTHONPATH": str(ROOT)}
    return run_program([str(part) for part in command], log, environment, PATIENCE)


def _scores(data: DataSet, output: Path) -> ClusterScores:
    """Score clusters; a record the output does not name stands alone."""
    true = truth(data)
    found = pq.read_table(output, columns=[ID, "cluster_id"])
    found = found.set_column(0, ID, found[ID].cast(true.schema.field(ID).type))
    joined = true.join(found, ID, join_type="left outer").sort_by(ID)
    if joined.num_rows != true.num_rows:
        raise RuntimeError("the output names a record twice")
    return score_clusters(joined["cluster_id"], joined["truth"])
