"""A cluster as a picture: the bits between all members, those of one part side by side."""

from __future__ import annotations

from matching.explain.case import Language
from matching.explain.cluster import DRAWN, ClusterExplanation
from matching.explain.drawing import Drawing
from matching.explain.telling import parts
from matching.explain.words import number, percent, say

_TOP, _NAMES, _LEGEND = 84.0, 150.0, 70.0
# A cell is never smaller or larger than this; numbers are written in cells from ``_WRITTEN`` on.
_LEAST, _MOST, _WRITTEN = 14.0, 46.0, 30.0
# Bits above or below the cut at which the colour is full.
_FULL = 20.0


def draw_cluster(cluster: ClusterExplanation, language: Language = "en") -> str:
    """Return the cluster as an SVG file; of more than 40 members, those of the weakest parts."""
    members = _drawn(cluster)
    cell = min(max(720.0 / max(len(members), 1), _LEAST), _MOST)
    side = cell * len(members)
    drawing = Drawing(max(_NAMES + side + 40, 760.0))
    title = say(language, "cluster", cluster=cluster.cluster, members=len(cluster.members))
    drawing.text(20, 32, title, "head")
    drawing.text(20, 56, say(language, "drawn", number=len(members)), "soft")
    for row, one in enumerate(members):
        _row(drawing, cluster, (row, one), members, cell)
    bottom = _TOP + side + 70
    _legend(drawing, bottom, language)
    for at, words in enumerate(_told(cluster, language)):
        drawing.fitted(20, bottom + _LEGEND + 22 * at, words, drawing.width - 30)
    return drawing.alone(title)


def _drawn(cluster: ClusterExplanation) -> list[int]:
    """Return the members to draw: all, or an even choice of the many that hold together."""
    count = len(cluster.members)
    if count <= DRAWN:
        return list(range(count))
    return sorted({round(at * (count - 1) / (DRAWN - 1)) for at in range(DRAWN)})


def _row(
    drawing: Drawing,
    cluster: ClusterExplanation,
    place: tuple[int, int],
    members: list[int],
    cell: float,
) -> None:
    row, one = place
    top = _TOP + row * cell
    drawing.fitted(20, top + cell / 2 + 4, cluster.members[one], _NAMES - 30, "small")
    for column, other in enumerate(members):
        left = _NAMES + column * cell
        if one == other:
            drawing.box(left, top, cell - 1, cell - 1, "track")
            continue
        bits = cluster.bits[one][other]
        kind, strength = _colour(bits, cluster.cut)
        drawing.shade(left, top, cell - 1, cell - 1, kind, strength)
        if cell >= _WRITTEN:
            words = "onfor tiny" if strength > 0.6 else "tiny"
            drawing.text(left + cell / 2, top + cell / 2 + 4, number(bits, 0), words, "middle")
    if cell >= _WRITTEN:
        left = _NAMES + row * cell + cell / 2
        drawing.tilted(left, _TOP + len(members) * cell + 12, cluster.members[one], 10)


def _colour(bits: float, cut: float) -> tuple[str, float]:
    """Return which side of the cut bits are on, and how far, from 0.08 to 1."""
    distance = min(abs(bits - cut) / _FULL, 1.0)
    return ("for" if bits >= cut else "against"), round(0.08 + 0.92 * distance, 2)


def _legend(drawing: Drawing, top: float, language: Language) -> None:
    steps = 20
    for step in range(steps + 1):
        bits = -_FULL + 2 * _FULL * step / steps
        kind, strength = _colour(bits, 0.0)
        drawing.shade(_NAMES + step * 14, top, 14, 12, kind, strength)
    ends = [("−20", 0.0), (say(language, "cut"), 147.0), ("+20", 294.0)]
    for words, x in ends:
        drawing.text(_NAMES + x, top + 28, words, "small", "middle")
    drawing.text(20, top + 11, say(language, "bits"), "small")


def _told(cluster: ClusterExplanation, language: Language) -> list[str]:
    lines = []
    if cluster.weakest is not None:
        weak = cluster.weakest
        facts = {"left": weak.left, "right": weak.right, "bits": number(weak.bits)}
        lines.append(say(language, "weakest", share=percent(weak.probability), **facts))
    if cluster.partings:
        part = cluster.partings[0]
        words = {"bits": number(part.bits), "share": percent(part.probability)}
        parting = say(language, "parting", parts=parts(part, language), **words)
        lines += [say(language, "partings", cut=number(cluster.cut)), parting]
    return lines
