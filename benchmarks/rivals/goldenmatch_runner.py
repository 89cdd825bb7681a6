"""One goldenmatch job: ``goldenmatch_runner MODE INPUT OUTPUT``, run by build/rivals' Python.

``zero`` lets it configure itself; ``probabilistic`` asks for its Fellegi–Sunter configuration.
It gets every column but the record's number and, where there is one, the source.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def main() -> None:
    """Do what the command line says."""
    mode, given, target, *left_out = sys.argv[1:]
    table = pq.read_table(given)
    data = table.drop_columns(["record_id", *left_out])
    clusters = _clusters(_matched(mode, data), table.num_rows)
    pq.write_table(
        pa.table({"record_id": table["record_id"], "cluster_id": clusters}), Path(target)
    )


def _matched(mode: str, data: pa.Table) -> Any:
    # Installed in build/rivals/.venv only.
    from goldenmatch import dedupe_df  # type: ignore[import-not-found]
    from goldenmatch.core.autoconfig import (  # type: ignore[import-not-found]
        auto_configure_probabilistic_df,
    )

    if mode == "zero":
        return dedupe_df(data, confidence_required=False)
    return dedupe_df(data, config=auto_configure_probabilistic_df(data))


def _clusters(result: Any, records: int) -> list[int]:
    """Return each row's cluster; rows goldenmatch left alone get a number of their own."""
    labels = [-1 - row for row in range(records)]
    for number, cluster in result.clusters.items():
        for row in cluster["members"]:
            labels[row] = number
    return labels


if __name__ == "__main__":
    main()
