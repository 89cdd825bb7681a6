"""Explanations as JSON: the same text for the same explanation."""

from __future__ import annotations

import json
from dataclasses import asdict

from matching.explain.cluster import ClusterExplanation
from matching.explain.pair import PairExplanation
from matching.explain.why_not import WhyNot


def to_json(explanation: PairExplanation | ClusterExplanation | WhyNot) -> str:
    """Return an explanation as JSON, keys in the order of its fields."""
    kinds = {PairExplanation: "pair", ClusterExplanation: "cluster", WhyNot: "why_not"}
    content = {"explains": kinds[type(explanation)], **asdict(explanation)}
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
