"""What a customer id looks like: ``C``, ten digits, and a check character.

The digits are a running number over every id ever given, so an id says nothing about the customer
and sorts by age. The check character is ISO 7064 MOD 11-2 (0 to 9 or X), as on a resident identity
card: with digit ``d(k)`` worth ``10^k`` it is ``c`` such that ``c + sum(d(k) * 2^(k+1))`` is 1
modulo 11, which catches every single wrong digit and every swap of two neighbours.
"""

from __future__ import annotations

WIDTH = 10


def customer_id(number: int) -> str:
    """Return the customer id with running number ``number`` (1 to 10^10 - 1)."""
    total = sum((number // 10**k % 10) * 2 ** (k + 1) for k in range(WIDTH))
    return f"C{number:0{WIDTH}d}{'0123456789X'[(1 - total) % 11]}"


def id_sql(number: str) -> str:
    """Return the SQL expression for the customer id of the number that ``number`` computes."""
    total = " + ".join(f"({number} // {10**k} % 10) * {2 ** (k + 1) % 11}" for k in range(WIDTH))
    check = f"substr('0123456789X', 1 + (12 - ({total}) % 11) % 11, 1)"
    return f"'C' || lpad(({number})::VARCHAR, {WIDTH}, '0') || {check}"


def number_sql(column: str) -> str:
    """Return the SQL expression for the running number of the customer id in ``column``."""
    return f"substr({column}, 2, {WIDTH})::BIGINT"
