SELECT customer_id AS any_id, customer_id, 'current' AS standing FROM customer
UNION ALL
SELECT retired_id AS any_id, customer_id, cause AS standing FROM customer_id_redirect
