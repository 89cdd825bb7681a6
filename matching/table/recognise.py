"""What each column of an unknown table holds: its values decide, its header helps.

A header that names a kind is believed where the values allow it, and not where they plainly are
something else. A column that says nothing about who a record is (a constant, a running number, a
balance, the time of the last change) is ignored, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

import pyarrow as pa

from matching.table import reasons
from matching.table.beside import with_neighbours
from matching.table.headers import Hint, hint
from matching.table.judges import (
    ALLOWED,
    ALONE,
    PLAIN,
    PLAIN_SHAPES,
    SURE,
    dated,
    days_of,
    official,
)
from matching.table.profile import Profile
from matching.table.spec import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)
_BY_HEADER = 0.95  # what a header that its values allow is worth
_PLAINLY = 0.75
_LITTLE = 1.01  # bits: two values
_LATELY = 5  # years
_NEARLY_NOTHING = 0.5
_LETTERS = {"given_name": "g", "family_name": "f", "city": "c", "region": "r"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one column is: ``kind`` None is ignored. ``score`` is from 0 to 1.

    ``about`` is whose fact it is: "" for the record's own, else ``employer``, ``mailing``, …
    ``part`` is year, month or day where a date stands in three columns. ``named``: its header said
    the kind. The reasons are whole
    sentences without any value of the column.
    """

    column: str
    kind: Kind | None
    score: float
    because_en: str
    because_zh: str
    about: str = ""
    part: str = ""
    named: bool = False


def recognise(rows: pa.Table) -> list[Recognised]:
    """Return what each column of ``rows`` (all text) is, in the table's order."""
    profiles = [Profile(name, rows[name]) for name in rows.column_names]
    alone = [_one(profile) for profile in profiles]
    return with_neighbours(alone, profiles)


def _one(p: Profile) -> Recognised:
    said = hint(p.name)
    reason = _useless(p) or _said_useless(p, said) or _moment_or_running(p, said)
    if reason:
        return _ignored(p, reason)
    if part := _part_of_date(p, said):
        return part
    kind, score, by_header = _kind(p, said)
    if kind is None:
        return _ignored(p, "number" if p.share("number") > SURE else "unknown")
    if kind == "sex" and p.share("digits") > SURE:
        kind = "category"
    if kind == "category" and p.entropy < _LITTLE and said.says != "sex":
        return _ignored(p, "little")
    if kind == "date" and not by_header and _lately(p):
        return _ignored(p, "moment")
    en, zh = reasons.of_kind(kind, named=by_header)
    return Recognised(p.name, kind, round(score, 3), en, zh, said.about, named=by_header)


def _ignored(p: Profile, reason: str) -> Recognised:
    en, zh = reasons.IGNORED[reason]
    return Recognised(p.name, None, 0.0, en, zh)


def _useless(p: Profile) -> str:
    """Return why no evidence can come of the values, "" if some can."""
    if not p.values:
        return "empty"
    if p.share("nested") > SURE:
        return "nested"
    if p.distinct == 1:
        return "constant"
    return "nearly_constant" if p.entropy < _NEARLY_NOTHING else ""


def _said_useless(p: Profile, said: Hint) -> str:
    """Return what the header says against the column, if the values allow it."""
    if not said.says.startswith("ignore:"):
        return ""
    reason = said.says.removeprefix("ignore:")
    fits = {
        "moment": max(dated(p), p.share("clock"), p.share("epoch"), p.share("partial_date")),
        "year": p.share("years"),
        "amount": p.share("number"),
        "sort": 1.0 if p.distinct <= 60 else 0.0,
        "running": 0.0 if max(ALONE["email"](p), ALONE["phone"](p), official(p)) > SURE else 1.0,
        "note": 1.0 if ALONE["email"](p) < SURE and ALONE["phone"](p) < SURE else 0.0,
        "household": 1.0,
        "people": 1.0 if p.variety < 0.3 else 0.0,
    }
    return reason if fits[reason] > SURE else ""


