"""One pull or one step in a process of its own: ``benchmarks.one FOLDER step RUN load``."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.project import load_project
from pipeline.run import pull_source, run_step


def main() -> None:
    """Do what the command line says."""
    folder, kind, run_id, name = sys.argv[1:]
    project = load_project(Path(folder))
    if kind == "pull":
        print(pull_source(project, name, run_id))
    else:
        print(run_step(project, run_id, name))


if __name__ == "__main__":
    main()
