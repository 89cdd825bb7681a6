"""Headers of files become usable names."""

from connectors.header import distinct_names


def test_names_are_made_distinct_whatever_their_case() -> None:
    assert distinct_names(["A", "", "a", "A", "a_2"]) == ["A", "column_2", "a_2", "A_3", "a_2_2"]
