"""The report of one matching run: one offline page, English and Chinese, without a single value.

- ``facts``: everything the page shows: counts, ids, names of columns, levels and rules.
- ``missed``: what blocking did not see, estimated from what its rules saw independently.
- ``collect``: the arrays of a run → ``ReportFacts``.
- ``charts``: bars, histogram and curves as inline SVG.
- ``build``: ``ReportFacts`` → HTML; no script, no request.
"""
