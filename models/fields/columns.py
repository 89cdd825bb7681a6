"""Work on whole columns of text: byte matrices, codes in place of strings, distinct values.

A *byte matrix* is one row per value and one column per character, padded with zero bytes, so a
check digit over a million numbers is one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

# Arrow has no type hints of its own, and the third-party ones do not know all of its functions.
pc: Any = pyarrow.compute
Texts: TypeAlias = Any  # an Arrow string array
Bytes: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.int8]
Ints: TypeAlias = npt.NDArray[np.int64]

NONE = -1  # the code that becomes NULL


def texts(values: Any) -> Texts:
    """Return any Arrow text column (chunked, dictionary, large, view) as one plain string array."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
        if isinstance(values, pa.ChunkedArray):  # no chunk at all, or too big for one
            values = pa.concat_arrays(values.chunks) if values.chunks else pa.array([], pa.string())
    return values if values.type == pa.string() else values.cast(pa.string())


def mask(booleans: Any) -> Mask:
    """Return an Arrow boolean column as NumPy, NULL as False."""
    column: Mask = np.asarray(booleans.fill_null(False))
    return column.astype(np.bool_, copy=False)


def matches(values: Texts, pattern: str) -> Mask:
    """Return where ``values`` match an RE2 ``pattern``."""
    return mask(pc.match_substring_regex(values, pattern))


def byte_matrix(values: Texts, width: int) -> Bytes:
    """Return (rows, width) bytes; zero rows for NULL, longer or non-ASCII values."""
    fits = pc.and_(pc.string_is_ascii(values), pc.less_equal(pc.binary_length(values), width))
    plain = pc.if_else(fits.fill_null(False), values, "")
    padded = pc.ascii_rpad(plain, width=width, padding="\0")
    data = padded.buffers()[2]
    if data is None or len(values) == 0:
        return np.zeros((len(values), width), dtype=np.uint8)
    start, size = padded.offset * width, len(values) * width
    flat: Bytes = np.frombuffer(memoryview(data), dtype=np.uint8)
    return flat[start : start + size].reshape(-1, width)


def strings(matrix: Bytes) -> Texts:
    """Return the rows of a byte matrix without padding as strings: the whole width is text."""
    rows, width = matrix.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    buffers: Any = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(matrix.tobytes())]
    return pa.Array.from_buffers(pa.string(), rows, buffers)


def digits(matrix: Bytes) -> Mask:
    """Return which rows are ASCII digits only."""
    inside: Mask = (matrix >= ord("0")) & (matrix <= ord("9"))
    return np.asarray(inside.all(axis=1))


def number(matrix: Bytes) -> Ints:
    """Return the rows of a byte matrix of digits as integers."""
    # float64 is exact up to 15 digits and uses the fast matrix product
    powers = 10.0 ** np.arange(matrix.shape[1] - 1, -1, -1)
    total = (matrix - np.uint8(ord("0"))).astype(np.float64) @ powers
    return np.asarray(total.astype(np.int64))


def named(codes: npt.NDArray[np.integer[Any]], names: Sequence[str]) -> Texts:
    """Return strings for ``codes`` that count into ``names``; ``NONE`` becomes NULL."""
    indices = pa.array(codes, pa.int32(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string())).cast(pa.string())


def put(values: Texts, where: Mask, replacements: Any) -> Texts:
    """Return ``values`` with ``replacements`` (one per True, or one scalar) put ``where``."""
    if not where.any():
        return values
    if replacements is None:
        return pc.if_else(pa.array(~where), values, pa.scalar(None, values.type))
    return texts(pc.replace_with_mask(values, pa.array(where), replacements))


def nulls(rows: int) -> Texts:
    """Return ``rows`` NULL texts."""
    return pa.nulls(rows, pa.string())


def on_distinct(values: Texts, function: Callable[[Texts], pa.Table]) -> pa.Table:
    """Return ``function`` of ``values``, run once per distinct value; NULL rows become NULL."""
    encoded = values.dictionary_encode()
    return function(texts(encoded.dictionary)).take(encoded.indices)


def on_filled(values: Texts, function: Callable[[Texts, Any], pa.Table]) -> pa.Table:
    """Return ``function`` of the values that are not NULL, and NULL rows for the others.

    ``function`` also gets the Arrow mask of those rows, to choose from other columns. Worth it
    where whole columns are mostly empty, as those of second phones and former names are.
    """
    filled = pc.is_valid(values)
    if values.null_count * 4 < len(values) or len(values) == 0:
        return function(values, pa.repeat(pa.scalar(True), len(values)))
    rows = np.cumsum(mask(filled)) - 1
    indices = pa.array(rows, pa.int64(), mask=~mask(filled))
    return function(values.filter(filled), filled).take(indices)


def by_value(values: Texts, function: Callable[[str], str | None]) -> Texts:
    """Return plain Python ``function`` of each distinct value; NULL stays NULL."""
    encoded = values.dictionary_encode()
    answers = [function(value) for value in encoded.dictionary.to_pylist()]
    return texts(pa.array(answers, pa.string()).take(encoded.indices))
