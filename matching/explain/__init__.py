"""Why: a pair's weights one by one, what holds a cluster together, why two records stayed apart.

Nothing is decided here; everything is read back through the same comparisons and the same model
that decided. What enters is a ``Case`` (scorer, ids, thresholds) and what was asked about:

1. ``pair``: a waterfall from the prior to the score; ``counterfactual``: what would turn it.
2. ``cluster``: all bits inside, the weakest link, the weakest cut, conflicting values; ``splits``:
   into which parts it falls as the cut rises.
3. ``why_not``: two records in different clusters: ``blocked`` (were they ever compared), what is
   missing to the cut, what stands between their clusters.
4. ``telling`` (text), ``plain`` (JSON), ``waterfall`` and ``heatmap`` (SVG): the same, to be read.
5. ``report``: charts of the whole run on one offline page, without a single value; ``missed``:
   what blocking did not see, estimated.
6. ``run_file`` and ``reopen``: from the files of a finished run back to a ``Case``.
"""

from matching.explain.case import Case, Language
from matching.explain.cluster import ClusterExplanation, explain_cluster
from matching.explain.pair import PairExplanation, explain_pair
from matching.explain.why_not import Clustering, WhyNot, why_not

__all__ = [
    "Case",
    "ClusterExplanation",
    "Clustering",
    "Language",
    "PairExplanation",
    "WhyNot",
    "explain_cluster",
    "explain_pair",
    "why_not",
]
