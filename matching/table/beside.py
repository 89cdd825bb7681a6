"""What a column is, seen beside the others: house numbers, dates in three columns, second names.

Also whose a fact is: two addresses of a record are told apart by the words in front of their
headers, or by their order, and a company beside people is where they work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from matching.table import reasons
from matching.table.profile import Profile
from matching.table.spec import Kind

if TYPE_CHECKING:
    from matching.table.recognise import Recognised

_PLACES: Sequence[Kind] = (
    "street", "house_number", "unit", "city", "district", "postcode", "region", "country",
    "address",
)  # fmt: skip
_PEOPLE: Sequence[Kind] = ("given_name", "family_name", "person_name")
# Whom else a record may speak of; other words in front of a name say nothing of the kind.
_OTHERS = frozenset(
    ["employer", "work", "office", "company", "business", "spouse", "contact", "emergency",
     "mother", "father", "parent", "guardian", "guarantor", "representative", "beneficiary",
     "agent", "partner", "reference", "other", "school", "kin", "manager"]
)  # fmt: skip
EMPLOYER = "employer"


def with_neighbours(items: Sequence[Recognised], profiles: Sequence[Profile]) -> list[Recognised]:
    """Return the columns as they are beside one another."""
    found = list(items)
    _codes(found, profiles)
    _house_numbers(found, profiles)
    _dates_in_parts(found, profiles)
    _other_half(found, profiles)
    _second_names(found, profiles)
    _whose(found, profiles)
    return found


def _codes(found: list[Recognised], profiles: Sequence[Profile]) -> None:
    """Read numbers like postcodes far from any place, and letters far from a name, as codes."""
    for place, item in enumerate(found):
        if item.named or item.score > 0.9:
            continue
        near = [other for side, other in enumerate(found) if 0 < abs(side - place) <= 3]
        if item.kind == "postcode":
            good = any(other.kind in _PLACES and other.kind != "postcode" for other in near)
            good &= not any(other.kind == "postcode" and other.named for other in found)
        elif item.kind == "other_names":
            good = any(other.kind in _PEOPLE for other in near)
        else:
            continue
        if not good:
            few = profiles[place].distinct <= 300
            kind: Kind = "category" if few else "identifier"
            found[place] = _as(item, kind, reasons.of_kind(kind, named=False))


def _house_numbers(found: list[Recognised], profiles: Sequence[Profile]) -> None:
    """Read small numbers next to a street that has none itself as its house numbers."""
    for place, p in enumerate(profiles):
        item = found[place]
        if item.kind not in (None, "category", "number") or item.named:
            continue
        small = p.share("house_number") > 0.9 and p.distinct > 8 and p.variety < 0.9
        if not small or p.share("fraction") > 0.1 or p.share("years") > 0.7:
            continue
        beside = [side for side in (place + 1, place - 1) if 0 <= side < len(found)]
        street = next((s for s in beside if _bare_street(found[s], profiles[s])), None)
        if street is None and any(found[side].kind in _PLACES for side in beside):
            street = next((s for s in beside if found[s].kind == "text"), None)
            if street is not None:
                found[street] = _as(found[street], "street", reasons.STREET)
        if street is not None:
            found[place] = _as(item, "house_number", reasons.HOUSE_NUMBER)


def _bare_street(item: Recognised, p: Profile) -> bool:
    numbered = p.share("leading_number") + p.share("trailing_number")
    return item.kind == "street" and numbered < 0.5


def _dates_in_parts(found: list[Recognised], profiles: Sequence[Profile]) -> None:
    """Read months and days without such headers beside a year, and drop them without one."""
    for place, item in enumerate(found):
        if item.part != "year" or any(other.part in ("month", "day") for other in found):
            continue
        parts = {
            part: _part_near(found, profiles, place, shape, size)
            for part, shape, size in (("month", "months", 12), ("day", "days", 31))
        }
        if all(side is not None for side in parts.values()):
            for part, side in parts.items():
                if side is not None:
                    en, zh = reasons.of_part(part)
                    found[side] = replace(
                        found[side], kind="date", part=part, score=0.8, because_en=en, because_zh=zh
                    )


def _part_near(
    found: Sequence[Recognised], profiles: Sequence[Profile], year: int, shape: str, size: int
) -> int | None:
    """Return the column within two of the year that counts to about ``size``."""
    for side in (year + 1, year - 1, year + 2, year - 2):
        if 0 <= side < len(found) and found[side].kind in (None, "category", "house_number"):
            numbers = profiles[side].numbers()
            reach = numbers[int(len(numbers) * 0.9)] if numbers else 0
            if profiles[side].share(shape) > 0.95 and size * 0.75 < reach <= size:
                return side
    return None


def _other_half(found: list[Recognised], profiles: Sequence[Profile]) -> None:
    """Of two columns that both look like given, or family, names read the less typical as other."""
    halves: tuple[tuple[Kind, str, Kind, str], ...] = (
        ("given_name", "g", "family_name", "f"),
        ("family_name", "f", "given_name", "g"),
    )
    for kind, letter, other, of_other in halves:
        same = [place for place, item in enumerate(found) if item.kind == kind and not item.about]
        if len(same) < 2 or any(item.kind == other for item in found):
            continue
        known = max(profiles[place].known for place in same)
        free = [s for s in same if not found[s].named and profiles[s].known > 0.5 * known]
        if len(free) < 1 or (len(free) < 2 and len(same) == len(free)):
            continue
        shares = {place: profiles[place].vocabulary for place in free}
        least = min(free, key=lambda s: (shares[s][letter] - shares[s][of_other], s))
        found[least] = _as(found[least], other, reasons.of_kind(other, named=False))


def _second_names(found: list[Recognised], profiles: Sequence[Profile]) -> None:
    """Read the emptier of two columns of given or of family names as other names.

    Columns that are never known together are one fact in two files, and stay.
    """
    for kind in ("given_name", "family_name"):
        same = [place for place, item in enumerate(found) if item.kind == kind and not item.about]
        same.sort(key=lambda place: (-profiles[place].known, place))
        for place in same[1:]:
            if profiles[place].known < 0.5 * profiles[same[0]].known and not _apart(
                profiles[same[0]], profiles[place]
            ):
                found[place] = _as(found[place], "other_names", reasons.SECOND_NAME)


def _apart(one: Profile, other: Profile) -> bool:
    return one.apart_from(other)


def _whose(found: list[Recognised], profiles: Sequence[Profile]) -> None:
    people = any(item.kind in _PEOPLE and item.about not in _OTHERS for item in found)
    for place, item in enumerate(found):
        if item.kind is None or item.kind in _PLACES:
            continue
        about = _party(item.about)
        if item.kind == "company" and people:
            about = about or EMPLOYER
        found[place] = replace(item, about=about)
    _whose_places(found, profiles, people)


def _party(words: str) -> str:
    """Return the other party named in the words before a header, "" for the record's own."""
    return next((word for word in words.split("_") if word in _OTHERS), "")


