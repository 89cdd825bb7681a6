"""Runs one piece of work in a process of its own and says what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall seconds, CPU seconds of the process tree, and its greatest resident memory in MB."""

    wall: float
    cpu: float
    peak_mb: float


def run(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run ``python -m command…`` and measure it; raises RuntimeError with the log's end."""
    return run_program([sys.executable, "-m", *command], log, environment)


def run_program(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
    patience: float = float("inf"),
) -> Cost:
    """Run any program and measure it, start to end, with every process it starts.

    Raises RuntimeError with the log's end where it fails, or where ``patience`` seconds pass; it
    is ended then.
    """
    started, before = time.monotonic(), os.times()
    begun = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command), stdout=output, stderr=output, env={**os.environ, **(environment or {})}
        )
        peak, ended = 0.0, False
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            if not ended and time.monotonic() - started > patience:
                process.kill()
                ended = True
            time.sleep(_LOOK_EVERY)
    if ended:
        raise RuntimeError(f"ended after {patience:,.0f} s")
    if process.returncode:
        said = log.read_bytes()[begun:].decode("utf-8", "replace")
        raise RuntimeError(f"{list(command)} failed:\n{said[-3000:]}")
    after = os.times()
    cpu = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return Cost(time.monotonic() - started, cpu, peak)


def _resident(pid: int) -> float:
    """Return the resident memory of a process and its children in MB."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family) / 2**20
    except psutil.Error:
        return 0.0
