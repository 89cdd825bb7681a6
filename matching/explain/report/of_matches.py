"""The report of a run of ``matching.table``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching.explain.case import Language
from matching.explain.reopen import of_matches
from matching.explain.report.build import build_report
from matching.explain.report.collect import Ran, collect, columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matching.explain.report.collect import ColumnRecognised
    from matching.table.run import TableMatches


def report_of_matches(
    matches: TableMatches,
    title: str,
    recognised: Sequence[ColumnRecognised] = (),
    language: Language = "en",
) -> str:
    """Return the page of a run; ``recognised`` is what the columns were taken for."""
    opened = of_matches(matches)
    ran = Ran(
        title=title,
        scored=matches.scored,
        linked=matches.linked,
        blocks=matches.blocks,
        keys=matches.keys,
        cluster_ids=opened.cluster_ids,
        false_share=matches.cut.false_share,
        sources=len(matches.table.sources.unique()),
        columns=columns_of(recognised),
    )
    return build_report(collect(opened.case, ran), language)