def _whose_places(found: list[Recognised], profiles: Sequence[Profile], people: bool) -> None:
    """Tell the addresses of a record apart; a single one is just the record's."""
    groups: dict[int, str] = {}
    seen: dict[Kind, int] = {}
    number = 0
    for place, item in enumerate(found):
        if item.kind is None or item.kind not in _PLACES:
            continue
        if item.kind == "country" and not item.about:
            continue
        if item.about:
            groups[place] = item.about
            continue
        if _again(item.kind, place, seen, profiles):
            number, seen = number + 1, {}
        works = people and not seen and place > 0 and found[place - 1].kind == "company"
        opened = next(iter(seen.values()), place)
        usual = EMPLOYER if works else f"address_{number + 1}" if number else ""
        groups[place] = groups.get(opened, usual)
        seen.setdefault(item.kind, place)
    alone = len(set(groups.values())) == 1 and not _party(next(iter(groups.values())))
    for place, about in groups.items():
        found[place] = replace(found[place], about="" if alone else about)


def _again(kind: Kind, place: int, seen: dict[Kind, int], profiles: Sequence[Profile]) -> bool:
    """Tell whether a part of an address comes again: not a second line, nor another file's."""
    before = seen.get(kind)
    if before is None or profiles[place].apart_from(profiles[before]):
        return False
    return not (kind == "street" and before == place - 1)


def _as(item: Recognised, kind: Kind, reason: tuple[str, str]) -> Recognised:
    return replace(item, kind=kind, score=0.8, because_en=reason[0], because_zh=reason[1])
