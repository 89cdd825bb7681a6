"""What happens when a task gives up: one line for people, one JSON line for machines.

The line goes to the log and to ``data/alerts.jsonl``; a bank's own alerting follows that file.
It says what failed, who owns it and what to do, and holds no personal value.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from models.errors import GoldenError
from pipeline.project import Project
from pipeline.times import utc_now

logger = logging.getLogger("golden.alerts")


def failure_callback(project: Project, owner: str) -> Callable[[Mapping[str, Any]], None]:
    """Return a callback for a scheduler: called with its context when a task has failed."""

    def alert(context: Mapping[str, Any]) -> None:
        instance = context.get("task_instance")
        error = context.get("exception")
        what = str(error) if isinstance(error, GoldenError) else type(error).__name__
        line = {
            "at": utc_now().isoformat(timespec="seconds"),
            "project": project.config.name,
            "flow": getattr(instance, "dag_id", None),
            "task": getattr(instance, "task_id", None),
            "owner": owner,
            "what": what,
            "next": "golden status shows the sources and the last runs; the task's log has more.",
        }
        logger.error("%(flow)s.%(task)s failed, owner %(owner)s: %(what)s", line)
        project.data.mkdir(parents=True, exist_ok=True)
        with (project.data / "alerts.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    return alert
