"""The lists in ``data`` as they stand there, and the pool that numbers their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

Tokens = npt.NDArray[np.int32]
DATA = Path(__file__).parent / "data"
CHOICES = 8


@cache
def word_lists() -> dict[str, Any]:
    """Return ``data/words.yml``."""
    loaded: dict[str, Any] = yaml.safe_load((DATA / "words.yml").read_text("utf-8"))
    return loaded


@cache
def read_table(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of ``data/NAME.tsv`` below its header."""
    lines = (DATA / f"{name}.tsv").read_text("utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines[1:])


@dataclass
class Pool:
    """Words by number; word 0 is the empty one."""

    words: list[str] = field(default_factory=lambda: [""])
    index: dict[str, int] = field(default_factory=lambda: {"": 0})

    def add(self, *words: str) -> None:
        """Number words that are new."""
        for word in words:
            if word not in self.index:
                self.index[word] = len(self.words)
                self.words.append(word)

    def tokens(self, words: Iterable[str]) -> Tokens:
        """Return the numbers of words that are in the pool; KeyError for others."""
        return np.array([self.index[word] for word in words], np.int32)

    def map(self, pairs: dict[str, str]) -> Tokens:
        """Return, for every token, the token its word maps to; -1 where it maps to nothing."""
        result = np.full(len(self.words), -1, np.int32)
        for word, other in pairs.items():
            result[self.index[word]] = self.index[other]
        return result

    def choices(self, groups: Iterable[Iterable[str]]) -> Tokens:
        """Return, for every token, ``CHOICES`` others of its groups, again and again; else -1."""
        others: dict[int, list[int]] = defaultdict(list)
        for group in groups:
            members = [self.index[word] for word in dict.fromkeys(group)]
            for member in members:
                others[member] += [other for other in members if other != member]
        result = np.full((len(self.words), CHOICES), -1, np.int32)
        for member, found in others.items():
            if found:
                result[member] = np.resize(found, CHOICES)
        return result


def grouped(keys: dict[str, str]) -> Iterable[list[str]]:
    """Return the words of ``keys`` that share a key, in their given order."""
    groups: dict[str, list[str]] = defaultdict(list)
    for word, key in keys.items():
        groups[key].append(word)
    return groups.values()
