"""The ``golden`` command line: one module per noun, the same steps that Airflow runs.

Exit codes: 0 done; 1 an error that its sentence explains; 2 wrong usage; 3 the quality gate
holds the candidate (the last good version goes on serving); 4 published, but a source could not
be pulled and its last good data was used; 5 'golden verify' found a damaged version.
"""

from __future__ import annotations

import sys

from models.errors import GateHeld, GoldenError


def main() -> None:
    """Run the command line; our own errors become sentences, never tracebacks."""
    from pipeline.cli.app import app
    from pipeline.cli.screen import complain

    try:
        app()
    except GateHeld as error:
        complain(str(error))
        sys.exit(3)
    except GoldenError as error:
        complain(str(error))
        sys.exit(1)


__all__ = ["main"]
