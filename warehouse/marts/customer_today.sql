coalesce(
    (SELECT customer_id FROM customer WHERE customer_id = id),
    (SELECT customer_id FROM customer_id_redirect WHERE retired_id = id)
)
