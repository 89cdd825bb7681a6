"""What is finally decided of every pair worth keeping, and the reason that is written beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matching.columns import Codes, Ints, Levels
from matching.evidence import Kept, Stated
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
    Reason.PIECE: (
        "they hang together with too many records to be looked at as a whole",
        "关联的记录过多，无法整体判断",
    ),
}
_CONTRADICTION = (
    "joining them would bring a contradiction into one customer",
    "合并会使同一客户出现相互矛盾的信息",
)


def state(found: PartyMatches) -> Stated:
    """Return all pairs with their decisions; matches the clusters refused wait for a person.

    Pairs that blocking did not propose but that clusters looked at and refused are added.
    """
    pairs, refused = _with_refused(found)
    patterns = len(found.decider.verdicts)
    vetoed = found.decider.vetoed[pairs.pattern]
    doubted = ~(pairs.bits >= found.decider.needed[pairs.pattern])
    decision: Levels = found.decider.decisions[pairs.pattern]
    because: Ints = pairs.pattern.astype(np.int64)
    free = (decision == NOTHING) & ~vetoed
    decision[(decision == NOTHING) & vetoed] = VETO
    decision[free] = REVIEW
    decision[free & ~doubted & (pairs.bits >= found.judgement.match)] = MATCH
    because[free & ~doubted] += patterns
    because[free & doubted] += 2 * patterns
    labels = found.linked.labels
    apart = labels[pairs.left] != labels[pairs.right]
    torn = (decision == MATCH) & apart
    decision[torn] = REVIEW
    because[torn] = 3 * patterns + refused[torn]
    used, because = np.unique(because, return_inverse=True)
    words = [_words(found, int(number)) for number in used]
    return Stated(
        pairs=pairs,
        decision=decision,
        because=because.astype(np.int32),
        waiting=(decision == REVIEW) & apart,
        rules=[rule for rule, _ in words],
        reasons=[reason for _, reason in words],
        levels=[verdict.levels for verdict in found.decider.verdicts],
    )


def _words(found: PartyMatches, number: int) -> tuple[str, str]:
    """Return the rule and the reason that a number stands for."""
    kind, pattern = divmod(number, len(found.decider.verdicts))
    verdict = found.decider.verdicts[pattern] if kind < 3 else None
    if kind == 0 and verdict:
        return verdict.rule, verdict.because
    if kind == 1:
        return BY_MODEL, found.weigher.because(pattern)
    if kind == 2 and verdict and verdict.doubt:
        return verdict.doubt.id, stated(verdict.doubt)
    en, zh = _REFUSED.get(number - 3 * len(found.decider.verdicts), _CONTRADICTION)
    return CLUSTER_CONFLICT, f"{en} · {zh}"


def _with_refused(found: PartyMatches) -> tuple[Kept, Codes]:
    """Return the kept pairs and those refused beside them, and why each was refused, 0 if not."""
    kept, refused = found.kept, found.linked.refused
    size = len(found.linked.labels)
    ours = kept.left.astype(np.int64) * size + kept.right
    theirs = refused.left.astype(np.int64) * size + refused.right
    at = np.searchsorted(ours, theirs)
    known = np.zeros(len(theirs), dtype=bool)
    inside = at < len(ours)
    known[inside] = ours[at[inside]] == theirs[inside]
    reason = np.zeros(len(ours), dtype=np.int32)
    reason[at[known]] = refused.reason[known]
    new = ~known
    left, right = refused.left[new], refused.right[new]
    pattern = found.decider.patterns(left, right) if new.any() else np.empty(0, dtype=np.int32)
    bits = found.weigher.bits(left, right, pattern)
    pairs = Kept.joined([kept, Kept(left, right, pattern, bits)])
    reason = np.concatenate([reason, refused.reason[new].astype(np.int32)])
    order = np.lexsort((pairs.right, pairs.left))
    return pairs.where(order), reason[order]
