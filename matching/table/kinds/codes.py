"""Judging couples of dates, numbers, postcodes, phones and e-mail addresses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matching.columns import Codes, Levels, Mask, Texts, encode, pc, same
from matching.compare.texts import Spellings
from matching.table.kinds.levels import CODE, DATE, EMAIL, PHONE, POSTCODE, SHORT_CODE
from models.fields.columns import byte_matrix, matches

_DAY_WIDTH = 8
_MONTH, _DAY = slice(4, 6), slice(6, 8)
# Fewer digits than this may be equal in any two numbers of a place.
_ENDING = 7
_LOCAL_ALIKE, _LOCAL_NEAR = 0.80, 0.90
_OWN_LOCAL = 5


@dataclass(frozen=True, slots=True)
class Days:
    """Distinct days by code: eight digits each, or ``texts`` where a value is no date."""

    digits: NDArray[np.uint8]
    whole: Mask
    first_of_year: Mask
    texts: Spellings

    @classmethod
    def of(cls, keys: Texts) -> Days:
        """Prepare distinct keys of ``matching.table.kinds.days``."""
        whole = matches(keys, r"^[0-9a-z]{8}$")
        vague = matches(keys, "^....(?:0101|..00)$")
        return cls(byte_matrix(keys, _DAY_WIDTH), whole, vague, Spellings.of(keys))

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different days."""
        one, other = self.digits[left], self.digits[right]
        unlike = one != other
        count = unlike.sum(axis=1)
        year, month_day = ~unlike[:, :4].any(axis=1), ~unlike[:, 4:].any(axis=1)
        vague = self.first_of_year[left] | self.first_of_year[right]
        result = np.full(len(left), DATE.index("differ"), dtype=np.uint8)
        result[count == 2] = DATE.index("two_edits")
        result[year] = DATE.index("year")
        result[month_day & ~vague] = DATE.index("month_day")
        result[(count == 1) | _swapped(one, other, unlike)] = DATE.index("one_edit")
        result[year & vague] = DATE.index("default_day")
        odd = np.flatnonzero(~(self.whole[left] & self.whole[right]))
        edits = self.texts.edits(left[odd], right[odd], 2)
        result[odd] = np.choose(edits - 1, [DATE.index(name) for name in _BY_EDITS])
        return result


_BY_EDITS = ("one_edit", "two_edits", "differ")


def _swapped(one: NDArray[np.uint8], other: NDArray[np.uint8], unlike: Mask) -> Mask:
    """Tell where day and month, or two neighbouring digits, change places."""
    year = ~unlike[:, :4].any(axis=1)
    crossed = (one[:, _MONTH] == other[:, _DAY]) & (one[:, _DAY] == other[:, _MONTH])
    result: Mask = year & crossed.all(axis=1)
    two = unlike.sum(axis=1) == 2
    for place in range(_DAY_WIDTH - 1):
        turned = (one[:, place] == other[:, place + 1]) & (one[:, place + 1] == other[:, place])
        result |= two & turned & unlike[:, place] & unlike[:, place + 1]
    return result


@dataclass(frozen=True, slots=True)
class Numbers:
    """Distinct identity numbers and other codes."""

    texts: Spellings

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different codes."""
        edits = self.texts.edits(left, right, 2)
        # among codes of four characters every second one is two edits away
        short = np.minimum(self.texts.lengths[left], self.texts.lengths[right]) < 6
        result = np.full(len(left), CODE.index("differ"), dtype=np.uint8)
        result[(edits == 2) & ~short] = CODE.index("two_edits")
        result[edits == 1] = CODE.index("one_edit")
        return result

    def judge_short(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different house numbers and the like; 12a is near 12."""
        edits = self.texts.edits(left, right, 1)
        level = SHORT_CODE.index
        return np.where(edits == 1, level("one_edit"), level("differ")).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Postcodes:
    """Distinct postcodes with their areas."""

    texts: Spellings
    area: Codes
    outward: Codes

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different postcodes."""
        result = np.full(len(left), POSTCODE.index("differ"), dtype=np.uint8)
        result[same(self.area, left, right)] = POSTCODE.index("area")
        result[same(self.outward, left, right)] = POSTCODE.index("outward")
        result[self.texts.edits(left, right, 1) == 1] = POSTCODE.index("one_edit")
        return result


@dataclass(frozen=True, slots=True)
class Phones:
    """Distinct phone numbers in digits, and their endings."""

    texts: Spellings
    ending: Codes

    @classmethod
    def of(cls, keys: Texts) -> Phones:
        """Prepare distinct numbers; one of fewer than seven digits has no ending."""
        long = pc.greater_equal(pc.utf8_length(keys), _ENDING)
        ending = pc.if_else(long, pc.utf8_slice_codeunits(keys, -_ENDING), None)
        return cls(Spellings.of(keys), encode(pa.array(ending, pa.string())))

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different numbers."""
        result = np.full(len(left), PHONE.index("differ"), dtype=np.uint8)
        result[self.texts.edits(left, right, 1) == 1] = PHONE.index("one_edit")
        result[same(self.ending, left, right)] = PHONE.index("ending")
        return result


@dataclass(frozen=True, slots=True)
class Emails:
    """Distinct e-mail addresses, and what stands before the @."""

    texts: Spellings
    local: Codes
    locals: Spellings

    @classmethod
    def of(cls, keys: Texts) -> Emails:
        """Prepare distinct addresses."""
        local = pc.replace_substring_regex(keys, "@.*$", "")
        return cls(Spellings.of(keys), encode(local), Spellings.of(local))

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different addresses."""
        scores = self.locals.alike(left, right, _LOCAL_ALIKE)
        result = np.full(len(left), EMAIL.index("differ"), dtype=np.uint8)
        result[scores >= _LOCAL_ALIKE] = EMAIL.index("alike")
        result[scores >= _LOCAL_NEAR] = EMAIL.index("near")
        own = same(self.local, left, right) & (self.locals.lengths[left] >= _OWN_LOCAL)
        result[own] = EMAIL.index("local")
        result[self.texts.edits(left, right, 2) <= 2] = EMAIL.index("one_edit")
        return result