def _moment_or_running(p: Profile, said: Hint) -> str:
    """Return why values without such a header are times of rows, running numbers or row keys."""
    if said.says != "date" and (p.share("clock") > SURE or p.share("epoch") > 0.98):
        return "moment"
    if said.says in KINDS or p.variety < 0.98 or official(p) > SURE:
        return ""
    numbers = p.numbers() if p.share("digits") > 0.99 else []
    if numbers and p.variety == 1.0 and numbers[-1] - numbers[0] < 3 * p.count + 3:
        return "running"
    coded = p.share("code") > 0.95 or p.share("uuid") > 0.95
    numbered = p.share("digits") > 0.99 and p.one_length[1] > 0.99
    phone = p.share("mobile_cn") if numbered else ALONE["phone"](p)
    shaped = max(dated(p), phone, p.share("email"), p.share("fraction"))
    return "own" if p.variety == 1.0 and p.count > 20 and coded and shaped < SURE else ""


def _part_of_date(p: Profile, said: Hint) -> Recognised | None:
    """Return the column as year, month or day of a date; the last two only by their header."""
    shape = {"year": "years", "month": "months", "day": "days"}.get(said.says, "")
    part = said.says if shape and p.share(shape) > _PLAINLY else ""
    if not part and p.share("years") > 0.9 and said.says in ("", "date"):
        part = "year"
    if not part:
        return None
    numbers = p.numbers()
    late = part == "year" and numbers[len(numbers) // 20] >= 2000 and p.distinct <= 40
    if late and said.says not in ("year", "date"):
        return _ignored(p, "year")
    en, zh = reasons.of_part(part)
    return Recognised(p.name, "date", 0.9, en, zh, said.about, part, bool(shape))


def _kind(p: Profile, said: Hint) -> tuple[Kind | None, float, bool]:
    """Return the likeliest kind, its score, and whether the header decided."""
    alone = _alone(p)
    # of equal scores the one that comes first in ALONE: the more special shape
    best = max(alone, key=lambda kind: alone[kind])
    score = min(1.0, alone[best])
    if said.says in ALLOWED:
        named = cast(Kind, said.says)
        allowed = min(1.0, ALLOWED[named](p)) * _BY_HEADER
        if allowed > SURE and not _lies(p, named, best, alone):
            return named, max(allowed, min(1.0, alone.get(named, 0.0))), True
    return (best, score, False) if score > SURE else (None, 0.0, False)


def _alone(p: Profile) -> dict[Kind, float]:
    """Return the score of every kind; of none after a shape that leaves no doubt."""
    scores: dict[Kind, float] = {}
    for place, (kind, judge) in enumerate(ALONE.items()):
        scores[kind] = judge(p)
        if place < PLAIN_SHAPES and scores[kind] > PLAIN:
            break
    return scores


def _lately(p: Profile) -> bool:
    """Tell whether nearly all dates lie in a few years of late: rows are written then."""
    years = sorted(int(day[:4]) for day in days_of(p))
    if len(years) < 20:
        return False
    first, last = years[len(years) // 50], years[-1 - len(years) // 50]
    return first >= 2000 and last - first <= _LATELY


_SHAPES: Sequence[Kind] = ("email", "date", "phone", "sex")
_LOOSE: Sequence[Kind] = ("category", "text", "words", "other_names")


def _lies(p: Profile, named: Kind, best: Kind, alone: dict[Kind, float]) -> bool:
    """Tell whether the values are plainly of another kind than the header names."""
    if named == "person_name" and best == "company":  # "name" is said of both
        return alone["company"] > alone["person_name"] + 0.2
    if best == named or alone[best] < _PLAINLY or best in _LOOSE:
        return False
    if named in _LETTERS and best in _LETTERS:
        found = p.vocabulary
        return found[_LETTERS[named]] < 0.5 * found[_LETTERS[best]]
    if named in ("identifier", "house_number", "unit", "category", "number", "postcode"):
        return best in _SHAPES and not p.share("phone_plain") > SURE
    return alone.get(named, 0.0) < 0.3
