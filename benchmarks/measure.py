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
    started, before = time.monotonic(), os.times()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdout=output,
            stderr=output,
            env={**os.environ, **(environment or {})},
        )
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(_LOOK_EVERY)
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{log.read_text('utf-8', 'replace')[-3000:]}")
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
