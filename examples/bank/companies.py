"""Draw the organisations of one chunk: companies, branches, sisters and household businesses."""

from __future__ import annotations

from functools import cache

import numpy as np

from examples.bank import days, numbers
from examples.bank.families import Ties
from examples.bank.frame import Array, Frame, Rows
from examples.bank.people import Chunk, adults
from examples.bank.places import DISTRICT, draw_addresses, places
from examples.bank.words import word_lists

COMPANY, BRANCH, HOUSEHOLD = range(3)
# What stands between core and industry, so that sisters differ in one word.
MODIFIERS = ("", "第一", "第二", "华东", "华西")
_SHARE = 5 / 95  # organisations are 5 % of all parties
_SISTER_PAIRS = 0.03
_AGENT_FIRMS = 200  # clients of one bookkeeping agent, who leaves his own phone number
_OWNER_FIRMS = 20  # companies of one legal representative


def draw_companies(
    random: np.random.Generator, people: Frame, chunk: Chunk, first: int, ties: Ties
) -> Frame:
    """Return organisations whose owners are rows of ``people``; note look-alikes in ``ties``.

    ``seat`` is the district of registration, which company names begin with, ``site`` the one that
    branches and household businesses are named after; neither moves with the address.

    78 % companies, 14 % branches (12 % of companies have some), 8 % household businesses. Ties
    between organisations point at rows of the result.
    """
    total = chunk.share(_SHARE, 12)
    branches, households = total * 14 // 100, total * 8 // 100
    heads = total - branches - households
    kind = np.repeat([COMPANY, BRANCH, HOUSEHOLD], [heads, branches, households]).astype(np.int8)
    companies = _draw(random, kind, people, chunk, first)
    _branch_out(random, companies, heads, ties)
    _make_sisters(random, companies, heads, chunk, ties)
    _keep_names_apart(random, companies, heads)
    _follow_owner(companies, np.flatnonzero(kind == HOUSEHOLD), people, ties)
    _share_phones(companies, people, heads, chunk, ties)
    region = places().code[companies["seat"]]
    companies["uscc"] = numbers.credit_codes(
        region, companies["entity"], kind == HOUSEHOLD, chunk.key
    )
    return companies


def _draw(
    random: np.random.Generator, kind: Array, people: Frame, chunk: Chunk, first: int
) -> Frame:
    n = len(kind)
    entity = first + np.arange(n)
    address = draw_addresses(random, n)
    cores = len(word_lists()["core_characters"])
    core = random.integers(0, cores, (n, 3))
    core[random.random(n) < 0.7, 2] = -1
    registered = chunk.today - random.integers(90, 9000, n)
    return Frame(
        entity=entity,
        kind=kind,
        head=np.full(n, -1),
        seat=address[:, DISTRICT].copy(),
        site=address[:, DISTRICT].copy(),
        core=core,
        old_core=random.integers(0, cores, n),
        renamed=np.where(
            random.random(n) < 0.03, chunk.today - random.integers(60, 2000, n), days.NEVER
        ),
        style=random.choice([0, 1, 2], n, p=[0.6, 0.3, 0.1]).astype(np.int8),
        modifier=np.zeros(n, np.int8),
        industry=(len(word_lists()["industries"]) * random.random(n) ** 1.6).astype(np.int8),
        trade=random.integers(0, len(word_lists()["household_trades"]), n).astype(np.int8),
        form=random.integers(0, len(word_lists()["forms"]), n).astype(np.int8),
        owner=random.choice(np.flatnonzero(adults(people, chunk.today)), n),
        phone=numbers.mobiles(entity * 3 + 2, chunk.key),
        old_phone=numbers.mobiles(entity * 3 + 2, chunk.key),
        phone_since=np.full(n, days.NEVER),
        address=address,
        old_address=draw_addresses(random, n),
        moved=chunk.today - np.floor(random.exponential(2500, n)).astype(np.int64),
        registered=registered,
    )


def _branch_out(random: np.random.Generator, companies: Frame, heads: int, ties: Ties) -> None:
    """Hang branches on 12 % of the companies; a branch has the name and owner of its head."""
    branch = np.flatnonzero(companies["kind"] == BRANCH)
    parents = random.permutation(heads)[: max(1, round(heads * 0.12))]
    head = parents[np.arange(len(branch)) % len(parents)]
    companies["head"][branch] = head
    for column in ("seat", "core", "style", "modifier", "industry", "form", "owner"):
        companies[column][branch] = companies[column][head]
    companies["renamed"][branch] = days.NEVER
    companies["renamed"][head] = days.NEVER
    ties.add("company_and_branch", head, branch)


