"""The how-to on one's own CSV files, followed word by word with the real command line."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.docs.walk import Shown, squeezed, walk

pytestmark = [pytest.mark.timeout(400)]
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "your-own-two-csv-files.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def shown(folder: Path) -> list[Shown]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GOLDEN_PROJECT", raising=False)
        return list(walk(DOCUMENT, folder))


def test_all_that_the_document_shows_is_so(shown: list[Shown]) -> None:
    wrong = [item for item in shown if not item.agrees]
    assert len(shown) >= 10
    assert not wrong, "\n\n".join(
        f"{DOCUMENT.name}:{item.line}: {item.what}\nends with {item.exit_code}, shows\n{item.real}"
        for item in wrong
    )


def test_the_mistake_is_answered_with_file_line_and_what_to_write(
    shown: list[Shown], folder: Path
) -> None:
    (answer,) = [item for item in shown if item.exit_code == 1]
    line = next(
        number
        for number, text in enumerate(
            (folder / "my-bank/sources/deposits.yml").read_text(encoding="utf-8").splitlines(), 1
        )
        if "{mobile: 手机号}" in text
    )
    assert re.search(rf"sources/deposits\.yml:{line}:", answer.real)
    assert "Did you mean 'mobile'?" in squeezed(answer.real)


def test_the_first_day_makes_nine_customers(shown: list[Shown]) -> None:
    first = next(item for item in shown if item.what.startswith("golden run"))
    assert "customers 9, created 9," in squeezed(first.real)


def test_the_records_of_a_person_end_in_one_customer(shown: list[Shown], folder: Path) -> None:
    golden = folder / "my-bank" / "data" / "published" / "current" / "golden.duckdb"
    with duckdb.connect(str(golden), read_only=True) as connection:
        customers = dict(
            connection.execute("SELECT record_key, customer_id FROM customer_xref").fetchall()
        )
    together = {"10001": "W-501", "10002": "W-502", "10003": "W-503", "10004": "W-504"}
    for bank, app in together.items():
        assert customers[f"deposits.record:{bank}"] == customers[f"wealth.record:{app}"]
    assert len(set(customers.values())) == 9
    assert "wealth.record:W-505" not in customers
