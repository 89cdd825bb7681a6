"""The project file ``golden.yml``: what the bank calls this, and where its data lives."""

from __future__ import annotations

from pydantic import Field

from models.mapping import Strict
from models.source import NAME, Title


class ProjectConfig(Strict):
    """One project. Paths are relative to the project folder.

    ``data`` holds the raw zone, the working file and the published versions; ``state`` is an
    SQLAlchemy URL, by default a SQLite file inside ``data``. ``schedule`` (cron, in
    ``timezone``) is when the golden flow runs at the latest; it runs sooner when every source
    has landed. ``keep_versions`` published versions stay on disk besides the current one.
    """

    name: str = Field(pattern=NAME)
    title: Title | None = None
    owner: str = "unassigned"
    data: str = "data"
    state: str | None = None
    schedule: str = "0 7 * * *"
    timezone: str = "Asia/Shanghai"
    keep_versions: int = Field(default=10, ge=1)
    memory_limit: str = Field(default="4GB", pattern=r"^[0-9]+(\.[0-9]+)?[MG]B$")
    threads: int = Field(default=2, ge=1)

    @property
    def display(self) -> Title:
        """The title, or the name where there is none."""
        return self.title or Title(en=self.name, zh=self.name)
