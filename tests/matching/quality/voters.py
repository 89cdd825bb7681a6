"""Voters: names, suburb and postcode, several parties free of duplicates, typed badly."""

from __future__ import annotations

from random import Random

from tests.matching.quality.made import Made, Row, made
from tests.matching.quality.slips import digits, misheard, slip, sometimes
from tests.matching.quality.words import family_names, given_names, places

FIELDS = """
version: 1
fields:
  - {name: given, kind: given_name, columns: [givenname]}
  - {name: family, kind: family_name, columns: [surname]}
  - {name: suburb, kind: city, columns: [suburb]}
  - {name: postcode, kind: postcode, columns: [postcode]}
clusters: {duplicate_free: all}
"""
_PARTIES = 4


def voters() -> Made:
    """Four parties of about 1,000 people; two of three stand in more than one."""
    r = Random("voters")
    rows = []
    for entity in range(2000):
        place = r.choice(places())
        person = (given_names()(r), family_names()(r), *place)
        lists = r.sample(range(_PARTIES), r.choice([1, 1, 2, 3, 4]))
        for party in lists:
            rows.append((entity, _written(r, person, party)))
    return made(r, {"voters": rows}, FIELDS, source_column="party")


def _written(r: Random, person: tuple[str, str, str, str], party: int) -> Row:
    given, family, suburb, code = person
    spoilt = list(person)
    if r.random() < 0.45:
        for _ in range(r.choice([1, 1, 2, 3])):
            at = r.randrange(4)
            change = digits if at == 3 else r.choice([slip, slip, misheard])
            spoilt[at] = change(r, spoilt[at])
    given, family, suburb, code = spoilt
    return {
        "party": f"party {party}",
        "givenname": sometimes(r, 0.02, given.lower()),
        "surname": family.lower(),
        "suburb": sometimes(r, 0.02, suburb.lower()),
        "postcode": sometimes(r, 0.02, code),
    }
