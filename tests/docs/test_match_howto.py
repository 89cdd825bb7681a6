"""The how-to on matching any files, followed word by word with the real command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.walk import walk

pytestmark = [pytest.mark.timeout(200)]
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "match-any-files.md"


def test_all_that_the_document_shows_is_so(tmp_path: Path) -> None:
    shown = list(walk(DOCUMENT, tmp_path))
    assert len(shown) == 5
    wrong = [item for item in shown if not item.agrees]
    assert not wrong, "\n\n".join(
        f"{DOCUMENT.name}:{item.line}: {item.what}\nends with {item.exit_code}, shows\n{item.real}"
        for item in wrong
    )
