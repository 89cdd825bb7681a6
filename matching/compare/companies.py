"""Comparing organisations' names by their parsed parts: region, core, legal form, branch.

A branch is another party than its head, 第一 another firm than 第二, and Pfizer in Germany another
than in France: such pairs get levels of their own, below every kind of likeness, so that no rule
takes them for one. Cores that differ are compared by ``han_companies`` and ``companies_latin``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from matching.columns import (
    Codes,
    Ints,
    Judge,
    Levels,
    Mask,
    Values,
    best_level,
    distinct_pairs,
    encode,
    known,
    marked,
    pc,
    same,
)
from matching.compare.companies_latin import LatinCompanies, latin_levels
from matching.compare.han_companies import HanCompanies, han_levels
from matching.compare.levels import level
from matching.values import Frame


@dataclass(frozen=True, slots=True)
class Companies:
    """What is known of each distinct company name, by code. -1 where it is not known."""

    whole: Mask
    spelling: Codes
    sound: Codes
    region: Codes
    core: Codes
    form: Codes
    branch: Codes
    han: HanCompanies
    latin: LatinCompanies


def company_levels(frame: Frame) -> Judge:
    """Return the comparison ``company``, on arrays of records: the best over all their names."""
    companies = prepare_companies(frame.company_names)
    return partial(
        best_level, frame.company_names.column, judge=partial(judge_companies, companies)
    )


def prepare_companies(values: Values) -> Companies:
    """Return what ``judge_companies`` needs of a column of normalised names."""
    status = values.texts("status")
    return Companies(
        whole=~(marked(status, "masked") | marked(status, "partial")),
        spelling=encode(values.texts("fold_key")),
        sound=encode(values.texts("sound_key")),
        region=encode(values.texts("org_region")),
        core=encode(values.texts("org_core")),
        form=encode(values.texts("org_form")),
        branch=encode(pc.fill_null(values.texts("org_branch"), "")),
        han=HanCompanies.of(values),
        latin=LatinCompanies.of(values),
    )


def judge_companies(names: Companies, left: Codes, right: Codes) -> Levels:
    """Return the level of couples of name codes."""
    core = same(names.core, left, right)
    sound = same(names.sound, left, right)
    regions_differ = known(names.region, left, right) & ~same(names.region, left, right)
    result = np.full(len(left), level("company", "differ"), dtype=np.uint8)
    told = known(names.core, left, right)
    latin = names.latin.latin[left] & names.latin.latin[right]
    _put(result, np.flatnonzero(told & latin), latin_levels, names.latin, left, right)
    han = told & ~core & names.han.han[left] & names.han.han[right]
    _put(result, np.flatnonzero(han), han_levels, names.han, left, right)
    result[sound & ~latin] = level("company", "sound")
    result[core & ~latin] = level("company", "core")
    result[core & ~latin & same(names.form, left, right)] = level("company", "form")
    result[core & regions_differ] = level("company", "region")
    exact = names.whole[left] & names.whole[right] & same(names.spelling, left, right)
    full = exact & same(names.form, left, right) & same(names.region, left, right)
    result[exact] = level("company", "exact")
    result[full] = level("company", "registered")
    branch = (names.branch[left] != names.branch[right]) & (core | sound)
    result[branch] = level("company", "branch")
    return result


def _put(result: Levels, some: Ints, judge: Any, names: object, left: Codes, right: Codes) -> None:
    """Put the levels ``judge`` finds for ``some`` couples, each distinct couple judged once."""
    if len(some):
        one, other, at = distinct_pairs(left[some], right[some])
        result[some] = judge(names, one, other)[at]
