"""The how-to on the quality of a match, followed word by word with the real command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.walk import Shown, squeezed, walk

pytestmark = [pytest.mark.timeout(200)]
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "say-how-good-a-match-is.md"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[Shown]:
    return list(walk(DOCUMENT, tmp_path_factory.mktemp("club")))


def pairs(text: str) -> list[float]:
    """Return precision, recall and F1 over pairs of records."""
    (figures,) = re.findall(r"记录对 (0\.\d+) (0\.\d+) (0\.\d+)", squeezed(text))
    return [float(figure) for figure in figures]


def test_all_that_the_document_shows_is_so(shown: list[Shown]) -> None:
    wrong = [item for item in shown if not item.agrees]
    assert len(shown) == 5
    assert not wrong, "\n\n".join(
        f"{DOCUMENT.name}:{item.line}: {item.what}\nends with {item.exit_code}, shows\n{item.real}"
        for item in wrong
    )


def test_the_estimate_holds_the_truth(shown: list[Shown]) -> None:
    precision, *_ = pairs(shown[1].real)
    low, high = re.findall(r"正确的 0\.\d+ (\d\.\d+) – (\d\.\d+)", squeezed(shown[3].real))[0]
    assert float(low) <= precision <= float(high)


def test_answers_make_it_better(shown: list[Shown]) -> None:
    assert pairs(shown[4].real)[2] > pairs(shown[1].real)[2] + 0.02
