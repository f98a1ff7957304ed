-- As bare as the tables of postgres.sql. The trigger is SQLite's own code: for each transfer the host language
-- does nothing but hand over four integers, in one call for a thousand.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    balance INTEGER NOT NULL CHECK (balance >= 0)
);

CREATE TABLE transfers (
    id INTEGER PRIMARY KEY,
    payer INTEGER NOT NULL,
    payee INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0 AND payer <> payee)
);

CREATE TABLE postings (
    transfer INTEGER NOT NULL,
    account INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    balance INTEGER NOT NULL
);

CREATE TRIGGER post AFTER INSERT ON transfers BEGIN
    UPDATE accounts SET balance = balance - new.amount WHERE id = new.payer;
    UPDATE accounts SET balance = balance + new.amount WHERE id = new.payee;
    -- An account that is not there has no balance, which is refused.
    INSERT INTO postings VALUES
        (new.id, new.payer, -new.amount, (SELECT balance FROM accounts WHERE id = new.payer)),
        (new.id, new.payee, new.amount, (SELECT balance FROM accounts WHERE id = new.payee));
END;
