from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from matching.explain.report.build import build_report, share
from matching.explain.report.collect import Ran, collect, columns_of
from matching.table.recognise import recognise
from tests.matching.explain.conftest import World

_EMPTY = {"meta", "input", "br", "wbr"}


class Nesting(HTMLParser):
    """Checks that every element that opens is closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(world: World) -> str:
    ran = Ran(
        title="people <1>",
        scored=world.scored,
        linked=world.linked,
        blocks=world.clustering.blocks,
        keys=world.clustering.keys,
        cluster_ids=world.linked.labels.astype(np.int64),
        false_share=0.01,
        columns=columns_of(recognise(world.rows)),
    )
    return build_report(collect(world.case, ran), "zh")


def test_the_page_is_whole_small_and_asks_for_nothing_outside(page: str) -> None:
    nesting = Nesting()
    nesting.feed(page)
    assert nesting.open == []
    assert len(page.encode()) < 500_000
    assert "<script" not in page
    assert "people &lt;1&gt;" in page
    addresses = re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?([^\"')>]*)", page)
    assert [item for item in addresses if not item.startswith("#")] == []


def test_no_value_of_any_record_stands_on_the_page(world: World, page: str) -> None:
    text = re.sub("<[^>]*>", "\n", page.partition("</style>")[2])
    words = {word for word in re.split(r"[\s,.:;()]+", text) if word}
    for name in world.rows.column_names:
        values = {value for value in world.rows[name].to_pylist() if value}
        assert not values & words, f"a value of column {name} is on the page"


def test_english_and_chinese_say_the_same_number_of_things(page: str) -> None:
    body = page.partition("</style>")[2]
    assert body.count('class="en"') == body.count('class="zh"') > 80
    assert 'id="lang-zh" aria-label="中文" checked' in page


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.256, "25.6 %"),
        (0.00004, "0.004 %"),
        (0.99996, "99.996 %"),
        (0.0000001, "< 0.001 %"),
        (0.9999999, "> 99.999 %"),
    ],
)
def test_shares_are_never_rounded_to_certainty(value: float | None, shown: str) -> None:
    assert share(value) == shown


def test_a_run_without_any_match_has_a_page_too(world: World) -> None:
    from matching.linkage import link

    nothing = np.empty(0, dtype=np.int32)
    scored = type(world.scored)(nothing, nothing, nothing.astype(np.float32), 0, np.zeros(5, int))
    linked = link(len(world.people), nothing, nothing, scored.bits, world.case.scorer.bits)
    ran = Ran(
        title="nobody",
        scored=scored,
        linked=linked,
        blocks=world.clustering.blocks,
        keys=world.clustering.keys,
        cluster_ids=linked.labels.astype(np.int64),
        false_share=0.0,
    )
    page = build_report(collect(world.case, ran))
    assert "This cannot be estimated" in page
