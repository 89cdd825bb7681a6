"""The words every other room uses, and nothing that reads or writes.

What is here, from the outside in:

- ``project`` and ``source``: what a user writes in YAML, validated.
- ``tables``: every table that passes between two rooms, with its grain and its columns.
- ``fields``: one module per kind of value (identifiers, names, phones, dates, addresses …),
  each turning an Arrow array of raw text into clean values with a status, a column at a time.
- ``normalise``: one landed object's rows and its mapping in, normalised tables and quarantine out.
- ``errors``: one tree, grouped by what the caller should do.
"""
