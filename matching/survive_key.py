"""The criteria, and the one number per candidate value that says how well it meets them.

What can be told from a value's record alone (kind, validity, trust, time, …) is packed into one
number, the better the smaller, so that the best of a million candidates is a plain minimum. What
needs all records of a customer (how often a value is stated) is compared afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from matching.facts import Fact
from matching.survivorship import AttributeRule, Condition
from warehouse.sql import literal, quote

_UNLISTED = 255
# Trust in steps of one part in 10,000, from a source trusted a billionth in 1900 to one in 2200.
_STEPS, _LEAST_TRUST, _YEARS = 10_000, 1e-9, 300


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: the width of its part of the number (0: told from the value), its reasons."""

    name: str
    bits: int
    won: str
    lost: str


CRITERIA = {
    item.name: item
    for item in (
        Criterion("when", 1, "condition_met", "condition_not_met"),
        Criterion("kind", 7, "preferred_kind", "other_kind"),
        Criterion("validated", 2, "validated", "not_validated"),
        Criterion("source_priority", 8, "preferred_source", "other_source"),
        Criterion("trust", 24, "higher_trust", "lower_trust"),
        Criterion("recency", 34, "newer", "older"),
        Criterion("earliest", 34, "earlier", "later"),
        Criterion("completeness", 16, "more_complete", "less_complete"),
        Criterion("frequency", 0, "more_frequent", "less_frequent"),
        Criterion("greatest", 0, "greatest", "smaller"),
        Criterion("smallest", 0, "smallest", "greater"),
        Criterion("longest", 0, "longest", "shorter"),
        Criterion("shortest", 0, "shortest", "longer"),
    )
}
# After all criteria: the smallest record key, then the first value of that record.
_LAST = {"rec": 30, "ordinal": 5}


@dataclass(frozen=True, slots=True)
class Key:
    """How one fact's number is packed: ``(part, bits, shift)``, the most significant first."""

    fact: Fact
    rule: AttributeRule
    kinds: tuple[str, ...]
    parts: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, fact: Fact, rule: AttributeRule, kinds: Sequence[str]) -> Key:
        """Lay the number out; ``kinds`` are those in the data, of which unlisted ones come last."""
        ordered = (*rule.kinds, *sorted(set(kinds) - set(rule.kinds)))
        packed = [name for name in order(rule) if _in_key(fact, name)]
        widths = [(name, CRITERIA[name].bits) for name in packed] + list(_LAST.items())
        if "kind" not in packed:
            widths.append(("kind", CRITERIA["kind"].bits))
        parts, shift = [], sum(bits for _, bits in widths)
        for name, bits in widths:
            shift -= bits
            parts.append((name, bits, shift))
        return cls(fact, rule, ordered, tuple(parts))

    def pack(self) -> str:
        """Return the SQL for the number, from a candidate ``f``, its record ``m``, trust ``t``."""
        terms = (
            f"(least(greatest({self._part(name)}, 0), {2**bits - 1})::HUGEINT << {shift})"
            for name, bits, shift in self.parts
        )
        return " + ".join(terms)

    def unpack(self, name: str) -> str:
        """Return the SQL for one part out of ``key``."""
        bits, shift = next((bits, shift) for part, bits, shift in self.parts if part == name)
        return f"((key >> {shift}) & {2**bits - 1})::BIGINT"

    def kind(self) -> str:
        """Return the SQL for the kind, as text, out of ``key``; NULL where a fact has none."""
        if not self.kinds:
            return "NULL"
        texts = ", ".join(literal(kind) for kind in self.kinds)
        return f"nullif([{texts}][{self.unpack('kind')} + 1], '')"

    def value_of(self, name: str) -> str:
        """Return the SQL by which values are compared for a criterion, the smaller the better."""
        lead = quote(self.fact.name)
        if _in_key(self.fact, name):
            return self.unpack(name)
        return {
            "validated": "(verified IS NULL)::BIGINT",
            "frequency": "-records",
            "greatest": lead,
            "smallest": lead,
            "longest": f"-length({lead}::VARCHAR)",
            "shortest": f"length({lead}::VARCHAR)",
        }[name]

    def _part(self, name: str) -> str:
        match name:
            case "when":
                return f"1 - ({_any_of(self.rule.when)})::INTEGER"
            case "kind":
                return _place("coalesce(f.kind, '')", self.kinds)
            case "validated":
                return "3 - f.validated"
            case "source_priority":
                return _place("m.source", self.rule.sources)
            case "trust":
                gain = f"m.years * {_fading(self.rule) * _STEPS}" if _fading(self.rule) else "0"
                return f"{2**24 - 1} - round({_STEPS} * t.weight + {gain})"
            case "recency":
                return f"{2**34 - 1} - coalesce(m.seconds, 0)"
            case "earliest":
                return f"coalesce(m.seconds, {2**34 - 1})"
            case "completeness":
                return f"{2**16 - 1} - f.completeness"
            case _:
                return {"rec": "f.rec", "ordinal": "f.ordinal"}[name]


def order(rule: AttributeRule) -> tuple[str, ...]:
    """Return the criteria of a rule; its condition stands before all others."""
    return (*(("when",) if rule.when else ()), *rule.criteria)


def weight(trust: float) -> float:
    """Return a source's trust on the scale on which years fade it: logarithmic, above 0."""
    return log(max(trust, _LEAST_TRUST)) - log(_LEAST_TRUST)


def _fading(rule: AttributeRule) -> float:
    return -log(1 - rule.decay_per_year)


def _in_key(fact: Fact, name: str) -> bool:
    return CRITERIA[name].bits > 0 and not (fact.verified and name == "validated")


def _place(column: str, listed: Sequence[str]) -> str:
    if not listed:
        return "0"
    places = " ".join(f"WHEN {literal(text)} THEN {place}" for place, text in enumerate(listed))
    return f"CASE {column} {places} ELSE {_UNLISTED} END"


def _any_of(conditions: Sequence[Condition]) -> str:
    return " OR ".join(f"({_all_of(item)})" for item in conditions)


def _all_of(condition: Condition) -> str:
    tests = []
    if condition.party_type:
        tests.append(f"m.party_type = {literal(condition.party_type)}")
    if condition.sources:
        tests.append(f"m.source IN ({', '.join(map(literal, condition.sources))})")
    if condition.objects:
        tests.append(f"m.object IN ({', '.join(map(literal, condition.objects))})")
    if condition.validated is not None:
        tests.append(f"(f.validated > 0) = {condition.validated}")
    for attribute, value in sorted(condition.attributes.items()):
        tests.append(
            "f.rec IN (SELECT rec FROM survive_attribute "
            f"WHERE attribute = {literal(attribute)} AND value = {literal(value)})"
        )
    return " AND ".join(tests)
