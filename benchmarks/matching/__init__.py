"""Our matcher beside Splink and goldenmatch on labelled data, in one run.

``python -m benchmarks.matching`` walks, for every data set of ``sets``:

1. ``sets`` writes the input, shuffled, numbered anew and without its truth.
2. ``systems`` runs each matcher as a process of its own, one at a time, and measures it.
3. ``results`` scores the clusters and keeps one file per set and system.
4. ``page`` and ``picture`` write docs/reference/matching-benchmarks.md from all files kept.

``bank`` does the same with the example bank, whose size is given on the command line.
"""
