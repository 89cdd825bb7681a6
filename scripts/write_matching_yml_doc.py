"""Write docs/reference/matching-yml.md from the code that reads it, so that it cannot drift."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import pyarrow as pa
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from matching.comparison import Comparison
from matching.table.comparisons import comparisons
from matching.table.fields import prepare_fields
from matching.table.keys import key_columns
from matching.table.spec import ClusterSpec, FieldSpec, KeySpec, Kind, MatchSpec

TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference" / "matching-yml.md"
WORDS = Path(__file__).with_name("matching_yml_words.tsv")
KINDS: tuple[Kind, ...] = get_args(Kind)
HEAD = """\
# The stand-alone matching.yml

Written by `scripts/write_matching_yml_doc.py` from `matching/table`; change it there.

`golden match` proposes this file, writes it beside its output, and reads it back with `--config`
([how](../how-to/match-any-files.md)). A project's own `matching.yml` is another one: it lays rules
over the defaults of the bank's flow (`matching/config.py`).

```yaml
version: 1
fields:
  - {name: person_name, kind: person_name, columns: [name, KHXM]}
  - {name: birth, kind: date, columns: [birth_year, birth_month, birth_day]}
  - {name: phone, kind: phone, columns: [mobile, landline]}
  - {name: employer_city, kind: city, columns: [emp_city], about: employer}
ignore: {balance: "an amount changes and is no identity"}
blocking:
  - {id: name+year, keys: [person_name.sound, birth.year], split: [phone.end], cap: 80}
  - {id: phone, keys: [phone]}
clusters: {false_matches: 0.02, review: 0.2, duplicate_free: [core]}
model: last-month-model.yml
```

A setting that is not known, a column or key that does not exist, and a name that stands twice are
answered in a sentence that says what to write instead.
"""
MODEL = """\
## The model file

`golden match` writes what was learnt beside its output, as `…-model.yml`. Named under `model`, it
is used again, so that next month's files are judged like this month's. It can be read and changed:
"""
SECTIONS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("The file", "file", MatchSpec),
    ("A field", "field", FieldSpec),
    ("A blocking rule", "blocking", KeySpec),
    ("Clusters", "clusters", ClusterSpec),
)
# Values of every kind, with all that levels and keys are read off.
EXAMPLES: dict[Kind, tuple[str, str]] = {
    "given_name": ("Anna", "Marie"),
    "family_name": ("Weber", "Koch"),
    "other_names": ("Jane Ann", "M"),
    "person_name": ("王伟芳", "Anna Weber"),
    "company": ("深圳明达科技有限公司", "Acme Steel Ltd"),
    "date": ("1980-01-02", "1975-03-04"),
    "sex": ("m", "f"),
    "identifier": ("AB123456", "CD987654"),
    "phone": ("13902934857", "075526817394"),
    "email": ("anna@a.com", "koch@b.org"),
    "street": ("12 Oak St", "7 Elm Rd"),
    "house_number": ("12", "7a"),
    "unit": ("4", "B2"),
    "city": ("Leeds", "York"),
    "district": ("南山区", "福田区"),
    "postcode": ("TQ13 8DF", "518000"),
    "region": ("Kent", "Devon"),
    "country": ("France", "Spain"),
    "address": ("深圳市南山区科技路1号", "1 Elm Rd"),
    "category": ("baker", "smith"),
    "number": ("12", "1000"),
    "words": ("red green", "blue"),
    "text": ("likes old maps", "sells new boats"),
}
ROLES = {
    "own": "the party's own",
    "lent": "own, but given by others of the household",
    "family": "shared by a family",
    "household": "shared by a household",
    "place": "shared by a place",
    "other": "not said",
}


def words(section: str) -> dict[str, tuple[str, str]]:
    """Return what stands in ``matching_yml_words.tsv`` for a section: English and Chinese."""
    rows = [line.split("\t") for line in WORDS.read_text(encoding="utf-8").splitlines()]
    return {name.strip("-"): (en, zh) for of, name, en, zh in rows if of == section}


def document() -> str:
    """Return the whole document."""
    rows = pa.table({kind: list(values) for kind, values in EXAMPLES.items()})
    named = [FieldSpec(name=kind, kind=kind, columns=[kind]) for kind in KINDS]
    fields = prepare_fields(rows, MatchSpec(fields=named))
    asked = {item.name: item for item in comparisons(fields)}
    parts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for key in key_columns(fields):
        kind, _, part = key.partition(".")
        if part:
            parts[kind].append(part)
    settings = (_settings(*section) for section in SECTIONS)
    rest = (_kinds(asked, parts), _keys(parts), _levels(asked), _model())
    return "\n".join([HEAD, *settings, *rest])


def _settings(title: str, section: str, model: type[BaseModel]) -> str:
    rows = []
    for name, (en, zh) in words(section).items():
        default = model.model_fields[name].get_default(call_default_factory=True)
        rows.append((f"`{name}`", _default(default), en, zh))
    return _table(f"## {title}", ("setting", "default", "meaning", "含义"), rows)


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "must be given"
    if isinstance(value, BaseModel):
        return "as below"
    return f"`{value}`" if value not in ("", [], {}) else "none"


def _kinds(asked: dict[str, Comparison], parts: dict[str, list[str]]) -> str:
    head = """## Kinds

