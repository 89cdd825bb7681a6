"""Explanations as text for a terminal, in English or in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from matching.explain.blocked import RuleNear
from matching.explain.case import Language
from matching.explain.cluster import ClusterExplanation, Conflict, Parting
from matching.explain.columns_text import aligned
from matching.explain.counterfactual import Agreement
from matching.explain.pair import PairExplanation, Step
from matching.explain.why_not import Barrier, WhyNot
from matching.explain.words import listed, number, percent, say, signed

# A matrix of more members does not fit a terminal.
_MATRIX = 12
_INDENT = "  "
_MOST = 6


def tell_pair(pair: PairExplanation, language: Language = "en") -> str:
    """Return a pair's waterfall as aligned lines."""
    head = say(language, "pair", left=pair.left, right=pair.right)
    return "\n".join([head, *_pair_lines(pair, language)]) + "\n"


def tell_cluster(cluster: ClusterExplanation, language: Language = "en") -> str:
    """Return what holds a cluster together and what would split it."""
    lines = [say(language, "cluster", cluster=cluster.cluster, members=len(cluster.members))]
    lines.append(_INDENT + listed(language, cluster.members, 2 * _MATRIX))
    if cluster.weakest is None or cluster.strongest is None:
        return "\n".join([*lines, say(language, "alone")]) + "\n"
    weakest, strongest = cluster.weakest, cluster.strongest
    lines += [
        say(language, "inside", density=percent_plain(cluster.density), mean=number(cluster.mean)),
        say(
            language,
            "weakest",
            left=weakest.left,
            right=weakest.right,
            bits=number(weakest.bits),
            share=percent(weakest.probability),
        ),
        say(
            language,
            "strongest",
            left=strongest.left,
            right=strongest.right,
            bits=number(strongest.bits),
        ),
        "",
        *_partings(cluster, language),
        *_needed(cluster, language),
        "",
        *_conflicts(cluster.conflicts, language),
        *_matrix(cluster, language),
    ]
    return "\n".join(lines) + "\n"


def tell_why_not(answer: WhyNot, language: Language = "en") -> str:
    """Return why two records are not one party."""
    clusters = answer.clusters
    one, other, bits = clusters.weakest
    lines = [
        say(language, "why_not", left=answer.pair.left, right=answer.pair.right),
        verdict(answer, language),
        "",
        *_pair_lines(answer.pair, language),
        "",
        *near_lines(answer, language),
        *_barriers(answer.barriers, language),
        "",
        *agreement_lines(answer.if_agreed, language),
        "",
        say(
            language,
            "clusters",
            left=clusters.left_size,
            right=clusters.right_size,
            average=number(clusters.average),
            together=number(clusters.together),
            positive=clusters.positive,
            pairs=clusters.pairs,
            one=one,
            other=other,
            bits=number(bits),
        ),
    ]
    return "\n".join(lines) + "\n"


def verdict(answer: WhyNot, language: Language) -> str:
    """Return what kept two records apart, as a sentence."""
    facts = {"missing": number(answer.missing), "together": number(answer.clusters.together)}
    return say(language, f"v_{answer.verdict}", **facts)


def percent_plain(share: float) -> str:
    """Return a share that may well be all or nothing."""
    return f"{100 * share:.0f} %"


def _pair_lines(pair: PairExplanation, language: Language) -> list[str]:
    score = say(
        language,
        "score",
        bits=number(pair.bits),
        share=percent(pair.probability),
        cut=number(pair.cut),
        outcome=say(language, pair.outcome),
    )
    heads = [say(language, word) for word in ("part", "found", "bits", "rarity", "total")]
    rows = [[heads[0], pair.left, pair.right, *heads[1:]]]
    rows += [_row(step, language) for step in pair.steps]
    return [score, "", *aligned(rows, (4, 5, 6)), "", decision(pair, language)]


def decision(pair: PairExplanation, language: Language) -> str:
    """Return what decided a pair, as a sentence."""
    if pair.decided:
        return say(language, "decided", names=listed(language, pair.decided))
    if not pair.strongest:
        return say(language, "decided_alone")
    return say(language, "decided_prior", names=listed(language, pair.strongest))


def _row(step: Step, language: Language) -> list[str]:
    name = say(language, "prior") if step.kind == "prior" else step.name
    rarity = signed(step.rarity) if abs(step.rarity) >= 0.05 else ""
    values = [_values(side, step, language) for side in (step.left, step.right)]
    return [name, *values, found(step, language), signed(step.bits), rarity, signed(step.total)]


