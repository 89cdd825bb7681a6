"""Comparing organisations' names by their parsed parts: region, core, legal form, branch.

A branch is another party than its head, and 第一 is another firm than 第二: such pairs get levels
of their own, below every kind of likeness, so that no rule takes them for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from matching.columns import (
    Codes,
    Judge,
    Levels,
    Mask,
    Texts,
    Values,
    best_level,
    distinct_pairs,
    encode,
    known,
    marked,
    pc,
    same,
)
from matching.compare.levels import level
from matching.values import Frame

# Characters that tell sister companies apart: numbers and directions.
_SERIAL = "一二三四五六七八九十0123456789东西南北中甲乙丙丁上下新老"
_NEAR = 85.0
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class _Companies:
    """What is known of each distinct company name, by code. -1 where it is not known."""

    whole: Mask
    spelling: Codes
    sound: Codes
    region: Codes
    core: Codes
    form: Codes
    branch: Codes
    serial: Codes
    cores: NDArray[np.object_]

    def at(self, codes: Codes) -> NDArray[np.object_]:
        """Return the cores of names, "" where unknown."""
        return self.cores[codes]


def company_levels(frame: Frame) -> Judge:
    """Return the comparison ``company``, on arrays of records: the best over all their names."""
    companies = _companies(frame.company_names)
    return partial(best_level, frame.company_names.column, judge=partial(_judge, companies))


def _judge(names: _Companies, left: Codes, right: Codes) -> Levels:
    core = same(names.core, left, right)
    form = same(names.form, left, right)
    sound = same(names.sound, left, right)
    regions_differ = known(names.region, left, right) & ~same(names.region, left, right)
    result = np.full(len(left), level("company", "differ"), dtype=np.uint8)
    some = np.flatnonzero(~core)
    result[some] = _near(names, left[some], right[some])
    result[sound] = level("company", "sound")
    result[core] = level("company", "core")
    result[core & form] = level("company", "form")
    result[core & regions_differ] = level("company", "region")
    exact = names.whole[left] & names.whole[right] & same(names.spelling, left, right)
    full = exact & form & same(names.region, left, right)
    result[exact] = level("company", "exact")
    result[full] = level("company", "registered")
    result[(names.branch[left] != names.branch[right]) & (core | sound)] = level(
        "company", "branch"
    )
    return result


def _near(names: _Companies, left: Codes, right: Codes) -> Levels:
    """Cores that are spelled alike: near, unless what differs is a number or a direction."""
    result = np.full(len(left), level("company", "differ"), dtype=np.uint8)
    some = np.flatnonzero(known(names.core, left, right))
    if len(some) == 0:
        return result
    a, b, at = distinct_pairs(left[some], right[some])
    scores: Any = cpdist(names.at(a), names.at(b), scorer=ratio, score_cutoff=_NEAR / 2)
    serial = (names.serial[a] != names.serial[b]) & (scores >= _NEAR / 2)
    levels = np.full(len(a), level("company", "differ"), dtype=np.uint8)
    levels[_shortened(names, a, b)] = level("company", "short")
    levels[(scores >= _NEAR) & ~serial] = level("company", "near")
    levels[serial] = level("company", "serial")
    result[some] = levels[at]
    return result


def _shortened(names: _Companies, left: Codes, right: Codes) -> Mask:
    """Tell where one core begins with the other, as 腾讯 for 腾讯科技."""
    found = [
        len(one) >= _SHORTEST
        and len(other) >= _SHORTEST
        and (one.startswith(other) or other.startswith(one))
        for one, other in zip(names.at(left), names.at(right), strict=True)
    ]
    return np.array(found, dtype=bool)


def _companies(values: Values) -> _Companies:
    status = values.texts("status")
    core = values.texts("org_core")
    branch = pc.fill_null(values.texts("org_branch"), "")
    return _Companies(
        whole=~(marked(status, "masked") | marked(status, "partial")),
        spelling=encode(values.texts("fold_key")),
        sound=encode(values.texts("sound_key")),
        region=encode(values.texts("org_region")),
        core=encode(core),
        form=encode(values.texts("org_form")),
        branch=encode(branch),
        serial=encode(_serials(core)),
        cores=np.array([text or "" for text in core.to_pylist()], dtype=object),
    )


def _serials(cores: Texts) -> Texts:
    """Only the numbers and directions of each core."""
    return pc.replace_substring_regex(pc.fill_null(cores, ""), f"[^{_SERIAL}]", "")
