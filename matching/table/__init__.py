"""Matching that stands alone: any CSV or Parquet files in, clusters and links with reasons out.

1. ``reading``: files become one Arrow table, records numbered by source and id.
2. ``recognise`` and ``propose``: what each column is, from its header and its values, and from
   that a ``MatchSpec``; or the user's own YAML is read.
3. ``fields``: columns become fields, one or several values per record, normalised by their kind.
4. ``keys`` and ``matching.block``: which pairs are compared, at what cost.
   ``identical``: of a great many records that say the same, one is compared for all.
5. ``comparisons``: one ``matching.comparison.Comparison`` for each field, and one for where
   records come from (``sources``).
6. ``matching.model`` learns the weights; ``matching.linkage`` makes the clusters, which keep the
   conditions of ``facts``.
7. ``writing``: clusters, links and the reports.

``run`` walks it.
"""
