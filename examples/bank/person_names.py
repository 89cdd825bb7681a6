"""What people are called: tokens put together into the names that systems hold."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from examples.bank.frame import Array, Frame
from examples.bank.lexicon import EMPTY, lexicon
from examples.bank.people import FOREIGN
from examples.bank.text import Text, arrow, choose, join, pc


def full_name(people: Frame) -> Text:
    """Return the name as it should stand: 王伟, 阿卜杜拉·肉孜, Smith James.

    Where the frame has ``gap`` and ``title`` (tokens), they go between surname and given name
    and behind the name.
    """
    latin = people["origin"] == FOREIGN
    gap = people["gap"] if "gap" in people else np.full(len(people), EMPTY)
    gap = np.where(latin, lexicon().space, gap)
    parts = [people["family"], gap, people["given1"], people["given2"]]
    if "title" in people:
        parts.append(people["title"])
    return join(*(tokens(part) for part in parts))


def tokens(index: Array) -> Text:
    """Return the words of token numbers."""
    return _words().take(arrow(index.astype(np.int32)))


def latin_name(people: Frame, swapped: Array, initials: Array) -> Text:
    """Return ``ZHANG SANFENG``, as embossed on cards; given name first, or only its letters.

    It follows the person's own name, whatever a clerk made of the characters.
    """
    known = lexicon()
    columns = ("family", "given1", "given2")
    own = [people[f"own_{c}" if f"own_{c}" in people else c] for c in columns]
    family = tokens(known.sound[own[0]])
    given = join(*(_sounded(part, initials) for part in own[1:]))
    alone = (own[1] == EMPTY) & (own[2] == EMPTY)
    ordered = choose(swapped, join(given, family, between=" "), join(family, given, between=" "))
    return choose(alone, family, ordered)


def _sounded(given: Array, initials: Array) -> Text:
    known = lexicon()
    chosen = np.where(initials, known.initial[given], known.sound[given])
    return tokens(np.where(given == EMPTY, EMPTY, np.where(chosen < 0, given, chosen)))


def email(people: Frame, hosts: list[str]) -> Text:
    """Return addresses made of the name and a number; of a QQ number at qq.com. NULL for none."""
    kind = people["mail"]
    host = kind % len(hosts)
    family = pc.utf8_lower(tokens(lexicon().sound[people["mail_family"]]))
    given = pc.utf8_lower(tokens(np.maximum(lexicon().sound[people["mail_given"]], EMPTY)))
    family = pc.replace_substring(family, " ", ".")
    serial = pc.cast(arrow(people["entity"] * 7 + kind % 7 + 100), pa.string())
    qq = pc.cast(arrow(people["entity"] * 97 % 899_999_989 + 100_000_000), pa.string())
    local = choose(host == 0, qq, join(family, given, serial))
    address = join(local, "@", pc.take(arrow(hosts), arrow(host)))
    return pc.if_else(arrow(kind == 0), None, address)


@cache
def _words() -> Any:
    return arrow(lexicon().words, pa.string())