def _make_sisters(
    random: np.random.Generator, companies: Frame, heads: int, chunk: Chunk, ties: Ties
) -> None:
    """Make pairs that differ in 第一/第二, 华东/华西 or one character of the core."""
    free = np.setdiff1d(np.arange(heads), companies["head"])
    pairs = chunk.share(_SHARE * 0.78 * _SISTER_PAIRS, 3)
    rows = random.permutation(free)
    a, b = rows[:pairs], rows[pairs : 2 * pairs]
    for column in ("seat", "core", "style", "industry", "form", "owner"):
        companies[column][b] = companies[column][a]
    companies["renamed"][np.concatenate([a, b])] = days.NEVER
    way = np.arange(pairs) % 3
    for index, (left, right) in enumerate(((1, 2), (3, 4))):
        companies["modifier"][a[way == index]] = left
        companies["modifier"][b[way == index]] = right
    changed = b[way == 2]
    size = len(word_lists()["core_characters"])
    companies["core"][changed, 1] = (
        companies["core"][changed, 1] + 1 + random.integers(0, size - 1, len(changed))
    ) % size
    ties.add("sister_companies", a, b)


def _keep_names_apart(random: np.random.Generator, companies: Frame, heads: int) -> None:
    """Give companies that met a namesake in their city a third character, as the registry would."""
    rows = np.arange(heads)
    city = np.array(places().city)
    number_of = {name: i for i, name in enumerate(dict.fromkeys(places().city))}
    seat = np.array([number_of[name] for name in city])[companies["seat"][rows]]
    key = np.column_stack(
        [seat, companies["core"][rows], companies["modifier"][rows], companies["industry"][rows]]
    )
    _, first = np.unique(key, axis=0, return_index=True)
    again = np.setdiff1d(rows, first)
    companies["core"][again, 2] = random.integers(
        0, len(word_lists()["core_characters"]), len(again)
    )


def _follow_owner(companies: Frame, rows: Rows, people: Frame, ties: Ties) -> None:
    """A household business has its owner's phone and district; half belong to a company's owner."""
    half = rows[: len(rows) // 2]
    companies["owner"][half] = companies["owner"][: len(half)]
    ties.add("company_and_owners_household", np.arange(len(half)), half)
    _use_owners_phone(companies, rows, people)
    home = people["address"][companies["owner"][rows], DISTRICT]
    companies["address"][rows, DISTRICT] = home
    companies["seat"][rows] = home
    companies["site"][rows] = home


def _share_phones(companies: Frame, people: Frame, heads: int, chunk: Chunk, ties: Ties) -> None:
    """Half the companies give their owner's mobile; some owners and agents stand for many."""
    _use_owners_phone(companies, np.arange(1, heads, 2), people)
    rows = np.setdiff1d(np.arange(heads), companies["head"])
    for group in _groups(rows[: len(rows) // 2], _AGENT_FIRMS, heads, chunk):
        companies["phone"][group] = companies["phone"][group[0]]
        companies["old_phone"][group] = companies["old_phone"][group[0]]
        ties.add("bookkeeping_agent_phone", np.full(len(group) - 1, group[0]), group[1:])
    for group in _groups(rows[len(rows) // 2 :], _OWNER_FIRMS, heads, chunk):
        companies["owner"][group] = companies["owner"][group[0]]
        _use_owners_phone(companies, group, people)
        ties.add("one_legal_rep_many_companies", np.full(len(group) - 1, group[0]), group[1:])


def _use_owners_phone(companies: Frame, rows: Rows, people: Frame) -> None:
    for column in ("phone", "old_phone", "phone_since"):
        companies[column][rows] = people[column][companies["owner"][rows]]


def _groups(rows: Rows, size: int, heads: int, chunk: Chunk) -> list[Rows]:
    """Cut groups of ``size`` (fewer in a small bank): one per 4,000 companies, at least one."""
    size = min(size, max(3, heads // 12))
    groups = chunk.share(heads / 4_000 / chunk.size, 1)
    return [rows[i * size : (i + 1) * size] for i in range(groups) if len(rows) >= (i + 1) * size]


@cache
def city_words() -> tuple[str, ...]:
    """Return, per district, its city as company names have it: without 市."""
    return tuple(name.removesuffix("市") for name in places().city)
