"""Arrow text columns made from NumPy ones, without a loop over rows."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from pyarrow import compute

from examples.bank.frame import Array, Mask, Rows

# A pa.StringArray. Arrow's type stubs do not know how its functions combine, hence Any.
Text: TypeAlias = Any
pc: Any = compute
arrow: Any = pa.array


def join(*parts: Text | str, between: str = "") -> Text:
    """Return the parts of each row behind each other; NULL counts as nothing."""
    filled = [pa.scalar(p) if isinstance(p, str) else pc.fill_null(p, "") for p in parts]
    return pc.binary_join_element_wise(*filled, between)


def words(of: list[str] | tuple[str, ...], index: Array) -> Text:
    """Return the word at each index; NULL for a negative one."""
    return arrow(of, pa.string()).take(arrow(index, mask=index < 0))


def number(values: Array, width: int = 0) -> Text:
    """Return whole numbers as text, filled up with zeros on the left."""
    text = pc.cast(arrow(values.astype(np.int64)), pa.string())
    return pc.utf8_lpad(text, width, "0") if width else text


def from_bytes(values: Array) -> Text:
    """Return fixed-width byte strings (dtype ``S``) as text; NULL where empty."""
    text = arrow(values).cast(pa.string())
    return blank(text, values == b"")


def put(text: Text, rows: Rows | Mask, values: Text) -> Text:
    """Return ``text`` with ``values`` (one per chosen row) at ``rows``."""
    rows = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
    source = np.arange(len(text))
    source[rows] = len(text) + np.arange(len(rows))
    return pa.concat_arrays([text, values.cast(text.type)]).take(arrow(source))


def choose(mask: Mask, yes: Text | str, no: Text | str) -> Text:
    """Return ``yes`` where ``mask`` holds, else ``no``."""
    return pc.if_else(arrow(mask), yes, no)


def blank(text: Text, mask: Mask) -> Text:
    """Return ``text`` with NULL where ``mask`` holds."""
    return pc.if_else(arrow(mask), pa.scalar(None, text.type), text)


def wide(values: Array) -> Text:
    """Return byte strings of ASCII as full-width text (``1`` becomes ``１``)."""
    size = values.dtype.itemsize
    ascii_codes = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), size)
    points = ascii_codes.astype(np.uint32) + 0xFEE0
    points[ascii_codes == 0] = 0
    return arrow(np.ascontiguousarray(points).view(f"U{size}").ravel(), pa.string())


def nothing(rows: int) -> Text:
    """Return NULL, ``rows`` times."""
    return pa.nulls(rows, pa.string())


def same(word: str, rows: int) -> Text:
    """Return ``word``, ``rows`` times."""
    return words([word], np.zeros(rows, np.int64))
