"""What one check is, as its YAML says it.

A check looks at one table and demands one of three things:

```yaml
- id: customer_id_unique                 # any Great Expectations expectation, by class name
  table: golden.customer
  expect: {type: ExpectColumnValuesToBeUnique, column: customer_id}
- id: email_shape                        # no row, of those in `among`, may meet the condition
  table: golden.customer_contact
  among: kind = 'email' AND status = 'valid'
  rows: NOT contains(value, '@')
- id: quarantine_share                   # a number within limits
  table: landed.object_load
  measure: SELECT ...
  max: 0.05
```

The table is called ``t`` in ``among``, ``rows`` and ``key``. A ``rows`` condition that is NULL for
a row counts as a failure: what cannot be said to be right is not right.

With ``for_each`` a check is a template: ``{source}``, ``{object}``, ``{landed}`` (the landed
table, quoted) and ``{owner}`` are filled in for every source, party object or object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from models.mapping import Strict
from models.source import Title
from models.verdict import Layer, Severity

Dimension = Literal[
    "completeness", "uniqueness", "validity", "consistency", "timeliness", "integrity"
]
Kind = Literal["expect", "rows", "measure"]
CHECK_ID = r"^[a-z][a-z0-9_]*$"


class Check(Strict):
    """One check, or the template of one check per source, party or object.

    ``empty_ok``: passing on no rows is a pass. ``null_ok``: so is passing on a column without any
    value. Without them such a pass is ``not_evaluated``, and a critical check then holds the gate.
    ``when: previous`` declares the check only when a published version exists to compare with.
    """

    id: Annotated[str, Field(pattern=CHECK_ID)]
    table: str = Field(pattern=r"^(\{landed\}|[a-z_]+\.[a-z_0-9]+)$")
    for_each: Literal["source", "party", "object"] | None = None
    when: Literal["previous"] | None = None
    expect: dict[str, Any] | None = None
    rows: str | None = None
    among: str | None = None
    key: str | None = None
    measure: str | None = None
    min: float | None = None
    max: float | None = None
    unit: Literal["number", "share"] = "number"
    severity: Severity
    dimension: Dimension
    owner: str
    title: Title
    because: Title
    next_step: Title
    empty_ok: bool = False
    null_ok: bool = False

    @model_validator(mode="after")
    def _one_demand(self) -> Check:
        demands = [kind for kind in ("expect", "rows", "measure") if getattr(self, kind)]
        if len(demands) != 1:
            raise ValueError("write exactly one of 'expect', 'rows' and 'measure'")
        if self.expect and not str(self.expect.get("type", "")).startswith("Expect"):
            raise ValueError("'expect' needs 'type: Expect…', a Great Expectations class name")
        if self.measure and self.min is None and self.max is None:
            raise ValueError("a 'measure' needs 'min', 'max' or both")
        if not self.measure and (self.min is not None or self.max is not None):
            raise ValueError("'min' and 'max' belong to a 'measure'")
        if self.table == "{landed}" and self.for_each not in {"party", "object"}:
            raise ValueError("'{landed}' needs 'for_each: object' or 'for_each: party'")
        return self

    @property
    def kind(self) -> Kind:
        """Which of the three demands this check makes."""
        return "expect" if self.expect else "rows" if self.rows else "measure"


@dataclass(frozen=True, slots=True)
class Declared:
    """One check that must have exactly one result; ``check`` has no placeholders any more.

    ``source`` and ``object_name`` are set when it came from a template.
    """

    check_id: str
    layer: Layer
    schema: str
    table: str
    check: Check
    source: str | None = None
    object_name: str | None = None

    @property
    def table_name(self) -> str:
        """``schema.table`` as people write it."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True, slots=True)
class Suite:
    """All checks of one layer."""

    layer: Layer
    checks: tuple[Declared, ...]
