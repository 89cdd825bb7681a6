"""Fills the golden tables that keep every value: names, numbers, contacts, accounts and so on.

Each SELECT reads the values of the customers that are redone (``survive_members``) and, to mark
the surviving value, the winners (``won_*``) that ``matching.choose`` left. Relationships point at
other customers, whose ids may change with nothing changed here: they are all told anew every time.
"""

from __future__ import annotations

from models.tables import table
from warehouse.store import Connection, begin_layer, insert_select

_COUNTS = "count(DISTINCT m.rec) AS record_count, max(m.updated_at) AS updated_at"
_BY_STRENGTH = """
    CASE min(CASE v.status WHEN 'valid' THEN 1 WHEN 'unchecked' THEN 2 WHEN 'invalid' THEN 3
        ELSE 4 END) WHEN 1 THEN 'valid' WHEN 2 THEN 'unchecked' WHEN 3 THEN 'invalid'
        ELSE 'masked' END AS status
"""
# Placeholders and numbers that lost digits are nobody's: they stay behind, counted as defects.
_KEPT = "v.value IS NOT NULL AND v.status IN ('valid', 'unchecked', 'invalid', 'masked')"

LISTS: dict[str, str] = {
    "customer_name": f"""
        SELECT m.customer_id, v.kind, v.value,
            coalesce(bool_or(f.full_name = v.value AND f.kind IS NOT DISTINCT FROM v.kind), FALSE)
            OR coalesce(bool_or(
                l.latin_name = v.value AND l.kind IS NOT DISTINCT FROM v.kind), FALSE) AS is_best,
            {_COUNTS}
        FROM survive_name v JOIN survive_member m USING (rec)
        LEFT JOIN won_full_name f ON f.cust = m.cust
        LEFT JOIN won_latin_name l ON l.cust = m.cust
        WHERE v.value IS NOT NULL AND v.status <> 'placeholder'
        GROUP BY m.customer_id, v.kind, v.value
    """,
    "customer_identifier": f"""
        SELECT m.customer_id, v.id_class, v.value, min(v.country) AS country, {_BY_STRENGTH},
            max(v.expires_on) AS expires_on,
            coalesce(bool_or(w.id_number = v.value AND w.id_class = v.id_class), FALSE) AS is_best,
            {_COUNTS}
        FROM survive_identifier v JOIN survive_member m USING (rec)
        LEFT JOIN won_id_number w ON w.cust = m.cust
        WHERE {_KEPT}
        GROUP BY m.customer_id, v.id_class, v.value
    """,
    "customer_contact": f"""
        SELECT m.customer_id, v.kind, v.value, {_BY_STRENGTH},
            coalesce(bool_or(CASE v.kind WHEN 'mobile' THEN p.mobile = v.value
                WHEN 'email' THEN e.email = v.value END), FALSE) AS is_best,
            {_COUNTS}
        FROM survive_contact v JOIN survive_member m USING (rec)
        LEFT JOIN won_mobile p ON p.cust = m.cust
        LEFT JOIN won_email e ON e.cust = m.cust
        WHERE {_KEPT}
        GROUP BY m.customer_id, v.kind, v.value
    """,
    "customer_address": """
        SELECT m.customer_id, v.use, v.text, v.province, v.city, v.district, v.region_code,
            v.postcode,
            coalesce(w.address = v.text AND w.kind IS NOT DISTINCT FROM v.use
                AND (w.province, w.city, w.district, w.region_code, w.postcode) IS NOT DISTINCT FROM
                    (v.province, v.city, v.district, v.region_code, v.postcode), FALSE) AS is_best,
            count(DISTINCT m.rec) AS record_count, max(m.updated_at) AS updated_at
        FROM survive_address v JOIN survive_member m USING (rec)
        LEFT JOIN won_address w ON w.cust = m.cust
        WHERE v.text IS NOT NULL
        GROUP BY ALL
    """,
    "customer_account": """
        SELECT m.customer_id, m.source, v.account_no, v.product, v.currency, v.status,
            v.opened_on, v.closed_on, m.record_key
        FROM survive_account v JOIN survive_member m USING (rec)
        WHERE v.account_no IS NOT NULL
        QUALIFY row_number() OVER (
            PARTITION BY m.cust, m.source, v.account_no
            ORDER BY m.updated_at DESC NULLS LAST, m.rec, v.ordinal) = 1
    """,
    # Granted only where no record refuses; a refusal for any channel refuses every channel.
    "customer_consent": """
        WITH stated AS (
            SELECT m.customer_id, m.rec, v.purpose, coalesce(v.channel, 'any') AS channel,
                v.decided_on,
                CASE v.status WHEN 'granted' THEN 3 WHEN 'withdrawn' THEN 2 ELSE 1 END AS strictness
            FROM survive_consent v JOIN survive_member m USING (rec)
        ),
        asked AS (SELECT DISTINCT customer_id, purpose, channel FROM stated)
        SELECT a.customer_id, a.purpose, a.channel,
            CASE min(s.strictness) WHEN 3 THEN 'granted' WHEN 2 THEN 'withdrawn'
                ELSE 'refused' END AS status,
            max(s.decided_on) AS decided_on, count(DISTINCT s.rec) AS record_count
        FROM asked a
        JOIN stated s
            ON s.customer_id = a.customer_id AND s.purpose = a.purpose
            AND (s.channel = a.channel OR s.channel = 'any' AND s.strictness < 3)
        GROUP BY ALL
    """,
    "customer_xref": """
        SELECT m.source, m.object, m.source_pk, m.customer_id, m.record_key, m.updated_at,
            f.content_hash
        FROM survive_member m LEFT JOIN normalised.fingerprint f USING (record_key)
    """,
    "customer_decision": """
        SELECT m.customer_id, d.decision_id, d.kind, d.side, d.record_key, d.attribute, d.author,
            d.decided_at, d.status
        FROM matched.decision d JOIN survive_member m USING (record_key)
        WHERE d.status IN ('in_force', 'evidence_changed')
    """,
    "match_evidence": """
        SELECT l.customer_id, p.left_key, p.right_key, p.rule, p.because, p.levels, p.score
        FROM matched.pair p
        JOIN survive_member l ON l.record_key = p.left_key
        JOIN survive_member r ON r.record_key = p.right_key AND r.customer_id = l.customer_id
        WHERE p.decision = 'match'
    """,
}


