"""All sets of made-up records whose truth is known, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.matching.quality import chinese, companies, foreigners, voters, western
from tests.matching.quality.made import Made

SETS: Mapping[str, Callable[[], Made]] = {
    "western, few copies": western.few_copies,
    "western, many copies": western.many_copies,
    "western, two files": western.two_files,
    "voters": voters.voters,
    "foreigners": foreigners.foreigners,
    "companies": companies.companies,
    "company names alone": companies.names_alone,
    "Chinese bank": chinese.named,
    "Chinese bank, initials": chinese.initials,
    "Chinese bank, no headers": chinese.numbered,
}