def _values(side: Sequence[str], step: Step, language: Language) -> str:
    if step.kind != "comparison":
        return ""
    return " | ".join(side) or say(language, "unknown")


def found(step: Step, language: Language) -> str:
    """Return what a step found, in words."""
    if step.kind == "comparison":
        return step.en if language == "en" else step.zh
    if step.kind == "prior":
        return say(language, "prior_found", pairs=f"{2.0**-step.bits + 1:,.0f}")
    return say(language, "together_less" if step.bits <= 0 else "together_more")


def near_lines(answer: WhyNot, language: Language) -> list[str]:
    """Return whether two records were compared, and how near each rule came to it."""
    if answer.compared:
        rules = [item.rule for item in answer.rules]
        return [say(language, "compared_yes", rules=listed(language, rules))]
    near = [f"{_INDENT}{item.rule}: {near_text(item, language)}" for item in answer.rules]
    return [say(language, "compared_no"), *near]


def near_text(rule: RuleNear, language: Language) -> str:
    """Return how near a blocking rule came to proposing a pair."""
    if rule.state in ("divided", "set_aside"):
        facts = {"block": f"{rule.block:,}", "cap": f"{rule.cap:,}"}
        return say(language, f"rule_{rule.state}", split=listed(language, rule.split), **facts)
    parts = [
        ("rule_same", rule.shared),
        ("rule_differ", rule.differ),
        ("rule_unknown", rule.unknown),
    ]
    told = [say(language, word, names=listed(language, names)) for word, names in parts if names]
    return ("; " if language == "en" else "；").join(told)


def _barriers(barriers: Sequence[Barrier], language: Language) -> list[str]:
    if not barriers:
        return []
    lines = [
        _INDENT
        + say(
            language,
            f"b_{item.reason}",
            left=item.left,
            right=item.right,
            facts=listed(language, item.facts),
        )
        for item in barriers[:_MOST]
    ]
    if len(barriers) > _MOST:
        lines.append(_INDENT + say(language, "more", number=len(barriers) - _MOST))
    return ["", say(language, "barriers"), *lines]


def agreement_lines(items: Sequence[Agreement], language: Language) -> list[str]:
    """Return what each comparison would change if it agreed."""
    if not items:
        return [say(language, "if_none")]
    rows = [
        [
            _INDENT + " + ".join(item.comparisons),
            signed(item.gain),
            number(item.bits),
            say(language, "enough" if item.enough else "not_enough"),
        ]
        for item in items
    ]
    return [say(language, "if_agreed"), *aligned(rows, (1, 2), 60)]


def _partings(cluster: ClusterExplanation, language: Language) -> list[str]:
    lines = [
        _INDENT
        + say(
            language,
            "parting",
            bits=number(item.bits),
            share=percent(item.probability),
            parts=parts(item, language),
        )
        for item in cluster.partings
    ]
    return [say(language, "partings", cut=number(cluster.cut)), *lines]


def parts(parting: Parting, language: Language) -> str:
    """Return the smaller part, and the other one too where it is not long."""
    smaller, larger = sorted((parting.first, parting.second), key=len)
    rest = listed(language, larger)
    if len(larger) > _MOST:
        rest = say(language, "the_other", number=len(larger))
    return f"{listed(language, smaller)} | {rest}"


def _needed(cluster: ClusterExplanation, language: Language) -> list[str]:
    if cluster.needed:
        return [say(language, "needed", names=listed(language, cluster.needed))]
    return [say(language, "needed_none")] if len(cluster.members) > 2 else []


def _conflicts(conflicts: Sequence[Conflict], language: Language) -> list[str]:
    if not conflicts:
        return [say(language, "conflicts_none")]
    lines = []
    for item in conflicts:
        values = [f"{value} ×{count}" for value, count in item.values]
        lines.append(
            _INDENT
            + say(
                language,
                "conflict",
                comparison=item.comparison,
                differ=item.differ,
                known=item.known,
                values=listed(language, values),
            )
        )
    return [say(language, "conflicts"), *lines]


def _matrix(cluster: ClusterExplanation, language: Language) -> list[str]:
    if len(cluster.members) > _MATRIX:
        return []
    rows = [["", *cluster.members]]
    for at, name in enumerate(cluster.members):
        cells = [number(bits) for bits in cluster.bits[at][:at]]
        rows.append([name, *cells, "·", *[""] * (len(cluster.members) - at - 1)])
    columns = tuple(range(1, len(rows)))
    return ["", say(language, "matrix"), *aligned(rows, columns, 14)]
