"""Normalised records → candidate pairs → reasons → clusters; then identities and survivors.

What enters is ``normalised.*``, what leaves is ``matched.*``; ``flow.match`` walks it, persons
first, then organisations (``flow_party``):

1. ``values``: every record as integer columns, numbered by record key.
2. ``sharing``: values that too many names share are taken out, into ``matched.stop_value``.
3. ``keys`` and ``block``: which pairs are compared at all, rule by rule, in bounded chunks.
4. ``compare`` and ``flow_comparisons``: what two records have in common, as levels.
5. ``rules``: vetoes, then the first rule that fires; doubts tell what the model may not decide.
   ``config`` says them in YAML.
6. ``flow_learning`` and ``flow_weighing``: what no rule decides, ``model`` weighs; ``flow_models``
   keeps what was learnt in ``matched.weight`` or in a file.
7. ``constraints`` and ``flow_linking``: clusters by ``linkage``, whose conditions hold as a whole.
8. ``flow_statements`` and ``evidence``: pairs with their reasons, clusters and doubts, written.

``identify`` then gives clusters their stable ids, and ``survive`` chooses what stands in the
golden record.
"""
