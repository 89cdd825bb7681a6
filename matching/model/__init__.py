"""The match model: Fellegi–Sunter weights learnt from the data themselves; labels are optional.

1. ``patterns``: millions of pairs show some thousand different answers; everything is worked out
   once per pattern.
2. ``chance``: how often two random records agree (u), exactly where it can be counted.
3. ``dependence``: fields that say the same thing twice (street and postcode, a household's name
   and address) and how many bits that takes away.
4. ``em``: how often records of one party agree (m), and how likely two records are one party.
5. ``rarity``: sharing a rare value says more than sharing a common one.
6. ``score``: bits for any pair, and every part of them.
7. ``parameters``: the model as a file one can read, keep in version control and use again.
8. ``threshold``: where to cut, by the share of false matches that is tolerated.
9. ``labels``: weights put right by pairs that a person graded, where there are any.

After Fellegi and Sunter, "A Theory for Record Linkage" (JASA 64, 1969), and Winkler's use of EM.
"""
