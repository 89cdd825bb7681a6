"""Which Latin given names may be one person's: Bill and William, Liz and Betty, José and Joseph.

The table has three columns: a name, its nicknames, its forms in other European languages. It comes
from hand-curated packages; see ``models/fields/tables/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from matching.columns import Codes, Ints, Mask
from models.fields.names_latin import fold
from models.fields.reference import rows

_Couples = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Nicknames:
    """Words by code, and which of them the table knows: ``entries`` counts its words, -1 is none.

    ``close`` and ``distant`` hold the table's couples, ascending, each packed in one integer.
    """

    entries: Codes
    close: Ints
    distant: Ints

    @classmethod
    def of(cls, texts: Sequence[str]) -> Nicknames:
        """Look every word up once; case, accents and dots do not count."""
        places, close, distant = _table()
        entries = (places.get(fold(text), -1) for text in texts)
        return cls(np.fromiter(entries, np.int32, len(texts)), close, distant)

    def alike(self, left: Codes, right: Codes) -> Mask:
        """Tell which couples of word codes are a name and its nickname, either way round."""
        return self._found(self.close, left, right)

    def kin(self, left: Codes, right: Codes) -> Mask:
        """Tell which are two nicknames of one name, or its forms in two languages.

        Weaker than ``alike``, and never true together with it. Equal words are neither.
        """
        return self._found(self.distant, left, right)

    def _found(self, table: Ints, left: Codes, right: Codes) -> Mask:
        result = np.zeros(len(left), dtype=np.bool_)
        # most words are no nickname; -1 stands for an unknown word and for an unknown code
        one = np.where(left >= 0, self.entries[left], -1) if len(self.entries) else left * 0 - 1
        some = np.flatnonzero((one >= 0) & (right >= 0))
        other = self.entries[right[some]]
        couples = _packed(one[some], other)
        place = np.minimum(np.searchsorted(table, couples), len(table) - 1)
        result[some] = (table[place] == couples) & (other >= 0)
        return result


@cache
def _table() -> tuple[dict[str, int], Ints, Ints]:
    """Return word → its number, the close couples and the distant ones."""
    table = [(name, short.split(), abroad.split()) for name, short, abroad in rows("nicknames.tsv")]
    words = {word for name, short, abroad in table for word in (name, *short, *abroad)}
    places = {word: place for place, word in enumerate(sorted(words))}
    nicknames = ((name, nickname) for name, short, _ in table for nickname in short)
    close = _numbered(places, nicknames)
    distant = _numbered(places, _distant(table))
    return places, close, np.setdiff1d(distant, close, assume_unique=True)


def _distant(table: list[tuple[str, list[str], list[str]]]) -> Iterator[tuple[str, str]]:
    for name, nicknames, abroad in table:
        yield from combinations(nicknames, 2)
        yield from combinations([name, *abroad], 2)


def _numbered(places: dict[str, int], couples: _Couples) -> Ints:
    pairs = np.array([(places[one], places[other]) for one, other in couples], dtype=np.int32)
    return np.unique(_packed(pairs[:, 0], pairs[:, 1]))


def _packed(left: Codes, right: Codes) -> Ints:
    """Return a couple as one integer, the same either way round."""
    smaller = np.minimum(left, right).astype(np.int64)
    return (smaller << 32) | np.maximum(left, right).astype(np.int64)
