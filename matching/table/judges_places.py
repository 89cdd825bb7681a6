"""How much the values of a column look like places, streets, addresses and companies: 0 to 1."""

from __future__ import annotations

from matching.table import wordlists
from matching.table.profile import Profile

_HALF = 0.5


def country(p: Profile) -> float:
    """Country names are surer than codes, which may be states."""
    found = p.share_of(wordlists.country_of(tuple(p.values)))
    long = p.where(lambda value: len(value) > 3 or not value.isascii())
    if found < 0.8 or p.share("digits") > _HALF:
        return 0.0
    return found * (0.95 if long > _HALF else 0.55)


def region(p: Profile) -> float:
    """A province by name, or a short list of states."""
    if p.share("han") > _HALF:
        return p.where(lambda value: wordlists.han_place(value) == "province")
    short = p.where(lambda value: len(value) <= 3)
    found = p.vocabulary["r"]
    few = p.distinct <= 120 and p.variety < 0.3
    return found * (0.9 if short > _HALF else 0.85) if few and found > 0.8 else 0.0


def city(p: Profile) -> float:
    """Towns, more than names of people."""
    if p.share("han") > _HALF:
        return p.where(lambda value: wordlists.han_place(value) == "city")
    found = p.vocabulary
    rest = max(found["g"], found["f"])
    return found["c"] + 0.15 if found["c"] > max(0.35, rest * 1.2) else 0.0


def district(p: Profile) -> float:
    """Districts and counties of China."""
    return p.where(lambda v: wordlists.han_place(v) == "district") if p.share("han") > _HALF else 0


def is_street(words: list[str]) -> bool:
    """Tell whether words hold one for a street, after another or as its ending."""
    before = len(words) > 1 and words[0] in wordlists.STREETS_BEFORE
    after = before or not wordlists.STREETS.isdisjoint(words[1:])
    return after or any(map(wordlists.ends_as_street, words))


def street(p: Profile) -> float:
    """Streets without their town."""
    if p.share("han") > _HALF:
        return p.share("han_street") * 0.7 if p.where(wordlists.han_address) < _HALF else 0.0
    if _whole_address(p) > _HALF:
        return 0.0
    found, numbered = p.folded_where(is_street), p.share("leading_number")
    maybe = p.folded_where(wordlists.maybe_street)
    if maybe > 0.7 or (maybe > 0.4 and max(found * 2, numbered) > _HALF):
        found = max(found, maybe)
    return found + 0.15 if found > 0.4 else 0.0


def address(p: Profile) -> float:
    """Whole addresses: a street and where it is."""
    if p.share("han") > _HALF:
        return max(p.where(wordlists.han_address), p.share("han_street") * 0.55)
    return _whole_address(p) * min(1.0, p.folded_where(is_street) + 0.4)


def _whole_address(p: Profile) -> float:
    """Return how much of the Latin values is a street with its town or postcode behind it."""
    ends = p.share("zip_end") if p.words >= 3.5 else 0.0
    return max(p.share("comma") if p.words >= 3.5 and p.share("figure") > _HALF else 0.0, ends)


def company(p: Profile) -> float:
    """Legal forms, words of trades, and names joined by "and"."""
    if p.share("han") > _HALF:
        return p.share("company_form_han") if p.where(wordlists.han_person) < _HALF else 0.0
    legal = p.folded_where(lambda words: len(words) > 1 and words[-1] in wordlists.legal_forms())
    trade = p.folded_where(lambda words: not wordlists.COMPANIES.isdisjoint(words))
    if p.words < 1.5 or p.share("email") > 0.2 or p.folded_where(is_street) > 0.4:
        return 0.0
    return min(1.0, legal * 2 + trade * 1.3 + conjoined(p))


def conjoined(p: Profile) -> float:
    """Return the share of values such as Smith and Sons."""
    return p.folded_where(lambda words: bool(wordlists.CONJUNCTIONS & set(words[1:-1])))
