"""Western people: households, twins, a father and son of one name, moves, and every kind of slip.

Two files that write dates and addresses differently, one file with few copies of each person, and
one with many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.matching.quality.made import Made, Row, made
from tests.matching.quality.slips import digits, misheard, slip, sometimes, wrong_day
from tests.matching.quality.words import (
    SHORT,
    family_names,
    given_names,
    nicknames,
    places,
    streets,
)

Day = tuple[int, int, int]

FIELDS = """
version: 1
fields:
  - {name: given, kind: given_name, columns: [given]}
  - {name: middle, kind: other_names, columns: [middle]}
  - {name: family, kind: family_name, columns: [family]}
  - {name: born, kind: date, columns: [born]}
  - {name: street, kind: street, columns: [street]}
  - {name: suburb, kind: city, columns: [suburb]}
  - {name: postcode, kind: postcode, columns: [postcode]}
  - {name: phone, kind: phone, columns: [phone]}
  - {name: email, kind: email, columns: [email]}
  - {name: number, kind: identifier, columns: [number]}
"""


@dataclass(frozen=True)
class Person:
    """One person as they are."""

    given: str
    middle: str
    family: str
    born: Day
    home: tuple[str, str, str]
    phone: str
    email: str
    number: str


def few_copies() -> Made:
    """One file; most people stand in it once or twice."""
    r = Random("western, few")
    people = households(r, 1100)
    rows = [
        (entity, _written(r, person, people[entity - entity % 5 : entity - entity % 5 + 5], 0.12))
        for entity, person in enumerate(people)
        for _ in range(r.choice([1, 1, 1, 2, 2, 3, 4]))
    ]
    return made(r, {"people": rows}, FIELDS)


def many_copies() -> Made:
    """One file; everybody stands in it about ten times, and has moved meanwhile."""
    r = Random("western, many")
    people = households(r, 260)
    rows = []
    for entity, person in enumerate(people):
        family = people[entity - entity % 5 : entity - entity % 5 + 5]
        homes = [person.home, _home(r)]
        for _ in range(r.randint(4, 16)):
            now = replace(person, home=r.choice(homes))
            rows.append((entity, _written(r, now, family, 0.2)))
    return made(r, {"people": rows}, FIELDS)


def two_files() -> Made:
    """Two files, each with nearly nobody twice; the second writes days first and shortens."""
    r = Random("western, two files")
    people = households(r, 1800)
    first = [(at, _written(r, person, [], 0.1)) for at, person in enumerate(people[:1400])]
    second = [
        (at, _other_form(_written(r, person, [], 0.15)))
        for at, person in enumerate(people)
        if at > 500
    ]
    second += [(at, dict(row)) for at, row in second if r.random() < 0.02]
    return made(r, {"clients": first, "members": second}, TWO_FILES)


def households(r: Random, number: int) -> list[Person]:
    """Return people in households of one to five: they share address, family name and phone."""
    people: list[Person] = []
    while len(people) < number:
        people += _household(r, len(people))
    return people[:number]


def _household(r: Random, serial: int) -> list[Person]:
    home, family, phone = _home(r), family_names()(r), _phone(r)
    size = r.choice([1, 1, 2, 2, 3, 4])
    first = _person(r, serial, (family, home, phone), (r.randint(1935, 1985), *_month_day(r)))
    members = [first]
    for place in range(1, size):
        grown = place == 1
        year = first.born[0] + (r.randint(-8, 8) if grown else r.randint(20, 38))
        name = family_names()(r) if grown and r.random() < 0.3 else family
        shared = phone if r.random() < 0.5 else _phone(r)
        new = _person(r, serial + place, (name, home, shared), (year, *_month_day(r)))
        if not grown and r.random() < 0.15:
            new = replace(new, given=first.given)  # a son of his father's name
        if place == 3 and r.random() < 0.5:
            new = replace(new, born=members[2].born)  # a twin
        members.append(new)
    return members


def _person(
    r: Random, serial: int, shared: tuple[str, tuple[str, str, str], str], born: Day
) -> Person:
    family, home, phone = shared
    given = given_names()(r)
    middle = given_names()(r) if r.random() < 0.6 else ""
    email = f"{r.choice([given, given[0], family])}.{family}{serial % 97}@{_host(r)}".lower()
    number = f"{r.randint(100_000_000, 999_999_999)}"
    return Person(given, middle, family, born, home, phone, email, number)


def _host(r: Random) -> str:
    return r.choice(["gmail.com", "gmail.com", "outlook.com", "bigpond.net", "yahoo.com"])


def _home(r: Random) -> tuple[str, str, str]:
    suburb, code = r.choice(places())
    return f"{r.randint(1, 240)} {r.choice(streets())}", suburb, code


def _phone(r: Random) -> str:
    return f"04{r.randint(10, 99)} {r.randint(100, 999)} {r.randint(100, 999)}"


def _month_day(r: Random) -> tuple[int, int]:
    return r.randint(1, 12), r.randint(1, 28)


def _written(r: Random, person: Person, family: Sequence[Person], rate: float) -> Row:
    """Return one record of a person; a slip in each field with the given rate."""

    def spoilt(text: str) -> str:
        if r.random() >= rate:
            return text
        return misheard(r, text) if r.random() < 0.4 else slip(r, text)

    given, last = person.given, person.family
    if given in nicknames() and r.random() < rate:
        given = r.choice(nicknames()[given])
    born = wrong_day(r, person.born) if r.random() < rate else person.born
    lent = r.choice(family) if family and r.random() < 0.03 else person
    street, suburb, code = person.home
    given, last = spoilt(given), spoilt(last)
    if r.random() < rate / 4:
        given, last = last, given
    middle = r.choice([person.middle, person.middle[:1], ""])
    return {
        "given": sometimes(r, 0.03, given),
        "middle": middle,
        "family": sometimes(r, 0.01, last),
        "born": sometimes(r, 0.06, "{:04d}-{:02d}-{:02d}".format(*born)),
        "street": sometimes(r, 0.05, spoilt(street)),
        "suburb": sometimes(r, 0.05, spoilt(suburb)),
        "postcode": sometimes(r, 0.05, digits(r, code) if r.random() < rate / 2 else code),
        "phone": sometimes(r, 0.3, digits(r, person.phone) if r.random() < rate else person.phone),
        "email": sometimes(r, 0.4, spoilt(person.email)),
        "number": sometimes(r, 0.35, digits(r, lent.number) if r.random() < rate else lent.number),
    }  # fmt: skip


def _other_form(row: Row) -> Row:
    """Return a record as the other system writes it: other headers, days first, short streets."""
    year, month, day = row["born"].split("-") if row["born"] else ("", "", "")
    street = row["street"]
    for long, short in SHORT.items():
        street = street.removesuffix(long) + short if street.endswith(long) else street
    return {
        "first_name": row["given"].upper(),
        "surname": row["family"].upper(),
        "dob": f"{day}/{month}/{year}" if year else "",
        "address": street,
        "town": row["suburb"].upper(),
        "zip": row["postcode"],
        "mobile": row["phone"].replace(" ", "").replace("04", "+614", 1),
        "mail": row["email"],
    }


TWO_FILES = """
version: 1
fields:
  - {name: given, kind: given_name, columns: [given, first_name]}
  - {name: middle, kind: other_names, columns: [middle]}
  - {name: family, kind: family_name, columns: [family, surname]}
  - {name: born, kind: date, columns: [born, dob]}
  - {name: street, kind: street, columns: [street, address]}
  - {name: suburb, kind: city, columns: [suburb, town]}
  - {name: postcode, kind: postcode, columns: [postcode, zip]}
  - {name: phone, kind: phone, columns: [phone, mobile]}
  - {name: email, kind: email, columns: [email, mail]}
"""
