-- A double-entry ledger as one would write it for speed: integers for ids, no index but for the two keys, no
-- statement of an account. Each transfer is checked, has its id once, and a posting on each side.

CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    balance bigint NOT NULL CHECK (balance >= 0)
) WITH (fillfactor = 80);

CREATE TABLE transfers (
    id bigint PRIMARY KEY,
    payer bigint NOT NULL,
    payee bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0 AND payer <> payee)
);

CREATE TABLE postings (
    transfer bigint NOT NULL,
    account bigint NOT NULL,
    amount bigint NOT NULL,
    balance bigint NOT NULL
);

-- Whether the transfer took effect; without effect it leaves nothing.
CREATE FUNCTION transfer(transfer bigint, payer bigint, payee bigint, paid bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    payer_balance bigint;
    payee_balance bigint;
BEGIN
    IF payer = payee THEN
        RETURN false;
    END IF;
    INSERT INTO transfers VALUES (transfer, payer, payee, paid) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Always in the same order, so that no two wait for each other.
    IF payer < payee THEN
        UPDATE accounts SET balance = balance - paid WHERE id = payer RETURNING balance INTO payer_balance;
        UPDATE accounts SET balance = balance + paid WHERE id = payee RETURNING balance INTO payee_balance;
    ELSE
        UPDATE accounts SET balance = balance + paid WHERE id = payee RETURNING balance INTO payee_balance;
        UPDATE accounts SET balance = balance - paid WHERE id = payer RETURNING balance INTO payer_balance;
    END IF;
    IF payer_balance IS NULL OR payee_balance IS NULL THEN
        RAISE 'no such account';
    END IF;
    INSERT INTO postings VALUES
        (transfer, payer, -paid, payer_balance),
        (transfer, payee, paid, payee_balance);
    RETURN true;
END
$$;

-- Many transfers at once, all or none: how many took effect.
--
-- A set at a time, which is several times faster than a call for each. No payer pays more than it had before, so
-- every transfer is covered in whatever order; what is not so simple is refused as a whole.
CREATE FUNCTION transfer_all(ids bigint[], payers bigint[], payees bigint[], amounts bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
    met bigint;
    wanted bigint;
BEGIN
    PERFORM FROM accounts WHERE id = ANY (payers || payees) ORDER BY id FOR UPDATE;
    INSERT INTO transfers SELECT * FROM unnest(ids, payers, payees, amounts);
    GET DIAGNOSTICS made = ROW_COUNT;
    WITH legs AS (
        SELECT place, 0 AS side, payer AS account, -amount AS amount
            FROM unnest(payers, amounts) WITH ORDINALITY AS paid (payer, amount, place)
        UNION ALL
        SELECT place, 1, payee, amount
            FROM unnest(payees, amounts) WITH ORDINALITY AS received (payee, amount, place)
    ), posted AS (
        INSERT INTO postings
        SELECT ids[legs.place], legs.account, legs.amount,
            accounts.balance + sum(legs.amount) OVER (PARTITION BY legs.account ORDER BY legs.place, legs.side)
        FROM legs JOIN accounts ON accounts.id = legs.account
    ), sums AS (
        SELECT account, sum(amount) AS net, sum(least(amount, 0)) AS paid FROM legs GROUP BY account
    ), changed AS (
        UPDATE accounts SET balance = balance + net FROM sums WHERE id = account AND balance + sums.paid >= 0
        RETURNING id
    )
    SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM sums) INTO met, wanted;
    IF met <> wanted THEN
        RAISE 'a transfer is not covered, or there is no such account';
    END IF;
    RETURN made;
END
$$;

INSERT INTO accounts SELECT id, 1000000 FROM generate_series(1, :accounts) AS id;
VACUUM ANALYZE;
