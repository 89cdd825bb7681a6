"""Secrets come from the environment, when a source is opened."""

import pytest

from models.errors import ConfigError
from models.source import SourceConfig
from pipeline.settings import project_folder, with_environment


def source(url: str) -> SourceConfig:
    mapping = {"party": "person", "names": [{"full": "N"}]}
    return SourceConfig.model_validate(
        {
            "name": "core",
            "connector": "sql",
            "connection": {"url": url, "nested": [{"again": url}]},
            "objects": {"customer": {"read": {}, "mapping": mapping}},
        }
    )


def test_placeholders_are_filled_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORE_PASSWORD", "s3cret")
    filled = with_environment(source("postgresql://u:${CORE_PASSWORD}@h/${CORE_DB:-bank}"))
    assert filled.connection["url"] == "postgresql://u:s3cret@h/bank"
    assert filled.connection["nested"][0]["again"] == filled.connection["url"]


def test_a_missing_variable_names_itself_and_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORE_PASSWORD", raising=False)
    with pytest.raises(ConfigError, match=r"sources/core\.yml.*CORE_PASSWORD"):
        with_environment(source("${CORE_PASSWORD}"))


def test_the_project_folder_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("GOLDEN_PROJECT", str(tmp_path))
    assert str(project_folder()) == str(tmp_path)
