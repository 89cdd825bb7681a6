"""Where records come from, as evidence: a source that holds nobody twice says so by its own pairs.

Whether two records stand in one source is one more comparison. The model learns from the data how
often matches do, so a clean source weighs against its own pairs, and one full of repetitions does
not, without anybody having to say which is which.
"""

from __future__ import annotations

import numpy as np

from matching.columns import Codes, Levels, Mask, Texts, encode
from matching.comparison import Comparison, Level
from matching.table.spec import ClusterSpec
from models.errors import ConfigError

NAME = "source"
_LEVELS = (
    Level("missing", "the source is not known", "来源未知"),
    Level("same", "both stand in one source", "同一来源"),
    Level("other", "they stand in two sources", "不同来源"),
)


def source_codes(sources: Texts) -> Codes:
    """Return each record's source as a code that counts from 0."""
    return encode(sources)


def source_comparison(codes: Codes) -> list[Comparison]:
    """Return the comparison of sources; none where there is only one."""
    if len(codes) == 0 or int(codes.max()) == 0:
        return []

    def judge(left: Codes, right: Codes) -> Levels:
        return np.where(codes[left] == codes[right], 1, 2).astype(np.uint8)

    nothing = np.full(len(codes), -1, dtype=np.int32)
    return [Comparison(NAME, _LEVELS, judge, nothing, None)]


def duplicate_free(spec: ClusterSpec, sources: Texts, codes: Codes) -> Codes | None:
    """Return each record's source where that holds nobody twice, -1 elsewhere; None for none.

    Raises ConfigError for a source that does not exist.
    """
    if spec.duplicate_free == "none":
        return None
    if spec.duplicate_free == "all":
        return codes
    names = [str(name) for name in sources.unique().to_pylist()]
    unknown = sorted(set(spec.duplicate_free) - set(names))
    if unknown:
        raise ConfigError(
            f"clusters.duplicate_free: there is no source {', '.join(map(repr, unknown))}.",
            hint=f"Write 'all', 'none', or a list of {', '.join(sorted(names))}.",
        )
    clean: Mask = np.isin(np.array(names), spec.duplicate_free)[codes]
    return np.where(clean, codes, -1).astype(np.int32)