# The other party: its record, else the one customer that has its number.
_RELATIONSHIPS = """
    WITH owner AS (
        SELECT value, min(customer_id) AS customer_id FROM golden.customer_identifier
        SEMI JOIN (SELECT DISTINCT other_identifier AS value FROM normalised.relationship)
            USING (value)
        WHERE status IN ('valid', 'unchecked')
        GROUP BY value HAVING count(DISTINCT customer_id) = 1
    )
    SELECT DISTINCT i.customer_id, v.type,
        coalesce(o.customer_id, owner.customer_id) AS other_customer_id,
        v.other_name, v.record_key
    FROM normalised.relationship v JOIN matched.identity i USING (record_key)
    LEFT JOIN matched.identity o ON o.record_key = v.other_record_key
    LEFT JOIN owner ON owner.value = v.other_identifier
"""


def fill_lists(con: Connection) -> dict[str, int]:
    """Fill every golden table that lists values; return the rows of each."""
    return {name: insert_select(con, table("golden", name), sql) for name, sql in LISTS.items()}


def fill_relationships(con: Connection) -> None:
    """Fill golden.customer_relationship; add to ``survive_touched`` whose rows are others now."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE survive_related AS {_RELATIONSHIPS}")
    con.execute("""
        INSERT INTO survive_touched
        SELECT customer_id FROM (
            (FROM survive_related EXCEPT FROM golden.customer_relationship)
            UNION ALL (FROM golden.customer_relationship EXCEPT FROM survive_related))
        EXCEPT FROM survive_touched
    """)
    begin_layer(con, "golden", "customer_relationship")
    insert_select(con, table("golden", "customer_relationship"), "FROM survive_related")
    con.execute("DROP TABLE temp.survive_related")
