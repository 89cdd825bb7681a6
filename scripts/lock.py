"""Write constraints.txt: the newest versions that pyproject.toml allows, on every Python we test.

One file serves them all: where two Pythons resolve differently, the line carries a marker. No
address of a package registry is written.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PYTHONS = ("3.11", "3.12", "3.13")
EXTRAS = ("airflow", "postgres", "mysql", "bank", "dev", "derive")
HEADER = "# Locked by `make lock`: name==version for Python 3.11 to 3.13.\n"


def resolve(python: str) -> dict[str, str]:
    """Return name → version as uv resolves the project for one Python."""
    command = [
        str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", "--upgrade",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--python-version", python,
        *(f"--extra={extra}" for extra in EXTRAS), "pyproject.toml",
    ]  # fmt: skip
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    pairs = (line.split(" ;")[0].split("==") for line in lines if "==" in line)
    return {name.strip(): version.strip() for name, version in pairs}


def main() -> None:
    """Resolve for every Python and write the union."""
    resolved = {python: resolve(python) for python in PYTHONS}
    names = sorted(set().union(*resolved.values()))
    lines = [line for name in names for line in constraint(name, resolved)]
    Path("constraints.txt").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(names)} packages")


def constraint(name: str, resolved: dict[str, dict[str, str]]) -> list[str]:
    """Return the constraint lines for one package."""
    versions = {python: found[name] for python, found in resolved.items() if name in found}
    if len(set(versions.values())) == 1:
        return [f"{name}=={next(iter(versions.values()))}"]
    return [
        f"{name}=={version} ; python_version == '{python}'" for python, version in versions.items()
    ]


if __name__ == "__main__":
    main()
