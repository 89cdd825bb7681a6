from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from models.errors import ConfigError
from models.source import SourceConfig
from models.verdict import LAYER_ORDER
from quality.checks import Declared, Suite
from quality.previous import take_previous
from quality.suites import applicable, load_suites

NEW_CHECK = """
layer: golden
checks:
  - id: phones_are_local
    table: golden.customer
    rows: NOT starts_with(t.mobile, '+86')
    severity: warn
    dimension: validity
    owner: branch-office
    title: {en: Phones are local, zh: 手机号为境内号码}
    because: {en: The bank serves one country., zh: 本行仅服务境内客户。}
    next_step: {en: Ask the customer., zh: 联系客户确认。}
"""


def _write(folder: Path, text: str, name: str = "own.yml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def _by_id(suites: Sequence[Suite]) -> dict[str, Declared]:
    return {item.check_id: item for suite in suites for item in suite.checks}


def test_defaults_cover_every_layer_and_name_each_check_once(
    sources: tuple[SourceConfig, ...],
) -> None:
    suites = load_suites(None, sources)
    assert [suite.layer for suite in suites] == list(LAYER_ORDER)
    assert all(suite.checks for suite in suites)
    names = [item.check_id for suite in suites for item in suite.checks]
    assert len(names) == len(set(names))


def test_no_placeholder_is_left_in_a_declared_check(sources: tuple[SourceConfig, ...]) -> None:
    words = ("{source}", "{object}", "{landed}", "{owner}", "{party_objects}", "{lifelong}")
    for item in _by_id(load_suites(None, sources)).values():
        text = item.check.model_dump_json(exclude={"table"}) + item.table_name
        assert not [word for word in (*words, "{proven", "{golden") if word in text], item.check_id


def test_templates_are_declared_per_source_party_and_object(
    sources: tuple[SourceConfig, ...],
) -> None:
    checks = _by_id(load_suites(None, sources))
    assert "landed.rows_present[core.account]" in checks
    assert "normalised.rows_accounted[core.customer]" in checks
    assert "normalised.rows_accounted[core.account]" not in checks
    assert "golden.conservation[crm]" in checks
    assert checks["landed.rows_present[crm.contact]"].check.owner == "sales-team"


def test_an_owners_apostrophe_stays_inside_the_sql_literal(
    sources: tuple[SourceConfig, ...],
) -> None:
    odd = sources[1].model_copy(update={"objects": {"o'neill": sources[1].objects["contact"]}})
    check = _by_id(load_suites(None, [odd]))["normalised.rows_accounted[crm.o'neill]"].check
    assert "r.object = 'o''neill'" in str(check.rows)


def test_a_source_that_never_landed_is_not_checked(
    candidate: Path, suites: tuple[Suite, ...]
) -> None:
    assert not [name for name in _by_id(suites) if "[web" in name]


def test_comparisons_are_declared_once_there_is_a_version_to_compare_with(
    candidate: Path, sources: tuple[SourceConfig, ...], suites: tuple[Suite, ...]
) -> None:
    assert "golden.customer_drop" not in _by_id(suites)
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("INSERT INTO quality.previous VALUES ('customers', 200)")
        assert "golden.customer_drop" in _by_id(applicable(load_suites(None, sources), connection))


def test_a_project_changes_a_limit_and_keeps_the_rest(
    tmp_path: Path, sources: tuple[SourceConfig, ...]
) -> None:
    folder = _write(
        tmp_path / "quality", "layer: matched\nchecks:\n  - {id: largest_cluster, max: 500}\n"
    )
    check = _by_id(load_suites(folder, sources))["matched.largest_cluster"].check
    assert (check.max, check.severity, check.kind) == (500, "critical", "measure")


def test_a_project_changes_one_instance_only(
    tmp_path: Path, sources: tuple[SourceConfig, ...]
) -> None:
    folder = _write(
        tmp_path / "quality",
        'layer: landed\nchecks:\n  - {id: "rows_present[crm.contact]", severity: info}\n',
    )
    checks = _by_id(load_suites(folder, sources))
    assert checks["landed.rows_present[crm.contact]"].check.severity == "info"
    assert checks["landed.rows_present[core.customer]"].check.severity == "critical"


def test_a_changed_demand_replaces_the_old_one_whole(
    tmp_path: Path, sources: tuple[SourceConfig, ...]
) -> None:
    folder = _write(
        tmp_path / "quality",
        "layer: matched\nchecks:\n  - {id: largest_cluster, rows: t.cluster_id IS NULL}\n",
    )
    check = _by_id(load_suites(folder, sources))["matched.largest_cluster"].check
    assert (check.kind, check.max, check.measure) == ("rows", None, None)


def test_a_project_adds_a_check(
    tmp_path: Path,
    candidate: Path,
    sources: tuple[SourceConfig, ...],
    outcomes: Callable[[Sequence[Suite]], dict[str, str]],
) -> None:
    suites = load_suites(_write(tmp_path / "quality", NEW_CHECK), sources)
    only = [Suite("golden", (_by_id(suites)["golden.phones_are_local"],))]
    assert outcomes(only) == {"golden.phones_are_local": "pass"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("checks: []\n", None, "layer", id="no layer"),
        pytest.param("layer: gold\nchecks: []\n", None, "layer", id="unknown layer"),
        pytest.param("layer: golden\nchekcs: []\n", None, "chekcs", id="unknown key"),
        pytest.param("layer: golden\nchecks: {}\n", None, "list", id="not a list"),
        pytest.param("layer: golden\nchecks:\n  - {max: 5}\n", 3, "'id'", id="no id"),
        pytest.param("layer: [golden\n", 2, "YAML", id="not YAML"),
        pytest.param(
            "layer: golden\nchecks:\n  - {id: emails_shaped, rwos: x}\n", 3, "rwos", id="misspelt"
        ),
        pytest.param(
            "layer: golden\nchecks:\n  - {id: emails_shaped, max: 5}\n",
            3,
            "belong to a 'measure'",
            id="limit without a measure",
        ),
        pytest.param("layer: golden\nchecks:\n  - {id: brand_new}\n", 3, "table", id="incomplete"),
        pytest.param(
            'layer: landed\nchecks:\n  - {id: "rows_present[erp.x]", severity: info}\n',
            3,
            "no check",
            id="no such instance",
        ),
        pytest.param(
            "layer: golden\nchecks:\n  - {id: largest, max: 1}\n  - {id: largest, max: 2}\n",
            4,
            "twice",
            id="declared twice",
        ),
    ],
)
def test_mistakes_are_answered_with_file_line_and_word(
    tmp_path: Path,
    sources: tuple[SourceConfig, ...],
    text: str,
    line: int | None,
    words: str,
) -> None:
    folder = _write(tmp_path / "quality", text)
    with pytest.raises(ConfigError) as caught:
        load_suites(folder, sources)
    assert str(caught.value.file).endswith("own.yml")
    assert caught.value.line == line
    assert words in str(caught.value)


