"""Derive the table of given names and what their bearers are called.

Run by a maintainer, with the packages ``nicknames`` and ``corp-names`` installed::

    python -m scripts.derive_nicknames

The first is hand-curated, name by name; the second adds diminutives and the forms a name takes in
other European languages (giuseppe, joseph), each under one name. The written table is committed,
sorted, and read at run time by ``matching.compare.nicknames``.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

from models.fields.names_latin import fold
from scripts.derive_han_tables import write

_ONE_WORD = re.compile("[a-z]{2,}")
_ABROAD = "international"
Edges = dict[str, set[str]]


def main() -> None:
    """Write the table: name, its nicknames, its forms in other languages."""
    called, abroad = _english(), _by_category()
    for name, forms in abroad.pop("common").items():
        called[name] |= forms
    elsewhere = abroad.pop(_ABROAD)
    write("nicknames.tsv", _lines(called, elsewhere))


def _english() -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, relation, nickname in csv.reader(_text("nicknames", "names.csv").splitlines()):
        if relation == "has_nickname":
            _add(found, name, nickname)
    return found


def _by_category() -> dict[str, defaultdict[str, set[str]]]:
    """Return the names of the second package by category, each under its one full name."""
    found: dict[str, defaultdict[str, set[str]]] = {"common": defaultdict(set)}
    found[_ABROAD] = defaultdict(set)
    for name, entry in json.loads(_text("corp_names", "data/nicknames.json")).items():
        if entry["canonical"] and entry["category"] in found:
            _add(found[entry["category"]], entry["canonical"], name)
    return found


def _text(package: str, path: str) -> str:
    """Return a file of an installed package, which is not imported: its own needs stay out."""
    return Path(str(distribution(package).locate_file(f"{package}/{path}"))).read_text("utf-8")


def _add(edges: defaultdict[str, set[str]], name: str, nickname: str) -> None:
    name, nickname = fold(name), fold(nickname)
    if name != nickname and _ONE_WORD.fullmatch(name) and _ONE_WORD.fullmatch(nickname):
        edges[name].add(nickname)


def _lines(called: Edges, elsewhere: Edges) -> Iterator[str]:
    for name in sorted({*called, *elsewhere}):
        nicknames = called.get(name, set())
        yield f"{name}\t{_words(nicknames)}\t{_words(elsewhere.get(name, set()) - nicknames)}"


def _words(texts: Iterable[str]) -> str:
    return " ".join(sorted(texts))


if __name__ == "__main__":
    main()
