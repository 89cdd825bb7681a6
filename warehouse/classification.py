"""How sensitive each published column is, by JR/T 0171-2020 (personal financial information).

C3, what authenticates a customer (passwords, card security codes, biometrics), never enters this
flow. C2 identifies a person or shows their finances; C1 is what the bank itself knows about its
records. The grade is a column's own; together, C1 columns may tell more. A column nobody has
graded counts as C2.
"""

from __future__ import annotations

from models.tables import Table

_C1 = frozenset(
    {
        "attribute",
        "author",
        "because",
        "cause",
        "change",
        "channel",
        "classification",
        "closed_on",
        "code_digest",
        "column_name",
        "content_hash",
        "currency",
        "customer_id",
        "customer_level",
        "customers",
        "decided_at",
        "decided_on",
        "decision_id",
        "digest",
        "distinct_values",
        "expires_on",
        "fill_rate",
        "id_class",
        "id_expires_on",
        "industry",
        "is_best",
        "kind",
        "known_from",
        "known_to",
        "last_id_number",
        "levels",
        "meaning_en",
        "meaning_zh",
        "number",
        "object",
        "opened_on",
        "other_customer_id",
        "party_type",
        "position",
        "previous_version",
        "published_at",
        "purpose",
        "record_count",
        "records",
        "registered_on",
        "retired_id",
        "review_pending",
        "rule",
        "run_id",
        "score",
        "side",
        "source",
        "source_count",
        "sources",
        "status",
        "table_name",
        "table_rows",
        "trust",
        "type",
        "updated_at",
        "use",
        "valid_from",
        "valid_to",
        "version",
        "won",
    }
)
# A source's key can be a customer's number there, and value holds whatever its row is about.
_C2 = frozenset(
    {
        "account_no",
        "address",
        "birth_date",
        "city",
        "country",
        "deceased_on",
        "detail",
        "district",
        "education",
        "email",
        "employer",
        "full_name",
        "id_number",
        "latin_name",
        "left_key",
        "marital_status",
        "mobile",
        "nationality",
        "occupation",
        "other_name",
        "postcode",
        "product",
        "province",
        "record_key",
        "region_code",
        "right_key",
        "risk_level",
        "sex",
        "source_pk",
        "text",
        "value",
    }
)
GRADED = _C1 | _C2


def grade(table: Table, column: str) -> str:
    """Return ``C1`` or ``C2`` for one column of a published table."""
    if (table.name, column) in {("customer_relationship", "type"), ("customer_consent", "status")}:
        return "C2"
    return "C1" if column in _C1 else "C2"
