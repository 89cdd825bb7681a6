"""``python -m examples.bank`` is ``golden-bank``."""

from examples.bank.cli import main

main()
