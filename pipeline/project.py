"""A user's project folder, read and validated.

```
golden.yml            the project: name, where its data lives
sources/*.yml         one file per source system
matching.yml          how records match      (optional: the defaults serve)
matching-model.yml    what agreement is worth (optional: 'golden learn' writes it; else each run
                      learns its own)
survivorship.yml      which value survives   (optional)
quality/*.yml         more or other checks   (optional)
```
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from matching.config import MatchingConfig, load_matching
from matching.flow_models import BankModels, read_models
from matching.survivorship import SurvivorshipConfig, load_survivorship
from models.errors import ConfigError
from models.project import ProjectConfig
from models.source import SourceConfig
from pipeline.located import read_yaml
from pipeline.problems import validate
from quality.checks import Suite
from quality.suites import load_suites
from warehouse.landing import RawZone
from warehouse.state import State
from warehouse.store import Store
from warehouse.versions import VersionFolder

MODEL_FILE = "matching-model.yml"


@dataclass(frozen=True)
class Project:
    """One validated project folder, and the stores that belong to it."""

    folder: Path
    config: ProjectConfig
    sources: tuple[SourceConfig, ...]
    matching: MatchingConfig
    models: BankModels | None
    survivorship: SurvivorshipConfig
    digest: str

    @property
    def data(self) -> Path:
        """Folder of the raw zone, the working file and the published versions."""
        return self.folder / self.config.data

    @property
    def raw(self) -> RawZone:
        """The raw zone."""
        return RawZone(self.data / "raw")

    @property
    def store(self) -> Store:
        """The working file."""
        return Store(
            self.data / "work" / "working.duckdb",
            memory_limit=self.config.memory_limit,
            threads=self.config.threads,
        )

    @property
    def versions(self) -> VersionFolder:
        """The published versions."""
        return VersionFolder(self.data / "published")

    @property
    def reports(self) -> Path:
        """Folder of the run reports."""
        return self.data / "reports"

    @cached_property
    def suites(self) -> tuple[Suite, ...]:
        """The quality suites: the defaults, and what ``quality/*.yml`` adds or changes."""
        return load_suites(self.folder / "quality", self.sources)

    @cached_property
    def state(self) -> State:
        """The run ledger, migrated to today's schema."""
        url = self.config.state or f"sqlite:///{(self.data / 'state.db').as_posix()}"
        return State.open(url)

    def source(self, name: str) -> SourceConfig:
        """Return the source called ``name``; raises ConfigError when there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        names = ", ".join(source.name for source in self.sources)
        raise ConfigError(f"this project has no source {name!r}.", hint=f"It has: {names}.")


def load_project(folder: Path) -> Project:
    """Read and validate ``folder``; raises ConfigError with file, line and what to write."""
    folder = folder.resolve()
    main = folder / "golden.yml"
    if not main.is_file():
        raise ConfigError(
            f"{folder} is not a project: it has no golden.yml.",
            hint="Make one with 'golden init FOLDER', or name it with --project.",
        )
    files = sorted((folder / "sources").glob("*.yml"))
    if not files:
        raise ConfigError(
            "the project has no source.", file=folder / "sources", hint="Add sources/NAME.yml."
        )
    return Project(
        folder=folder,
        config=validate(ProjectConfig, read_yaml(main)),
        sources=tuple(_source(file) for file in files),
        matching=load_matching(*_optional(folder / "matching.yml")),
        models=_models(folder / MODEL_FILE),
        survivorship=load_survivorship(*_optional(folder / "survivorship.yml")),
        digest=_digest(folder),
    )


def _models(file: Path) -> BankModels | None:
    text, _ = _optional(file)
    return None if text is None else read_models(text, file)


def _source(file: Path) -> SourceConfig:
    located = read_yaml(file)
    source = validate(SourceConfig, located)
    if source.name != file.stem:
        raise ConfigError(
            f"the source is called {source.name!r} but its file {file.name!r}.",
            file=file,
            line=located.line(("name",)),
            hint=f"Write 'name: {file.stem}' or rename the file.",
        )
    return source


def _optional(file: Path) -> tuple[str | None, Path]:
    return (file.read_text(encoding="utf-8-sig") if file.is_file() else None), file


def _digest(folder: Path) -> str:
    """Hash every file that decides what the flow does, by name and content."""
    total = hashlib.sha256()
    for pattern in ("*.yml", "sources/*.yml", "quality/*.yml"):
        for file in sorted(folder.glob(pattern)):
            total.update(f"{file.relative_to(folder).as_posix()}\0".encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
