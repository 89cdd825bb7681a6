SELECT * EXCLUDE (party_type, industry, registered_on)
FROM customer
WHERE party_type = 'person'
