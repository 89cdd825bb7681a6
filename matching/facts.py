"""Where the candidates of each attribute of golden.customer come from, as tables of SELECTs.

A fact's SELECT gives one row per value a record states: ``cust`` and ``rec`` (``survive_members``),
``ordinal`` (position in the record), ``kind``, ``validated`` (0, 1 or 2), ``completeness``, and the
fact's columns of golden.customer. Columns of one fact survive together, from one record.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One chosen attribute: its name is its leading column; ``verified`` by a valid resident id.

    ``has_kinds`` where the SELECT tells kinds; ``repeats`` where a record may state a value twice.
    """

    columns: tuple[str, ...]
    select: str
    verified: bool = False
    has_kinds: bool = False
    repeats: bool = True

    @property
    def name(self) -> str:
        """The leading column, under which survivorship.yml has its rule."""
        return self.columns[0]


def _attribute(name: str, type_: str = "VARCHAR") -> Fact:
    """A fact out of normalised.attribute, which holds at most one value per record."""
    return Fact((name,), _attribute_select(name, type_), repeats=False)


def _attribute_select(name: str, type_: str) -> str:
    return f"""
        SELECT cust, rec, 0 AS ordinal, NULL AS kind, 1 AS validated,
            length(value) AS completeness, TRY_CAST(value AS {type_}) AS {name}
        FROM survive_attribute WHERE attribute = '{name}'
    """


def _verified(name: str, type_: str) -> Fact:
    """A fact that a valid identity number says too: stated values, and the derived ones."""
    return Fact(
        (name,),
        f"""{_attribute_select(name, type_)}
        UNION ALL
        SELECT cust, rec, 1 + ordinal, NULL, 1, 0, {name}
        FROM survive_identifier WHERE status = 'valid' AND {name} IS NOT NULL
        """,
        verified=True,
    )


def _contact(kind: str) -> Fact:
    """A fact out of normalised.contact; a value that many share is kept, but not validated."""
    return Fact(
        (kind,),
        f"""
        SELECT cust, rec, ordinal, use AS kind, (shared.value IS NULL)::INTEGER AS validated,
            0 AS completeness, contact.value AS {kind}
        FROM survive_contact contact
        LEFT JOIN (SELECT DISTINCT value FROM matched.stop_value WHERE kind = '{kind}') shared
            ON shared.value = contact.value
        WHERE contact.kind = '{kind}' AND status = 'valid'
        """,
        has_kinds=True,
    )


def _name(column: str, condition: str) -> Fact:
    return Fact(
        (column,),
        f"""
        SELECT cust, rec, ordinal, kind,
            CASE status WHEN 'ok' THEN 2 WHEN 'partial' THEN 1 ELSE 0 END AS validated,
            length(value) AS completeness, value AS {column}
        FROM survive_name WHERE {condition}
        """,
        has_kinds=True,
    )


# In this order: an expiry date belongs to the number that was chosen before it.
FACTS: tuple[Fact, ...] = (
    Fact(
        ("party_type",),
        """
        SELECT cust, rec, 0 AS ordinal, NULL AS kind, 1 AS validated, 0 AS completeness,
            party_type
        FROM survive_member
        """,
        repeats=False,
    ),
    _name("full_name", "status IN ('ok', 'partial', 'masked')"),
    _name("latin_name", "status IN ('ok', 'partial') AND (kind = 'latin' OR script = 'latin')"),
    _verified("sex", "VARCHAR"),
    _verified("birth_date", "DATE"),
    _attribute("nationality"),
    Fact(
        ("id_number", "id_class"),
        """
        SELECT cust, rec, ordinal, id_class AS kind,
            CASE status WHEN 'valid' THEN 2 ELSE 1 END AS validated, 0 AS completeness,
            value AS id_number, id_class
        FROM survive_identifier WHERE status IN ('valid', 'unchecked')
        """,
        has_kinds=True,
    ),
    Fact(
        ("id_expires_on",),
        """
        SELECT i.cust, rec, ordinal, NULL AS kind, 1 AS validated, 0 AS completeness,
            expires_on AS id_expires_on
        FROM survive_identifier i
        JOIN won_id_number w
            ON w.cust = i.cust AND w.id_number = i.value AND w.id_class = i.id_class
        WHERE status IN ('valid', 'unchecked')
        """,
    ),
    _contact("mobile"),
    _contact("email"),
    Fact(
        ("address", "province", "city", "district", "region_code", "postcode"),
        """
        SELECT cust, rec, ordinal, use AS kind,
            CASE coalesce(level, 'none') WHEN 'none' THEN 0 WHEN 'district' THEN 2 ELSE 1 END
                AS validated,
            length(text) + CASE level WHEN 'district' THEN 3000 WHEN 'city' THEN 2000
                WHEN 'province' THEN 1000 ELSE 0 END AS completeness,
            text AS address, province, city, district, region_code, postcode
        FROM survive_address
        """,
        has_kinds=True,
    ),
    _attribute("occupation"),
    _attribute("employer"),
    _attribute("industry"),
    _attribute("registered_on", "DATE"),
    _attribute("marital_status"),
    _attribute("education"),
    _attribute("risk_level"),
    _attribute("customer_level"),
    _attribute("deceased_on", "DATE"),
)

# Counted from the records rather than chosen among their values: no provenance of their own.
DERIVED = (
    "customer_id",
    "record_count",
    "source_count",
    "review_pending",
    "updated_at",
)
