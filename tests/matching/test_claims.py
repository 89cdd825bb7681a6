"""Claims on customer ids are served in one order, however they come."""

from __future__ import annotations

from matching.claims import Claim, serve


def test_claims_are_served_by_phase_then_overlap_then_fit_then_age() -> None:
    claims = [
        Claim(1, -1, 0, "C2", "x"),
        Claim(1, -2, 0, "C1", "x"),
        Claim(1, -1, 0, "C1", "y"),
        Claim(2, -9, 9, "C8", "x"),
        Claim(2, -1, 3, "C3", "y"),
        Claim(2, -1, 2, "C4", "y"),
    ]
    assert serve(claims) == serve(reversed(claims)) == {"x": "C1", "y": "C4"}
