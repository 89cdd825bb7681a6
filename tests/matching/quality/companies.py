"""Companies: legal forms, abbreviations, sisters, cities, register numbers; and names alone."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.matching.quality.made import Made, Row, made
from tests.matching.quality.slips import digits, slip, sometimes
from tests.matching.quality.words import SHORT, family_names, listed, places, streets

_TRADES = listed(
    "Engineering Logistics Foods Consulting Systems Pharma Textiles Energy Motors Construction "
    "Software Trading Plastics Packaging Instruments Chemicals Furniture Travel Printing Marine"
)
_FORMS = (
    ("Limited", "Ltd", "Ltd."),
    ("Incorporated", "Inc", "Inc."),
    ("GmbH", "G.m.b.H.", "GmbH"),
    ("Corporation", "Corp", "Corp."),
    ("S.A.", "SA", "S.A"),
    ("Private Limited", "Pvt Ltd", "P. Ltd"),
)
_SHORTER = {"Engineering": "Eng.", "Construction": "Constr.", "International": "Intl",
            "Systems": "Sys", "Brothers": "Bros", "and": "&", "Chemicals": "Chem."}  # fmt: skip

FIELDS = """
version: 1
fields:
  - {name: name, kind: company, columns: [company]}
  - {name: register, kind: identifier, columns: [reg_no]}
  - {name: street, kind: street, columns: [street]}
  - {name: city, kind: city, columns: [city]}
  - {name: postcode, kind: postcode, columns: [zip]}
  - {name: phone, kind: phone, columns: [phone]}
"""
ALONE = """
version: 1
fields:
  - {name: name, kind: company, columns: [company]}
"""


@dataclass(frozen=True)
class Company:
    """One company as it is registered."""

    words: tuple[str, ...]
    form: tuple[str, ...]
    number: str
    street: str
    city: tuple[str, str]
    phone: str


def companies() -> Made:
    """One file of about 2,800 records; some families of companies share a name and an address."""
    r = Random("companies")
    rows = [
        (entity, _row(r, company))
        for entity, company in enumerate(_world(r, 1500))
        for _ in range(r.choice([1, 1, 1, 2, 2, 3, 4]))
    ]
    return made(r, {"companies": rows}, FIELDS)


def names_alone() -> Made:
    """Names and nothing else: what two of them may be is guessed with care."""
    r = Random("company names")
    rows = [
        (entity, {"company": _name(r, company)})
        for entity, company in enumerate(_world(r, 1500))
        for _ in range(r.choice([1, 1, 2, 2, 3]))
    ]
    return made(r, {"companies": rows}, ALONE)


def _world(r: Random, number: int) -> list[Company]:
    result: list[Company] = []
    while len(result) < number:
        company = _company(r)
        result.append(company)
        if r.random() < 0.08:  # a sister: another trade, the same house
            words = (company.words[0], r.choice(_TRADES))
            serial = str(int(company.number) + 1)
            result.append(
                Company(words, company.form, serial, company.street, company.city, company.phone)
            )
    return result[:number]


def _company(r: Random) -> Company:
    first = family_names()(r)
    style = r.random()
    words: tuple[str, ...] = (first, r.choice(_TRADES))
    if style < 0.2:
        words = (first, "and", family_names()(r), r.choice(_TRADES))
    elif style < 0.3:
        words = (first, "Brothers", r.choice(_TRADES))
    elif style < 0.45:
        words = (first, r.choice(_TRADES), "International")
    street = f"{r.randint(1, 300)} {r.choice(streets())}"
    number = str(r.randint(10_000_000, 99_999_999))
    phone = f"0{r.randint(2, 8)} {r.randint(2000, 9999)} {r.randint(1000, 9999)}"
    return Company(words, r.choice(_FORMS), number, street, r.choice(places()), phone)


def _name(r: Random, company: Company) -> str:
    words = [
        _SHORTER[word] if word in _SHORTER and r.random() < 0.4 else word for word in company.words
    ]
    if r.random() < 0.08:
        at = r.randrange(len(words))
        words[at] = slip(r, words[at])
    form = r.choice(company.form) if r.random() < 0.8 else ""
    name = " ".join([*words, form]).strip()
    return name.upper() if r.random() < 0.3 else name


def _row(r: Random, company: Company) -> Row:
    name = _name(r, company)
    street = company.street
    moved = r.random() < 0.1
    if moved:
        street = f"{r.randint(1, 300)} {r.choice(streets())}"
    elif r.random() < 0.4:
        kind = street.split()[-1]
        street = street.removesuffix(kind) + SHORT.get(kind, kind)
    number = digits(r, company.number) if r.random() < 0.05 else company.number
    return {
        "company": name,
        "reg_no": sometimes(r, 0.4, number),
        "street": sometimes(r, 0.15, slip(r, street) if r.random() < 0.08 else street),
        "city": sometimes(r, 0.1, company.city[0]),
        "zip": sometimes(r, 0.15, company.city[1]),
        "phone": sometimes(r, 0.4, company.phone),
    }
