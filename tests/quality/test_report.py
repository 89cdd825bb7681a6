from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from models.errors import StoreError
from models.source import SourceConfig, Title
from quality.checks import Suite
from quality.gate import decide, record
from quality.report.build import build_report
from quality.report.charts import against_limit, bar
from quality.report.collect import collect
from quality.report.facts import ReportData, RunFacts, SourcePulled
from quality.runner import run_suites
from quality.suites import applicable, load_suites

PULLS = (
    SourcePulled(
        "core",
        Title(en="Core banking", zh="核心系统"),
        "core-team",
        datetime(2026, 11, 23, 5, 58),  # noqa: DTZ001  # UTC without a zone, as all times here
        12.4,
        26,
        "ok",
    ),
    SourcePulled(
        "crm",
        Title(en="Customer relations", zh="客户关系"),
        "sales-team",
        datetime(2026, 11, 21, 6, 2),  # noqa: DTZ001
        60.3,
        26,
        "failed",
        "The server refused the credentials.",
    ),
    SourcePulled("web", Title(en="Visitors", zh="访客"), "web-team", None, None, 26, "never"),
)
RUN = RunFacts(
    run_id="20261123T182310.123456Z",
    project=Title(en="Example Bank", zh="示例银行"),
    status="published",
    version="v000012",
    previous_version=None,
    generated_at=datetime(2026, 11, 23, 18, 24),  # noqa: DTZ001
    code_version="0.1.0",
    config_digest="abc123",
    sources=PULLS,
)
Collect = Callable[[RunFacts], ReportData]
VOID = {"meta", "input", "path", "circle", "rect", "use", "wbr"}


@pytest.fixture
def collected(
    candidate: Path, suites: Sequence[Suite], sources: tuple[SourceConfig, ...]
) -> Collect:
    """Judge the candidate as it stands and collect its figures."""

    def run(facts: RunFacts) -> ReportData:
        results = run_suites(candidate, suites)
        verdict = decide(results, suites, "digest-of-content", RUN.run_id)
        facts = replace(facts, status="held" if verdict.held else facts.status)
        with duckdb.connect(str(candidate)) as connection:
            record(connection, results, verdict, suites)
            return collect(connection, facts, sources)

    return run


@pytest.fixture(scope="module")
def sound(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, sources: tuple[SourceConfig, ...]
) -> ReportData:
    """The figures of a candidate in which everything passes."""
    file = tmp_path_factory.mktemp("sound") / "work.duckdb"
    file.write_bytes(good)
    with duckdb.connect(str(file)) as connection:
        suites = applicable(load_suites(None, sources), connection)
    results = run_suites(file, suites)
    with duckdb.connect(str(file)) as connection:
        record(connection, results, decide(results, suites, "digest", RUN.run_id), suites)
        return collect(connection, RUN, sources)


