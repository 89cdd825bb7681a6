"""Source systems: one folder per kind, each reads what changed and says it exactly.

- ``base``: what a connector is: ``check``, ``discover``, ``sample``, ``extract``, ``keys``.
- ``registry``: the kind's name → its connector, with its configuration validated.
- ``pull``: one object, one run: window → ``extract`` → checks → raw zone.
- ``sql``, ``csv``, ``excel``, ``parquet``, ``jsonl``, ``rest``: the kinds.
- ``text``, ``cursors``, ``files``, ``lines``, ``records``, ``http*``, ``paging``: what several
  kinds share: values as text, where to go on, file sets, encodings, JSON rows, HTTP.

A connector knows nothing of matching, cleaning, DuckDB or Airflow. Everything lands as text.
"""
