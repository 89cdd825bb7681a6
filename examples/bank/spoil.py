"""Mistakes in numbers, dates, contacts and addresses; names have their own file."""

from __future__ import annotations

import numpy as np

from examples.bank import days, numbers
from examples.bank.clerk import Clerk
from examples.bank.frame import Array, Frame
from examples.bank.people import ID_CLASSES, RESIDENT
from examples.bank.places import DISTRICT, NUMBER, places
from examples.bank.spoil_names import spoil_names

JUNK_PHONES = np.array([13800138000, 13000000000, 13888888888, 18888888888, 12345678901])
# Ways to write a number: as it is, full width, in groups, with a small x or a country code.
PLAIN, WIDE, GROUPED, OTHER = range(4)
PASSPORT_CN = len(ID_CLASSES)  # shown in place of a citizen number


def spoil_people(then: Frame, people: Frame, clerk: Clerk, *, by_ear: bool = False) -> None:
    """Make the mistakes of ``clerk`` in ``then``; relatives are looked up in ``people``.

    Adds the masks and styles the writers of systems ask for. Missing values become ``-1``, 0,
    an empty number or ``NEVER``.
    """
    spoil_names(then, clerk, by_ear=by_ear)
    _relatives(then, people)
    _identity(then, people, clerk)
    _birth(then, clerk)
    _sex(then, clerk)
    _phone(then, people, clerk)
    spoil_address(then, clerk)
    then["mail"] = np.where(clerk.slip("email", "email_missing", then["mail"] > 0), 0, then["mail"])


def spoil_companies(then: Frame, clerk: Clerk) -> None:
    """Make the mistakes of ``clerk`` in companies as known on a day."""
    for mistake in ("company_no_region", "company_form", "company_bracket", "company_short"):
        then[mistake] = clerk.slip("name", mistake)
    missing = clerk.slip("id", "id_missing")
    then["uscc"] = np.where(missing, b"", then["uscc"])
    _wrong_digit(then, clerk, "uscc", then["uscc"] != b"")
    then["phone_style"] = _phone_style(clerk)
    then["phone"] = np.where(clerk.slip("phone", "phone_missing"), 0, then["phone"])
    spoil_address(then, clerk)


def spoil_address(then: Frame, clerk: Clerk) -> None:
    """Shorten, date back, mistype and drop addresses."""
    address = then["address"].copy()
    value = then["address"][:, NUMBER].astype(np.int64) * 4000 + then["address"][:, DISTRICT]
    has_former = np.array([name != "" for name in places().former])[address[:, DISTRICT]]
    then["short"] = clerk.slip("address", "address_short", about_value=value)
    then["former"] = clerk.slip("address", "address_former", has_former, value)
    then["no_province"] = clerk.slip("address", "address_no_province", about_value=value)
    address[:, NUMBER] += clerk.slip("address", "address_wrong", about_value=value)
    then["address"] = address
    then["address_missing"] = clerk.slip("address", "address_missing", about_value=value)


def _relatives(then: Frame, people: Frame) -> None:
    """Set ``relative``: the row of the spouse, else a parent, else -1."""
    parent = np.where(then["mother"] >= 0, then["mother"], then["father"])
    then["relative"] = np.where(then["spouse"] >= 0, then["spouse"], parent)


def _identity(then: Frame, people: Frame, clerk: Clerk) -> None:
    """Set ``shown`` (class) and ``number`` (text); ``number_style`` says how it is written."""
    shown, number = then["id_class"].copy(), then["id"].copy()
    relative = clerk.slip("id", "id_relative", then["relative"] >= 0)
    number[relative] = people["id"][then["relative"][relative]]
    passport = clerk.slip("id", "id_passport", (then["passport"] != b"") & ~relative)
    number[passport] = then["passport"][passport]
    shown[passport] = PASSPORT_CN
    then["number"] = number
    resident = (shown == RESIDENT) & ~relative
    old = clerk.slip("id", "id_fifteen", resident & (then["born"] < 5113))
    then["number"][old] = numbers.fifteen(number[old])
    _wrong_digit(then, clerk, "number", resident & ~old)
    missing = clerk.slip("id", "id_missing")
    then["number"] = np.where(missing, b"", then["number"])
    then["shown"] = np.where(missing, -1, shown)
    then["long_number"] = resident & ~old & ~missing
    odd = clerk.slip("id", "id_style", then["long_number"])
    then["number_style"] = np.where(odd, 1 + clerk.pick("id style", 3), PLAIN)


def _wrong_digit(then: Frame, clerk: Clerk, column: str, where: Array) -> None:
    """Change one digit, or swap two neighbours; both spoil the check digit."""
    characters = numbers.characters(then[column]).copy()
    rows = np.flatnonzero(clerk.slip("id", "id_digit", where))
    at = 6 + clerk.pick("id digit", 10)[rows]
    characters[rows, at] = 48 + (characters[rows, at] - 48 + 1 + clerk.pick("id by", 8)[rows]) % 10
    rows = np.flatnonzero(clerk.slip("id", "id_swap", where))
    at = 8 + clerk.pick("id swap", 8)[rows]
    characters[rows, at], characters[rows, at + 1] = characters[rows, at + 1], characters[rows, at]
    then[column] = numbers.as_bytes(characters)


def _birth(then: Frame, clerk: Clerk) -> None:
    year, month, day = days.parts(then["born"])
    by_one = clerk.slip("birth_date", "birth_digit")
    swapped = clerk.slip("birth_date", "birth_swap", (day <= 12) & (day != month))
    new_year = clerk.slip("birth_date", "birth_default")
    lunar = clerk.slip("birth_date", "birth_lunar")
    born = np.where(by_one, then["born"] + np.where(clerk.pick("birth", 2), 1, -1), then["born"])
    born = np.where(
        swapped,
        days.from_parts(year, np.where(swapped, day, month), np.where(swapped, month, day)),
        born,
    )
    born = np.where(new_year, days.from_parts(year, month * 0 + 1, day * 0 + 1), born)
    born = np.where(lunar, then["born"] - 20 - clerk.pick("lunar", 30), born)
    missing = clerk.slip("birth_date", "birth_missing")
    then["born"] = np.where(missing, days.NEVER, born)


def _sex(then: Frame, clerk: Clerk) -> None:
    wrong = clerk.slip("sex", "sex_wrong")
    sex = np.where(wrong, 1 - then["sex"], then["sex"])
    then["sex"] = np.where(clerk.slip("sex", "sex_missing"), -1, sex)


def _phone(then: Frame, people: Frame, clerk: Clerk) -> None:
    phone = then["phone"].copy()
    relative = clerk.slip("phone", "phone_relative", then["relative"] >= 0, phone)
    junk = clerk.slip("phone", "phone_junk", about_value=phone)
    missing = clerk.slip("phone", "phone_missing", about_value=phone)
    phone[relative] = people["phone"][then["relative"][relative]]
    phone[junk] = JUNK_PHONES[clerk.pick("junk", len(JUNK_PHONES))[junk]]
    then["phone"] = np.where(missing, 0, phone)
    then["phone_style"] = _phone_style(clerk)


def _phone_style(clerk: Clerk) -> Array:
    odd = clerk.dice.hit("phone_style", clerk.who, clerk.rates.phone_style)
    return np.where(odd, 1 + clerk.pick("phone style", 3), PLAIN)
