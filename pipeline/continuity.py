"""What ties a run to the version before: its weights, and what else than data sets them apart.

A model learnt anew from every day's records would move every score a little, and with it clusters
that nobody touched. So a version keeps its model, and the next run weighs by it until the project
states one of its own, a kind of party has doubled its records, or the model no longer fits.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from matching.flow_models import BankModels, read_models
from matching.model.parameters import Model
from pipeline.project import MODEL_FILE, Project
from warehouse.accounting import Causes
from warehouse.decisions import Decisions
from warehouse.edition import code_digest
from warehouse.store import Connection, count

# From this many times the records it was learnt from, a model is learnt anew.
_OUTGROWN = 2


def kept_models(connection: Connection, project: Project) -> BankModels | None:
    """Return the models of the version readers see, without those its records have outgrown.

    None where nothing is published, or the version was published without a model.
    """
    current = project.versions.current()
    file: Path | None = current.folder / MODEL_FILE if current else None
    if file is None or not file.is_file():
        return None
    kept = read_models(file.read_text(encoding="utf-8"), file)
    outgrown = {
        name: None
        for name in ("person", "organisation")
        if _outgrown(connection, name, getattr(kept, name))
    }
    return kept.model_copy(update=outgrown)


def _outgrown(connection: Connection, party_type: str, model: Model | None) -> bool:
    if model is None:
        return False
    records = count(
        connection,
        "SELECT count(*) FROM normalised.record WHERE party_type = $party_type",
        {"party_type": party_type},
    )
    return records >= _OUTGROWN * model.records


def causes_of(project: Project, as_of: date) -> Causes:
    """Return what besides the data differs between a run of this day and the version before."""
    current = project.versions.current()
    made = current.manifest if current else None
    expired = (
        decision.decision_id
        for decision in Decisions(project.state).in_force()
        if decision.expires_on is not None and decision.expires_on <= as_of
    )
    return Causes(
        rules_changed=made is not None and made.config_digest != project.digest,
        code_changed=made is not None and made.code_digest != code_digest(),
        as_of=as_of,
        as_of_before=made.as_of if made else None,
        expired=frozenset(expired),
    )
