"""Normalised records → candidate pairs → reasons → clusters; then identities and survivors.

What enters is ``normalised.*``, what leaves is ``matched.*``; ``flow.match`` walks it:

1. ``values``: every record as integer columns, numbered by record key.
2. ``sharing``: values that too many names share are taken out, into ``matched.stop_value``.
3. ``keys`` and ``block``: which pairs are compared at all, rule by rule, in bounded chunks.
4. ``compare``: what two records have in common, as levels, on distinct values.
5. ``rules``: the first rule that fires decides; vetoes go first. ``config`` says them in YAML.
6. ``constraints`` and ``cluster``: match pairs joined, with the vetoes holding for whole clusters.
7. ``evidence``: pairs with their reasons, clusters and doubts, written.

``identify`` then gives clusters their stable ids, and ``survive`` chooses what stands in the
golden record.
"""
