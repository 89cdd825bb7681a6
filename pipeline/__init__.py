"""The flow itself: a project folder in, the steps in their order, a published version out.

- ``project`` reads a user's folder (``golden.yml``, ``sources/*.yml``, rules); ``located`` and
  ``problems`` answer a mistake in it with file, line and what to write instead.
- ``steps`` is the order of the flow, as one tuple that ``run`` and the Airflow DAGs both walk.
- ``run`` walks it without Airflow and keeps the ledger; ``report`` gathers what the page shows.
- ``settings`` is the only module that reads the environment.
- ``cli`` is the ``golden`` command line.
"""
