"""Draw the people of one chunk: names, birth dates, homes, phones and documents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from examples.bank import days, numbers
from examples.bank.frame import Array, Frame, Mask
from examples.bank.lexicon import EMPTY, Lexicon, lexicon
from examples.bank.places import DISTRICT, draw_addresses, draw_birthplaces, places
from examples.bank.words import word_lists

# Origins: what kind of name and first document a person has.
HAN, MINORITY, FOREIGN, HONG_KONG, MACAU, TAIWAN = range(6)
_ORIGIN_SHARES = np.cumsum([0.978, 0.006, 0.005, 0.005, 0.002, 0.004])
COUNTRIES = ("CN", *(people["country"] for people in word_lists()["foreign"]))

# Classes of number, as the shared schema names them.
ID_CLASSES = ("resident_id", "passport_foreign", "hkmo_permit", "tw_permit")
RESIDENT, PASSPORT, HKMO, TAIWAN_PERMIT = range(4)

# Ages of adults: from, to, share of the bank's customers.
_AGES = (
    (18, 30, 0.18),
    (30, 40, 0.24),
    (40, 50, 0.20),
    (50, 60, 0.18),
    (60, 70, 0.12),
    (70, 86, 0.08),
)
_SINGLE = {1900: 0.10, 1960: 0.27, 1980: 0.22, 2000: 0.08}
_RARE_SHARE = 0.045
_SLOTS = 60


@dataclass(frozen=True, slots=True)
class Chunk:
    """Which part of the population is drawn: its number, first entity, size and date.

    ``key`` shifts all unique numbers, so that banks of different seeds share none by design.
    """

    number: int
    first: int
    size: int
    today: int
    key: int

    def share(self, rate: float, fewest: int) -> int:
        """Return how many a share of this chunk is; in the bank's first chunk never too few.

        Small banks have every kind of look-alike that way, and newcomers are not full of them.
        """
        return max(fewest if self.number == 0 else 0, round(self.size * rate))


def draw_people(random: np.random.Generator, chunk: Chunk) -> Frame:
    """Return ``chunk.size`` adults, still without names, family or documents."""
    n = chunk.size
    entity = chunk.first + np.arange(n)
    address = draw_addresses(random, n)
    return Frame(
        entity=entity,
        sex=random.integers(0, 2, n).astype(np.int8),
        born=_birth_days(random, n, chunk.today),
        origin=np.searchsorted(_ORIGIN_SHARES, random.random(n), side="right").clip(0, 5),
        country=np.zeros(n, np.int8),
        address=address,
        old_address=draw_addresses(random, n),
        moved=chunk.today - np.floor(random.exponential(1200, n)).astype(np.int64),
        birthplace=draw_birthplaces(random, address[:, DISTRICT]),
        phone=numbers.mobiles(entity * 3, chunk.key),
        old_phone=numbers.mobiles(entity * 3 + 1, chunk.key),
        phone_since=chunk.today - np.floor(random.exponential(8180, n)).astype(np.int64),
        landline=np.where(random.random(n) < 0.25, random.integers(2 * 10**7, 9 * 10**7, n), 0),
        mail=np.where(random.random(n) < 0.55, random.integers(1, 10**6, n), 0),
        occupation=random.integers(0, len(word_lists()["occupations"]), n).astype(np.int8),
        education=random.integers(1, 6, n).astype(np.int8),
        employer=np.full(n, -1),
        father=np.full(n, -1),
        mother=np.full(n, -1),
        spouse=np.full(n, -1),
    )


def _birth_days(random: np.random.Generator, n: int, today: int) -> Array:
    """Spread adults over the age bands."""
    bands = np.array(_AGES)
    band = random.choice(len(bands), n, p=bands[:, 2])
    age = bands[band, 0] + (bands[band, 1] - bands[band, 0]) * random.random(n)
    ago: Array = np.floor(age * 365.2425).astype(np.int64)
    return today - 1 - ago


def draw_names(random: np.random.Generator, people: Frame) -> None:
    """Set ``family``, ``given1``, ``given2`` (tokens) after sex, birth year and origin."""
    known = lexicon()
    n = len(people)
    people["family"] = known.surnames.pick(random.random(n))
    people["given1"] = given_characters(random, people, known)
    people["given2"] = given_characters(random, people, known)
    cohort = _cohort(people, known)
    single = random.random(n) < np.array([_SINGLE[start] for start in known.cohorts])[cohort]
    people["given2"][single] = EMPTY
    last = np.where(single, "given1", "given2")
    rare = random.random(n) < _RARE_SHARE
    for column in ("given1", "given2"):
        here = rare & (last == column)
        people[column][here] = random.choice(known.rare, int(here.sum()))
    _minority_names(random, people, known)
    _foreign_names(random, people, known)


def given_characters(random: np.random.Generator, people: Frame, known: Lexicon) -> Array:
    """Return one given-name character per person, by sex and cohort, one in nine from anywhere."""
    n = len(people)
    chance = random.random(n)
    cohort = _cohort(people, known)
    chosen = random.choice(known.common, n).astype(np.int32)
    usual = random.random(n) >= 1 / 9
    for sex in (0, 1):
        for index in range(len(known.cohorts)):
            rows = usual & (people["sex"] == sex) & (cohort == index)
            chosen[rows] = known.given[sex][index].pick(chance[rows])
    return chosen


def _cohort(people: Frame, known: Lexicon) -> Array:
    year = days.parts(people["born"])[0]
    return np.searchsorted(known.cohorts, year, side="right") - 1


def _minority_names(random: np.random.Generator, people: Frame, known: Lexicon) -> None:
    """Give a transliterated name, held as one token, with its dot."""
    rows = np.flatnonzero(people["origin"] == MINORITY)
    people["family"][rows] = random.choice(known.minority[:, 0], len(rows))
    people["given1"][rows] = EMPTY
    people["given2"][rows] = EMPTY


def _foreign_names(random: np.random.Generator, people: Frame, known: Lexicon) -> None:
    rows = np.flatnonzero(people["origin"] == FOREIGN)
    whose = random.integers(0, len(known.foreigners), len(rows))
    for index, names in enumerate(known.foreigners):
        mine = rows[whose == index]
        people["country"][mine] = COUNTRIES.index(names.country)
        people["family"][mine] = random.choice(names.family, len(mine))
        people["given2"][mine] = EMPTY
        for sex in (0, 1):
            same = mine[people["sex"][mine] == sex]
            people["given1"][same] = random.choice(names.given[sex], len(same))


def draw_former_names(random: np.random.Generator, people: Frame, today: int) -> None:
    """Let one in 200 have had another given name until some day in the last eight years."""
    n = len(people)
    renamed = (random.random(n) < 0.005) & (people["origin"] == HAN)
    people["old_family"] = people["family"].copy()
    people["mail_family"], people["mail_given"] = people["family"].copy(), people["given1"].copy()
    people["old_given1"] = np.where(
        renamed, given_characters(random, people, lexicon()), people["given1"]
    )
    people["old_given2"] = people["given2"].copy()
    ago = random.integers(30, 8 * 365, n)
    people["renamed"] = np.where(renamed, today - ago, days.NEVER)


def give_documents(random: np.random.Generator, people: Frame, chunk: Chunk) -> None:
    """Set the first document of everybody, passports of some, and the first one's expiry."""
    n = len(people)
    origin = people["origin"]
    ids = resident_numbers(people, chunk)
    classes = np.full(n, RESIDENT, np.int8)
    for kind, group, prefix, width in (
        (PASSPORT, origin == FOREIGN, b"P", 8),
        (HKMO, origin == HONG_KONG, b"H", 8),
        (HKMO, origin == MACAU, b"M", 8),
        (TAIWAN_PERMIT, origin == TAIWAN, b"", 8),
    ):
        classes[group] = kind
        serial = numbers.scatter(people["entity"][group], 10**width, chunk.key)
        ids[group] = numbers.prefixed(prefix, serial, width)
    people["id_class"] = classes
    people["id"] = ids
    people["old_id"] = ids.copy()
    people["reissued"] = np.full(n, days.NEVER)
    serial = numbers.scatter(people["entity"], 10**8, chunk.key + 17)
    passports = numbers.prefixed(b"E", serial, 8)
    has_passport = (random.random(n) < 0.15) & (classes == RESIDENT)
    people["passport"] = np.where(has_passport, passports, b"")
    people["expires"] = _expiry(random, people, chunk.today)


