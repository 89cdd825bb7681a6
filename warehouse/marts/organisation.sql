SELECT * EXCLUDE (
    party_type, sex, birth_date, nationality, occupation, employer,
    marital_status, education, deceased_on
)
FROM customer
WHERE party_type = 'organisation'
