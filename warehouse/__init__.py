"""Where data lives, and how it gets from one store to the next without a half state.

- ``landing``: the raw zone. A pull writes Parquet parts and a manifest; one rename shows them.
- ``load``: raw zone → ``landed.*`` in the working file: the latest live row of every key; new runs
  are added (``loaded_keys``), or the table is rebuilt.
- ``normalising``: ``landed.*`` → ``normalised.*``, through ``models.normalise``: the records that
  no longer fit what they were made from (``normalised_from``), each with its ``fingerprint``.
- ``store``: the working DuckDB file: one writer at a time, every step one transaction.
- ``digest``: the content digest of a set of tables, whatever the order of their rows.
- ``publish`` and ``versions``: ``golden.*`` → an immutable version folder and ``current``.
- ``state``: the run ledger (SQLAlchemy, Alembic): what cannot be rebuilt from the raw zone.
"""