def resident_numbers(people: Frame, chunk: Chunk) -> Array:
    """Return citizen numbers; nobody else in any chunk has the same.

    Of the 500 sequence numbers that a district has for a day and a sex, every chunk owns 8, which
    ones differs from day to day. Twins stand next to each other.
    """
    region = _region_codes(people)
    group = np.stack([region, people["born"], people["sex"].astype(np.int64)])
    order = np.lexsort(group)
    starts = np.concatenate([[True], np.any(np.diff(group[:, order]) != 0, axis=0)])
    rank = np.arange(len(people)) - np.maximum.accumulate(
        np.where(starts, np.arange(len(people)), 0)
    )
    within = np.empty(len(people), np.int64)
    within[order] = rank
    shift = (region * 31 + people["born"] * 17 + chunk.key) % 500
    sequence = (chunk.number % _SLOTS * 8 + within % 8 + shift) % 500
    return numbers.resident_ids(region, people["born"], sequence * 2 + people["sex"])


def _region_codes(people: Frame) -> Array:
    """Birth district, or the code of Hong Kong, Macau and Taiwan residence permits."""
    code = places().code[people["birthplace"]]
    special = {HONG_KONG: 810000, MACAU: 820000, TAIWAN: 830000}
    for origin, region in special.items():
        code = np.where(people["origin"] == origin, region, code)
    return code


def _expiry(random: np.random.Generator, people: Frame, today: int) -> Array:
    """Cards last 5 years below 16, 10 to 25, 20 to 45, then for ever; some have run out."""
    age = (today - people["born"]) / 365.2425
    years = np.select([age < 16, age < 26, age < 46], [5, 10, 20], default=0)
    left = np.floor((random.random(len(people)) * 1.05 - 0.05) * years * 365.2425)
    return np.where(years == 0, days.LONG_TERM, today + left).astype(np.int64)


def adults(people: Frame, today: int) -> Mask:
    """Return who is 18 or older."""
    return np.asarray(people["born"] <= today - 6575)
