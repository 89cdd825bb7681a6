"""The matchers we measure ourselves against, each in a process of its own.

They live in ``build/rivals/.venv`` (``install`` makes it), never among our own packages. A runner
reads a Parquet file with ``record_id`` and writes ``record_id`` and ``cluster_id``; it never sees
a truth. ``splink_runner`` takes its settings from ``splink_people``, ``splink_companies`` and
``splink_bank``; ``goldenmatch_runner`` lets goldenmatch configure itself.
"""
