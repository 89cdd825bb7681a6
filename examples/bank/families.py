"""Tie people of a chunk into families that share homes, phones and names."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from examples.bank.frame import Array, Frame, Rows
from examples.bank.lexicon import EMPTY, lexicon
from examples.bank.people import HAN, Chunk, draw_names
from examples.bank.places import DISTRICT

_YEAR = 365.2425


@dataclass
class Ties:
    """Pairs of rows by kind, two columns each: what makes people look alike without being one."""

    pairs: dict[str, Array] = field(default_factory=dict)

    def add(self, kind: str, left: Rows, right: Rows) -> None:
        """Note pairs of different entities (rows of the chunk)."""
        new = np.column_stack([left, right]).astype(np.int64)
        self.pairs[kind] = np.concatenate([self.pairs[kind], new]) if kind in self.pairs else new


def tie_families(random: np.random.Generator, people: Frame, chunk: Chunk) -> Ties:
    """Marry two in five, make children of one in six, and let them share what families share.

    Rows: husbands, wives, children, then singles. Everybody in a family is Han Chinese, so that
    one name follows from another.
    """
    n = len(people)
    couples, children = n // 5, n // 6
    husband, wife = np.arange(couples), couples + np.arange(couples)
    child = 2 * couples + np.arange(children)
    people["origin"][: 2 * couples + children] = HAN
    people["country"][: 2 * couples + children] = 0
    people["spouse"][husband], people["spouse"][wife] = wife, husband
    people["sex"][husband], people["sex"][wife] = 1, 0
    born = people["born"][husband] + np.floor(random.normal(730, 1000, couples)).astype(np.int64)
    youngest = chunk.today - 8036 - random.integers(0, 2200, couples)
    people["born"][wife] = np.where(born > youngest, youngest, born)
    _bear(random, people, child, couples, chunk.today)
    draw_names(random, people)
    ties = Ties()
    twins = _twins(random, people, child, chunk)
    ties.add("twins", child[twins], child[twins] + 1)
    _name_after_father(random, people, child, twins)
    _share_homes(random, people, husband, wife, child, chunk.today)
    _siblings(people, child, twins, ties)
    _share_phones(random, people, husband, wife, child, chunk, ties)
    return ties


def _bear(
    random: np.random.Generator, people: Frame, child: Rows, couples: int, today: int
) -> None:
    """Give every child parents of a fitting age; about a third are minors, others grown up."""
    mother_age = (today - people["born"][couples : 2 * couples]) / _YEAR
    young = np.flatnonzero((mother_age > 22) & (mother_age < 50))
    old = np.flatnonzero(mother_age >= 42)
    minors = int(len(child) * 0.36)
    # Fewer mothers than children, so that many have brothers and sisters.
    chosen = np.concatenate(
        [_parents(random, young, minors), _parents(random, old, len(child) - minors)]
    )
    age = mother_age[chosen]
    low = np.where(np.arange(len(child)) < minors, 20, np.maximum(20, age - 45))
    high = np.where(np.arange(len(child)) < minors, age - 0.2, np.minimum(38, age - 18.1))
    low = np.where(np.arange(len(child)) < minors, np.maximum(20, age - 17.9), low)
    at = low + random.random(len(child)) * np.maximum(high - low, 0.01)
    people["father"][child], people["mother"][child] = chosen, couples + chosen
    people["born"][child] = today - np.floor((age - at) * _YEAR).astype(np.int64)


def _parents(random: np.random.Generator, eligible: Rows, size: int) -> Rows:
    pool = random.permutation(eligible)[: max(1, int(size * 0.75))]
    return random.choice(pool, size)


def _twins(random: np.random.Generator, people: Frame, child: Rows, chunk: Chunk) -> Rows:
    """Make pairs of neighbours among the children twins: 3 in 1,000 of all people, at least two.

    Returns the positions in ``child`` of the first of each pair.
    """
    pairs = chunk.share(0.003, 2)
    first = np.sort(random.permutation(len(child) // 2 - 1)[:pairs] * 2)
    a, b = child[first], child[first] + 1
    for column in ("father", "mother", "born"):
        people[column][b] = people[column][a]
    return first


def _name_after_father(
    random: np.random.Generator, people: Frame, child: Rows, twins: Rows
) -> None:
    """Pass on the surname; in two families of five, children share a generation character."""
    father = people["father"][child]
    people["family"][child] = people["family"][father]
    shares = random.random(len(people)) < 0.4
    generation = random.choice(lexicon().common, len(people))
    same = shares[father] & (people["given2"][child] != EMPTY)
    people["given1"][child[same]] = generation[father[same]]
    a, b = child[twins], child[twins] + 1
    for row in (a, b):
        empty = row[people["given2"][row] == EMPTY]
        people["given2"][empty] = random.choice(lexicon().common, len(empty))
    people["given1"][b] = people["given1"][a]


def _share_homes(
    random: np.random.Generator, people: Frame, husband: Rows, wife: Rows, child: Rows, today: int
) -> None:
    """Couples, minors and a third of grown children live at one address and move together."""
    minor = people["born"][child] > today - 18 * _YEAR
    stays = child[minor | (random.random(len(child)) < 0.35)]
    for rows, whose in ((wife, husband), (stays, people["father"][stays])):
        for column in ("address", "old_address", "moved", "landline"):
            people[column][rows] = people[column][whose]
    born_here = random.random(len(stays)) < 0.8
    people["birthplace"][stays[born_here]] = people["address"][stays[born_here], DISTRICT]


def _siblings(people: Frame, child: Rows, twins: Rows, ties: Ties) -> None:
    """Twins share home and registration; other children of one father are siblings."""
    a, b = child[twins], child[twins] + 1
    for column in ("address", "old_address", "moved", "birthplace"):
        people[column][b] = people[column][a]
    order = child[np.argsort(people["father"][child], kind="stable")]
    same = people["father"][order[1:]] == people["father"][order[:-1]]
    apart = people["born"][order[1:]] != people["born"][order[:-1]]
    ties.add("siblings", order[:-1][same & apart], order[1:][same & apart])


def _share_phones(
    random: np.random.Generator,
    people: Frame,
    husband: Rows,
    wife: Rows,
    child: Rows,
    chunk: Chunk,
    ties: Ties,
) -> None:
    """Let some use the number of a relative: it stands for both and both give it as theirs."""
    minor = people["born"][child] > chunk.today - 18 * _YEAR
    young, grown = child[minor], child[~minor]
    young = young[random.random(len(young)) < 0.9]
    parent = np.where(
        random.random(len(young)) < 0.6, people["mother"][young], people["father"][young]
    )
    wives = wife[random.random(len(wife)) < 0.1]
    sons = grown[people["sex"][grown] == 1]
    sons = sons[np.unique(people["father"][sons], return_index=True)[1]]
    sons = sons[: chunk.share(0.005, 2)]
    fathers = people["father"][sons]
    for column in ("address", "old_address", "moved"):
        people[column][fathers] = people[column][sons]
    for kind, user, owner in (
        ("spouses_one_phone", wives, people["spouse"][wives]),
        ("father_son_one_phone", fathers, sons),
        ("minor_on_parents_phone", young, parent),
    ):
        for column in ("phone", "old_phone", "phone_since"):
            people[column][user] = people[column][owner]
        ties.add(kind, user, owner)
