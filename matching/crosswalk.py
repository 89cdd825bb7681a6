"""Numbers that stand inside other numbers: the organisation code as the thread through them."""

from __future__ import annotations

import pyarrow as pa

from matching.columns import Texts, Values, arrow, marked, pc, text_lengths


def org_codes(identifiers: Values) -> Texts:
    """Return for each number the organisation code (GB 11714) it is or holds, else NULL.

    A unified code holds it at positions 9 to 17, an old 15-character tax number at 7 to 15.
    """
    value, kind = identifiers.texts("value"), identifiers.texts("id_class")
    masked = marked(identifiers.texts("status"), "masked")
    nothing = pa.scalar(None, pa.string())
    inside = pc.if_else(
        arrow(marked(kind, "uscc") & ~masked),
        pc.utf8_slice_codeunits(value, 8, 17),
        pc.if_else(
            arrow(marked(kind, "tax_id") & ~masked & (text_lengths(value) == 15)),
            pc.utf8_slice_codeunits(value, 6, 15),
            nothing,
        ),
    )
    return pc.if_else(arrow(marked(kind, "org_code") & ~masked), value, inside)
