WITH waiting AS (
    SELECT * FROM customer WHERE review_pending
)
SELECT customer_id, party_type, full_name, record_count, source_count, updated_at
FROM waiting
