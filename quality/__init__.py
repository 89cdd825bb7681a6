"""May this candidate be published? Expectations are run, a gate decides, a page explains.

What enters is the working file with all its layers; what leaves is ``quality.*`` and the report.

- ``checks``: what one check is, as its YAML says it.
- ``suites``: the default checks of every layer, and what the project's ``quality/*.yml`` changes.
- ``previous``: the few numbers of the last published version that checks compare with.
- ``probe``: rows, populations and measures, counted in DuckDB.
- ``expectations``: each check as a Great Expectations expectation.
- ``runner``: one Great Expectations run over the working file → one result per declared check.
- ``failing``: the keys of rows that failed, for the people who repair them.
- ``gate``: results → verdict. It fails closed: whatever is not a pass does not publish.
- ``report``: one offline HTML page for people, in English and Chinese.
"""