def test_previous_numbers_are_those_of_the_published_file(
    tmp_path: Path, candidate: Path, change: Callable[..., None]
) -> None:
    published = tmp_path / "published.duckdb"
    with duckdb.connect(str(published)) as connection:
        connection.execute(
            "CREATE TABLE customer AS SELECT 'G' || i AS customer_id FROM range(8) t(i)"
        )
        for column in (
            "party_type",
            "full_name",
            "latin_name",
            "sex",
            "birth_date",
            "nationality",
            "id_class",
            "id_number",
            "id_expires_on",
            "email",
            "address",
            "province",
            "city",
            "district",
            "region_code",
            "postcode",
            "occupation",
            "employer",
            "industry",
            "registered_on",
            "updated_at",
        ):
            connection.execute(f"ALTER TABLE customer ADD COLUMN {column} VARCHAR")
        connection.execute("ALTER TABLE customer ADD COLUMN mobile VARCHAR")
        connection.execute("UPDATE customer SET mobile = '+8613800000001' WHERE customer_id < 'G2'")
        connection.execute("CREATE TABLE customer_xref AS SELECT 'core' AS source FROM range(9)")
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("BEGIN")
        take_previous(connection, published)
        connection.execute("COMMIT")
        metrics = dict(connection.execute("SELECT metric, value FROM quality.previous").fetchall())
    assert metrics["customers"] == 8
    assert metrics["records:core"] == 9
    assert metrics["filled:mobile"] == 0.25
    assert metrics["filled:email"] == 0
