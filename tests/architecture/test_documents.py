"""Documents that are made from the code are what the code says today."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_reference_is_up_to_date() -> None:
    command = [sys.executable, "scripts/write_tables_doc.py", "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0, (
        "models/tables changed: run python scripts/write_tables_doc.py"
    )
