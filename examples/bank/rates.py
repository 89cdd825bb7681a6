"""How often which mistake is made, per field and record.

Defaults follow what is published on Chinese name errors (Liu et al. 2011) and duplicates
(Just et al. 2016), and estimates where nothing is; a system overrides where it is better or worse.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

# Rows that nobody can understand, one in so many: a party type code that no code table knows
# (core banking), and entries that somebody typed to try the system out (CRM).
UNKNOWN_TYPE_ONE_IN = 1000
TEST_ENTRY_ONE_IN = 300


@dataclass(frozen=True, slots=True)
class Rates:
    """Probabilities; those of conditional mistakes are among the records that can have them."""

    # names
    homophone: float = 0.008
    shape: float = 0.004
    rare_lost: float = 0.15  # of names with a rare character
    rare_question: float = 0.25  # of those lost: written '?' (others: box, reading, variant)
    traditional: float = 0.005
    space: float = 0.02  # of two-character names
    title: float = 0.01
    dot: float = 0.30  # of names with a dot
    character_lost: float = 0.002
    latin_swap: float = 0.15  # of Latin fields
    latin_initials: float = 0.05
    # identity numbers
    id_missing: float = 0.02
    id_fifteen: float = 0.0  # of those born before 1984
    id_digit: float = 0.003
    id_swap: float = 0.0015
    id_style: float = 0.03
    id_relative: float = 0.002
    id_passport: float = 0.02  # of those who have one
    # birth date and sex
    birth_digit: float = 0.003
    birth_swap: float = 0.001
    birth_default: float = 0.015
    birth_lunar: float = 0.005
    birth_missing: float = 0.02
    sex_wrong: float = 0.005
    sex_missing: float = 0.06
    # contacts
    phone_junk: float = 0.015
    phone_relative: float = 0.04
    phone_missing: float = 0.08
    phone_style: float = 0.10
    email_missing: float = 0.30
    # addresses
    address_short: float = 0.30
    address_former: float = 0.06
    address_no_province: float = 0.15
    address_wrong: float = 0.005
    address_missing: float = 0.10
    # organisations
    company_no_region: float = 0.03
    company_form: float = 0.06
    company_bracket: float = 0.25
    company_short: float = 0.0
    # hidden by the system itself
    name_masked: float = 0.0
    phone_masked: float = 0.0

    def times(self, factor: float) -> Rates:
        """Return all rates times ``factor``, at most 0.95: 0.5 is an easy bank, 2 a hard one."""
        scaled = {f.name: min(0.95, getattr(self, f.name) * factor) for f in fields(self)}
        return replace(self, **scaled)


RATES = {
    "core": Rates(rare_lost=0.5, rare_question=0.6, id_fifteen=0.06),
    "loan": Rates(
        homophone=0.001, shape=0.0005, rare_lost=0.05, title=0.0, id_missing=0.01, id_digit=0.0005,
        id_swap=0.0002, id_relative=0.0, birth_default=0.0, sex_missing=0.01, phone_missing=0.03,
        address_missing=0.03,
    ),
    "card": Rates(title=0.0),
    "mobile": Rates(
        title=0.0, id_missing=0.04, phone_missing=0.0, phone_junk=0.002, phone_relative=0.01,
        phone_style=0.0, id_passport=0.05,
    ),
    "wealth": Rates(id_passport=0.04, rare_lost=0.2),
    "crm": Rates(
        homophone=0.03, shape=0.01, title=0.06, id_missing=0.45, id_digit=0.01, birth_missing=0.4,
        sex_missing=0.2, phone_style=0.3, address_missing=0.3, company_short=0.2,
        company_form=0.15, company_no_region=0.10,
    ),
    "callcentre": Rates(
        homophone=0.08, shape=0.0, rare_lost=0.9, rare_question=0.0, title=0.02, id_missing=0.70,
        phone_missing=0.0, phone_relative=0.06, birth_missing=0.6,
    ),
    "marketing": Rates(
        homophone=0.015, id_missing=0.85, phone_missing=0.0, phone_junk=0.03, title=0.02,
        name_masked=0.25, phone_masked=0.33,
    ),
}  # fmt: skip
