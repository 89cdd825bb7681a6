"""A small bank that can be run: invented people and companies over eight systems, truth known.

``golden-bank create`` goes through these files in this order:

1. ``people``, ``families``, ``lookalikes``, ``companies`` draw one chunk of the population
   (``world``), from the lists in ``data``.
2. ``records`` says who has how many records in which system, when each was last touched, and what
   the clerk knew that day; ``spoil`` makes the mistakes of ``rates`` and notes every one.
3. ``systems`` write those records down as each system would, into its own database, files or HTTP
   store (``sinks``).
4. ``truth`` keeps what really is, apart from anything a source can see; ``score`` compares a
   published golden file with it.

``advance`` lets days pass; ``servers`` answers for the two systems that speak HTTP. All draws come
from the seed, so the same call makes the same bank on any machine.
"""
