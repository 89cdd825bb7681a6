"""The report of one run: one offline page that says whether the golden customer may be used.

- ``facts``: everything the page shows; counts, names of columns and rules, never a value.
- ``collect``: working file and run facts → ``ReportData``.
- ``charts``: bars as inline SVG.
- ``build``: ``ReportData`` → HTML, English and Chinese in one page, no script, no request.
"""
