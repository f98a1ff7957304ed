SELECT transfer_all(
    array_agg((random() * 9.2e18)::bigint),
    array_agg(payer),
    array_agg((payer + (random() * (:accounts - 2))::bigint) % :accounts + 1),
    array_agg(1::bigint)
)
FROM (SELECT 1 + (random() * (:accounts - 1))::bigint AS payer FROM generate_series(1, 1000)) AS batch;
