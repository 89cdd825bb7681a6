"""What is finally decided of every pair worth keeping, and the reason that is written beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matching.columns import Codes, Ints, Levels
from matching.evidence import Kept, Stated
from matching.flow_decisions import LINKED, REFUSED, STEWARD_RULES, Settled
from matching.flow_joining import Joined
from matching.flow_party import PartyMatches
from matching.linkage import Reason
from matching.rules import MATCH, NOTHING, REVIEW, VETO, stated

BY_MODEL = "model"
CLUSTER_CONFLICT = "cluster_conflict"
_REFUSED: Mapping[int, tuple[str, str]] = {
    Reason.VETO: (
        "joining them would bring two records into one customer that may never meet",
        "合并会使不得共存的记录进入同一客户",
    ),
    Reason.FACT: (
        "joining them would bring two lifelong numbers, or a head and a branch, into one customer",
        "合并会使同一客户出现两个终身号码，或总部与分支混同",
    ),
    Reason.SOURCE: (
        "joining them would bring a source that holds nobody twice into one customer twice",
        "合并会使声明无重复的来源在同一客户中出现两条记录",
    ),
    Reason.SIZE: (
        "joining them would make a customer of too many records",
        "合并后客户的记录数将超过上限",
    ),
    Reason.AVERAGE: (
        "most of the other records of the two customers speak against joining them",
        "两个客户的其余记录多数不支持合并",
    ),
    Reason.APART: (
        "joining them would bring two records together that a steward keeps apart",
        "合并会使人工判定为不同客户的记录进入同一客户",
    ),
    Reason.PIECE: (
        "they hang together with too many records to be looked at as a whole",
        "关联的记录过多，无法整体判断",
    ),
}
_CONTRADICTION = (
    "joining them would bring a contradiction into one customer",
    "合并会使同一客户出现相互矛盾的信息",
)


# Reasons are numbered: three for each pattern, then why clusters refused, then who decided.
_STEWARDS = len(Reason)
_VERDICTS = 4


def state(found: PartyMatches) -> Stated:
    """Return all pairs with their decisions; matches the clusters refused wait for a person.

    Pairs that blocking did not propose are added where clusters looked at them and refused, or
    where a steward decided.
    """
    labels, refused = found.joined.labels, found.refused
    pairs = _with(found, found.compared.kept, refused.left, refused.right)
    settled = _standing(found.settled, found.joined, pairs)
    pairs = _with(found, pairs, settled.left, settled.right)
    decision, because = _automatic(found, pairs)
    steward = _along(found, pairs)
    apart = labels[pairs.left] != labels[pairs.right]
    patterns = len(found.compared.decider.verdicts)
    reason = np.zeros(len(pairs), dtype=np.int64)
    reason[_places(pairs, refused.left, refused.right, len(labels))] = refused.reason
    torn = (decision == MATCH) & apart
    decision[torn] = REVIEW
    because[torn] = 3 * patterns + reason[torn]
    steward[_places(pairs, settled.left, settled.right, len(labels))] = (
        settled.by.astype(np.int64) * _VERDICTS + settled.verdict
    )
    at = np.flatnonzero(steward >= 0)
    decision[at] = steward[at] % _VERDICTS
    because[at] = 3 * patterns + _STEWARDS + steward[at]
    used, because = np.unique(because, return_inverse=True)
    words = [_words(found, int(number)) for number in used]
    return Stated(
        pairs=pairs,
        decision=decision,
        because=because.astype(np.int32),
        waiting=(decision == REVIEW) & apart,
        rules=[rule for rule, _ in words],
        reasons=[reason for _, reason in words],
        levels=[verdict.levels for verdict in found.compared.decider.verdicts],
    )


def _automatic(found: PartyMatches, pairs: Kept) -> tuple[Levels, Ints]:
    """Return what rules, doubts and the model decide of each pair, and the number of why."""
    patterns = len(found.compared.decider.verdicts)
    vetoed = found.compared.decider.vetoed[pairs.pattern]
    doubted = ~(pairs.bits >= found.compared.decider.needed[pairs.pattern])
    decision: Levels = found.compared.decider.decisions[pairs.pattern]
    because: Ints = pairs.pattern.astype(np.int64)
    free = (decision == NOTHING) & ~vetoed
    decision[(decision == NOTHING) & vetoed] = VETO
    decision[free] = REVIEW
    decision[free & ~doubted & (pairs.bits >= found.compared.judgement.match)] = MATCH
    because[free & ~doubted] += patterns
    because[free & doubted] += 2 * patterns
    return decision, because


def _along(found: PartyMatches, pairs: Kept) -> Ints:
    """Return what decided of the pairs of two clusters that a link of others joined, -1 elsewhere.

    Of several links the oldest is named.
    """
    before, labels = found.joined.before, found.joined.labels
    steward = np.full(len(pairs), -1, dtype=np.int64)
    along = np.flatnonzero(
        (labels[pairs.left] == labels[pairs.right]) & (before[pairs.left] != before[pairs.right])
    )
    links = found.settled.where(found.settled.verdict == LINKED)
    oldest = np.full(len(labels), np.iinfo(np.int64).max)
    np.minimum.at(oldest, labels[links.left], links.by)
    steward[along] = oldest[labels[pairs.left[along]]] * _VERDICTS + LINKED
    return steward


def _standing(settled: Settled, joined: Joined, pairs: Kept) -> Settled:
    """Return what stewards decided of pairs they named, and of ``pairs``.

    A link the clusters could not keep is refused; a refused one says nothing of two records that
    are one customer anyway.
    """
    labels = joined.labels
    apart = labels[settled.left] != labels[settled.right]
    verdict = np.where((settled.verdict == LINKED) & apart, REFUSED, settled.verdict)
    settled = replace(settled, verdict=verdict.astype(np.uint8))
    known = _places(pairs, settled.left, settled.right, len(labels)) >= 0
    return settled.where((settled.named | known) & (apart | (verdict != REFUSED)))


def _words(found: PartyMatches, number: int) -> tuple[str, str]:
    """Return the rule and the reason that a number stands for."""
    kind, pattern = divmod(number, len(found.compared.decider.verdicts))
    verdict = found.compared.decider.verdicts[pattern] if kind < 3 else None
    if kind == 0 and verdict:
        return verdict.rule, verdict.because
    if kind == 1:
        return BY_MODEL, found.compared.weigher.because(pattern)
    if kind == 2 and verdict and verdict.doubt:
        return verdict.doubt.id, stated(verdict.doubt)
    number -= 3 * len(found.compared.decider.verdicts)
    if number >= _STEWARDS:
        by, steward = divmod(number - _STEWARDS, _VERDICTS)
        return STEWARD_RULES[steward], found.settled.because(by, steward)
    en, zh = _REFUSED.get(number, _CONTRADICTION)
    return CLUSTER_CONFLICT, f"{en} · {zh}"


def _with(found: PartyMatches, pairs: Kept, left: Codes, right: Codes) -> Kept:
    """Return ``pairs`` and those of ``left`` and ``right`` that are not among them, in order."""
    new = _places(pairs, left, right, len(found.joined.labels)) < 0
    if not new.any():
        return pairs
    left, right = left[new], right[new]
    pattern = found.compared.decider.patterns(left, right)
    more = Kept(left, right, pattern, found.compared.weigher.bits(left, right, pattern))
    pairs = Kept.joined([pairs, more])
    return pairs.where(np.lexsort((pairs.right, pairs.left)))


def _places(pairs: Kept, left: Codes, right: Codes, size: int) -> Ints:
    """Return where among ``pairs`` the couples stand, -1 where they do not."""
    ours = pairs.left.astype(np.int64) * size + pairs.right
    theirs = left.astype(np.int64) * size + right
    at = np.searchsorted(ours, theirs)
    known = np.zeros(len(theirs), dtype=bool)
    inside = at < len(ours)
    known[inside] = ours[at[inside]] == theirs[inside]
    return np.where(known, at, -1)
