"""The state database: the run ledger and what stewards decided (SQLAlchemy; SQLite, PostgreSQL).

It holds what cannot be rebuilt from the raw zone. It is not the truth about data: which rows
have landed stands in the raw zone's manifests, which version is current in the versions folder.
Texts in it come from GoldenError messages, which never contain a personal value.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    create_engine,
    event,
    inspect,
    make_url,
    select,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0002"


class Base(DeclarativeBase):
    """Base of the ledger's tables. Times are UTC without a zone."""


class Run(Base):
    """One row per walk of the flow; ``status``: running, published, unchanged, held or failed.

    A rollback is a row too, with the status ``rolled_back`` and its reason as the message.

    ``as_of`` is the day the run takes for today: what expires, expires by it.
    """

    __tablename__ = "run"

    run_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(20))
    config_digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(Text)
    as_of: Mapped[date | None]


class StepRun(Base):
    """One row per attempt of one step of one run; ``counts`` holds numbers only."""

    __tablename__ = "step_run"
    __table_args__ = (Index("step_run_by_run", "run_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    step: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(20))
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    message: Mapped[str | None] = mapped_column(Text)


class SourcePull(Base):
    """One row per attempt to pull one source; ``status``: running, ok or failed."""

    __tablename__ = "source_pull"
    __table_args__ = (Index("source_pull_by_source", "source", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    run_id: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(20))
    rows: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(40))
    message: Mapped[str | None] = mapped_column(Text)


class DecisionRow(Base):
    """One row per steward decision; withdrawing marks it, and no row is ever deleted.

    See ``models.decision.Decision`` for what the columns mean, ``warehouse.decisions`` for use.
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    left_keys: Mapped[list[str]] = mapped_column(JSON)
    right_keys: Mapped[list[str]] = mapped_column(JSON)
    attribute: Mapped[str | None] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    evidence: Mapped[dict[str, str]] = mapped_column(JSON)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(100))
    withdrawn_why: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class State:
    """The database. Every method is one transaction."""

    engine: Engine

    @classmethod
    def open(cls, url: str) -> State:
        """Open the database at ``url``, creating or migrating its tables when needed."""
        engine = _engine(url)
        if _revision(engine) != HEAD:
            _migrate(engine, url)
        return cls(engine)

    def session(self) -> Session:
        """Return a session to use as a context manager; ``begin()`` commits at its end."""
        return Session(self.engine, expire_on_commit=False)

    def add(self, row: Base) -> None:
        """Insert one row, or replace the row with its key."""
        with self.session() as session, session.begin():
            session.merge(row)

    def insert(self, row: StepRun | SourcePull) -> int:
        """Insert one row and return the key it was given."""
        with self.session() as session, session.begin():
            session.add(row)
            session.flush()
            return row.id

    def update(self, kind: type[Base], key: int | str, **values: Any) -> None:
        """Change columns of the row of ``kind`` with primary key ``key``."""
        with self.session() as session, session.begin():
            row = session.get_one(kind, key)
            for name, value in values.items():
                setattr(row, name, value)

    def run(self, run_id: str) -> Run | None:
        """Return one run, if it is known."""
        with self.session() as session:
            return session.get(Run, run_id)

    def runs(self, limit: int = 20) -> Sequence[Run]:
        """Return the newest runs, newest first."""
        with self.session() as session:
            return session.scalars(select(Run).order_by(Run.run_id.desc()).limit(limit)).all()

    def steps(self, run_id: str) -> Sequence[StepRun]:
        """Return the attempts of one run's steps, oldest first."""
        with self.session() as session:
            query = select(StepRun).where(StepRun.run_id == run_id).order_by(StepRun.id)
            return session.scalars(query).all()

    def last_pull(self, source: str, status: str | None = None) -> SourcePull | None:
        """Return the newest pull of a source, of any status or of one."""
        query = select(SourcePull).where(SourcePull.source == source)
        if status:
            query = query.where(SourcePull.status == status)
        with self.session() as session:
            return session.scalars(query.order_by(SourcePull.id.desc()).limit(1)).first()


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    # no pool: a forked worker must not inherit an open SQLite handle
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        return str(row[0]) if row else None


def _migrate(engine: Engine, url: str) -> None:
    """Bring the tables to HEAD; one process at a time where the database is a file."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    database = make_url(url).database if engine.dialect.name == "sqlite" else None
    lock = FileLock(f"{database}.migrate") if database else nullcontext()
    with lock, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
