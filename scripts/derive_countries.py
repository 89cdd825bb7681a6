"""Write ``models/fields/tables/countries.tsv`` from CLDR (Babel) and phonenumberslite.

One row per ISO 3166 country: alpha-2, alpha-3 and numeric codes (withdrawn ones too, separated by
spaces), calling code, trunk prefix, shortest and longest national number, English and Chinese name.
Run with the ``derive`` extra installed.
"""

from __future__ import annotations

from pathlib import Path

from babel import Locale
from babel.core import get_global
from phonenumbers import PhoneMetadata

TARGET = Path(__file__).parents[1] / "models" / "fields" / "tables" / "countries.tsv"
NO_COUNTRY = frozenset({"ZZ", "QO", "EU", "EZ", "UN"})
SHORTEST_SUBSCRIBER = 5  # shorter ones are service numbers, not a person's


def main() -> None:
    """Write the table."""
    aliases = get_global("territory_aliases")
    codes: dict[str, dict[str, list[str]]] = {}
    for alias, targets in aliases.items():
        kind = "numeric" if alias.isdigit() else "alpha3" if len(alias) == 3 else ""
        if kind and len(targets) == 1:
            codes.setdefault(targets[0], {}).setdefault(kind, []).append(alias)
    english, chinese = Locale("en").territories, Locale("zh").territories
    lines = []
    for alpha2, code in sorted(codes.items()):
        if len(code) == 2 and alpha2 in english and alpha2 not in NO_COUNTRY:
            alpha3, numeric = (" ".join(sorted(code[kind])) for kind in ("alpha3", "numeric"))
            row = [alpha2, alpha3, numeric, *_phone(alpha2), english[alpha2], chinese[alpha2]]
            lines.append("\t".join(row))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(lines)} countries")


def _phone(alpha2: str) -> tuple[str, str, str, str]:
    """Return calling code, trunk prefix, shortest and longest national number."""
    metadata = PhoneMetadata.metadata_for_region(alpha2)
    if metadata is None or metadata.general_desc is None:
        return "", "", "", ""
    lengths = [n for n in metadata.general_desc.possible_length if n >= SHORTEST_SUBSCRIBER]
    return (
        str(metadata.country_code),
        metadata.national_prefix or "",
        str(min(lengths)),
        str(max(lengths)),
    )


if __name__ == "__main__":
    main()
