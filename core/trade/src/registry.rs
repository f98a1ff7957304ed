//! The trade rules' rows of the error registry.

allonge_ledger::registry! {
    /// All errors that the trade rules can answer.
    pub static ERRORS;

    TEXT_INVALID = "text.invalid" {
        phase: Execution, retryable: false, actor: Caller,
        message: "{field} cannot stand: {reason} (the limit is {limit})",
        remedy: "correct the text; lines are not empty and hold no control characters",
    }
    DOCUMENTS_INVALID = "presentation.documents_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the documents cannot be presented: {reason}",
        remedy: "present 1 to 200 documents, each with at least one original or copy",
        rule: "UCP 600" art "2",
    }

    CREDIT_UNKNOWN = "letter_of_credit.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no letter of credit {credit} is issued on this ledger",
        remedy: "check the identifier; a credit is written issuing bank/number",
    }
    CREDIT_NUMBER_INVALID = "letter_of_credit.number_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{number} is no documentary credit number: {reason}",
        remedy: "give a number as SWIFT carries it in field 20",
    }
    CREDIT_ALREADY_ISSUED = "letter_of_credit.already_issued" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} is already issued",
        remedy: "give the new credit a number of its own",
        rule: "UCP 600" art "7(b)",
    }
    NOT_ISSUING_BANK = "letter_of_credit.not_issuing_bank" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the issuing bank {required} may do this, not {party}",
        remedy: "let the issuing bank submit it",
        rule: "UCP 600" art "7",
    }
    NOT_ADVISING_BANK = "letter_of_credit.not_advising_bank" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the advising bank {required} may do this, not {party}",
        remedy: "let the advising bank submit it",
        rule: "UCP 600" art "9",
    }
    CREDIT_ALREADY_ADVISED = "letter_of_credit.already_advised" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{credit} is already advised",
        remedy: "nothing is left to do",
        rule: "UCP 600" art "9",
    }
    CREDIT_CLOSED = "letter_of_credit.closed" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{credit} is closed",
        remedy: "ask the issuing bank for a new credit",
    }
    EXPIRY_BEFORE_ISSUE = "letter_of_credit.expiry_before_issue" {
        phase: Execution, retryable: false, actor: Author,
        message: "the credit expires on {expiry}, before it is issued on {issue}",
        remedy: "correct the date of expiry or the date of issue",
        rule: "UCP 600" art "6(d)(i)",
    }
    ISSUED_IN_FUTURE = "letter_of_credit.issued_in_future" {
        phase: Execution, retryable: true, actor: Author,
        message: "the date of issue {issue} has not come; at the issuing bank it is {today}",
        remedy: "issue the credit on its date of issue, or correct the date",
        rule: "UCP 600" art "7(b)",
    }
    SHIPMENT_AFTER_EXPIRY = "letter_of_credit.shipment_after_expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "the latest date of shipment {shipment} is after the date of expiry {expiry}",
        remedy: "let shipment end on or before the date of expiry",
        rule: "UCP 600" art "14(c)",
    }
    RULES_NOT_BUILT = "letter_of_credit.rules_not_built" {
        phase: Execution, retryable: false, actor: Author,
        message: "the credit is subject to {rules}, which are not built",
        remedy: "issue it subject to UCP 600; the rules of the ledger bind only where the credit says so",
        rule: "UCP 600" art "1",
    }
    CREDIT_AMOUNT_INVALID = "letter_of_credit.amount_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the amount {amount} cannot be issued: {reason}",
        remedy: "give an amount above zero in a currency in use, with a tolerance of 0 to 99 per cent",
        rule: "UCP 600" art "18(b)",
    }
    TENOR_OUT_OF_BOUNDS = "letter_of_credit.tenor_out_of_bounds" {
        phase: Execution, retryable: false, actor: Author,
        message: "the tenor {tenor} is out of bounds; from 1 to {limit} days are taken, or a date within them",
        remedy: "correct the tenor",
        rule: "UCP 600" art "6(b)",
    }
    PERIOD_OUT_OF_BOUNDS = "letter_of_credit.presentation_period_out_of_bounds" {
        phase: Execution, retryable: false, actor: Author,
        message: "a presentation period of {days} days is out of bounds; at most {limit} are taken",
        remedy: "correct the presentation period",
        rule: "UCP 600" art "14(c)",
    }
    CREDIT_EXPIRED = "letter_of_credit.expired" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{credit} expired on {expiry}, at close of business at its place of expiry",
        remedy: "ask the issuing bank to extend the credit by an amendment, or to issue a new one",
        rule: "UCP 600" art "6(d)(i), 29(a), 33",
    }
    PRESENTATION_LATE = "letter_of_credit.presentation_late" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "documents had to be presented within {days} days after shipment on {shipment}, until {until}",
        remedy: "ask the issuing bank to amend the presentation period",
        rule: "UCP 600" art "14(c)",
    }
    SHIPMENT_LATE = "letter_of_credit.shipment_late" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "goods were shipped on {shipment}, after the latest date {latest}",
        remedy: "ask the issuing bank to amend the latest date of shipment; it never moves to a banking day",
        rule: "UCP 600" art "29(c)",
    }
    OVERDRAWN = "letter_of_credit.overdrawn" {
        phase: Execution, retryable: false, actor: Author,
        message: "{amount} exceeds what is left of {credit}: {available}",
        remedy: "draw no more than what is left, or ask the issuing bank to increase the credit",
        rule: "UCP 600" art "18(b), 30",
    }
    PARTIAL_DRAWING_NOT_ALLOWED = "letter_of_credit.partial_drawing_not_allowed" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} prohibits partial shipments, and was drawn on once",
        remedy: "wait for the result of the first presentation, or ask the issuing bank for an amendment",
        rule: "UCP 600" art "31(a)",
    }
    EXAMINATION_OVER = "letter_of_credit.examination_over" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "the examination of {presentation} ended on {deadline} without a notice",
        remedy: "invoke preclusion: the presentation counts as complying, and its claim is paid when due",
        rule: "UCP 600" art "14(b), 16(f)",
    }
    AVAILABILITY_MISMATCH = "letter_of_credit.availability_mismatch" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} is available by {availability}, so this is not how it is honoured",
        remedy: "honour a sight credit by payment, and accept under deferred payment or acceptance",
        rule: "UCP 600" art "2, 7(a)",
    }
    CLOSING_TOO_EARLY = "letter_of_credit.closing_too_early" {
        phase: Execution, retryable: true, actor: Author,
        message: "{credit} cannot be closed yet: {reason}",
        remedy: "wait until it expired or is fully drawn, and every presentation is refused or paid",
        rule: "UCP 600" art "10(a)",
    }

    PRESENTATION_UNKNOWN = "presentation.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no presentation {presentation} is on this ledger",
        remedy: "check the identifier; a presentation is written credit/sequence",
    }
    NOT_ENTITLED_TO_PRESENT = "presentation.not_entitled" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} may not present under {credit}",
        remedy: "let the nominated bank, the advising bank or the beneficiary present",
        rule: "UCP 600" art "6(a)",
    }
    NOT_EXAMINING_BANK = "presentation.not_examining_bank" {
        phase: Execution, retryable: false, actor: Author,
        message: "only {required} examines {presentation}, not {party}",
        remedy: "let the issuing bank submit it",
        rule: "UCP 600" art "14(a)",
    }
    NOT_PRESENTER = "presentation.not_presenter" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the presenter {required} or the issuing bank may invoke preclusion, not {party}",
        remedy: "let the presenter submit it",
        rule: "UCP 600" art "16(f)",
    }
    DRAWING_CURRENCY = "presentation.currency" {
        phase: Execution, retryable: false, actor: Author,
        message: "the drawing is in {given}, the credit in {expected}",
        remedy: "draw in the currency of the credit",
        rule: "UCP 600" art "18(a)(iii)",
    }
    SHIPMENT_MISSING = "presentation.shipment_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} counts on a date of shipment, and the presentation states none",
        remedy: "state the date of shipment as the transport document evidences it",
        rule: "UCP 600" art "14(c)",
    }
    SHIPMENT_AFTER_PRESENTATION = "presentation.shipment_after_presentation" {
        phase: Execution, retryable: false, actor: Author,
        message: "the date of shipment {shipment} is after the date of presentation {today}",
        remedy: "correct the date; no document is dated after its presentation",
        rule: "UCP 600" art "14(i)",
    }
    NOTICE_EMPTY = "presentation.notice_empty" {
        phase: Execution, retryable: false, actor: Author,
        message: "a notice of refusal states every discrepancy for which the bank refuses",
        remedy: "state 1 to {limit} discrepancies",
        rule: "UCP 600" art "16(c)(ii)",
    }
    NOTICE_ALREADY_GIVEN = "presentation.notice_already_given" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{presentation} was refused in a notice on {at}, and only one notice counts",
        remedy: "nothing can be added to a notice; the presenter may present again",
        rule: "UCP 600" art "16(c)",
    }
    REFUSAL_PRECLUDED = "presentation.refusal_precluded" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{presentation} can no longer be refused: notice was due by {deadline}",
        remedy: "pay the claim when it is due; the bank is precluded from claiming that documents do not comply",
        rule: "UCP 600" art "16(d), 16(f)",
    }
    EXAMINATION_OPEN = "presentation.examination_open" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "{presentation} is being examined until {deadline}",
        remedy: "wait until then; before it, nobody is precluded",
        rule: "UCP 600" art "14(b)",
    }
    PRESENTATION_REFUSED = "presentation.refused" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{presentation} was refused in a notice on {at}",
        remedy: "present corrected documents as a new presentation",
        rule: "UCP 600" art "16(c)",
    }
    PRESENTATION_DECIDED = "presentation.decided" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{presentation} was found complying on {at}",
        remedy: "nothing is left to decide",
        rule: "UCP 600" art "15(a)",
    }

    CLAIM_UNKNOWN = "claim.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no claim {claim} is on this ledger",
        remedy: "check the identifier; a claim is written as its presentation",
    }
    NOT_OBLIGOR = "claim.not_obligor" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the obligor {required} pays {claim} here, not {party}",
        remedy: "let the obligor submit it",
        rule: "UCP 600" art "7(a)",
    }
    NOT_HOLDER = "claim.not_holder" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} is owed to {holder}, and {account} is not an account of theirs",
        remedy: "pay an account of the holder of record",
        rule: "UCP 600" art "7(a)",
    }
    CLAIM_AMOUNT = "claim.amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} is for {expected}, not {given}",
        remedy: "pay exactly what is owed",
        rule: "UCP 600" art "7(a)",
    }
    CLAIM_NOT_DUE = "claim.not_due" {
        phase: Execution, retryable: true, actor: Author,
        message: "{claim} is not due before {due}",
        remedy: "pay it when it is due",
        rule: "UCP 600" art "7(a)",
    }
    CLAIM_PAID = "claim.paid" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{claim} was paid on {at}",
        remedy: "nothing is left to pay",
        rule: "UCP 600" art "7(a)",
    }
}
