"""The two systems that speak HTTP, on this machine only."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from examples.bank.create import read_bank
from examples.bank.http_crm import crm_app
from examples.bank.http_marketing import marketing_app

# Ports by default, and the names under which the sources' YAML asks for the addresses.
PORTS = {"CRM_URL": 8801, "MARKETING_URL": 8802}
_APPS = {"CRM_URL": crm_app, "MARKETING_URL": marketing_app}


@dataclass(frozen=True)
class Running:
    """One server in a thread of its own."""

    server: uvicorn.Server
    thread: threading.Thread
    url: str

    def stop(self) -> None:
        """Answer what was asked already, then end."""
        self.server.should_exit = True
        self.thread.join(timeout=10)


@contextmanager
def serving(bank: Path, ports: dict[str, int] | None = None) -> Iterator[dict[str, str]]:
    """Serve the bank in ``bank``; yield ``{"CRM_URL": "http://127.0.0.1:…", "MARKETING_URL": …}``.

    Without ``ports`` free ones are taken. Both servers listen when this yields, and are gone when
    it ends. Raises ConfigError when there is no bank, OSError when a port is taken.
    """
    read_bank(bank)
    running: dict[str, Running] = {}
    try:
        for name, app in _APPS.items():
            running[name] = _start(app((bank / "systems").resolve()), (ports or {}).get(name, 0))
        yield {name: server.url for name, server in running.items()}
    finally:
        for server in running.values():
            server.stop()


def _start(app: Any, port: int) -> Running:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="warning", access_log=False, ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    return Running(server, thread, f"http://127.0.0.1:{listener.getsockname()[1]}")
