"""Comparing phones and e-mail addresses."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Judge, Levels, Mask, Texts, Values, best_level, encode, pc
from matching.compare.characters import Characters, align
from matching.compare.levels import level
from matching.sharing import names_by_value
from matching.values import Frame, SharedKind

_PHONE_WIDTH = 20
# Readable digits that must agree before a masked number counts as compatible: +86 and seven more.
_READABLE = 9


def phone_levels(frame: Frame, kind: SharedKind) -> Judge:
    """Return the comparison of ``mobile`` or ``landline``, on arrays of records.

    A number used under several names (a family, an office) is ``shared``: it says less.
    """
    values = frame.shared(kind)
    digits = Characters.of(values.texts("value"), _PHONE_WIDTH)
    judge = partial(_judge_phone, kind, digits, names_by_value(frame, values) > 1)
    return partial(best_level, values.column, judge=judge)


def email_levels(frame: Frame) -> Judge:
    """Return the comparison of ``email``: the same, or the same before the @."""
    values = frame.email
    local = encode(_local_part(values))
    judge = partial(_judge_email, local, names_by_value(frame, values) > 1)
    return partial(best_level, values.column, judge=judge)


def _judge_phone(kind: str, digits: Characters, shared: Mask, left: Codes, right: Codes) -> Levels:
    result = np.full(len(left), level(kind, "differ"), dtype=np.uint8)
    hidden = digits.masked
    some = np.flatnonzero(hidden[left] | hidden[right])
    aligned = align(digits, left[some], right[some])
    fits = aligned.comparable & (aligned.differing == 0) & (aligned.agreeing >= _READABLE)
    result[some[fits]] = level(kind, "masked")
    same = (left == right) & ~hidden[left]
    result[same] = np.where(shared[left[same]], level(kind, "shared"), level(kind, "same"))
    return result


def _judge_email(local: Codes, shared: Mask, left: Codes, right: Codes) -> Levels:
    result = np.full(len(left), level("email", "differ"), dtype=np.uint8)
    result[(local[left] == local[right]) & (local[left] >= 0)] = level("email", "local")
    same = left == right
    result[same] = np.where(shared[left[same]], level("email", "shared"), level("email", "same"))
    return result


def _local_part(emails: Values) -> Texts:
    """The part before the @, where it is long enough to be somebody's own."""
    local = pc.replace_substring_regex(emails.texts("value"), "@.*$", "")
    long_enough = pc.greater_equal(pc.utf8_length(local), pa.scalar(6))
    return pc.if_else(long_enough, local, pa.scalar(None, pa.string()))
