"""What a stand-alone job leaves: clusters, links, the proposed configuration and the model.

Every file is written under a temporary name and then renamed, and holds the same bytes for the
same records, in whatever order they came.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Column, Levels, Mask, arrow, best_level
from matching.linkage import Reason
from matching.model.parameters import model_text
from matching.model.score import Bits
from matching.table.run import TableMatches
from matching.table.spec import KeySpec
from matching.table.spec_text import spec_text
from models.errors import ConfigError

CLUSTER = "cluster_id"
# Reasons that stand for themselves: two records that may not be one party, however alike.
_VETOES = (Reason.VETO, Reason.FACT, Reason.SOURCE)


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one job; ``config`` is the user's own where there is one."""

    clusters: Path
    links: Path
    model: Path
    config: Path


def check_output(output: Path, id_column: str) -> None:
    """Raise ConfigError unless clusters can be written to ``output``."""
    if output.suffix.lower() not in (".csv", ".parquet", ".pq"):
        raise ConfigError(
            "the output is a .csv or a .parquet file.",
            file=output,
            hint="For example --output clusters.parquet.",
        )
    if id_column == CLUSTER:
        raise ConfigError(
            f"the id column may not be called {CLUSTER!r}: that is the column of the result.",
            hint="Rename it in the files.",
        )


def write_matches(matches: TableMatches, output: Path, given: Path | None = None) -> Written:
    """Write all files beside ``output``; the configuration unless the user has ``given`` one.

    A configuration that stands there already and says something else is kept: the new one is
    written as ``…-matching.proposed.yml``.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    stem = output.name.removesuffix(output.suffix)
    links, model = (output.with_name(f"{stem}-{name}") for name in ("links.parquet", "model.yml"))
    _write_table(clusters(matches), output)
    _write_table(pair_links(matches), links)
    write_text(model_text(matches.model), model)
    text = spec_text(matches.spec, matches.rules)
    return Written(output, links, model, given or _write_proposal(text, output, stem))


def clusters(matches: TableMatches) -> pa.Table:
    """Return one row per record: id, source where there are several, ``cluster_id`` from 1."""
    table = matches.table
    labels = matches.linked.labels
    firsts = np.unique(labels)
    numbers = np.searchsorted(firsts, labels).astype(np.int64) + 1
    columns = {table.id_name: table.ids}
    if table.source_name:
        columns[table.source_name] = table.sources
    return pa.table({**columns, CLUSTER: arrow(numbers)})


def pair_links(matches: TableMatches) -> pa.Table:
    """Return one row per pair that was joined, vetoed or left to a person, by record.

    Columns: ``left_id``, ``left_source``, ``right_id``, ``right_source``; ``score``, the model's
    probability that the two are one party, and ``bits``, its log2 odds; ``band``: ``match``,
    ``review`` or ``veto``; ``reason`` why two alike stayed apart; ``rule``, the first blocking rule
    whose keys both share; ``levels``, what each comparison found, as JSON.
    """
    left, right, bits, reasons = _pairs(matches)
    bands = np.where(reasons == 0, 0, np.where(np.isin(reasons, _VETOES), 2, 1))
    names = [reason.name.lower() for reason in Reason if reason]
    odds = np.exp2(np.clip(bits.astype(np.float64), -60, 60))
    table = matches.table
    return pa.table(
        {
            "left_id": table.ids.take(arrow(left)),
            "left_source": table.sources.take(arrow(left)),
            "right_id": table.ids.take(arrow(right)),
            "right_source": table.sources.take(arrow(right)),
            "score": arrow(np.round(odds / (1.0 + odds), 9)),
            "bits": arrow(np.round(bits.astype(np.float64), 4)),
            "band": _named(bands, ["match", "review", "veto"]),
            "reason": _named(reasons.astype(np.int32) - 1, names),
            "rule": _rules(matches.rules, matches.keys, left, right),
            "levels": _levels(matches, left, right),
        }
    )


def _pairs(matches: TableMatches) -> tuple[Codes, Codes, Bits, Levels]:
    """Return pairs inside clusters, and refused ones with the code of their reason."""
    scored, refused, labels = matches.scored, matches.linked.refused, matches.linked.labels
    inside: Mask = labels[scored.left] == labels[scored.right]
    left = np.concatenate([scored.left[inside], refused.left])
    right = np.concatenate([scored.right[inside], refused.right])
    bits = np.concatenate([scored.bits[inside], refused.bits])
    none = np.zeros(int(inside.sum()), dtype=np.uint8)
    reasons = np.concatenate([none, refused.reason.astype(np.uint8)])
    order = np.lexsort((right, left))
    return left[order], right[order], bits[order], reasons[order]


def _rules(
    rules: Sequence[KeySpec], keys: Mapping[str, Column], left: Codes, right: Codes
) -> pa.Array:
    """Return the id of the first rule whose keys both records of each pair share."""
    found = np.full(len(left), -1, dtype=np.int32)
    for number, rule in enumerate(rules):
        open_ = np.flatnonzero(found < 0)
        agree = np.ones(len(open_), dtype=np.bool_)
        for key in rule.keys:
            agree &= best_level(keys[key], left[open_], right[open_], _equal) > 0
        found[open_[agree]] = number
    return _named(found, [rule.id for rule in rules])


def _named(codes: Codes, names: Sequence[str]) -> pa.Array:
    """Return texts for codes that count into ``names``, NULL below 0."""
    indices = pa.array(codes, pa.int32(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string())).cast(pa.string())


def _equal(left: Codes, right: Codes) -> Levels:
    return np.asarray(left == right, dtype=np.uint8)


def _levels(matches: TableMatches, left: Codes, right: Codes) -> pa.Array:
    """Return what each comparison found as JSON; each combination of levels is written once."""
    levels = matches.scorer.levels(left, right)
    combination = np.zeros(len(left), dtype=np.int64)
    for at, item in enumerate(matches.comparisons):
        if at % 8 == 0:  # so many levels never outgrow 64 bits
            combination = np.unique(combination, return_inverse=True)[1].astype(np.int64)
        combination = combination * len(item.levels) + levels[:, at]
    _, first, inverse = np.unique(combination, return_index=True, return_inverse=True)
    names = [(item.name, item.levels) for item in matches.comparisons]
    texts = [
        json.dumps({name: known[code].name for (name, known), code in zip(names, row, strict=True)})
        for row in levels[first].tolist()
    ]
    return _named(inverse.astype(np.int32), texts)


def _write_table(table: pa.Table, path: Path) -> None:
    def write(target: Path) -> None:
        if path.suffix.lower() == ".csv":
            from pyarrow import csv

            csv.write_csv(table, target, csv.WriteOptions(quoting_style="needed"))
        else:
            import pyarrow.parquet as pq

            pq.write_table(table, target, compression="zstd")

    _replace(path, write)


def write_text(text: str, path: Path) -> None:
    """Write a text file at once, or not at all; raises ConfigError where that cannot be."""
    _replace(path, lambda target: _put(target, text))


def _put(target: Path, text: str) -> None:
    target.write_text(text, encoding="utf-8", newline="\n")


def _write_proposal(text: str, output: Path, stem: str) -> Path:
    path = output.with_name(f"{stem}-matching.yml")
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        path = output.with_name(f"{stem}-matching.proposed.yml")
    write_text(text, path)
    return path


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` make the file under another name, then put it in its place at once."""
    part = path.with_name(f".{path.name}.part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        raise ConfigError(
            f"the file cannot be written ({type(error).__name__}).",
            file=path,
            hint="Name a place you may write to.",
        ) from None
    finally:
        part.unlink(missing_ok=True)
