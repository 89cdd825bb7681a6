"""Real database servers for tests, started from installed binaries in a temporary folder.

A test asks for ``postgres_url`` or ``mariadb_url``: the SQLAlchemy URL of an empty database of its
own on a server that the whole session shares. Where the binaries are missing the test is skipped,
and says what to install. Servers refuse root, so as root they run as the packages' own users.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

PASSWORD = "p@ss:word/1"  # characters that have to be quoted in a URL, on purpose
START_SECONDS = 60.0


@dataclass(frozen=True)
class Server:
    """A running server; ``admin`` may create databases."""

    admin: sa.URL
    drop: str
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Yield the URL of a new, empty database."""
        name = f"test_{os.getpid()}_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield self.admin.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(self.drop.format(name=name))

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server with password authentication."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = folders[-1] if folders else None
    initdb = found / "initdb" if found else Path(shutil.which("initdb") or "")
    if not initdb.is_file():
        pytest.skip("PostgreSQL is not installed here; install the package 'postgresql'")
    with _home("postgres") as (home, user):
        (home / "password").write_text(PASSWORD)
        (home / "password").chmod(0o644)
        data = home / "data"
        _call([initdb, "-D", data, "-U", "golden", f"--pwfile={home / 'password'}",
               "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"], user)  # fmt: skip
        port = _free_port()
        command = [initdb.with_name("postgres"), "-D", data, "-p", port, "-k", home,
                   "-h", "127.0.0.1", "-c", "fsync=off"]  # fmt: skip
        admin = sa.URL.create(
            "postgresql+psycopg", "golden", PASSWORD, "127.0.0.1", port, "postgres"
        )
        with _running(command, user, admin):
            yield Server(admin, "DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A MariaDB server with password authentication."""
    server, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if not (server and install):
        pytest.skip("MariaDB is not installed here; install the package 'mariadb-server'")
    with _home("mysql") as (home, user):
        data = home / "data"
        _call([install, "--no-defaults", f"--datadir={data}", "--skip-test-db",
               "--auth-root-authentication-method=normal"], user)  # fmt: skip
        start = home / "start.sql"
        start.write_text(
            f"CREATE OR REPLACE USER golden@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
            "GRANT ALL ON *.* TO golden@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        start.chmod(0o644)
        port = _free_port()
        command = [server, "--no-defaults", f"--datadir={data}", f"--port={port}",
                   "--bind-address=127.0.0.1", f"--socket={home / 's'}", "--skip-name-resolve",
                   f"--pid-file={home / 'pid'}", f"--init-file={start}",
                   "--character-set-server=utf8mb4"]  # fmt: skip
        admin = sa.URL.create("mysql+pymysql", "golden", PASSWORD, "127.0.0.1", port, "mysql")
        with _running(command, user, admin):
            yield Server(admin, "DROP DATABASE {name}")


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb_server: Server) -> Iterator[str]:
    """The URL of an empty MariaDB database."""
    with mariadb_server.database() as url:
        yield url


@contextmanager
def _home(user: str) -> Iterator[tuple[Path, str | None]]:
    """Yield a folder that the server's user owns, and that user when this process is root."""
    home = Path(tempfile.mkdtemp(prefix=f"{user}-"))
    known = {entry.pw_name for entry in pwd.getpwall()}
    runner = (user if user in known else "nobody") if os.geteuid() == 0 else None
    if runner:
        shutil.chown(home, runner)
    try:
        yield home, runner
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(command: Sequence[object], user: str | None, admin: sa.URL) -> Iterator[None]:
    home = Path(str(command[2]).removeprefix("--datadir=")).parent  # both name it third
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(part) for part in command], user=user, cwd="/", stdout=log, stderr=log
        )
    try:
        _wait(server, admin, home / "log")
        yield
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def _wait(server: subprocess.Popen[bytes], admin: sa.URL, log: Path) -> None:
    engine = sa.create_engine(admin)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            engine.connect().close()
        except OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the test server did not start: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        else:
            engine.dispose()
            return


def _call(command: Sequence[object], user: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=user,
        cwd="/",
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.fail(f"{command[0]} failed: {done.stdout[-1000:]} {done.stderr[-1000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
