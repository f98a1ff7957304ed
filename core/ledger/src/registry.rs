//! The ledger's rows of the error registry.

use std::fmt::Display;
use std::path::Path;

use crate::error::Error;

/// A file, or what keeps records in files, could not be `action`.
pub(crate) fn io_failed(
    path: impl Display,
    action: &str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> Error {
    STORE_IO.error().with("path", path).with("action", action).with("reason", &source).because(source)
}

/// A file is not as it was written.
pub(crate) fn damaged(path: &Path, reason: &str) -> Error {
    STORE_CORRUPT.error().with("path", path.display()).with("reason", reason)
}

crate::registry! {
    /// All errors that the ledger can answer.
    pub static ERRORS;

    TRANSACTION_MALFORMED = "transaction.malformed" {
        phase: Admission, retryable: false, actor: Caller,
        message: "the bytes are no canonical transaction: {reason}",
        remedy: "build the transaction with the same version of Allonge as the ledger and send its bytes unchanged",
    }
    TRANSACTION_TOO_LARGE = "transaction.too_large" {
        phase: Admission, retryable: false, actor: Caller,
        message: "the transaction has {bytes} bytes; at most {limit} are taken",
        remedy: "split it into several transactions",
    }
    TRANSACTION_RESULT_TOO_LARGE = "transaction.result_too_large" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the events of the transaction have {bytes} bytes; at most {limit} are kept",
        remedy: "split it into several transactions",
    }
    BLOCK_FULL = "block.full" {
        phase: Admission, retryable: true, actor: Caller,
        message: "the block has no room left for this transaction",
        remedy: "submit it again with the same idempotency key; the next block has room",
    }
    TRANSACTION_OPERATIONS = "transaction.operations" {
        phase: Admission, retryable: false, actor: Caller,
        message: "the transaction has {count} operations; from 1 to {limit} are taken",
        remedy: "submit at least one operation and split larger batches",
    }
    TRANSACTION_WRONG_NETWORK = "transaction.wrong_network" {
        phase: Admission, retryable: false, actor: Caller,
        message: "the transaction is for network {given}, this is {expected}",
        remedy: "open the ledger that the transaction was signed for",
    }
    TRANSACTION_WRONG_AUTHOR = "transaction.wrong_author" {
        phase: Input, retryable: false, actor: Caller,
        message: "the transaction is of {given}, not of {expected}",
        remedy: "let a key of its author sign it, in a session of the author",
    }
    TRANSACTION_EXPIRED = "transaction.expired" {
        phase: Admission, retryable: false, actor: Author,
        message: "the transaction was valid until {valid_until}; the time of the next block is {time}",
        remedy: "sign it again with a later valid_until and the same idempotency key",
    }
    TRANSACTION_VALIDITY_TOO_LONG = "transaction.validity_too_long" {
        phase: Admission, retryable: false, actor: Author,
        message: "valid_until {valid_until} is more than 7 days after block time {time}",
        remedy: "choose a valid_until within 7 days",
    }
    TRANSACTION_KEY_CONFLICT = "transaction.key_conflict" {
        phase: Admission, retryable: false, actor: Caller,
        message: "the idempotency key {key} was used for other operations, in transaction {first}",
        remedy: "use a new key for new operations; to learn the first result, ask for its receipt",
    }
    TRANSACTION_REPEATED = "transaction.repeated" {
        phase: Admission, retryable: false, actor: Caller,
        message: "the idempotency key {key} was answered by transaction {first}",
        remedy: "ask for the receipt of that transaction",
    }
    TRANSACTION_UNKNOWN = "transaction.unknown" {
        phase: Input, retryable: false, actor: Caller,
        message: "no transaction {transaction} is in the ledger",
        remedy: "check the id; an id is 64 lower-case hexadecimal digits",
    }

    SIGNATURE_MISSING = "signature.missing" {
        phase: Admission, retryable: false, actor: Author,
        message: "the transaction of {party} carries no signature",
        remedy: "sign it with a registered key of the party",
    }
    SIGNATURE_INVALID = "signature.invalid" {
        phase: Admission, retryable: false, actor: Author,
        message: "the signature by {key} does not hold for this transaction",
        remedy: "sign the transaction's own bytes, unchanged",
    }
    SIGNATURE_UNKNOWN_KEY = "signature.unknown_key" {
        phase: Admission, retryable: false, actor: Author,
        message: "{key} is no key of {party}",
        remedy: "sign with a key that the party has registered, or register this one first",
    }
    SIGNATURE_REVOKED_KEY = "signature.revoked_key" {
        phase: Admission, retryable: false, actor: Author,
        message: "{key} of {party} was revoked at height {height}",
        remedy: "sign with another registered key of the party",
    }
    SIGNATURE_EXPIRED_KEY = "signature.expired_key" {
        phase: Admission, retryable: false, actor: Author,
        message: "{key} of {party} was registered for the heights below {height}",
        remedy: "sign with another registered key of the party, or register a new one",
    }
    SIGNATURE_KEY_NOT_YET_VALID = "signature.key_not_yet_valid" {
        phase: Admission, retryable: true, actor: Author,
        message: "{key} of {party} counts from height {height} on",
        remedy: "wait for that height, or sign with a key that counts already",
    }
    POLICY_UNSATISFIED = "policy.unsatisfied" {
        phase: Admission, retryable: false, actor: Author,
        message: "{kind} still needs {missing} signature(s) of {role} by the policy of {party}",
        remedy: "let more keys sign the transaction, or propose its operations and let the others approve them",
    }

    AUTHORITY_REQUIRED = "authority.required" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the {authority} may do this, not {party}",
        remedy: "let the party that the genesis names submit it",
    }

    PARTY_UNKNOWN = "party.unknown" {
        phase: Execution, retryable: true, actor: Registrar,
        message: "{party} is not admitted to this ledger",
        remedy: "ask the registrar to admit the party, or correct its identifier",
    }
    PARTY_ALREADY_ADMITTED = "party.already_admitted" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{party} is already admitted",
        remedy: "register further keys with add_key",
    }
    PARTY_INVALID = "party.invalid" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{party} cannot be admitted: {reason}",
        remedy: "give a name of 1 to 140 characters and from 1 to 16 keys",
    }
    KEY_REFUSED = "key.refused" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{key} cannot be registered: {reason}",
        remedy: "generate a new key pair and register its public key",
    }
    KEY_ALREADY_REGISTERED = "key.already_registered" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{key} is or was a key of {party}",
        remedy: "register a new key; a revoked key never returns",
    }
    KEY_UNKNOWN = "key.unknown" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{key} is no valid key of {party}",
        remedy: "name a registered key that is not revoked yet",
    }
    KEY_LAST = "key.last" {
        phase: Execution, retryable: false, actor: Author,
        message: "{key} is the last valid key of {party}",
        remedy: "register its successor first, then revoke it",
    }
    KEY_VALIDITY_INVALID = "key.validity_invalid" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{key} cannot be registered for these heights: {reason}; the next is {height}",
        remedy: "let it count from the next height or a later one, until one after that",
    }

    POLICY_INVALID = "policy.invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "rule {rule} of the policy of {party} cannot be: {reason}",
        remedy: "name operations by their type, and ask each role once for at least one signature, at most 16 in a rule",
    }
    POLICY_UNSATISFIABLE = "policy.unsatisfiable" {
        phase: Execution, retryable: false, actor: Author,
        message: "the keys of {party} could not satisfy rule {rule} of its policy: {missing} of {role} are missing",
        remedy: "register keys with these roles first, or ask for less",
    }

    PROPOSAL_UNKNOWN = "proposal.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "proposal {proposal} does not exist",
        remedy: "propose it first; a proposal is written party/number",
    }
    PROPOSAL_EXISTS = "proposal.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "proposal {proposal} was made before",
        remedy: "give the new proposal a number of its own",
    }
    PROPOSAL_NOT_YOURS = "proposal.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "proposal {proposal} is none of {party}'s",
        remedy: "let the party that it names propose, approve and withdraw it",
    }
    PROPOSAL_CLOSED = "proposal.closed" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "proposal {proposal} is {state} already",
        remedy: "propose the operations again if they are still wanted",
    }
    PROPOSAL_EXPIRED = "proposal.expired" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "proposal {proposal} expired at {expires_at}",
        remedy: "propose the operations again if they are still wanted",
    }
    PROPOSAL_EXPIRY_INVALID = "proposal.expiry_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{expires_at} is not within {limit} days after block time {time}",
        remedy: "choose a time after that of the block and within 30 days of it",
    }
    PROPOSAL_OPERATIONS = "proposal.operations" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the proposal has {count} operations; from 1 to {limit} are taken",
        remedy: "propose at least one operation and split larger batches",
    }
    PROPOSAL_TOO_LARGE = "proposal.too_large" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the operations of the proposal have {bytes} bytes; at most {limit} are taken",
        remedy: "split them into several proposals",
    }
    PROPOSAL_TOO_MANY = "proposal.too_many" {
        phase: Execution, retryable: false, actor: Caller,
        message: "with proposal {proposal}, those of one transaction have more than {limit} bytes",
        remedy: "approve or withdraw fewer in one transaction",
    }
    PROPOSAL_ALREADY_APPROVED = "proposal.already_approved" {
        phase: Execution, retryable: false, actor: Author,
        message: "all of these keys approved proposal {proposal} before; each counts once",
        remedy: "let another key of the party approve it",
    }
    PROPOSAL_OTHER_OPERATIONS = "proposal.other_operations" {
        phase: Execution, retryable: false, actor: Author,
        message: "what is approved, {given}, is not what proposal {proposal} says, {proposed}",
        remedy: "read the proposal again, and approve it by its operations_hash only if it is as expected",
    }

    ACCOUNT_UNKNOWN = "account.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "account {account} does not exist",
        remedy: "open it first; an account is written party/currency/purpose",
    }
    ACCOUNT_EXISTS = "account.exists" {
        phase: Execution, retryable: false, actor: Caller,
        message: "account {account} is already open",
        remedy: "use it, or choose another purpose",
    }
    ACCOUNT_NOT_YOURS = "account.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "account {account} does not belong to {party}",
        remedy: "let the account's owner submit it",
    }
    ACCOUNT_CURRENCY = "account.currency" {
        phase: Execution, retryable: false, actor: Caller,
        message: "account {account} does not hold {currency}",
        remedy: "use an account in the currency of the amount",
    }
    ACCOUNT_SAME = "account.same" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{account} is both ends of the transfer",
        remedy: "name two different accounts",
    }
    ACCOUNT_INSUFFICIENT_FUNDS = "account.insufficient_funds" {
        phase: Execution, retryable: true, actor: Author,
        message: "account {account} has {available} available, which does not cover {amount}",
        remedy: "fund the account first, or void holds on it that are no longer needed",
    }
    ACCOUNT_CEILING_EXCEEDED = "account.ceiling_exceeded" {
        phase: Execution, retryable: true, actor: Caller,
        message: "account {account} would come to {balance}, beyond its ceiling of {ceiling}",
        remedy: "move a smaller amount, or let the account's owner raise the ceiling",
    }
    ACCOUNT_NOT_OWED = "account.not_owed" {
        phase: Execution, retryable: false, actor: Caller,
        message: "account {account} owes its balance of {balance}, which is less than {amount}",
        remedy: "pay back no more than what was issued",
    }
    AMOUNT_NOT_POSITIVE = "amount.not_positive" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the amount {amount} is not positive",
        remedy: "give an amount above zero",
    }
    AMOUNT_OVERFLOW = "amount.overflow" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the sum does not fit the ledger's 128-bit amounts",
        remedy: "check the amount",
    }
    REFERENCE_INVALID = "transfer.reference_invalid" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the reference has {length} characters; at most {limit} printable ones are taken",
        remedy: "shorten the reference",
    }

    VALUE_DATE_INVALID = "transfer.value_date" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the value date {value_date} is more than {limit} days from {date}",
        remedy: "choose a value date within a year of the date of the block",
    }

    REVERSAL_UNKNOWN = "reversal.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no transaction {transaction} of the last 90 days is in the ledger before this one",
        remedy: "check the id, reverse a transaction only once it has its receipt, and give back what is older by a transfer",
    }
    REVERSAL_REPEATED = "reversal.repeated" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "transaction {transaction} was reversed before, by {first}",
        remedy: "ask for the receipt of that reversal; to take it back, transfer the money again",
    }
    REVERSAL_SECOND = "reversal.second" {
        phase: Execution, retryable: false, actor: Caller,
        message: "a transaction reverses at most one other, and {transaction} is a second",
        remedy: "reverse it by a transaction of its own",
    }
    REVERSAL_NOT_TRANSFERS = "reversal.not_transfers" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "transaction {transaction} cannot be reversed: {reason}",
        remedy: "give back by transfers of your own, or by the operations of the business that it was about",
    }
    REVERSAL_NOT_YOURS = "reversal.not_yours" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "transaction {transaction} paid account {account}, which does not belong to {party}",
        remedy: "let whoever was paid reverse it; where several were, let each give its part back by a transfer",
    }
    REVERSAL_AMOUNTS = "reversal.amounts" {
        phase: Execution, retryable: false, actor: Author,
        message: "transaction {transaction} transferred {transferred}, where place {place} of the amounts has {given}",
        remedy: "give the sum of what it transferred in each currency, in the order of their codes",
    }
    REVERSAL_REASON = "reversal.reason" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the reason has {length} characters; from 1 to {limit} printable ones are taken",
        remedy: "say in a few words why the transaction is reversed",
    }

    HOLD_UNKNOWN = "hold.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "hold {hold} does not exist",
        remedy: "place it first; a hold is written payer/number",
    }
    HOLD_EXISTS = "hold.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "hold {hold} was placed before",
        remedy: "give the new hold a number of its own",
    }
    HOLD_NOT_YOURS = "hold.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} may not do this with hold {hold}",
        remedy: "let its payer place it, its poster post it, and either of them void it",
    }
    HOLD_CLOSED = "hold.closed" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "hold {hold} is {state} already",
        remedy: "ask its payer for another hold",
    }
    HOLD_EXPIRED = "hold.expired" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "hold {hold} expired at {expires_at}",
        remedy: "ask its payer for another hold",
    }
    HOLD_NOT_EXPIRED = "hold.not_expired" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "hold {hold} binds its payer until {expires_at}",
        remedy: "wait until it has expired, or let the party that may post it void it",
    }
    HOLD_EXPIRY_INVALID = "hold.expiry_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{expires_at} is not within {limit} days after block time {time}",
        remedy: "choose a time after that of the block and within a year of it",
    }
    HOLD_EXCEEDED = "hold.exceeded" {
        phase: Execution, retryable: false, actor: Caller,
        message: "hold {hold} still reserves {remaining}, which does not cover {amount}",
        remedy: "post no more than what it still reserves",
    }
    HOLD_ONLY_WHOLE = "hold.only_whole" {
        phase: Execution, retryable: false, actor: Caller,
        message: "hold {hold} is against a payment, so {amount} of its {remaining} cannot be posted alone",
        remedy: "post it whole",
    }
    HOLD_PAY_FROM = "hold.pay_from" {
        phase: Execution, retryable: false, actor: Caller,
        message: "the account that pays in return for hold {hold} is {reason}",
        remedy: "name pay_from for a hold that is against a payment, and for no other",
    }

    CALENDAR_UNKNOWN = "calendar.unknown" {
        phase: Execution, retryable: true, actor: CalendarPublisher,
        message: "no calendar {calendar} is published",
        remedy: "ask the calendar publisher to publish it, or name a published one",
    }
    CALENDAR_INVALID = "calendar.invalid" {
        phase: Input, retryable: false, actor: CalendarPublisher,
        message: "the calendar cannot be used: {reason}",
        remedy: "correct the calendar",
    }
    CALENDAR_VERSION = "calendar.version" {
        phase: Execution, retryable: false, actor: CalendarPublisher,
        message: "calendar {calendar} is at version {current}, so the next is not {given}",
        remedy: "publish the next version",
    }
    CALENDAR_NOT_PUBLISHED = "calendar.not_published" {
        phase: Execution, retryable: true, actor: CalendarPublisher,
        message: "calendar {calendar} does not say yet whether {date} is a banking day",
        remedy: "ask the calendar publisher to publish a version that covers the date",
    }

    CLOCK_NOT_MANUAL = "clock.not_manual" {
        phase: Input, retryable: false, actor: Caller,
        message: "this ledger runs on the system clock, as its genesis records",
        remedy: "open a new ledger with the manual clock to choose the time",
    }
    CLOCK_BACKWARDS = "clock.backwards" {
        phase: Input, retryable: false, actor: Caller,
        message: "block time is {time} and never decreases; {given} is earlier",
        remedy: "advance to a later time",
    }

    RECEIPT_MALFORMED = "receipt.malformed" {
        phase: Proof, retryable: false, actor: Nobody,
        message: "the bytes are no receipt: {reason}",
        remedy: "obtain the receipt again; do not rely on this one",
    }
    RECEIPT_VERSION = "receipt.version" {
        phase: Proof, retryable: false, actor: Caller,
        message: "the receipt has format {version}, which this software does not know",
        remedy: "verify it with a newer version of Allonge",
    }
    RECEIPT_WRONG_NETWORK = "receipt.wrong_network" {
        phase: Proof, retryable: false, actor: Caller,
        message: "the receipt is of network {given}, the trusted genesis is of {expected}",
        remedy: "verify it against the genesis of its own network",
    }
    RECEIPT_INVALID = "receipt.invalid" {
        phase: Proof, retryable: false, actor: Nobody,
        message: "the receipt proves nothing: its {part} does not hold",
        remedy: "obtain the receipt again; do not rely on this one",
    }
    GENESIS_INVALID = "genesis.invalid" {
        phase: Input, retryable: false, actor: Operations,
        message: "the genesis is not valid: {reason}",
        remedy: "obtain the genesis file again from the network's founders",
    }

    STORE_LOCKED = "store.locked" {
        phase: Storage, retryable: true, actor: Operations,
        message: "{path} is open in another process",
        remedy: "close the other process; a ledger has one writer at a time",
    }
    STORE_EXISTS = "store.exists" {
        phase: Storage, retryable: false, actor: Caller,
        message: "{path} is there already",
        remedy: "open the ledger that is there, or give another place",
    }
    STORE_CORRUPT = "store.corrupt" {
        phase: Storage, retryable: false, actor: Operations,
        message: "{path} is damaged: {reason}",
        remedy: "keep the directory as it is and restore a backup beside it",
    }
    STORE_IO = "store.io" {
        phase: Storage, retryable: true, actor: Operations,
        message: "{path} could not be {action}: {reason}",
        remedy: "check disk space, permissions and the disk, then open the ledger again",
    }
    STORE_FAILED = "store.failed" {
        phase: Storage, retryable: false, actor: Operations,
        message: "an earlier write failed, so this ledger takes no more: {reason}",
        remedy: "close the ledger, mend the cause, and open it again; everything acknowledged is on disk",
    }
    BLOCK_UNKNOWN = "block.unknown" {
        phase: Input, retryable: false, actor: Caller,
        message: "there is no block {height}; the newest is {newest}",
        remedy: "ask for a height from 1 to the newest",
    }
    BLOCK_PRUNED = "block.pruned" {
        phase: Input, retryable: false, actor: Caller,
        message: "this copy of the ledger keeps nothing of height {height}: it begins at {oldest}",
        remedy: "ask for {oldest} or later, or ask a copy that keeps more; receipts made before stay valid",
    }
    SNAPSHOT_NONE = "snapshot.none" {
        phase: Input, retryable: false, actor: Caller,
        message: "this validator keeps everything from the genesis on: it has no snapshot to begin at",
        remedy: "ask for blocks, or another validator for its snapshot",
    }
    SNAPSHOT_INVALID = "snapshot.invalid" {
        phase: Proof, retryable: false, actor: Caller,
        message: "the snapshot does not hold: {reason}",
        remedy: "obtain it again, from another source; nothing of this one was taken over",
    }
    REPLAY_BAD_BLOCK = "replay.bad_block" {
        phase: Proof, retryable: false, actor: Operations,
        message: "block {height} of {path} does not hold: {reason}",
        remedy: "ask for another copy, and show this one and the height to the supervisor; every block below holds",
    }
    REPLAY_NOT_A_LOG = "replay.not_a_log" {
        phase: Input, retryable: false, actor: Caller,
        message: "{path} is no ledger: {reason}",
        remedy: "give a backup, or the blocks.log of a ledger",
    }
    STATEMENT_INVALID = "statement.invalid" {
        phase: Input, retryable: false, actor: Caller,
        message: "a page of a statement cannot have {limit} bookings",
        remedy: "ask for 1 to {most} at a time, each page after the number of the last booking of the one before",
    }
    STATEMENT_TOO_LONG = "statement.too_long" {
        phase: Input, retryable: false, actor: Caller,
        message: "{account} has {bookings} bookings in these days, and a statement at most {limit}",
        remedy: "ask for fewer days, or for the bookings page by page",
    }
    QUERY_LIMIT = "query.limit_invalid" {
        phase: Input, retryable: false, actor: Caller,
        message: "a page of a list cannot have {limit} items",
        remedy: "ask for 1 to {most} at a time, each page with the cursor of the one before",
    }
    QUERY_CURSOR = "query.cursor_invalid" {
        phase: Input, retryable: false, actor: Caller,
        message: "the cursor is not of this list: {reason}",
        remedy: "pass the cursor of the page before unchanged, with the same filters, or none to begin anew",
    }
    RULES_SCHEDULE_INVALID = "rules.schedule_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "version {version} of the rules cannot be in force from height {from_height} on: {reason}",
        remedy: "schedule a version above every one before, from a height more than 32 above that of the block, and above that of every upgrade",
    }
    HEADERS_INVALID = "headers.invalid" {
        phase: Proof, retryable: false, actor: Caller,
        message: "the headers above height {height} do not hold: {reason}",
        remedy: "ask another validator for them; what was known before still holds",
    }
    ROSTER_REFUSED = "roster.refused" {
        phase: Execution, retryable: false, actor: Author,
        message: "the roster that is to follow on that of epoch {epoch} is not approved by this: {reason}",
        remedy: "have a validator in office sign another roster than its own, for the epoch in office and for at most 30 days, while none is decided",
    }
    RULES_UNKNOWN = "rules.unknown" {
        phase: Storage, retryable: false, actor: Operations,
        message: "version {version} of the rules is in force at height {height}, and this software has {known}",
        remedy: "update Allonge; the ledger is as it was, and goes on with the newer software",
    }
    PROOF_TOO_OLD = "proof.too_old" {
        phase: Input, retryable: false, actor: Caller,
        message: "the state of height {height} can no longer be proven; the newest is {newest}",
        remedy: "ask for a proof at a newer height, or show the receipt of the transaction itself",
    }
    PROOF_NOT_CERTIFIED = "proof.not_certified" {
        phase: Input, retryable: true, actor: Caller,
        message: "no header that was certified singly says what the state of height {height} is",
        remedy: "ask for the newest height that is proven, or wait for the next block",
    }
    BLOCK_NOT_NEXT = "block.not_next" {
        phase: Process, retryable: false, actor: Operations,
        message: "the block of height {height} does not follow: {reason}",
        remedy: "compare genesis and version with the other validators; what was final stays as it was",
    }
    VALIDATOR_BUSY = "validator.busy" {
        phase: Admission, retryable: true, actor: Caller,
        message: "more than {limit} transactions wait to be ordered",
        remedy: "submit again in a moment, with the same idempotency key",
    }
    VALIDATOR_DOWN = "validator.down" {
        phase: Process, retryable: true, actor: Operations,
        message: "the validator does not run: {reason}",
        remedy: "ask another validator, or start this one again",
    }
    VALIDATOR_INVALID = "validator.invalid" {
        phase: Process, retryable: false, actor: Operations,
        message: "this validator cannot be started: {reason}",
        remedy: "correct its configuration; its files stay as they are",
    }
    REQUEST_INVALID = "request.invalid" {
        phase: Input, retryable: false, actor: Caller,
        message: "the validator does not understand the request: {reason}",
        remedy: "compare it with the routes of docs/network.md, and the versions of both sides",
    }
    REQUEST_RATE = "request.rate" {
        phase: Input, retryable: true, actor: Caller,
        message: "more than {limit} requests came from this address within a second",
        remedy: "ask less often, or wait a second",
    }
    REQUEST_TIMEOUT = "request.timeout" {
        phase: Input, retryable: true, actor: Caller,
        message: "the request did not come within {limit_ms} ms",
        remedy: "send it again over a faster connection",
    }
    VALIDATOR_OVERLOADED = "validator.overloaded" {
        phase: Process, retryable: true, actor: Operations,
        message: "this validator has {limit} {what} at once and takes no more",
        remedy: "ask another validator, or this one in a moment",
    }
    VALIDATOR_BEHIND = "validator.behind" {
        phase: Process, retryable: true, actor: Operations,
        message: "the newest block here is {behind_ms} ms old",
        remedy: "ask another validator; if it lasts, check that this one reaches a quorum of the others",
    }
    INPUT_TOO_LARGE = "input.too_large" {
        phase: Input, retryable: false, actor: Caller,
        message: "a request has more than {limit} bytes",
        remedy: "send less at once",
    }
    SIMULATION_INVALID = "simulation.invalid" {
        phase: Input, retryable: false, actor: Caller,
        message: "no such network can be simulated: {reason}",
        remedy: "simulate 1 to 20 validators, and name those there are, from 0",
    }
}
