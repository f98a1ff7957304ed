\set transfer random(1, 9223372036854775807)
\set payer random(1, :accounts)
\set payee (:payer + random(0, :accounts - 2)) % :accounts + 1
SELECT transfer(:transfer, :payer, :payee, 1);
