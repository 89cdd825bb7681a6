"""The sheet a person grades: links with an empty column ``same``, and the same sheet filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from matching.columns import Texts, flat, pc
from matching.evaluate.sample import draw_sample
from matching.model.labels import Grades
from models.errors import ConfigError

if TYPE_CHECKING:
    from matching.explain.case import Case
    from matching.table.reading import InputTable

SAME = "same"
# What a pair is called by; the names are those of the links beside the clusters.
NAMES = ("left_source", "left_id", "right_source", "right_id")
_YES = ("yes", "y", "true", "t", "1", "same", "是", "同", "对")
_NO = ("no", "n", "false", "f", "0", "different", "否", "不同", "不是", "错")
_NEEDED = (*NAMES, SAME)
_DRAWN = ("band", "stratum", "weight")
_BETWEEN = "\x1f"


def sheet(links: pa.Table, size: int, seed: int) -> pa.Table:
    """Draw ``size`` links that were joined or left to a person, to be graded.

    ``links`` are those beside the clusters (``matching.table.writing.pair_links``). Comes back, one
    row per link: the names of both records, ``score``, ``band``, ``stratum``, ``weight`` (links it
    stands for) and ``same``, empty. Raises ConfigError where there is no link, or too small a size.
    """
    wanted = links.filter(pc.is_in(links["band"], value_set=pa.array(["match", "review"])))
    if wanted.num_rows == 0:
        raise ConfigError(
            "no two records were joined or left to a person: there is nothing to grade."
        )
    keyed = pa.table(
        {
            "left_key": _key(wanted, "left"),
            "right_key": _key(wanted, "right"),
            "score": wanted["score"],
            "band": wanted["band"],
        }
    )
    try:
        drawn = draw_sample(keyed, size, seed)
    except ValueError as error:
        raise ConfigError(str(error), hint="Draw more with --size.") from None
    left, right = (_parts(drawn[f"{side}_key"]) for side in ("left", "right"))
    rest = {name: drawn[name] for name in ("score", "band", "stratum", "weight")}
    empty = pa.nulls(drawn.num_rows, pa.string())
    return pa.table({**dict(zip(NAMES, (*left, *right), strict=True)), **rest, SAME: empty})


def with_values(drawn: pa.Table, case: Case) -> pa.Table:
    """Add what was compared, one column per side and field, before the column to be filled in.

    The values are personal: the sheet is for the eyes of who grades it.
    """
    if case.sources is None:
        known, wanted = _texts(case.ids), [_texts(drawn[f"{s}_id"]) for s in ("left", "right")]
    else:
        known = _joined(case.sources, case.ids)
        wanted = [_key(drawn, side) for side in ("left", "right")]
    left, right = (pc.index_in(keys, value_set=known).to_pylist() for keys in wanted)
    columns = dict(_values(case, left, right))
    rest = {name: drawn[name] for name in drawn.column_names if name != SAME}
    return pa.table({**rest, **columns, SAME: drawn[SAME]})


def _values(case: Case, left: list[int], right: list[int]) -> Iterator[tuple[str, Texts]]:
    for comparison in case.scorer.comparisons:
        if comparison.texts is not None:
            for side, records in (("left", left), ("right", right)):
                shown = [" | ".join(case.shown(comparison, record)) for record in records]
                yield f"{side}_{comparison.name}", pa.array(shown, pa.string())


def read_grades(file: Path, table: pa.Table) -> pa.Table:
    """Return a graded sheet with ``same`` as true, false, or NULL where nobody answered.

    Yes and no may be written in English or Chinese, as true and false, or as 1 and 0. Raises
    ConfigError for a missing column or another answer, by line.
    """
    same = answers(*_answered(file, table, (*_NEEDED, *_DRAWN)))
    weight = flat(table.column("weight")).cast(pa.string())
    try:
        numbers = weight.cast(pa.float64())
    except pa.ArrowInvalid:
        raise ConfigError(
            "a weight is not a number.", file=file, hint="Draw the sample again."
        ) from None
    table = table.set_column(table.column_names.index(SAME), SAME, same)
    return table.set_column(table.column_names.index("weight"), "weight", numbers)


def read_pairs(file: Path, table: pa.Table, records: InputTable) -> Grades:
    """Return the answered pairs of a sheet as records of ``records``.

    Raises ConfigError for a missing column, another answer, or a pair of other records.
    """
    same = answers(*_answered(file, table, _NEEDED))
    table = table.filter(pc.is_valid(same))
    several = records.source_name is not None
    known = _joined(records.sources, records.ids) if several else _texts(records.ids)
    sides = [
        pc.index_in(_key(table, side) if several else _texts(table[f"{side}_id"]), value_set=known)
        for side in ("left", "right")
    ]
    strange = pc.sum(pc.or_(*(pc.is_null(side) for side in sides))).as_py() or 0
    if strange or not table.num_rows:
        what = f"{strange} pairs are of records that the input does not have."
        raise ConfigError(
            what if strange else "no pair is answered.",
            file=file,
            hint="Grade a sample of the same records.",
        )
    left, right = (np.asarray(side).astype(np.int32) for side in sides)
    return Grades(left, right, np.asarray(same.drop_null()).astype(np.bool_))


def _answered(file: Path, table: pa.Table, needed: Sequence[str]) -> tuple[Texts, Path]:
    for name in needed:
        if name not in table.column_names:
            raise ConfigError(
                f"there is no column {name!r}.",
                file=file,
                hint="Grade a file that golden evaluate sample wrote.",
            )
    return flat(table.column(SAME)), file


def answers(same: Texts, file: Path) -> Texts:
    """Return yes as true, no as false and nothing as NULL; raises ConfigError by line."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(same.cast(pa.string()), "")))
    yes, no = (pc.is_in(words, value_set=pa.array(known)) for known in (_YES, _NO))
    empty = pc.equal(words, "")
    strange = pc.invert(pc.or_(empty, pc.or_(yes, no)))
    if pc.any(strange).as_py():
        number = pc.sum(strange).as_py()
        raise ConfigError(
            f"{number} answers in the column same are neither yes nor no.",
            file=file,
            line=pc.index(strange, pa.scalar(True)).as_py() + 2,
            hint="Write yes or no, or nothing.",
        )
    return pc.if_else(empty, pa.scalar(None, pa.bool_()), yes)


def _key(links: pa.Table, side: str) -> Texts:
    return _joined(links[f"{side}_source"], links[f"{side}_id"])


def _joined(sources: Texts, ids: Texts) -> Texts:
    return pc.binary_join_element_wise(_texts(sources), _texts(ids), _BETWEEN)


def _texts(column: Texts) -> Texts:
    return flat(column).cast(pa.string())


def _parts(keys: Texts) -> tuple[Texts, Texts]:
    parts = pc.split_pattern(flat(keys), _BETWEEN, max_splits=1)
    return pc.list_element(parts, 0), pc.list_element(parts, 1)
