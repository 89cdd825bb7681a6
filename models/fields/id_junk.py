"""What arrives in identity number fields and is no number: fillers, masks, spreadsheet damage."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from models.fields.columns import Bytes, Ints, Mask, Texts, mask, matches, pc, put, texts
from models.fields.text import is_empty_word, star_masks, to_ascii_forms

# Numbers printed in standards, forms and manuals: they belong to nobody.
SPECIMENS = (
    "11010519491231002X",  # GB 11643
    "440524188001010014",  # GB 11643
    "110101199003070000",
    "91350100M000100Y43",  # GB 32100
    "D21435882",  # GB 11714
    "078051120",  # the social security number printed on sold wallets
    "219099999",
    "12345678X",
)
_SHORTEST_FILLER = 4
_SHORTEST_RUN = 7
_SEPARATORS = r"[\p{C}\p{Z}\p{Pd}'`’‘._·:：,，、/\\()\[\]]+"
_PLAIN = r"^[0-9A-WYZ]+X?$"
_FLOAT = r"^\d(?:\.\d+)?E\+\d+$|^\d\.\d+E\d+$|^\d{16,}\.0*$"
_WHOLE_FLOAT = r"^(\d{1,15})\.0+$"


def upper(values: Texts) -> Texts:
    """Return ``values`` as upper-case ASCII forms, outer spaces and quotes off; NULL when empty."""
    plain = pc.utf8_trim(
        pc.utf8_upper(to_ascii_forms(texts(values))), " \t\r\n\v\f'\"\u200b\ufeff\u3000"
    )
    return put(plain, mask(pc.equal(plain, "")), None)


def compact(raw: Texts) -> tuple[Texts, Mask]:
    """Return upper-case ``raw`` values as bare numbers, and which of them a float has destroyed.

    Separators go, masked characters become ``*``. Sixteen digits and more do not survive in a
    floating point number: the last ones are gone, nobody can say which they were, and the value
    is NULL. At most 15 digits are exact, so taking their ``.0`` off loses nothing.
    """
    odd = ~matches(raw, _PLAIN) & mask(pc.is_valid(raw))
    lost = np.zeros(len(raw), np.bool_)
    if not odd.any():
        return raw, lost
    values = star_masks(raw.filter(pa.array(odd)))
    lost[odd] = matches(values, _FLOAT)
    values = pc.replace_substring_regex(values, _WHOLE_FLOAT, r"\1")
    values = texts(pc.replace_substring_regex(values, _SEPARATORS, ""))
    values = put(values, lost[odd] | mask(pc.equal(values, "")), None)
    return put(raw, odd, values), lost


def is_filler(values: Texts, matrix: Bytes, length: Ints) -> Mask:
    """Return which compact ``values`` are typed to fill the field: 1111…, 1234…, specimens."""
    known = mask(pc.is_in(values, value_set=pa.array(SPECIMENS)))
    return is_empty_word(values) | known | is_repeated(matrix, length) | is_sequence(matrix, length)


def is_repeated(matrix: Bytes, length: Ints) -> Mask:
    """Return which rows are one character over and over, four times or more."""
    same = ((matrix == matrix[:, :1]) | (matrix == 0)).all(axis=1)
    repeated: Mask = same & (matrix[:, 0] != 0) & (length >= _SHORTEST_FILLER)
    return repeated


def is_sequence(matrix: Bytes, length: Ints) -> Mask:
    """Return which rows count up or down, digit by digit, over seven digits or more."""
    signed = matrix.astype(np.int8)
    steps = (signed[:, 1:] - signed[:, :-1]) % 10
    beyond = matrix[:, 1:] == 0
    numeric = ((matrix == 0) | ((matrix >= ord("0")) & (matrix <= ord("9")))).all(axis=1)
    counts = ((steps == 1) | beyond).all(axis=1) | ((steps == 9) | beyond).all(axis=1)
    sequence: Mask = numeric & (matrix[:, 0] != 0) & counts & (length >= _SHORTEST_RUN)
    return sequence