class _Page(HTMLParser):
    """Checks that every element is closed, and gathers what a browser would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        self.ids += [str(values["id"])] if "id" in values else []
        self.links += [str(values[name]) for name in ("src", "href", "action") if name in values]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_figures_are_those_of_the_tables(sound: ReportData) -> None:
    data = sound
    flow = data.flow
    assert (flow.read, flow.older, flow.details) == (510, 9, 200)
    assert (flow.live, flow.quarantined, flow.records, flow.customers) == (501, 1, 300, 200)
    assert flow.unaccounted == 0
    assert (data.persons, data.organisations) == (200, 0)
    assert data.rows["crm"].reasons == (("no_identity", 1),)
    assert {item.column: item.person for item in data.fill}["mobile"] == 1
    assert data.matching.sizes == ((1, 100), (2, 100))


def test_the_page_asks_nobody_for_anything(sound: ReportData) -> None:
    html = build_report(sound)
    page = _Page(html)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|javascript:|\son[a-z]+=", html)
    assert "script" not in page.tags
    assert all(link.startswith("#i-") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_the_page_holds_no_value_of_any_customer(
    collected: Collect, candidate: Path, change: Callable[..., None]
) -> None:
    change(
        "UPDATE golden.customer SET email = 'not an address', sex = 'planted' "
        "WHERE customer_id < 'G000000050'",
        "INSERT INTO matched.stop_value VALUES ('mobile', '+8613800000042', 40, 30)",
        "INSERT INTO golden.customer_id_redirect VALUES ('G000000002', 'G000000001', 'merged')",
    )
    html = build_report(collected(RUN))
    with duckdb.connect(str(candidate), read_only=True) as connection:
        rows = connection.execute(
            "SELECT full_name, id_number, mobile, email, customer_id, birth_date::VARCHAR "
            "FROM golden.customer"
        ).fetchall()
    planted = {value for row in rows for value in row} | {"planted", "not an address"}
    assert [value for value in planted if value in html] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_stand_in_the_page_and_one_is_chosen(
    sound: ReportData, language: str
) -> None:
    data = sound
    html = build_report(data, language)  # type: ignore[arg-type]
    assert re.search(f'id="lang-{language}" [^>]* checked>', html)
    assert html.count(" checked>") == 1
    assert html.count('class="en"') == html.count('class="zh"')
    for words in ("Published", "已发布", "Core banking", "核心系统"):
        assert words in html


def test_every_check_stands_on_the_page(
    collected: Collect, suites: Sequence[Suite], change: Callable[..., None]
) -> None:
    change("DELETE FROM golden.customer_xref WHERE source_pk = 'K4'")
    html = build_report(collected(RUN))
    for suite in suites:
        for item in suite.checks:
            assert item.check_id in html
            assert item.check.title.zh in html


def test_a_held_page_says_why_who_and_what_next(
    collected: Collect, change: Callable[..., None]
) -> None:
    change("DELETE FROM golden.customer_xref WHERE source_pk = 'K4'")
    held = replace(RUN, version="v000011", previous_version="v000011")
    html = build_report(collected(held))
    banner = html[html.index("<header") : html.index("</header>")]
    for words in ("Held, still serving", "v000011", "data-engineering", "not met", "已拦截"):
        assert words in banner
    assert "holds the gate" in html
    assert "Published" not in html


def test_an_errored_check_does_not_look_failed(
    collected: Collect, change: Callable[..., None]
) -> None:
    change("ALTER TABLE normalised.attribute DROP COLUMN value")
    html = build_report(collected(RUN))
    card = html[: html.index("Birth dates are possible")].rsplit("<article", 1)[1]
    assert "errored" in card
    assert "failed" not in card


def test_sources_that_do_not_come_are_on_top_with_their_age(sound: ReportData) -> None:
    html = build_report(sound)
    acts = html[html.index('id="h-act"') : html.index('id="h-sources"')]
    assert "Customer relations serves data of 2026-11-21 06:02 UTC" in acts
    assert "Visitors has no data" in acts
    assert "Core banking" not in acts
    assert "STALE since 11-21 06:02" in html


def test_texts_from_outside_cannot_become_markup(sound: ReportData) -> None:
    evil = "<script>alert(1)</script>"
    pulled = replace(PULLS[1], reason=evil, title=Title(en=evil, zh=evil), owner=evil)
    html = build_report(replace(sound, run=replace(RUN, sources=(pulled,), code_version=evil)))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_bank_of_twenty_sources_stays_under_half_a_megabyte(sound: ReportData) -> None:
    data = sound
    many = tuple(
        replace(item, check_id=f"{item.check_id}{n}", outcome="fail" if n == 0 else "pass")
        for n in range(6)
        for item in data.results
    )
    sources = tuple(replace(PULLS[1], source=f"source{n}") for n in range(20))
    html = build_report(replace(data, results=many, run=replace(RUN, sources=sources)))
    assert len(many) > 400
    assert len(html.encode()) < 500_000


def test_the_same_data_gives_the_same_page(sound: ReportData) -> None:
    data = sound
    assert build_report(data) == build_report(data)


def test_an_unjudged_candidate_has_no_report(
    candidate: Path, sources: tuple[SourceConfig, ...]
) -> None:
    with duckdb.connect(str(candidate)) as connection, pytest.raises(StoreError, match="check"):
        collect(connection, RUN, sources)


def test_an_empty_candidate_still_gives_a_page(
    collected: Collect, change: Callable[..., None]
) -> None:
    change(
        "DELETE FROM golden.customer",
        "DELETE FROM matched.pair",
        "DELETE FROM matched.blocking",
        "DELETE FROM landed.object_load WHERE runs = 0",
    )
    data = collected(replace(RUN, version=None))
    html = build_report(replace(data, data_as_of=None))
    _Page(html)
    assert "Held, nothing published" in html


@pytest.mark.parametrize(
    ("observed", "expected", "drawn"),
    [
        pytest.param("7.5 %", "≤ 5 %", True, id="above the limit"),
        pytest.param("1,200", "≥ 1,500", True, id="below the limit"),
        pytest.param(None, "≤ 5 %", False, id="not measured"),
        pytest.param("12", "0", False, id="rows"),
        pytest.param("3", "≥ 1 … ≤ 2", False, id="two limits"),
        pytest.param("0", "≤ 0", False, id="nothing of nothing"),
    ],
)
def test_measured_against_allowed_is_drawn_where_there_are_two_numbers(
    observed: str | None, expected: str, drawn: bool
) -> None:
    assert bool(against_limit(observed, expected, "bad")) is drawn


@pytest.mark.parametrize("share", [-1.0, 0.0, 0.5, 1.0, 7.0])
def test_a_bar_never_leaves_its_track(share: float) -> None:
    widths = [float(item) for item in re.findall(r'width="([0-9.]+)"', bar(share, "plain"))]
    assert all(0 <= width <= 100 for width in widths)
