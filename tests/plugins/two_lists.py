"""A project of two small lists of customers that a test can change from run to run.

Each row has a name, a resident number, a passport, a mobile, a birth date, a city and an account.
The same passport and name make one customer. Forty customers nobody touches are there from the
start, so that one merge is no landslide to the quality gate.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from typer.testing import CliRunner, Result

from pipeline.cli.app import app
from pipeline.cli.screen import console
from pipeline.project import Project, load_project
from pipeline.run import begin_run, pull_all, run_steps
from pipeline.times import new_run_id

COLUMNS = ("nr", "name", "resident", "passport", "mobile", "birth", "city", "account")
Row = dict[str, str]

_FAMILY, _GIVEN = "赵钱孙周吴郑冯褚", "建国志强秀"

_SOURCE = """
name: {name}
connector: csv
connection: {{path: ".."}}
trust: {trust}
objects:
  c:
    read: {{glob: "{name}.csv", primary_key: [nr], mode: snapshot}}
    mapping:
      party: person
      names: [{{full: name}}]
      identifiers:
        - {{number: resident, id_class: resident_id}}
        - {{number: passport, id_class: passport_foreign, country: US}}
      contacts: [{{mobile: mobile}}]
      addresses: [{{city: city}}]
      attributes: {{birth_date: birth}}
      accounts: [{{number: account}}]
"""


def row(nr: str, name: str, **more: str) -> Row:
    return dict.fromkeys(COLUMNS, "") | {"nr": nr, "name": name} | more


@dataclass
class TwoLists:
    """The project in ``folder``; ``rows`` maps source and key to what the next run will read."""

    folder: Path
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    @classmethod
    def create(cls, folder: Path) -> TwoLists:
        """Make the project with the customers nobody touches."""
        lists = cls(folder)
        (lists.project_folder / "sources").mkdir(parents=True)
        golden = lists.project_folder / "golden.yml"
        golden.write_text("name: lists\nkeep_versions: 20\n", encoding="utf-8")
        for name, trust in (("core", 0.9), ("web", 0.5)):
            text = _SOURCE.format(name=name, trust=trust)
            file = lists.project_folder / "sources" / f"{name}.yml"
            file.write_text(text, encoding="utf-8")
        for at in range(40):
            name = _FAMILY[at % 8] + _GIVEN[at // 8]
            birth = f"{1950 + at}-0{1 + at % 9}-1{at % 8}"
            lists.set("core", f"9{at:02}", name, passport=f"P{70000000 + at * 37}", birth=birth)
        return lists

    def copied(self, folder: Path) -> TwoLists:
        """Return a copy, with all it has published and decided, to change and run."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return TwoLists(folder, {key: dict(value) for key, value in self.rows.items()})

    @property
    def project_folder(self) -> Path:
        return self.folder / "bank"

    @property
    def project(self) -> Project:
        return load_project(self.project_folder)

    def set(self, source: str, nr: str, name: str, **more: str) -> None:
        """Write or replace one row."""
        self.rows[source, nr] = row(nr, name, **more)

    def change(self, source: str, nr: str, **more: str) -> None:
        self.rows[source, nr] |= more

    def run(self) -> Project:
        """Write the lists and walk the whole flow; what fails, fails the test."""
        for source in ("core", "web"):
            with (self.folder / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                writer.writerows(r for (name, _), r in sorted(self.rows.items()) if name == source)
        project, run_id = self.project, new_run_id()
        results = pull_all(project, run_id)
        assert not [result for result in results.values() if isinstance(result, Exception)]
        begin_run(project, run_id)
        run_steps(project, run_id)
        return project

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the version readers see."""
        current = self.project.versions.current()
        assert current is not None
        with duckdb.connect(str(current.golden_file), read_only=True) as con:
            return con.execute(sql).fetchall()

    def ids(self) -> dict[str, str]:
        """Return record key → customer id."""
        return {
            str(key): str(customer)
            for key, customer in self.ask("SELECT record_key, customer_id FROM customer_xref")
        }

    def customer(self, record: str) -> dict[str, object]:
        """Return the row in customer that a record belongs to."""
        names = [item[0] for item in self.ask("SELECT column_name FROM (DESCRIBE customer)")]
        (values,) = self.ask(
            "SELECT c.* FROM customer c JOIN customer_xref x USING (customer_id) "
            f"WHERE x.record_key = '{record}'"
        )
        return dict(zip(map(str, names), values, strict=True))

    def call(self, *words: str) -> Result:
        """Run a command on this project, on a wide screen."""
        arguments = [*words, "--project", str(self.project_folder)]
        console.width = 220  # whoever made the console before, it is this wide
        return CliRunner().invoke(app, arguments)

    def golden(self, *words: str) -> str:
        """Run a command that must succeed; return what it shows."""
        answer = self.call(*words)
        assert answer.exit_code == 0, f"{answer.output}{answer.exception}"
        return answer.output
