"""Comparing identity numbers: integers and code points, on distinct couples of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.columns import Codes, Judge, Levels, Mask, Values, best_level, encode, marked
from matching.compare.characters import Characters, align
from matching.compare.levels import level
from matching.crosswalk import org_codes
from matching.values import Frame
from models.fields.vocabulary import LIFELONG_ID_CLASSES

# Classes whose numbers mean nothing without the country that gave them.
_BY_COUNTRY = ("passport_foreign", "national_id", "company_id", "other")
_WIDTH = 24
# A masked number must show at least this many agreeing characters to count as compatible.
_READABLE = 6
# Numbers shorter than this repeat by accident across classes that have no check digit.
_WEAK_LENGTH = 6


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What is known of each distinct number, by code."""

    class_country: Codes
    lifelong: Mask
    valid: Mask
    masked: Mask
    text: Codes
    org_code: Codes
    characters: Characters


def identifier_levels(frame: Frame) -> Judge:
    """Return the comparison ``identifier``, on arrays of records."""
    numbers = _numbers(frame.identifier)
    return partial(best_level, frame.identifier.column, judge=partial(_judge, numbers))


def conflict_levels(frame: Frame) -> Judge:
    """Return the comparison ``conflict``: two different valid lifelong numbers of one class."""
    numbers = _numbers(frame.identifier)
    return partial(best_level, frame.identifier.column, judge=partial(_conflict, numbers))


def _numbers(values: Values) -> _Numbers:
    kind = values.texts("id_class")
    masked = marked(values.texts("status"), "masked")
    lifelong: Mask = np.logical_or.reduce([marked(kind, name) for name in LIFELONG_ID_CLASSES])
    foreign: Mask = np.logical_or.reduce([marked(kind, name) for name in _BY_COUNTRY])
    countries = np.where(foreign, encode(values.texts("country")), -1)
    return _Numbers(
        class_country=encode(kind) * (int(countries.max(initial=0)) + 2) + countries + 1,
        lifelong=lifelong,
        valid=marked(values.texts("status"), "valid"),
        masked=masked,
        text=np.where(masked, -1, encode(values.texts("value"))).astype(np.int32),
        org_code=encode(org_codes(values)),
        characters=Characters.of(values.texts("value"), _WIDTH),
    )


def _judge(numbers: _Numbers, left: Codes, right: Codes) -> Levels:
    result = np.zeros(len(left), dtype=np.uint8)
    same_class = numbers.class_country[left] == numbers.class_country[right]
    result[same_class] = level("identifier", "unlike")
    hidden = numbers.masked[left] | numbers.masked[right]
    one_wrong = numbers.valid[left] != numbers.valid[right]
    some = np.flatnonzero(same_class & (hidden | one_wrong))
    result[some] = _alike(numbers, left[some], right[some])
    org = numbers.org_code
    result[(org[left] == org[right]) & (org[left] >= 0)] = level("identifier", "cross")
    equal = (numbers.text[left] == numbers.text[right]) & (numbers.text[left] >= 0) & same_class
    proven = numbers.valid[left] & numbers.valid[right] & numbers.lifelong[left]
    result[equal & (numbers.characters.lengths[left] >= _WEAK_LENGTH)] = level("identifier", "weak")
    result[equal & proven] = level("identifier", "same")
    return result


def _alike(numbers: _Numbers, left: Codes, right: Codes) -> Levels:
    """Numbers that may be one: compatible under a mask, or one slip apart with one check failing.

    A slip is one wrong character, or two neighbours exchanged. Two numbers that both pass their
    check are never a slip of each other.
    """
    aligned = align(numbers.characters, left, right)
    one_wrong = numbers.valid[left] != numbers.valid[right]
    hidden = numbers.masked[left] | numbers.masked[right]
    slip = (aligned.differing == 1) | (
        (aligned.differing == 2) & _exchanged(numbers.characters, left, right)
    )
    result = np.full(len(left), level("identifier", "unlike"), dtype=np.uint8)
    fits = hidden & (aligned.differing == 0) & (aligned.agreeing >= _READABLE)
    result[aligned.comparable & fits] = level("identifier", "masked")
    result[aligned.comparable & ~hidden & one_wrong & slip] = level("identifier", "near")
    return result


def _exchanged(texts: Characters, left: Codes, right: Codes) -> Mask:
    """Tell where some two neighbouring characters stand in exchanged order."""
    found: Mask = np.zeros(len(left), dtype=bool)
    points = texts.points
    for place in range(texts.width - 1):
        a, b = points[left, place], points[left, place + 1]
        found |= (a != b) & (points[right, place] == b) & (points[right, place + 1] == a)
    return found


def _conflict(numbers: _Numbers, left: Codes, right: Codes) -> Levels:
    proven = numbers.valid & numbers.lifelong
    differ = (
        (numbers.class_country[left] == numbers.class_country[right])
        & proven[left]
        & proven[right]
        & (numbers.text[left] != numbers.text[right])
    )
    return np.where(differ, level("conflict", "conflict"), 0).astype(np.uint8)
