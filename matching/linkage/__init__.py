"""Clusters, not chains: scored pairs in, groups of records that belong together as a whole out.

What enters is a list of scored pairs (bits: log2 odds that two records are one party), a function
that scores any other pair, and the constraints; what leaves is ``Linked``.

1. ``pieces``: connected components above a start threshold; one too big to be looked at as a
   whole is divided at its weakest links.
2. ``judging``: all pairs inside each piece are scored, many pieces at a time, and forbidden ones
   (``constraints``) marked.
3. ``average``: average linkage, strongest first, down to the cut.
4. ``across``: clusters of a divided component that belong together are joined, once.
5. ``review``: what stayed apart although it looked alike, and why; clusters to look at again.
"""

from matching.linkage.constraints import Constraints, Reason
from matching.linkage.linking import link
from matching.linkage.options import LinkOptions
from matching.linkage.review import Linked, Refused

__all__ = ["Constraints", "LinkOptions", "Linked", "Reason", "Refused", "link"]