What a kind decides: how values are read and normalised, by which levels two of them are compared
(ascending in evidence for one party), which keys blocking may use, and whose fact it is. What is
shared by a family or household may agree between people who are not one, and the model is told so;
fields with `about: employer` belong to the employer.
"""
    rows = []
    for kind, (en, zh) in words("kind").items():
        levels = ", ".join(level.name for level in asked[kind].levels[1:])
        names = ", ".join(f"`.{part}`" for part in parts[kind]) or "—"
        rows.append((f"`{kind}`", f"{en} · {zh}", ROLES[asked[kind].role], names, levels))
    return _table(head, ("kind", "what it is · 含义", "whose", "key parts", "levels"), rows)


def _keys(parts: dict[str, list[str]]) -> str:
    head = """## Keys

A rule's key is a field's name, or its name and a part: `birth.year`. `all` puts every record into
one block, for tables so small that all pairs can be compared. Values that are no evidence (NULL,
placeholders, a number that more than 25 different names share) make no key.
"""
    rows = []
    for part, (en, zh) in words("part").items():
        of = ", ".join(f"`{kind}`" for kind in KINDS if part in parts[kind]) or "every kind"
        rows.append((f"`field.{part}`" if part else "`field`", of, en, zh))
    return _table(head, ("key", "of", "what must be equal", "含义"), rows)


def _levels(asked: dict[str, Comparison]) -> str:
    head = """## Levels

What a comparison can find; the model file gives each its weight, the links their names.
"""
    found: dict[str, tuple[str, str]] = {}
    for comparison in asked.values():
        for level in comparison.levels:
            found.setdefault(level.name, (level.en, level.zh))
    rows = [(f"`{name}`", en, zh) for name, (en, zh) in found.items()]
    return _table(head, ("level", "meaning", "含义"), rows)


def _model() -> str:
    rows = [
        (", ".join(f"`{name}`" for name in names.split(", ")), en, zh)
        for names, (en, zh) in words("model").items()
    ]
    return _table(MODEL, ("entry", "meaning", "含义"), rows)


def _table(head: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def lines() -> Iterator[str]:
        yield f"{head.rstrip()}\n"
        yield f"| {' | '.join(columns)} |"
        yield f"|{'---|' * len(columns)}"
        yield from (f"| {' | '.join(row)} |" for row in rows)

    return "\n".join(lines()) + "\n"


def main() -> int:
    """Write the document; with ``--check`` only say whether it is up to date."""
    text = document()
    if "--check" in sys.argv:
        return int(not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
