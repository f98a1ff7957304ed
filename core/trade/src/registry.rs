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
        says: "A presentation is of documents: at least one, each an original or a copy.",
            "交单须提交单据：至少一份，每份为正本或副本。",
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
        says: "An issued credit is irrevocable, so its number is used once.",
            "信用证一经开立即不可撤销，其编号只能使用一次。",
    }
    NOT_ISSUING_BANK = "letter_of_credit.not_issuing_bank" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the issuing bank {required} may do this, not {party}",
        remedy: "let the issuing bank submit it",
        rule: "UCP 600" art "7",
        says: "The undertaking is the issuing bank's own, so nobody else gives it or acts on it.",
            "付款责任由开证行自身承担，他人不得代为作出或处置。",
    }
    NOT_ADVISING_BANK = "letter_of_credit.not_advising_bank" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the advising bank {required} may do this, not {party}",
        remedy: "let the advising bank submit it",
        rule: "UCP 600" art "9",
        says: "A credit is advised by the advising bank that it names.",
            "信用证由其指定的通知行通知。",
    }
    CREDIT_ALREADY_ADVISED = "letter_of_credit.already_advised" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{credit} is already advised",
        remedy: "nothing is left to do",
        rule: "UCP 600" art "9",
        says: "A credit is advised once.",
            "信用证只通知一次。",
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
        says: "A credit states an expiry date on or after its date of issue.",
            "信用证须规定到期日，且不得早于开证日。",
    }
    ISSUED_IN_FUTURE = "letter_of_credit.issued_in_future" {
        phase: Execution, retryable: true, actor: Author,
        message: "the date of issue {issue} has not come; at the issuing bank it is {today}",
        remedy: "issue the credit on its date of issue, or correct the date",
        rule: "UCP 600" art "7(b)",
        says: "The issuing bank is bound from the moment of issue, so a credit is not dated ahead of it.",
            "开证行自开立之时起受约束，开证日不得晚于当日。",
    }
    SHIPMENT_AFTER_EXPIRY = "letter_of_credit.shipment_after_expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "the latest date of shipment {shipment} is after the date of expiry {expiry}",
        remedy: "let shipment end on or before the date of expiry",
        rule: "UCP 600" art "14(c)",
        says: "The latest date of shipment is not later than the date of expiry.",
            "最迟装运日不得晚于信用证到期日。",
    }
    RULES_NOT_BUILT = "letter_of_credit.rules_not_built" {
        phase: Execution, retryable: false, actor: Author,
        message: "the credit is subject to {rules}, which are not built",
        remedy: "issue it subject to UCP 600; the rules of the ledger bind only where the credit says so",
        rule: "UCP 600" art "1",
        says: "Rules bind where the credit says that it is subject to them.",
            "惯例规则仅在信用证明示适用时具有约束力。",
    }
    CREDIT_AMOUNT_INVALID = "letter_of_credit.amount_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the amount {amount} cannot be issued: {reason}",
        remedy: "give an amount above zero in a currency in use, with a tolerance of 0 to 99 per cent",
        rule: "UCP 600" art "18(b)",
        says: "A credit states an amount above zero in a currency in use, and a tolerance within bounds.",
            "信用证金额须大于零，币种有效，溢短装幅度在限度之内。",
    }
    TENOR_OUT_OF_BOUNDS = "letter_of_credit.tenor_out_of_bounds" {
        phase: Execution, retryable: false, actor: Author,
        message: "the tenor {tenor} is out of bounds; from 1 to {limit} days are taken, or a date within them",
        remedy: "correct the tenor",
        rule: "UCP 600" art "6(b)",
        says: "A usance credit states a tenor that determines when it is paid.",
            "远期信用证须规定可据以确定付款日的期限。",
    }
    PERIOD_OUT_OF_BOUNDS = "letter_of_credit.presentation_period_out_of_bounds" {
        phase: Execution, retryable: false, actor: Author,
        message: "a presentation period of {days} days is out of bounds; at most {limit} are taken",
        remedy: "correct the presentation period",
        rule: "UCP 600" art "14(c)",
        says: "A presentation period is a number of days within bounds.",
            "交单期为限度之内的天数。",
    }
    CREDIT_EXPIRED = "letter_of_credit.expired" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{credit} expired on {expiry}, at close of business at its place of expiry",
        remedy: "ask the issuing bank to extend the credit by an amendment, or to issue a new one",
        rule: "UCP 600" art "6(d)(i), 29(a), 33",
        says: "Documents are presented on or before the expiry date, which moves to the first following banking day when banks are closed, within banking hours.",
            "单据须在到期日或之前于银行营业时间内提交；到期日银行休业的，顺延至其后第一个银行工作日。",
    }
    PRESENTATION_LATE = "letter_of_credit.presentation_late" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "documents had to be presented within {days} days after shipment on {shipment}, until {until}",
        remedy: "ask the issuing bank to amend the presentation period",
        rule: "UCP 600" art "14(c)",
        says: "Documents are presented within the presentation period after shipment, 21 days where the credit is silent.",
            "单据须在装运后交单期内提交；信用证未规定的，为二十一天。",
    }
    SHIPMENT_LATE = "letter_of_credit.shipment_late" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "goods were shipped on {shipment}, after the latest date {latest}",
        remedy: "ask the issuing bank to amend the latest date of shipment; it never moves to a banking day",
        rule: "UCP 600" art "29(c)",
        says: "Goods are shipped by the latest date of shipment, which never moves to a banking day.",
            "货物须在最迟装运日前装运，该日期不因银行休业而顺延。",
    }
    OVERDRAWN = "letter_of_credit.overdrawn" {
        phase: Execution, retryable: false, actor: Author,
        message: "{amount} exceeds what is left of {credit}: {available}",
        remedy: "draw no more than what is left, or ask the issuing bank to increase the credit",
        rule: "UCP 600" art "18(b), 30",
        says: "Drawings do not exceed what the credit makes available, with its tolerance.",
            "支款总额不得超过信用证金额及其允许的浮动幅度。",
    }
    PARTIAL_DRAWING_NOT_ALLOWED = "letter_of_credit.partial_drawing_not_allowed" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} prohibits partial shipments, and was drawn on once",
        remedy: "wait for the result of the first presentation, or ask the issuing bank for an amendment",
        rule: "UCP 600" art "31(a)",
        says: "Where partial shipments are prohibited, a credit is drawn on once.",
            "禁止分批装运的，信用证只能支款一次。",
    }
    EXAMINATION_OVER = "letter_of_credit.examination_over" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "the examination of {presentation} ended on {deadline} without a notice",
        remedy: "invoke preclusion: the presentation counts as complying, and its claim is paid when due",
        rule: "UCP 600" art "14(b), 16(f)",
        says: "A bank decides whether a presentation complies within five banking days following the day of presentation.",
            "银行须在交单次日起五个银行工作日内确定交单是否相符。",
    }
    AVAILABILITY_MISMATCH = "letter_of_credit.availability_mismatch" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} is available by {availability}, so this is not how it is honoured",
        remedy: "honour a sight credit by payment, and accept under deferred payment or acceptance",
        rule: "UCP 600" art "2, 7(a)",
        says: "A credit is honoured in the way in which it is available.",
            "信用证须按其规定的兑用方式承付。",
    }
    CLOSING_TOO_EARLY = "letter_of_credit.closing_too_early" {
        phase: Execution, retryable: true, actor: Author,
        message: "{credit} cannot be closed yet: {reason}",
        remedy: "wait until it expired or is fully drawn, and every presentation is refused or paid",
        rule: "UCP 600" art "10(a)",
        says: "A credit stands until it expires, is used up, or all who are bound by it agree to cancel it.",
            "信用证在到期、用完或经有关各方同意撤销之前持续有效。",
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
        says: "Documents are presented by the beneficiary, or by a bank for it.",
            "单据由受益人或代其行事的银行提交。",
    }
    NOT_EXAMINING_BANK = "presentation.not_examining_bank" {
        phase: Execution, retryable: false, actor: Author,
        message: "only {required} examines {presentation}, not {party}",
        remedy: "let the issuing bank submit it",
        rule: "UCP 600" art "14(a)",
        says: "The bank that is bound examines the presentation, on documents alone.",
            "由承担责任的银行仅以单据为基础审核交单。",
    }
    NOT_PRESENTER = "presentation.not_presenter" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the presenter {required} or the issuing bank may invoke preclusion, not {party}",
        remedy: "let the presenter submit it",
        rule: "UCP 600" art "16(f)",
        says: "Preclusion is invoked by the presenter, or admitted by the bank.",
            "失权由交单人主张，或由银行自行承认。",
    }
    DRAWING_CURRENCY = "presentation.currency" {
        phase: Execution, retryable: false, actor: Author,
        message: "the drawing is in {given}, the credit in {expected}",
        remedy: "draw in the currency of the credit",
        rule: "UCP 600" art "18(a)(iii)",
        says: "A drawing is in the currency of the credit.",
            "支款币种须与信用证币种一致。",
    }
    SHIPMENT_MISSING = "presentation.shipment_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} counts on a date of shipment, and the presentation states none",
        remedy: "state the date of shipment as the transport document evidences it",
        rule: "UCP 600" art "14(c)",
        says: "Where time counts from shipment, the presentation evidences the date of shipment.",
            "期限自装运日起算的，交单须载明装运日期。",
    }
    SHIPMENT_AFTER_PRESENTATION = "presentation.shipment_after_presentation" {
        phase: Execution, retryable: false, actor: Author,
        message: "the date of shipment {shipment} is after the date of presentation {today}",
        remedy: "correct the date; no document is dated after its presentation",
        rule: "UCP 600" art "14(i)",
        says: "A document is not dated later than its presentation.",
            "单据日期不得晚于交单日期。",
    }
    NOTICE_EMPTY = "presentation.notice_empty" {
        phase: Execution, retryable: false, actor: Author,
        message: "a notice of refusal states every discrepancy for which the bank refuses",
        remedy: "state 1 to {limit} discrepancies",
        rule: "UCP 600" art "16(c)(ii)",
        says: "A notice of refusal states each discrepancy for which the bank refuses.",
            "拒付通知须列明银行据以拒付的每一不符点。",
    }
    NOTICE_ALREADY_GIVEN = "presentation.notice_already_given" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{presentation} was refused in a notice on {at}, and only one notice counts",
        remedy: "nothing can be added to a notice; the presenter may present again",
        rule: "UCP 600" art "16(c)",
        says: "A bank gives a single notice of refusal.",
            "银行只发出一次拒付通知。",
    }
    REFUSAL_PRECLUDED = "presentation.refusal_precluded" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{presentation} can no longer be refused: notice was due by {deadline}",
        remedy: "pay the claim when it is due; the bank is precluded from claiming that documents do not comply",
        rule: "UCP 600" art "16(d), 16(f)",
        says: "A bank that gave no notice by close of the fifth banking day cannot claim that documents do not comply.",
            "未在第五个银行工作日终了前发出通知的银行，无权主张单据不符。",
    }
    EXAMINATION_OPEN = "presentation.examination_open" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "{presentation} is being examined until {deadline}",
        remedy: "wait until then; before it, nobody is precluded",
        rule: "UCP 600" art "14(b)",
        says: "A bank has until close of the fifth banking day following presentation.",
            "银行可用至交单次日起第五个银行工作日终了。",
    }
    PRESENTATION_REFUSED = "presentation.refused" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{presentation} was refused in a notice on {at}",
        remedy: "present corrected documents as a new presentation",
        rule: "UCP 600" art "16(c)",
        says: "A refused presentation is at the presenter's disposal; corrected documents are a new one.",
            "被拒付的单据听候交单人处理；更正后的单据构成新的交单。",
    }
    PRESENTATION_DECIDED = "presentation.decided" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{presentation} was found complying on {at}",
        remedy: "nothing is left to decide",
        rule: "UCP 600" art "15(a)",
        says: "A complying presentation is honoured, and that decision stands.",
            "相符交单须予承付，该决定不再变更。",
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
        says: "The bank that is bound pays.",
            "由承担责任的银行付款。",
    }
    NOT_HOLDER = "claim.not_holder" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} is owed to {holder}, and {account} is not an account of theirs",
        remedy: "pay an account of the holder of record",
        rule: "UCP 600" art "7(a)",
        says: "Payment to the holder of record, and to nobody else, discharges the debtor.",
            "只有向登记持有人付款方可解除债务。",
    }
    CLAIM_AMOUNT = "claim.amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} is for {expected}, not {given}",
        remedy: "pay exactly what is owed",
        rule: "UCP 600" art "7(a)",
        says: "What is owed is paid in full.",
            "应付款项须全额支付。",
    }
    CLAIM_NOT_DUE = "claim.not_due" {
        phase: Execution, retryable: true, actor: Author,
        message: "{claim} is not due before {due}",
        remedy: "pay it when it is due",
        rule: "UCP 600" art "7(a)",
        says: "A claim is paid at maturity.",
            "债权于到期日支付。",
    }
    CLAIM_PAID = "claim.paid" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{claim} was paid on {at}",
        remedy: "nothing is left to pay",
        rule: "UCP 600" art "7(a)",
        says: "A debt is paid once.",
            "债务只清偿一次。",
    }

    REGISTER_NUMBER_INVALID = "register.number_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the number has not 1 to 35 characters of SWIFT's set x, with no space or slash at either end and no two slashes together",
        remedy: "give another number",
    }
    NOT_FINGERPRINT_REGISTRAR = "financing.not_registrar" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the registrar adopts keys of fingerprints, not {party}",
        remedy: "let the registrar submit it",
        rule: "Financing registry" art "1",
        says: "The registrar adopts the keys of fingerprints.",
            "指纹密钥由登记机构启用。",
    }
    FINGERPRINT_KEY_USED = "financing.key_used" {
        phase: Execution, retryable: false, actor: Author,
        message: "the key {key} is in force, or was just before",
        remedy: "adopt a key that was made anew",
        rule: "Financing registry" art "1",
        says: "A key follows another key.",
            "后续密钥须为新密钥。",
    }
    FINGERPRINT_KEY_RETIRING = "financing.key_retiring" {
        phase: Execution, retryable: true, actor: Author,
        message: "another key still retires beside {key}",
        remedy: "wait until it is out of force",
        rule: "Financing registry" art "1",
        says: "At most two keys are in force, while one follows the other.",
            "同时有效的密钥至多两个，仅限新旧交替期间。",
    }
    FINGERPRINT_NO_KEY = "financing.no_key" {
        phase: Execution, retryable: true, actor: Registrar,
        message: "no key of fingerprints is adopted on this ledger",
        remedy: "ask the registrar to adopt one",
    }
    FINGERPRINTS_INVALID = "financing.fingerprints_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the fingerprints cannot be registered: {reason} (the limit is {limit})",
        remedy: "give them ascending, each once, with an E1 or an E2 and the same tiers under each key",
        rule: "Financing registry" art "2",
        says: "A registration bears fingerprints of the same tiers under each key, one of them E1 or E2.",
            "登记须在每一密钥下提供相同层级的指纹，其中至少包括E1或E2。",
    }
    FINGERPRINT_KEYS_MISSING = "financing.keys_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "the fingerprints are not under all keys in force, of which {current} is the newest, or are under others",
        remedy: "have the document evaluated under each key in force",
        rule: "Financing registry" art "2",
        says: "A registration bears fingerprints under all keys in force.",
            "登记须提供全部有效密钥下的指纹。",
    }
    FINANCING_EXISTS = "financing.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{financing} is already registered",
        remedy: "give the new financing a number of its own",
        rule: "Financing registry" art "7",
        says: "A bank numbers each of its financings once.",
            "银行对每笔融资只使用一次编号。",
    }
    FINANCING_UNKNOWN = "financing.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no financing {financing} is registered on this ledger",
        remedy: "check the identifier; a financing is written bank/number",
    }
    FINANCING_NOT_YOURS = "financing.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "{financing} is not a financing of {party}",
        remedy: "let the bank that registered it submit it",
        rule: "Financing registry" art "7",
        says: "A bank acts on its own financings alone.",
            "银行只能处置自己登记的融资。",
    }
    FINANCING_AMOUNT = "financing.amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "{financing} cannot take {amount}: an amount above zero and of at most {limit} can stand",
        remedy: "give such an amount, in the same currency",
        rule: "Financing registry" art "3",
        says: "A part is above zero and no more than the whole that it is of.",
            "部分金额须大于零且不超过其所属总额。",
    }
    FINANCING_EXPIRY = "financing.expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "a reservation cannot last until {expires_at}: it ends after now and within {limit} days",
        remedy: "give an earlier or a later time",
        rule: "Financing registry" art "4",
        says: "A reservation lasts until a time within bounds.",
            "预留须在限度之内的时间到期。",
    }
    FINANCING_FACE_DIFFERS = "financing.face_differs" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "the document is registered with another amount than {face}",
        remedy: "compare the document with its issuer; whoever registered it first may have stated another amount",
        rule: "Financing registry" art "3",
        says: "The face of a document is as first stated, while anything is registered on it.",
            "凭证存在登记期间，其面额以首次申报为准。",
    }
    FINANCING_EXHAUSTED = "financing.exhausted" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "the document cannot bear {amount} more: its face of {face} would be exceeded",
        remedy: "finance less, or nothing; the document is registered already",
        rule: "Financing registry" art "3",
        says: "What is reserved and financed on one document never exceeds its face.",
            "同一凭证上预留和已融资的金额合计不得超过其面额。",
    }
    FINANCING_CROWDED = "financing.crowded" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "the document has {limit} shares already, the most that fit",
        remedy: "wait until shares end",
    }
    FINANCING_NOT_RESERVED = "financing.not_reserved" {
        phase: Execution, retryable: false, actor: Author,
        message: "{financing} is not reserved",
        remedy: "register a new financing",
        rule: "Financing registry" art "4",
        says: "What is financed was reserved before.",
            "融资须先预留。",
    }
    FINANCING_RESERVATION_EXPIRED = "financing.reservation_expired" {
        phase: Execution, retryable: false, actor: Author,
        message: "the reservation of {financing} expired at {expired}",
        remedy: "register a new financing",
        rule: "Financing registry" art "4",
        says: "A reservation that expired is free for others at once.",
            "预留到期即对其他银行开放。",
    }
    FINANCING_NOT_FINANCED = "financing.not_financed" {
        phase: Execution, retryable: false, actor: Author,
        message: "{financing} is not financed, or no longer",
        remedy: "nothing can be released",
        rule: "Financing registry" art "6",
        says: "What is released was financed.",
            "只有已融资的金额可以解除。",
    }
    FINANCING_PARTLY_RELEASED = "financing.partly_released" {
        phase: Execution, retryable: false, actor: Author,
        message: "{released} of {financing} was released, so it was made",
        remedy: "release the rest",
        rule: "Financing registry" art "6",
        says: "A financing of which a part was released cannot be voided.",
            "已部分解除的融资不得作废。",
    }
    FINANCING_ENDED = "financing.ended" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{financing} is released or void",
        remedy: "nothing is left to do",
        rule: "Financing registry" art "6",
        says: "A financing that has ended does not change.",
            "已结束的融资不再变更。",
    }

    DOCUMENT_UNKNOWN = "document.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no document {document} is notarised on this ledger",
        remedy: "check the identifier; a document is written issuer/number",
    }
    DOCUMENT_EXISTS = "document.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{document} is already notarised",
        remedy: "give the new document a number of its own",
    }
    DOCUMENT_NOT_ISSUER = "document.not_issuer" {
        phase: Execution, retryable: false, actor: Author,
        message: "{document} was not issued by {party}",
        remedy: "let its issuer submit it",
    }
    DOCUMENT_NOT_VALID = "document.not_valid" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{document} is superseded or revoked",
        remedy: "notarise a new document",
    }
    RECORD_UNKNOWN = "transferable.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no transferable record {record} is on this ledger",
        remedy: "check the identifier; a record is written issuer/number",
    }
    RECORD_EXISTS = "transferable.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{record} was issued before",
        remedy: "give the new record a number of its own",
        rule: "MLETR" art "10(1)(b)(i)",
        says: "A record is identified as the one: no two have the same identifier, not even one after the other.",
            "可转让记录具有唯一性：同一编号只标识一份记录，终止后亦不得再用。",
    }
    RECORD_ENDED = "transferable.ended" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{record} has no effect any more: it was performed, or paper took its place",
        remedy: "nothing is left to do",
        rule: "MLETR" art "10(1)(b)(ii), 18",
        says: "A record is subject to control until it ceases to have effect, and to none afterwards.",
            "记录自创建至失效处于控制之下，失效后不再受控制。",
    }
    RECORD_NOT_CONTROLLER = "transferable.not_controller" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} does not control {record}",
        remedy: "let whoever controls it submit it",
        rule: "MLETR" art "11(1)",
        says: "Whoever has exclusive control, and nobody else, disposes of a record.",
            "只有拥有排他控制权的人可以处分记录。",
    }
    RECORD_OFFER_STANDS = "transferable.offer_stands" {
        phase: Execution, retryable: false, actor: Author,
        message: "{record} is offered, and bound until that is accepted, taken back or expired",
        remedy: "take the offer back first",
        rule: "MLETR" art "11(1)",
        says: "Control is exclusive: what is offered to one is offered to nobody else.",
            "控制权具有排他性：已向一人要约的，不得同时向他人要约。",
    }
    RECORD_OFFER_EXPIRY = "transferable.offer_expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "an offer cannot stand until {expires_at}: it ends after now and within {limit} days",
        remedy: "give an earlier or a later time",
        rule: "MLETR" art "11(2)",
        says: "An offer of control stands until a time within bounds.",
            "控制权转让要约须在限度之内的时间到期。",
    }
    RECORD_OFFER_TO_ONESELF = "transferable.offer_to_oneself" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} controls the record already",
        remedy: "offer it to another party",
        rule: "MLETR" art "11(2)",
        says: "Control passes from one person to another.",
            "控制权由一人转移至另一人。",
    }
    RECORD_OFFER_NONE = "transferable.offer_none" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "nothing of {record} is offered",
        remedy: "let its controller offer it",
        rule: "MLETR" art "11(2)",
        says: "Control passes by the act of whoever has it.",
            "控制权的转移须由控制人作出。",
    }
    RECORD_OFFER_EXPIRED = "transferable.offer_expired" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "the offer of {record} expired at {expired}",
        remedy: "ask its controller for another offer",
        rule: "MLETR" art "11(2)",
        says: "An offer is accepted while it stands.",
            "要约须在有效期内接受。",
    }
    RECORD_NOT_OFFERED_TO = "transferable.not_offered_to" {
        phase: Execution, retryable: false, actor: Author,
        message: "{record} is not offered to {party}",
        remedy: "let the party that the offer names submit it",
        rule: "MLETR" art "11(2)",
        says: "Control passes to the person that it is transferred to, who takes it.",
            "控制权转移至受让人，并由其本人接受。",
    }
    RECORD_OFFER_OTHER = "transferable.offer_other" {
        phase: Execution, retryable: false, actor: Author,
        message: "what is accepted is not what is offered of {record}",
        remedy: "accept the offer as it stands, or not at all",
        rule: "MLETR" art "10(1)(b)(iii), 16",
        says: "Whoever accepts knows what the record says, and each amendment is identified.",
            "接受人知悉记录内容，且每项修改均可识别。",
    }
    RECORD_AMENDED_TOO_OFTEN = "transferable.amended_too_often" {
        phase: Execution, retryable: false, actor: Author,
        message: "{record} has {limit} amendments, the most that fit",
        remedy: "switch to paper, or issue another record",
    }
    RECORD_TRANSFERRED_TOO_OFTEN = "transferable.transferred_too_often" {
        phase: Execution, retryable: false, actor: Author,
        message: "{record} cannot be transferred again",
        remedy: "switch to paper, or issue another record",
    }
    UNITS_UNKNOWN = "unit_certificate.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no unit certificate {certificate} is on this ledger",
        remedy: "check the identifier; a certificate is written issuer/number",
    }
    UNITS_EXIST = "unit_certificate.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{certificate} is already issued",
        remedy: "give the new certificate a number of its own",
    }
    UNITS_NONE = "unit_certificate.none" {
        phase: Execution, retryable: false, actor: Author,
        message: "a certificate is of at least one unit",
        remedy: "give a quantity above zero",
    }
    UNITS_TO_ONESELF = "unit_certificate.to_oneself" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} holds the units already",
        remedy: "give them to another party",
    }
    UNITS_NOT_HELD = "unit_certificate.not_held" {
        phase: Execution, retryable: false, actor: Author,
        message: "{quantity} units of {certificate} cannot leave: {held} are held, and at least one leaves",
        remedy: "give at least one unit, and no more than are held; what is retired is held no more",
    }
    EXPOSURE_UNKNOWN = "exposure.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no exposure record {exposure} is on this ledger",
        remedy: "check the identifier; a record is written debtor/number",
    }
    EXPOSURE_EXISTS = "exposure.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{exposure} was consented to before",
        remedy: "give the new consent a number of its own",
    }
    EXPOSURE_EXPIRY = "exposure.expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "a consent cannot hold until {expires_at}: it ends after now and within {limit} days",
        remedy: "give an earlier or a later time",
    }
    EXPOSURE_NOT_LENDER = "exposure.not_lender" {
        phase: Execution, retryable: false, actor: Author,
        message: "{exposure} is not a consent to {party}",
        remedy: "let the lender that the debtor consented to submit it",
    }
    EXPOSURE_NOT_PARTY = "exposure.not_party" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is neither the debtor nor the lender of {exposure}",
        remedy: "let one of them submit it",
    }
    EXPOSURE_EXPIRED = "exposure.expired" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "the consent to {exposure} expired at {expired}",
        remedy: "ask the debtor for another consent",
    }
    EXPOSURE_ENDED = "exposure.ended" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{exposure} has ended",
        remedy: "ask the debtor for another consent",
    }
    EXPOSURE_AMOUNT = "exposure.amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "an exposure is zero or above, not {amount}",
        remedy: "give such an amount",
    }

    INSTALMENTS_INVALID = "letter_of_credit.instalments_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the instalments cannot stand: at most {limit}, each above zero, one after the other, together the amount",
        remedy: "correct the instalments",
        rule: "UCP 600" art "32",
        says: "Instalments are within given periods, and together the amount of the credit.",
            "分期支款或装运须在规定期限内，合计等于信用证金额。",
    }
    INSTALMENT_MISSED = "letter_of_credit.instalment_missed" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} is not available for this shipment: it is in no instalment, exceeds it, or comes after one that was missed",
        remedy: "ask for an amendment",
        rule: "UCP 600" art "32",
        says: "An instalment that is not drawn or shipped in its period ends the credit for it and for all that follow.",
            "任何一期未按期支款或装运，信用证对该期及以后各期均告失效。",
    }
    DOMESTIC_CURRENCY = "letter_of_credit.domestic_currency" {
        phase: Execution, retryable: false, actor: Author,
        message: "a domestic credit is in CNY, not {currency}",
        remedy: "issue it in CNY, or under UCP 600",
        rule: "China domestic LC measures 2016" art "3",
        says: "A domestic letter of credit is denominated in renminbi.",
            "国内信用证以人民币计价。",
    }
    DOMESTIC_TENOR = "letter_of_credit.domestic_tenor" {
        phase: Execution, retryable: false, actor: Author,
        message: "a domestic credit runs for {limit} days at most, not {days}",
        remedy: "give a shorter usance",
        rule: "China domestic LC measures 2016" art "5",
        says: "The usance of a domestic credit is a year at most.",
            "国内信用证付款期限最长不超过一年。",
    }
    CREDIT_AMENDMENT_UNKNOWN = "credit_amendment.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no amendment {amendment} is on this ledger",
        remedy: "check the identifier; an amendment is written credit#A and its number",
    }
    CREDIT_AMENDMENT_EMPTY = "credit_amendment.items" {
        phase: Execution, retryable: false, actor: Author,
        message: "an amendment changes 1 to {limit} things, amounts by more than zero and in the credit's currency, and leaves an amount above zero",
        remedy: "correct its items",
    }
    CREDIT_AMENDMENT_SILENCE = "credit_amendment.silence" {
        phase: Execution, retryable: false, actor: Author,
        message: "an amendment does not say that silence accepts it",
        remedy: "leave that out: such a statement is disregarded",
        rule: "UCP 600" art "10(f)",
        says: "Silence is no acceptance, whatever an amendment says of it.",
            "沉默不构成接受，修改书中此类规定不予理会。",
    }
    CREDIT_AMENDMENT_ANSWERED = "credit_amendment.answered" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{amendment} took effect or was rejected already",
        remedy: "ask for another amendment",
        rule: "UCP 600" art "10(c)",
        says: "An amendment is answered once.",
            "修改书只答复一次。",
    }
    CREDIT_AMENDMENT_ITEMS = "credit_amendment.unknown_items" {
        phase: Execution, retryable: false, actor: Author,
        message: "the items that are accepted of {amendment} are not such of it, ascending",
        remedy: "name items by their place, from 0",
        rule: "UCP 600" art "10(e)",
        says: "An answer says which items of the amendment it accepts.",
            "答复须指明所接受的修改项目。",
    }
    NOT_BENEFICIARY = "letter_of_credit.not_beneficiary" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} does not speak for the beneficiary of {credit}",
        remedy: "let the beneficiary, or the advising bank for it, submit it",
        rule: "UCP 600" art "10(c)",
        says: "The beneficiary accepts or rejects, by itself or by the advising bank.",
            "修改由受益人自行或经通知行接受或拒绝。",
    }
    NOT_CONFIRMER = "letter_of_credit.not_confirmer" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} did not confirm the credit",
        remedy: "let the confirming bank submit it",
        rule: "UCP 600" art "10(b)",
        says: "The confirming bank says whether its confirmation extends to an amendment.",
            "是否将保兑扩展至修改由保兑行声明。",
    }
    CONFIRMATION_NOT_ASKED = "letter_of_credit.confirmation_not_asked" {
        phase: Execution, retryable: false, actor: Author,
        message: "{credit} does not ask {party} for its confirmation",
        remedy: "let the issuing bank ask it, by an amendment or another credit",
        rule: "UCP 600" art "8(d)",
        says: "A bank confirms a credit that asks or lets it.",
            "银行依信用证的授权或请求加具保兑。",
    }
    CONFIRMED_ALREADY = "letter_of_credit.confirmed_already" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{credit} is confirmed already",
        remedy: "nothing is left to do",
        rule: "UCP 600" art "8",
        says: "A credit is confirmed once by a bank.",
            "信用证由一家银行保兑一次。",
    }
    CANCELLATION_NOT_CONCERNED = "letter_of_credit.cancellation_not_concerned" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is none of those whose consent it takes to cancel {credit}",
        remedy: "let the issuing bank, the confirming bank and the beneficiary consent",
        rule: "UCP 600" art "10(a)",
        says: "A credit is cancelled with the consent of the issuing bank, the confirming bank and the beneficiary.",
            "撤销信用证须经开证行、保兑行和受益人同意。",
    }
    NOT_APPLICANT = "letter_of_credit.not_applicant" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the applicant of {credit}",
        remedy: "let the applicant submit it",
        rule: "UCP 600" art "16(b)",
        says: "Discrepancies are waived by the applicant.",
            "不符点由申请人放弃。",
    }
    WAIVER_NOT_SOUGHT = "presentation.waiver_not_sought" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "the issuing bank asked for no waiver for {presentation}, or has it",
        remedy: "wait until it asks",
        rule: "UCP 600" art "16(b)",
        says: "The issuing bank asks for a waiver of its own choice.",
            "开证行可自行决定是否联系申请人放弃不符点。",
    }

    // Claims and the forfaiting market.
    LISTING_UNKNOWN = "listing.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no listing {listing} is on this ledger",
        remedy: "check the identifier; a listing is written party/number",
    }
    LISTING_EXISTS = "listing.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{listing} is published already",
        remedy: "give the new listing a number of its own",
    }
    LISTING_CRITERIA = "listing.criteria" {
        phase: Execution, retryable: false, actor: Author,
        message: "the criteria cannot stand: 1 to {limit} obligors, ascending, amounts above zero from the least to the most, days from the first to the last, and a capacity of at least the least amount",
        remedy: "correct the criteria",
    }
    NOT_LISTER = "listing.not_publisher" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} did not publish {listing}",
        remedy: "let whoever published it submit it",
        rule: "Market" art "1",
        says: "A listing is taken back, and matched, by whoever published it.",
            "挂牌由发布人撤回或确认成交。",
    }
    LISTING_NOT_OPEN = "listing.not_open" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{listing} is {state} ({reference})",
        remedy: "look for another listing",
        rule: "Market" art "5",
        says: "What is accepted while it stands is a trade, and the first to accept has it.",
            "有效期内被接受的即成交，先接受者得。",
    }
    LISTING_NOT_FIRM = "listing.not_firm" {
        phase: Execution, retryable: false, actor: Author,
        message: "{listing} is not firmly for sale",
        remedy: "quote a price for the claim",
        rule: "Market" art "5",
        says: "What nobody is bound to is not taken, but quoted for.",
            "无确定要约的挂牌不可直接摘牌，只能报价。",
    }
    LISTING_OF_ANOTHER_KIND = "listing.of_another_kind" {
        phase: Execution, retryable: false, actor: Author,
        message: "{listing} is a listing of another kind",
        remedy: "take what is firmly for sale, quote to an enquiry, sell to a bid",
    }
    LISTING_UNMET = "listing.unmet" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} is not what {listing} says, or is more than is left of it",
        remedy: "sell another claim, or divide it",
        rule: "Market" art "4",
        says: "A claim that is matched is what the listing says.",
            "成交的债权须符合挂牌条件。",
    }
    LISTING_NOT_INVITED = "listing.not_invited" {
        phase: Execution, retryable: false, actor: Author,
        message: "{listing} does not ask {party} for a quote",
        remedy: "ask its publisher for an invitation",
        rule: "Market" art "4",
        says: "Who enquires says who may quote.",
            "询价人指定可报价的机构。",
    }
    QUOTE_UNKNOWN = "quote.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no quote {quote} is on this ledger",
        remedy: "check the identifier; a quote is written buyer/number",
    }
    QUOTE_EXISTS = "quote.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{quote} is given already",
        remedy: "give the new quote a number of its own",
    }
    NOT_QUOTER = "quote.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} did not give {quote}",
        remedy: "let the buyer that gave it submit it",
        rule: "Market" art "5",
        says: "A quote is taken back by the buyer that gave it.",
            "报价由报价人撤回。",
    }
    QUOTE_NOT_OPEN = "quote.not_open" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{quote} is {state} ({reference})",
        remedy: "ask the buyer for another quote",
        rule: "Market" art "5",
        says: "A firm quote is accepted once, while it stands.",
            "确定报价在有效期内只能接受一次。",
    }
    QUOTE_OTHER_CLAIM = "quote.other_claim" {
        phase: Execution, retryable: false, actor: Author,
        message: "{quote} is not for {claim}",
        remedy: "accept it for the claim that it names",
        rule: "Market" art "5",
        says: "A quote is accepted for what it is given for.",
            "报价只就其所报债权接受。",
    }
    FORFAITING_TERMS = "trade.terms" {
        phase: Execution, retryable: false, actor: Author,
        message: "the terms cannot stand: {reason}",
        remedy: "correct the terms",
        rule: "URF 800" art "5",
        says: "A firm offer says all on which the price depends.",
            "确定要约须载明决定价格的全部要素。",
    }
    TRADE_PRICE = "trade.price" {
        phase: Execution, retryable: false, actor: Author,
        message: "the claim has no price on these terms: {reason}",
        remedy: "correct the rate, the dates or the fees",
        rule: "URF 800" art "11",
        says: "What the buyer pays follows from the terms, and is above zero.",
            "买价依约定条款计算，且须大于零。",
    }
    TRADE_TEXTS = "trade.too_many" {
        phase: Execution, retryable: false, actor: Author,
        message: "{field} are 1 to {limit}",
        remedy: "give at least one, and no more than that",
    }
    TRADE_UNKNOWN = "trade.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no trade {trade} is on this ledger",
        remedy: "check the identifier; a trade is written party/number",
    }
    TRADE_EXISTS = "trade.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{trade} is agreed already",
        remedy: "give the new trade a number of its own",
    }
    TRADE_NOT_PARTY = "trade.not_party" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is neither the seller nor the buyer of {trade}",
        remedy: "let one of them submit it",
        rule: "URF 800" art "8",
        says: "A trade is confirmed, and ended, by its parties.",
            "交易由其当事人确认或终止。",
    }
    TRADE_NOT_SELLER = "trade.not_seller" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the seller of {trade}",
        remedy: "let the seller submit it",
        rule: "URF 800" art "7",
        says: "The seller delivers, and pays back what is to go back.",
            "交付单据与返还款项由卖方履行。",
    }
    TRADE_NOT_BUYER = "trade.not_buyer" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the buyer of {trade}",
        remedy: "let the buyer submit it",
        rule: "URF 800" art "10",
        says: "The buyer examines, pays, and has recourse where there is any.",
            "审单、付款及例外追索由买方行使。",
    }
    TRADE_OVER = "trade.elsewhere" {
        phase: Execution, retryable: false, actor: Author,
        message: "{trade} is {state}, which this is not for",
        remedy: "read the trade, and do what its state allows",
        rule: "URF 800" art "11",
        says: "Each step of a trade has its time.",
            "交易的每一步须在相应阶段进行。",
    }
    TRADE_CONFIRMED = "trade.confirmed" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{party} confirmed {trade} already",
        remedy: "nothing is left to do",
        rule: "URF 800" art "8",
        says: "A trade is confirmed once by each party.",
            "交易由各方各确认一次。",
    }
    TRADE_NOT_CONFIRMED = "trade.not_confirmed" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "{trade} is not confirmed by both parties",
        remedy: "let both confirm it first",
        rule: "URF 800" art "8",
        says: "What is settled was confirmed by both.",
            "结算前须经双方确认。",
    }
    TRADE_VALUE_DATE = "trade.value_date" {
        phase: Execution, retryable: true, actor: Author,
        message: "{trade} is not settled before {value_date}",
        remedy: "settle it on that day",
        rule: "URF 800" art "11",
        says: "The price is paid on the value date, and not before.",
            "买价于起息日支付，不得提前。",
    }
    TRADE_NOT_AVAILABLE = "trade.not_available" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "{trade} is not settled without reserve: its documents are not satisfactory, or {conditions} conditions are open",
        remedy: "wait for them, or pay under reserve",
        rule: "URF 800" art "6, 7, 9, 10",
        says: "The price is paid when documents are satisfactory and conditions are met.",
            "单据合格且条件满足后支付买价。",
    }
    TRADE_UNDER_RESERVE = "trade.reserve" {
        phase: Execution, retryable: false, actor: Author,
        message: "a reserve of {trade} until {until} cannot stand or be ended now",
        remedy: "pay under reserve while something is outstanding, until a later time; pay back when that time is over",
        rule: "URF 800" art "12",
        says: "What is paid under reserve goes back only when the time for what is outstanding is over.",
            "保留付款须待期限届满而未补正时方可退还。",
    }
    TRADE_DOCUMENTS = "trade.documents" {
        phase: Execution, retryable: false, actor: Author,
        message: "no documents of {trade} are to be delivered, or examined, now",
        remedy: "read how far the documents have come",
        rule: "URF 800" art "7, 10",
        says: "Documents are delivered first, and examined then.",
            "先交付单据，后审核。",
    }
    TRADE_REFUSED_ONCE = "trade.refused_once" {
        phase: Execution, retryable: false, actor: Author,
        message: "the documents of {trade} were refused before",
        remedy: "accept what was delivered, or pay under reserve",
        rule: "URF 800" art "7, 10",
        says: "Documents are refused once, with every reason.",
            "拒单只能一次，并须列明全部理由。",
    }
    TRADE_TOO_LATE = "trade.too_late" {
        phase: Execution, retryable: false, actor: Author,
        message: "documents of {trade} were to come by {availability}",
        remedy: "ask the buyer for another trade",
        rule: "URF 800" art "2",
        says: "Documents come by the availability date.",
            "单据须于可得日前交付。",
    }
    TRADE_CONDITION = "trade.condition" {
        phase: Execution, retryable: false, actor: Author,
        message: "condition {condition} of {trade} is not open",
        remedy: "name a condition that is",
        rule: "URF 800" art "6, 9",
        says: "A condition is met once.",
            "条件只需满足一次。",
    }
    TRADE_STANDS = "trade.stands" {
        phase: Execution, retryable: true, actor: Author,
        message: "{trade} stands: it can be settled until {availability}, or is to be settled",
        remedy: "wait for the availability date",
        rule: "URF 800" art "2",
        says: "A trade binds both until its availability date.",
            "交易在可得日之前约束双方。",
    }
    TRADE_FEE = "trade.no_fee" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "no commitment fee of {trade} is owed",
        remedy: "nothing is left to pay",
        rule: "URF 800" art "11",
        says: "The commitment fee is owed once.",
            "承诺费只需支付一次。",
    }
    TRADE_NO_UNWINDING = "trade.no_unwinding" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "the buyer does not propose to undo {trade}",
        remedy: "ask the buyer to propose it",
        rule: "URF 800" art "13",
        says: "What two agreed, two undo.",
            "双方约定的交易由双方解除。",
    }
    TRADE_NO_RECOURSE = "trade.no_recourse" {
        phase: Execution, retryable: false, actor: Author,
        message: "{trade} is without recourse on that ground",
        remedy: "bear the loss, or claim on a ground that the terms except",
        rule: "URF 800" art "4, 13",
        says: "The sale is without recourse, but for the grounds that its terms except.",
            "买卖无追索权，约定的例外情形除外。",
    }
    CLAIM_EXISTS = "claim.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} has come into being already",
        remedy: "nothing is left to do",
    }
    CLAIM_NOT_YOURS = "claim.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} does not hold {claim}",
        remedy: "let the holder of record submit it",
        rule: "Civil Code" art "545",
        says: "A claim is disposed of by whoever holds it.",
            "债权由其持有人处分。",
    }
    CLAIM_OVER = "claim.over" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} was divided or merged, and is owed as {into}",
        remedy: "name the claim that took its place",
        rule: "Market" art "2",
        says: "A debt that was divided or merged is owed as what took its place, and not twice.",
            "债权拆分或合并后，以取代它的债权为准，不得重复主张。",
    }
    CLAIM_ENCUMBERED = "claim.encumbered" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "{claim} is {encumbrance} already ({reference})",
        remedy: "wait until the pledge is released, the offer has expired or the trade has ended",
        rule: "Market" art "3",
        says: "What is pledged, offered or sold to one is not disposed of to another.",
            "已质押、已要约或已出售的债权，不得再向他人处分。",
    }
    CLAIM_NOT_DIVISIBLE = "claim.not_divisible" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} of {amount} is not divided so: at least two parts, at most {limit}, each of at least one minor unit, together the whole",
        remedy: "give the amounts of all parts but the last",
        rule: "Market" art "2",
        says: "A debt is divisible to the minor unit, and its parts add up to it.",
            "债权可拆分至最小货币单位，各部分之和等于原债权。",
    }
    CLAIM_TOO_MANY_PARTS = "claim.too_many_parts" {
        phase: Execution, retryable: false, actor: Author,
        message: "the debt of {claim} would be in more than {limit} parts",
        remedy: "merge parts first",
    }
    CLAIM_NOT_NEIGHBOURS = "claim.not_neighbours" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} and {next} are not merged: parts of one debt that follow each other are, in their order",
        remedy: "name 2 to 100 such parts",
        rule: "Market" art "2",
        says: "Parts of one debt that follow each other are merged into one.",
            "同一债务中前后相接的部分可以合并。",
    }
    CLAIM_TO_ONESELF = "claim.to_oneself" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} would give the claim to itself",
        remedy: "name another party",
        rule: "Civil Code" art "545",
        says: "A claim passes from one party to another.",
            "债权由一方转让给另一方。",
    }
    CLAIM_OFFER_EXPIRY = "claim.offer_expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "it cannot stand until {expires_at}: it ends after now and within {limit} days",
        remedy: "give an earlier or a later time",
        rule: "Market" art "1",
        says: "What is offered is offered until a time within bounds.",
            "要约须在限度之内的时间到期。",
    }
    CLAIM_NOT_OFFERED = "claim.not_offered" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "no offer of {claim} stands for {party}",
        remedy: "ask its holder for an offer",
        rule: "Civil Code" art "545",
        says: "A claim passes when its holder offers it and the assignee takes it.",
            "债权经持有人要约、受让人接受后转让。",
    }
    CLAIM_NOT_PLEDGED = "claim.not_pledged" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} is not pledged to {party}",
        remedy: "let the pledgee release it",
        rule: "Civil Code" art "445",
        says: "A pledge is released by the pledgee.",
            "质押由质权人解除。",
    }
    CLAIM_NOT_NOTIFIED = "claim.not_notified" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "no notice says that {claim} is to be paid into {account}",
        remedy: "wait for the holder's notice, and acknowledge what it says",
        rule: "Civil Code" art "546",
        says: "The debtor acknowledges the assignment of which it was notified.",
            "债务人对其已收到的转让通知予以确认。",
    }
    CLAIM_ACCOUNT = "claim.account" {
        phase: Execution, retryable: false, actor: Author,
        message: "{claim} is paid into {expected}, as acknowledged, not {given}",
        remedy: "pay into the account that was acknowledged",
        rule: "Civil Code" art "546",
        says: "A debtor that acknowledged an assignment pays where it said that it would.",
            "债务人确认转让后，应付至其所确认的账户。",
    }
    CLAIM_NOT_OVERDUE = "claim.not_overdue" {
        phase: Execution, retryable: true, actor: Author,
        message: "{claim} is not unpaid before the end of {due}",
        remedy: "wait until the day on which it is due has passed",
        rule: "URF 800" art "13",
        says: "A claim is unpaid when the day on which it is due has passed without payment.",
            "债权到期日已过而未获支付的，为未付。",
    }

    // Demand guarantees and standbys.
    GUARANTEE_UNKNOWN = "guarantee.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no guarantee {guarantee} is issued on this ledger",
        remedy: "check the identifier; a guarantee is written guarantor/number",
    }
    GUARANTEE_NUMBER_INVALID = "guarantee.number_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{number} is no number of a guarantee or an instruction",
        remedy: "give 1 to 35 characters of SWIFT's set x, no space or slash at either end, and no two slashes together",
    }
    GUARANTEE_EXISTS = "guarantee.already_issued" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} is already issued",
        remedy: "give the new guarantee a number of its own",
        rule: "URDG 758" art "4(b)",
        says: "A guarantee is irrevocable once it is issued, so its number is used once.",
            "保函一经开立即不可撤销，其编号只能使用一次。",
    }
    NOT_GUARANTOR = "guarantee.not_guarantor" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the guarantor {required} may do this, not {party}",
        remedy: "let the guarantor submit it",
        rule: "URDG 758" art "5",
        says: "The undertaking is the guarantor's own and independent, so nobody else gives it or acts on it.",
            "保函是担保人独立的承诺，他人不得代为作出或处置。",
    }
    NOT_GUARANTEE_BENEFICIARY = "guarantee.not_beneficiary" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the beneficiary {required} may do this, not {party}",
        remedy: "let the beneficiary, or the advising party that stands for it, submit it",
        rule: "URDG 758" art "2",
        says: "Only the beneficiary demands, consents and releases.",
            "只有受益人可以索赔、同意修改和解除保函。",
    }
    NOT_GUARANTEE_ADVISER = "guarantee.not_advising_party" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the advising party of {guarantee}",
        remedy: "let the advising party that the terms name submit it",
        rule: "URDG 758" art "10",
        says: "A guarantee is advised by the advising party that it names.",
            "保函由其指定的通知方通知。",
    }
    GUARANTEE_ADVISED = "guarantee.already_advised" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{guarantee} is already advised",
        remedy: "nothing is left to do",
        rule: "URDG 758" art "10",
        says: "A guarantee is advised once.",
            "保函只通知一次。",
    }
    GUARANTEE_CLOSED = "guarantee.closed" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{guarantee} has ended",
        remedy: "ask the guarantor for a new one",
        rule: "URDG 758" art "25(b)",
        says: "Nothing happens under a guarantee that has ended.",
            "保函终止后不得再有任何行为。",
    }
    GUARANTEE_TERMS_INVALID = "guarantee.terms_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the terms cannot stand: {reason}",
        remedy: "correct the terms",
        rule: "URDG 758" art "8",
        says: "A guarantee is clear and precise: its parties, amount, reductions and expiry fit each other.",
            "保函应清晰准确，其当事人、金额、递减和到期相互一致。",
    }
    GUARANTEE_EXPIRY_MISSING = "guarantee.expiry_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "a standby under ISP98 must say when it ends",
        remedy: "give a date of expiry, or an event",
        rule: "ISP98" art "9.01",
        says: "A standby states when it ends.",
            "备用信用证须规定到期日。",
    }
    GUARANTEE_EXPIRED = "guarantee.expired" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{guarantee} expired on {expiry}, at close of business at its place for presentation",
        remedy: "ask the guarantor for an extension, or a new guarantee",
        rule: "URDG 758" art "14(a), 25(b)(i), 25(d)",
        says: "A demand is presented on or before expiry, which moves to the first following business day when the place is closed.",
            "索赔须在到期日或之前提交；到期日交单地点不营业的，顺延至其后第一个营业日。",
    }
    COUNTER_GUARANTEE_INVALID = "guarantee.counter_guarantee_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{counter_guarantee} is not behind it: {reason}",
        remedy: "name a counter-guarantee of which the guarantor is the beneficiary, and which supports no other guarantee",
        rule: "URDG 758" art "2",
        says: "A counter-guarantee supports the guarantee that its beneficiary issues.",
            "反担保函用于支持其受益人所开立的保函。",
    }
    INSTRUCTION_UNKNOWN = "guarantee_instruction.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no instruction {instruction} is on this ledger",
        remedy: "check the identifier; an instruction is written instructing party/number",
    }
    INSTRUCTION_EXISTS = "guarantee_instruction.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{instruction} is already given",
        remedy: "give the new instruction a number of its own",
    }
    REQUEST_EXPIRY = "guarantee_instruction.expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "it cannot stand until {expires_at}: it ends after now and within {limit} days",
        remedy: "give an earlier or a later time",
    }
    NOT_INSTRUCTING_PARTY = "guarantee_instruction.not_instructing_party" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the instructing party {required} may do this, not {party}",
        remedy: "let the instructing party submit it",
        rule: "URDG 758" art "8(a)",
        says: "An instruction is given, and taken back, by the instructing party.",
            "指示由指示方发出和撤回。",
    }
    INSTRUCTION_NOT_STANDING = "guarantee_instruction.not_standing" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{instruction} does not stand: it was acted on or withdrawn, or expired at {expires_at}",
        remedy: "ask the instructing party for another",
        rule: "URDG 758" art "8(a)",
        says: "A guarantor acts on an instruction once, while it stands.",
            "担保人只能在指示有效期间执行一次。",
    }
    INSTRUCTION_OTHER = "guarantee_instruction.other" {
        phase: Execution, retryable: false, actor: Author,
        message: "{instruction} does not instruct this",
        remedy: "do exactly what is instructed, or ask for another instruction",
        rule: "URDG 758" art "8(a)",
        says: "A guarantor that is reimbursed does what it was instructed to do.",
            "获得偿付的担保人须严格按指示行事。",
    }
    INSTRUCTION_NOT_REIMBURSING = "guarantee_instruction.not_reimbursing" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not who reimburses {guarantee}",
        remedy: "act on the instruction of whoever reimburses it",
        rule: "URDG 758" art "8(a)",
        says: "Amendments and extensions are instructed by whoever reimburses the guarantor.",
            "修改和展期由偿付担保人的一方指示。",
    }
    AMENDMENT_UNKNOWN = "guarantee_amendment.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no amendment {amendment} is on this ledger",
        remedy: "check the identifier; an amendment is written guarantee/sequence",
    }
    AMENDMENT_INVALID = "guarantee_amendment.invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "it is no amendment: {reason}",
        remedy: "say what changes",
        rule: "URDG 758" art "11(a)",
        says: "An amendment says what changes.",
            "修改须载明所更改的内容。",
    }
    AMENDMENT_ANSWERED = "guarantee_amendment.answered" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{amendment} is already answered",
        remedy: "ask the guarantor for another amendment",
        rule: "URDG 758" art "11(c)",
        says: "A beneficiary answers an amendment once.",
            "受益人对一项修改只答复一次。",
    }
    AMENDMENTS_OPEN = "guarantee_amendment.too_many" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "{limit} amendments of {guarantee} are not answered yet",
        remedy: "ask the beneficiary to answer them",
    }
    GUARANTEE_NOT_TRANSFERABLE = "guarantee.not_transferable" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} is not transferable",
        remedy: "ask the guarantor for a transferable one; proceeds can be assigned all the same",
        rule: "URDG 758" art "33(a)",
        says: "A guarantee is transferred where it says that it is transferable, and a counter-guarantee never is.",
            "保函仅在载明可转让时方可转让，反担保函不得转让。",
    }
    TRANSFER_STATEMENT_MISSING = "guarantee.transfer_statement_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "a transfer of {guarantee} needs the statement that the transferee took over the underlying relationship",
        remedy: "state it",
        rule: "URDG 758" art "33(d)(ii)",
        says: "A transferor states that the transferee acquired its rights and obligations in the underlying relationship.",
            "转让人须声明受让人已取得其在基础关系中的权利和义务。",
    }
    PROCEEDS_ASSIGNED = "guarantee.bound" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} does not pass to another: its proceeds are assigned, or an amendment is not answered",
        remedy: "answer the amendment; what is assigned stays assigned",
        rule: "URDG 758" art "33(g)",
        says: "Proceeds are assigned once, and what is assigned is not transferred away.",
            "款项只让渡一次，已让渡的不得再行转让。",
    }
    REQUEST_NOT_STANDING = "guarantee.request_not_standing" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "nothing of this kind is asked under {guarantee}, or no longer",
        remedy: "let the beneficiary ask for it",
        rule: "URDG 758" art "33(b), 33(g)",
        says: "The guarantor consents to what the beneficiary asks, as it asks it.",
            "担保人仅就受益人所提出的请求予以同意。",
    }
    GUARANTEE_UNSETTLED = "guarantee.unsettled" {
        phase: Execution, retryable: true, actor: Author,
        message: "{demands} demands under {guarantee} are neither refused, withdrawn nor paid",
        remedy: "withdraw them first, or wait for payment",
        rule: "URDG 758" art "25(b)(iii)",
        says: "A release ends what can still be demanded; what is demanded is decided first.",
            "解除仅终止尚可索赔的部分；已提出的索赔须先行处理。",
    }
    REDUCTION_INVALID = "guarantee.reduction_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the amount of {guarantee} is not reduced so: {reason}",
        remedy: "name a reduction that the terms foresee, or an amount that is available",
        rule: "URDG 758" art "13",
        says: "An amount reduces as the terms foresee, or as the beneficiary says.",
            "保函金额按条款规定或受益人的声明递减。",
    }
    EXPIRY_EVENT_NONE = "guarantee.expiry_event_none" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} does not end earlier by an event",
        remedy: "check the terms; only an undertaking that ends on an event does",
        rule: "URDG 758" art "2",
        says: "An event of expiry is one that the terms name.",
            "到期事件须为条款所载明的事件。",
    }
    CLOSURE_INVALID = "guarantee.closure_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the closure cannot be stated under {guarantee}: {reason}",
        remedy: "correct the days",
        rule: "URDG 758" art "26(a), 26(b)",
        says: "Force majeure interrupts the guarantor's business for a time, which the guarantor states as soon as practicable.",
            "不可抗力使担保人营业中断一段时间，担保人须尽快说明。",
    }
    NOT_AUTOMATICALLY_EXTENDED = "guarantee.not_automatically_extended" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} does not extend itself, or no longer",
        remedy: "nothing is left to do",
        rule: "URDG 758" art "25",
        says: "Notice is given where the terms extend an undertaking without it.",
            "仅在条款规定自动展期时方需发出不展期通知。",
    }
    NON_EXTENSION_LATE = "guarantee.non_extension_late" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "notice that {guarantee} is not extended was due by {last}",
        remedy: "it extends once more; give notice before the next expiry",
        rule: "URDG 758" art "25",
        says: "Notice that an undertaking is not extended is given as long before expiry as its terms say.",
            "不展期通知须在条款规定的到期前期限内发出。",
    }
    GUARANTEE_CLOSING_TOO_EARLY = "guarantee.closing_too_early" {
        phase: Execution, retryable: true, actor: Author,
        message: "{guarantee} cannot be closed yet: {reason}",
        remedy: "wait until it expired or nothing remains payable, and every demand is decided",
        rule: "URDG 758" art "25(b)",
        says: "A guarantee ends when it expires, when nothing remains payable, or when it is released.",
            "保函在到期、无余额可付或被解除时终止。",
    }
    DEMAND_UNKNOWN = "demand.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no demand {demand} is on this ledger",
        remedy: "check the identifier; a demand is written guarantee/sequence",
    }
    DEMAND_CURRENCY = "demand.currency" {
        phase: Execution, retryable: false, actor: Author,
        message: "the demand is in {given}, the guarantee in {expected}",
        remedy: "demand in the currency of the guarantee",
        rule: "URDG 758" art "21(a)",
        says: "A demand is paid in the currency of the guarantee.",
            "索赔以保函规定的币种支付。",
    }
    DEMAND_OVERDRAWN = "demand.overdrawn" {
        phase: Execution, retryable: false, actor: Author,
        message: "{amount} exceeds what is left of {guarantee}: {available}",
        remedy: "demand no more than what is left",
        rule: "URDG 758" art "17(e)",
        says: "Demands do not exceed the amount that is available.",
            "索赔金额不得超过可用金额。",
    }
    DEMAND_PARTIAL = "demand.partial" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} is demanded in full only",
        remedy: "demand all that is available",
        rule: "URDG 758" art "17(a)",
        says: "A demand is for less than the full amount unless the guarantee prohibits it.",
            "除保函禁止外，可就部分金额索赔。",
    }
    DEMAND_MULTIPLE = "demand.multiple" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} allows one demand, and one was made",
        remedy: "wait for the result of the first",
        rule: "URDG 758" art "17(c), 17(d)",
        says: "Where multiple demands are prohibited, one demand is made, and another after it is refused.",
            "禁止多次索赔的，只能索赔一次；被拒后可再次提出。",
    }
    DEMAND_ACCOUNT = "demand.account" {
        phase: Execution, retryable: false, actor: Author,
        message: "demands under {guarantee} are paid into {expected}, not {given}",
        remedy: "name the account to which the proceeds are assigned",
        rule: "URDG 758" art "33(g)",
        says: "Where the guarantor agreed to an assignment of the proceeds, it pays the assignee.",
            "担保人同意款项让渡的，应向受让渡人付款。",
    }
    DEMAND_STATEMENT_MISSING = "demand.statement_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "a demand under {guarantee} needs a statement of the breach",
        remedy: "state in which respect the applicant is in breach; under a counter-guarantee, that a complying demand was received",
        rule: "URDG 758" art "15(a), 15(b), 15(c)",
        says: "A demand is supported by a statement of the breach, unless the guarantee excludes it.",
            "除保函排除外，索赔须附有说明违约情况的声明。",
    }
    DEMAND_LOCAL = "demand.local_demand" {
        phase: Execution, retryable: false, actor: Author,
        message: "the demand under {guarantee} is not supported by a complying demand under the guarantee that it supports",
        remedy: "name such a demand, once it was found complying",
        rule: "URDG 758" art "15(b)",
        says: "A demand under a counter-guarantee states that its beneficiary received a complying demand.",
            "反担保函项下的索赔须声明其受益人已收到相符索赔。",
    }
    DEMAND_EXTENSION_DATE = "demand.extension_date" {
        phase: Execution, retryable: false, actor: Author,
        message: "{guarantee} does not end before {to}",
        remedy: "ask for a later date than the expiry, or for payment alone",
        rule: "URDG 758" art "23(a)",
        says: "A demand that asks for an extension asks for a later expiry.",
            "要求展期的索赔须请求晚于现到期日的日期。",
    }
    DEMAND_REFUSED = "demand.refused" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{demand} was refused on {at}",
        remedy: "the beneficiary may demand again before expiry",
        rule: "URDG 758" art "17(d), 24(d)",
        says: "A demand that was refused is over, and another may be made in time.",
            "被拒绝的索赔已终结，可在期限内另行索赔。",
    }
    DEMAND_WITHDRAWN = "demand.withdrawn" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{demand} was withdrawn on {at}",
        remedy: "the beneficiary may demand again before expiry",
        rule: "URDG 758" art "18, 23(d)",
        says: "A demand that was withdrawn, or in whose place an extension came, is over.",
            "已撤回或因展期而视为撤回的索赔已终结。",
    }
    DEMAND_DECIDED = "demand.decided" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{demand} was found complying, and that stands",
        remedy: "pay it",
        rule: "URDG 758" art "20(b)",
        says: "What was found complying is paid.",
            "经认定相符的索赔应予付款。",
    }
    DEMAND_NOTICE_GIVEN = "demand.notice_already_given" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{demand} was refused in a notice on {at}, and only one notice counts",
        remedy: "nothing can be added to a notice",
        rule: "URDG 758" art "24(d)",
        says: "A guarantor gives a single notice of refusal.",
            "担保人只发出一次拒付通知。",
    }
    DEMAND_NOTICE_EMPTY = "demand.notice_empty" {
        phase: Execution, retryable: false, actor: Author,
        message: "a notice of refusal states every discrepancy for which the guarantor refuses",
        remedy: "state 1 to {limit} discrepancies",
        rule: "URDG 758" art "24(d)(ii)",
        says: "A notice of refusal states each discrepancy for which the guarantor refuses.",
            "拒付通知须列明担保人据以拒付的每一不符点。",
    }
    DEMAND_PRECLUDED = "demand.refusal_precluded" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{demand} can no longer be refused: notice was due by {deadline}",
        remedy: "pay it; the guarantor is precluded from claiming that it does not comply",
        rule: "URDG 758" art "24(e), 24(f)",
        says: "A guarantor that gave no notice by close of the fifth business day, the seventh under ISP98, cannot claim that the demand does not comply.",
            "未在第五个营业日（备用信用证为第七个营业日）终了前发出通知的担保人，无权主张索赔不符。",
    }
    DEMAND_EXAMINATION_OVER = "demand.examination_over" {
        phase: Execution, retryable: false, actor: Author,
        message: "the examination of {demand} ended on {deadline} without a notice",
        remedy: "pay it",
        rule: "URDG 758" art "20(a), 24(f)",
        says: "A guarantor decides within five business days following the day of presentation, which expiry does not shorten.",
            "担保人须在交单次日起五个营业日内作出决定，该期限不因到期而缩短。",
    }
    DEMAND_EXAMINATION_OPEN = "demand.examination_open" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "{demand} is being examined until {deadline}",
        remedy: "wait until then; before it, nobody is precluded",
        rule: "URDG 758" art "20(a)",
        says: "A guarantor has until close of the fifth business day following presentation.",
            "担保人可用至交单次日起第五个营业日终了。",
    }
    DEMAND_NOT_PRESENTER = "demand.not_presenter" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} did not present {demand}",
        remedy: "let whoever presented it submit it",
        rule: "URDG 758" art "18(a), 24(f)",
        says: "Preclusion is invoked, and a demand withdrawn, by whoever presented it.",
            "失权由索赔人主张，索赔由索赔人撤回。",
    }
    DEMAND_NOT_EXTENDABLE = "demand.not_extendable" {
        phase: Execution, retryable: false, actor: Author,
        message: "{demand} asks for payment, and for no extension instead",
        remedy: "pay it, or refuse it",
        rule: "URDG 758" art "23(a)",
        says: "Payment is suspended where the demand asks for an extension as an alternative.",
            "仅当索赔以展期为替代请求时方可暂缓付款。",
    }
    SUSPENSION_STANDBY = "demand.suspension_standby" {
        phase: Execution, retryable: false, actor: Author,
        message: "payment of {demand} is not suspended under ISP98",
        remedy: "extend it, pay it or refuse it within the time for examination",
        rule: "ISP98" art "3.09",
        says: "A request to extend or pay does not prolong the time for examination.",
            "展期或付款请求不延长审核期限。",
    }
    SUSPENSION_TOO_LONG = "demand.suspension_too_long" {
        phase: Execution, retryable: false, actor: Author,
        message: "payment of {demand} cannot be suspended until {until}: the last day is {limit}",
        remedy: "name an earlier day, which has not passed",
        rule: "URDG 758" art "23(a)",
        says: "Payment is suspended for at most thirty calendar days following receipt of the demand.",
            "暂缓付款自收到索赔之日起最长三十个日历日。",
    }
    SUSPENSION_COUNTER = "demand.suspension_counter" {
        phase: Execution, retryable: false, actor: Author,
        message: "payment of {demand} cannot be suspended for {asked} days, but for {limit}",
        remedy: "suspend it for four days less than payment was suspended under the guarantee",
        rule: "URDG 758" art "23(b)",
        says: "A counter-guarantor suspends payment for at least four calendar days less than the guarantor did.",
            "反担保人暂缓付款的期限须比担保人至少短四个日历日。",
    }
    SUSPENSION_OVER = "demand.suspension_over" {
        phase: Execution, retryable: false, actor: Author,
        message: "the suspension of {demand} ended with {until}",
        remedy: "pay it",
        rule: "URDG 758" art "23(d)",
        says: "Where no extension is granted in time, the demand is paid without a further one.",
            "期限内未准予展期的，无须再次索赔即应付款。",
    }
    REIMBURSEMENT_NOT_OWED = "demand.reimbursement_not_owed" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} owes no reimbursement for {demand}",
        remedy: "nothing is left to do",
    }

    // Bills of exchange.
    BILL_UNKNOWN = "bill.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no bill {bill} is on this ledger",
        remedy: "check the identifier; a bill is written drawer/number",
    }
    BILL_PART_UNKNOWN = "bill.part_unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no part {part} of a bill is on this ledger",
        remedy: "check the identifier; a part is written bill#first-last, and there is one once the bill is accepted",
    }
    BILL_EXISTS = "bill.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{bill} is drawn already",
        remedy: "give the new bill a number of its own",
        rule: "Bills" art "1",
        says: "A drawer's number is given to one bill.",
            "出票人的一个编号只用于一张票据。",
    }
    BILL_TITLE = "bill.title_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "the title {title} does not say that it is a bill",
        remedy: "let the title say so: BANK ACCEPTANCE BILL, 电子银行承兑汇票",
        rule: "Negotiable Instruments Law" art "22(1)",
        says: "A bill says on its face that it is a bill.",
            "汇票须有表明“汇票”的字样。",
    }
    BILL_CONDITIONAL = "bill.order_conditional" {
        phase: Execution, retryable: false, actor: Author,
        message: "the order to pay depends on a condition: {condition}",
        remedy: "draw it without conditions",
        rule: "Negotiable Instruments Law" art "22(2)",
        says: "The order to pay is unconditional.",
            "汇票须为无条件支付的委托。",
    }
    BILL_AMOUNT = "bill.amount_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "a bill of {amount} cannot be drawn",
        remedy: "give a sum above zero, and of at most 1,000,000,000.00 in renminbi",
        rule: "Bills" art "7",
        says: "A bill is of a sum above zero, and in renminbi of a thousand million at most.",
            "票据金额须大于零；人民币票据单张不超过十亿元。",
    }
    BILL_TENOR = "bill.tenor_out_of_bounds" {
        phase: Execution, retryable: false, actor: Author,
        message: "a bill of {issued_on} that is due on {maturity} does not run so: it is dated today or before, and due within {limit} months after",
        remedy: "correct the date of issue or the maturity",
        rule: "PBC Order 2022 No. 4" art "25",
        says: "A bill falls due within six months after its issue.",
            "票据的付款期限自出票日起最长不超过六个月。",
    }
    BILL_DRAWEE = "bill.drawee_not_of_its_kind" {
        phase: Execution, retryable: false, actor: Author,
        message: "{drawee} does not accept bills of this kind",
        remedy: "draw a bank acceptance on a bank, which a BIC or a CNAPS code identifies, and a commercial acceptance on anybody else",
        rule: "Bills" art "7",
        says: "A bank accepts bank acceptances, and others accept commercial acceptances.",
            "银行承兑汇票由银行承兑，商业承兑汇票由银行以外的付款人承兑。",
    }
    BILL_TO_ONESELF = "bill.to_oneself" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} would stand on both sides",
        remedy: "name another party",
        rule: "Bills" art "2",
        says: "An act between two parties has two.",
            "双方行为须有两方当事人。",
    }
    BILL_PACKAGE = "bill.package_differs" {
        phase: Execution, retryable: false, actor: Author,
        message: "the package {package} is of another kind or date than the bill",
        remedy: "correct the number of the package, the kind or the date of issue",
        rule: "Bills" art "1",
        says: "The number of a package says the bill's kind and date.",
            "票据包号所载的种类和日期与票据一致。",
    }
    BILL_PACKAGE_USED = "bill.package_used" {
        phase: Execution, retryable: false, actor: Author,
        message: "the package {package} is that of {bill}",
        remedy: "give the number of its own package",
        rule: "Bills" art "1",
        says: "The number of a package is used once.",
            "票据包号只能使用一次。",
    }
    NOT_DRAWER = "bill.not_drawer" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the drawer {required} of {bill} may do this, not {party}",
        remedy: "let the drawer submit it",
        rule: "Negotiable Instruments Law" art "20",
        says: "A bill is its drawer's until it is delivered.",
            "票据交付之前由出票人掌握。",
    }
    NOT_DRAWEE = "bill.not_drawee" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the drawee {required} of {bill} may do this, not {party}",
        remedy: "let the drawee submit it",
        rule: "Negotiable Instruments Law" art "38",
        says: "The drawee alone accepts a bill, and owes what it accepted.",
            "汇票由付款人承兑，承兑人承担付款责任。",
    }
    BILL_ANSWERED = "bill.not_to_be_presented" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{bill} is presented, or answered, or over",
        remedy: "wait for the answer; after the time for it, present the bill anew",
        rule: "Negotiable Instruments Law" art "39",
        says: "A bill is presented for acceptance once, and anew where its drawee was silent.",
            "汇票提示承兑后，付款人未答复的，可再次提示。",
    }
    BILL_NOT_PRESENTED = "bill.not_presented" {
        phase: Execution, retryable: false, actor: Author,
        message: "{bill} is not presented",
        remedy: "wait until it is presented",
        rule: "Negotiable Instruments Law" art "39, 53",
        says: "A drawee answers what is presented to it.",
            "付款人就提示给它的票据作出答复。",
    }
    BILL_ACCEPTANCE_OVER = "bill.acceptance_over" {
        phase: Execution, retryable: false, actor: Author,
        message: "the time to answer {bill} ended on {deadline}",
        remedy: "ask the drawer to present it anew",
        rule: "Negotiable Instruments Law" art "41",
        says: "A drawee accepts or refuses within three days of the presentation.",
            "付款人应当自收到提示承兑的汇票之日起三日内承兑或者拒绝承兑。",
    }
    BILL_MARGIN = "bill.margin_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "the hold {hold} is no margin for {bill}",
        remedy: "name an open hold of the drawer's, in the bill's currency, that the acceptor posts to itself until the bill is due or later",
    }
    BILL_UNDER_WAY = "bill.under_way" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{bill} is delivered, refused or over",
        remedy: "deal with its holder",
        rule: "Negotiable Instruments Law" art "20",
        says: "What was delivered is no longer the drawer's to change.",
            "票据交付后，出票人不得再行变更。",
    }
    BILL_NOT_ACCEPTED = "bill.not_accepted" {
        phase: Execution, retryable: false, actor: Author,
        message: "{bill} is not accepted",
        remedy: "have it accepted first",
        rule: "Bills" art "5",
        says: "A bill is accepted before it is delivered, and nothing of it circulates before.",
            "票据承兑后方可交付流通。",
    }
    BILL_UNITS = "bill.units_outside" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} does not have the units {units}",
        remedy: "name units of the part",
        rule: "Bills" art "3",
        says: "An act names units of one part.",
            "票据行为须指明同一子票区间内的份额。",
    }
    BILL_DIVIDED = "bill.divided" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} is divided, and the units {units} lie in several parts: {into}",
        remedy: "act on each of the parts",
        rule: "Bills" art "3",
        says: "An act names units of one part.",
            "票据行为须指明同一子票区间内的份额。",
    }
    BILL_INDIVISIBLE = "bill.indivisible" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} is passed on in whole or not at all",
        remedy: "offer all of it",
        rule: "Negotiable Instruments Law" art "33",
        says: "A bill is endorsed in part only by ranges of its units, where it says that it is divisible.",
            "汇票金额不得部分背书转让；可分包流转的票据按子票区间转让。",
    }
    BILL_OVER = "bill.part_over" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{part} is paid, divided or cancelled",
        remedy: "nothing is left to do with it",
        rule: "Negotiable Instruments Law" art "72",
        says: "What is paid binds nobody any more.",
            "票据债务清偿后，责任解除。",
    }
    BILL_IN_PAYMENT = "bill.in_payment" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} is presented for payment, or was not paid",
        remedy: "collect it from those who are liable",
        rule: "Negotiable Instruments Law" art "36",
        says: "What was presented or not paid is not passed on.",
            "汇票已提示付款或者被拒绝付款的，不得背书转让。",
    }
    BILL_FROZEN = "bill.frozen" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{part} is stopped by the order {order} of {court}",
        remedy: "wait for the release of the order",
        rule: "Bills" art "6",
        says: "A court's order stops all that would move a part.",
            "司法冻结期间，票据不得转移。",
    }
    BILL_NOT_FROZEN = "bill.not_frozen" {
        phase: Execution, retryable: false, actor: Author,
        message: "no order {order} stops {part}",
        remedy: "name the order that stands",
        rule: "Bills" art "6",
        says: "The order that stands is released, by its number.",
            "解除冻结须指明生效的冻结文书。",
    }
    BILL_NOT_YOURS = "bill.not_yours" {
        phase: Execution, retryable: false, actor: Author,
        message: "for {part} it is {required}, not {party}",
        remedy: "let that party do it, or be paid",
        rule: "Negotiable Instruments Law" art "31",
        says: "The rights in a bill are its holder's, or its pledgee's.",
            "票据权利由持票人或质权人行使。",
    }
    BILL_ENCUMBERED = "bill.encumbered" {
        phase: Execution, retryable: false, actor: Author,
        message: "the units {units} overlap {part}, which is {encumbrance}: {party}",
        remedy: "have it released or withdrawn, or name other units",
        rule: "Bills" art "3",
        says: "What is pledged, sold for a while or offered to one is not offered to another.",
            "已质押、已回购卖出或已向他人提示的份额，不得再行提示。",
    }
    BILL_NOT_PLEDGED = "bill.not_pledged" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} is not pledged to {party}, or the release is not offered to its holder",
        remedy: "let the pledgee offer the release to the holder",
        rule: "Negotiable Instruments Law" art "35",
        says: "The pledgee gives a pledged bill back.",
            "质押的票据由质权人解除质押。",
    }
    BILL_NOT_TRANSFERABLE = "bill.not_transferable" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} wrote that {part} is not transferable",
        remedy: "ask that party to revoke it",
        rule: "Negotiable Instruments Law" art "27, 34",
        says: "A bill on which its drawer or an endorser wrote that it is not transferable is not passed on.",
            "记载“不得转让”字样的汇票不得转让。",
    }
    BILL_NOT_RESTRICTED = "bill.not_restricted" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} did not write that {part} is not transferable",
        remedy: "let whoever wrote it revoke it",
        rule: "Negotiable Instruments Law" art "27, 34",
        says: "Whoever wrote that a bill is not transferable revokes it.",
            "“不得转让”由记载人撤销。",
    }
    BILL_NOT_PAYEE = "bill.not_payee" {
        phase: Execution, retryable: false, actor: Author,
        message: "{bill} is delivered whole, once, to its payee {required}, not to {party}",
        remedy: "deliver it to the payee",
        rule: "Negotiable Instruments Law" art "20",
        says: "A drawer delivers a bill to its payee.",
            "出票人将票据交付给收款人。",
    }
    BILL_NOT_DELIVERED = "bill.not_delivered" {
        phase: Execution, retryable: false, actor: Author,
        message: "{bill} is not delivered",
        remedy: "deliver it to its payee first",
        rule: "Negotiable Instruments Law" art "20",
        says: "A bill is passed on once it is delivered.",
            "票据交付后方可背书转让。",
    }
    BILL_MATURED = "bill.matured" {
        phase: Execution, retryable: false, actor: Author,
        message: "{bill} is due on {due}, and is not passed on from then on",
        remedy: "present it for payment",
        rule: "Negotiable Instruments Law" art "36",
        says: "A bill is not passed on once it is due.",
            "汇票到期后不得背书转让。",
    }
    BILL_NOT_BANK = "bill.not_bank" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not identified as a bank",
        remedy: "name a bank by its BIC or CNAPS code",
        rule: "Bills" art "7",
        says: "Banks discount, and banks rediscount with banks.",
            "贴现由银行办理，转贴现在银行之间办理。",
    }
    BILL_EVIDENCE = "bill.evidence_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "a discount rests on 1 to {limit} references of invoices and contracts",
        remedy: "name what the bill was drawn for",
        rule: "PBC Order 2022 No. 4" art "6",
        says: "A bill is discounted on evidence of a trade that took place.",
            "贴现须以真实交易关系为基础，并提供合同、发票等资料。",
    }
    BILL_REPURCHASE = "bill.repurchase_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} cannot be repurchased on {on} for {price}; it is due on {due}",
        remedy: "agree on a later day before the due date, and a price above zero in the bill's currency",
        rule: "Bills" art "4",
        says: "A seller that takes a bill back does so on a later day before it is due.",
            "回购日须在卖出日之后、票据到期日之前。",
    }
    BILL_NO_REPURCHASE = "bill.no_repurchase" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} is not bound by a return leg of {party}'s",
        remedy: "let the seller repurchase it, and the buyer close it out",
        rule: "Bills" art "4",
        says: "A return leg binds the seller and the buyer that agreed on it.",
            "回购约束约定的卖出方与买入方。",
    }
    BILL_REPURCHASE_DAY = "bill.repurchase_day" {
        phase: Execution, retryable: true, actor: Author,
        message: "{part} is repurchased from {on} on, and closed out after it",
        remedy: "wait for the day",
        rule: "Bills" art "4",
        says: "A return leg settles from the agreed day on, and the buyer keeps the bill once that day has passed.",
            "回购自约定日起结算；逾约定日的，买入方可保留票据。",
    }
    BILL_PRICE = "bill.price_differs" {
        phase: Execution, retryable: true, actor: Author,
        message: "the price of {part} is {price} today, not {expected}",
        remedy: "sign at that price, or ask for another offer",
        rule: "Bills" art "4",
        says: "A buyer pays the price that it expects.",
            "买入方按其确认的价格付款。",
    }
    BILL_PRICELESS = "bill.not_priced" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} cannot be priced: {reason}",
        remedy: "correct the terms of the discount",
        rule: "Bills" art "4",
        says: "A sale has terms from which its price follows.",
            "卖出须约定可据以计算价款的条件。",
    }
    BILL_ACCOUNT_MISSING = "bill.account_missing" {
        phase: Execution, retryable: false, actor: Author,
        message: "the account and the price belong to a sale of {part}, and a sale has an account",
        remedy: "name the account that pays for a sale, and none otherwise",
        rule: "Bills" art "4",
        says: "A buyer pays in the step in which it signs.",
            "买入方签收时同步付款。",
    }
    BILL_OFFER_EXPIRY = "bill.offer_expiry_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "an offer until {expires_at} does not stand for 1 to {limit} days",
        remedy: "let it expire later than now, and within {limit} days",
        rule: "Bills" art "2",
        says: "An offer ends by itself.",
            "要约须有截止时间。",
    }
    BILL_NOT_OFFERED = "bill.not_offered" {
        phase: Execution, retryable: false, actor: Author,
        message: "the units {units} of {part} are not offered so that {party} could do this",
        remedy: "name the units as they were offered, in time",
        rule: "Bills" art "2",
        says: "An act takes effect when the party to whom it is offered signs, in time and as it was offered.",
            "票据行为由被提示方在期限内按所提示的内容签收后生效。",
    }
    BILL_FULL = "bill.part_full" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} has its most {what}: {limit}",
        remedy: "hold it until it is due, or withdraw offers",
    }
    BILL_NOT_DUE = "bill.not_due" {
        phase: Execution, retryable: true, actor: Author,
        message: "{bill} is not due before {due}",
        remedy: "present or pay it then",
        rule: "Negotiable Instruments Law" art "53",
        says: "A bill is presented for payment from its due date on.",
            "汇票自到期日起提示付款。",
    }
    BILL_ANSWER_PENDING = "bill.answer_pending" {
        phase: Execution, retryable: true, actor: Author,
        message: "the acceptor of {part} may answer until {deadline}",
        remedy: "wait for the answer",
        rule: "Negotiable Instruments Law" art "54, 62",
        says: "An acceptor pays or refuses by the next banking day.",
            "承兑人应当在提示付款当日或次日付款或者拒付。",
    }
    BILL_NOT_DISHONOURED = "bill.not_dishonoured" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} was not dishonoured",
        remedy: "present it for payment first",
        rule: "Negotiable Instruments Law" art "61",
        says: "Recourse is had once a bill was not paid.",
            "汇票被拒绝付款的，持票人可以行使追索权。",
    }
    BILL_NO_RECOURSE = "bill.no_recourse" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not liable on {part} to its holder",
        remedy: "claim it from the acceptor, or from those who signed before the holder",
        rule: "Negotiable Instruments Law" art "61, 68, 69",
        says: "Recourse is had against those who signed before the holder.",
            "持票人对其前手行使追索权。",
    }
    BILL_RECOURSE_LOST = "bill.recourse_lost" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{part} was presented late, so {party} is free",
        remedy: "claim it from the acceptor or the drawer",
        rule: "Negotiable Instruments Law" art "53, 65",
        says: "A holder that presents late loses its recourse against endorsers.",
            "未按期提示付款的，持票人丧失对背书人的追索权。",
    }
    BILL_RECOURSE_BARRED = "bill.recourse_barred" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "the {limit} months for recourse on {part} against {party} are over",
        remedy: "claim it from another that is liable",
        rule: "Negotiable Instruments Law" art "17",
        says: "Rights in a bill end: six months after dishonour against endorsers, three months after paying in recourse, two years after the due date against drawer and acceptor.",
            "票据权利的时效：对前手追索权自被拒绝付款之日起六个月，再追索权自清偿之日起三个月，对出票人、承兑人自到期日起二年。",
    }
    BILL_NOT_NOTIFIED = "bill.not_notified" {
        phase: Execution, retryable: false, actor: Author,
        message: "{part} was not claimed from {party}",
        remedy: "wait for the holder's notice",
        rule: "Negotiable Instruments Law" art "66, 71",
        says: "Whoever pays in recourse pays the holder that claimed it.",
            "被追索人向行使追索权的持票人清偿。",
    }

    // Factoring and payables.
    VOUCHER_UNKNOWN = "voucher.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no voucher {voucher} is on this ledger",
        remedy: "check the identifier; a voucher is written anchor/number",
    }
    VOUCHER_EXISTS = "voucher.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{voucher} is issued already",
        remedy: "give the new voucher a number of its own",
    }
    VOUCHER_AMOUNT = "voucher.amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "a payable is above zero and below 2^64 minor units, not {amount}",
        remedy: "give such an amount",
    }
    VOUCHER_TENOR = "voucher.tenor" {
        phase: Execution, retryable: false, actor: Author,
        message: "a payable due on {due} does not run so: it is due after it is issued, within {limit} months",
        remedy: "give an earlier day, or say why it runs longer, up to a year",
        rule: "Vouchers" art "2",
        says: "A payable runs for six months usually, and for a year at most.",
            "付款期限一般不超过六个月，最长不超过一年。",
    }
    VOUCHER_NOT_SUPPLIER = "voucher.not_supplier" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the supplier of {voucher}",
        remedy: "let the supplier submit it",
        rule: "Vouchers" art "3",
        says: "A voucher is accepted or rejected by the supplier to whom it is offered.",
            "凭证由受让的供应商接受或拒绝。",
    }
    VOUCHER_NOT_ANCHOR = "voucher.not_anchor" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} did not issue {voucher}",
        remedy: "let the buyer that issued it submit it",
        rule: "Vouchers" art "3",
        says: "A voucher is taken back by the buyer that offered it.",
            "凭证由开立的核心企业撤回。",
    }
    VOUCHER_NOT_OFFERED = "voucher.not_offered" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{voucher} is not offered, or its time is over",
        remedy: "read the voucher",
        rule: "Vouchers" art "3",
        says: "A voucher is accepted once, while it is offered.",
            "凭证在要约有效期内接受一次。",
    }
    FACTORING_AMOUNT = "factoring.amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "{amount} is not above zero, or not in the approval's currency",
        remedy: "give such an amount",
    }
    FACTORING_FINANCING = "factoring.financing" {
        phase: Execution, retryable: false, actor: Author,
        message: "{financing} is no live financing of the author of {amount} at least",
        remedy: "reserve the invoice in the financing registry first",
        rule: "GRIF" art "21",
        says: "An advance rests on a registration of the invoice that covers it.",
            "融资须以足额的发票登记为依据。",
    }
    APPROVAL_UNKNOWN = "approval.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no approval {approval} is on this ledger",
        remedy: "check the identifier; an approval is written export factor/number",
    }
    APPROVAL_EXISTS = "approval.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{approval} is asked for already",
        remedy: "give the new request a number of its own",
    }
    APPROVAL_ANSWERED = "approval.answered" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{approval} is answered already, or was to be answered by {answer_by}",
        remedy: "ask anew",
        rule: "GRIF" art "14",
        says: "The import factor answers once, within fourteen days.",
            "进口保理商应在十四日内一次性答复。",
    }
    APPROVAL_NOT_STANDING = "approval.not_standing" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{approval} does not stand, or is not reduced so",
        remedy: "ask the import factor for an approval; reduce to less than stands",
        rule: "GRIF" art "14, 18",
        says: "Receivables are assigned under an approval that stands, and an approval is only reduced.",
            "应收账款在有效核准额度下转让，额度只能调减。",
    }
    NOT_IMPORT_FACTOR = "factoring.not_import_factor" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the import factor",
        remedy: "let the import factor submit it",
        rule: "GRIF" art "14",
        says: "The import factor approves, collects, covers and gives back.",
            "核准、托收、担保付款与反转让由进口保理商作出。",
    }
    NOT_EXPORT_FACTOR = "factoring.not_export_factor" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the export factor",
        remedy: "let the export factor submit it",
        rule: "GRIF" art "12",
        says: "The export factor assigns, and reports what it was paid.",
            "转让与收款报告由出口保理商作出。",
    }
    NOT_FACTORS = "factoring.not_concerned" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} has no part in {receivable}",
        remedy: "let a factor, the seller or the debtor submit it",
        rule: "GRIF" art "27",
        says: "Those who have a part in a receivable give notice of a dispute.",
            "争议由应收账款的当事人通知。",
    }
    RECEIVABLE_UNKNOWN = "receivable.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no receivable {receivable} is on this ledger",
        remedy: "check the identifier; a receivable is written export factor/number",
    }
    RECEIVABLE_EXISTS = "receivable.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{receivable} is assigned already",
        remedy: "give the new receivable a number of its own",
    }
    RECEIVABLE_OVER = "receivable.over" {
        phase: Execution, retryable: false, actor: Author,
        message: "{receivable} is not open to this: it is disputed, given back, settled or paid",
        remedy: "read how far it has come",
        rule: "GRIF" art "12",
        says: "What is disputed, given back or settled is not disposed of.",
            "有争议、已反转让或已结清的应收账款不得处分。",
    }
    RECEIVABLE_NOT_OWNER = "receivable.not_owner" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} does not own {receivable}",
        remedy: "let its owner submit it",
        rule: "GRIF" art "12",
        says: "Whoever owns a receivable disposes of it.",
            "应收账款由其所有人处分。",
    }
    RECEIVABLE_FINANCED = "receivable.financed" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "something was advanced on {receivable} already",
        remedy: "nothing is left to advance",
        rule: "GRIF" art "12",
        says: "A receivable is advanced on once.",
            "同一应收账款只融资一次。",
    }
    RECEIVABLE_AMOUNT = "receivable.amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "of {receivable} {outstanding} is owed still, which {given} does not fit",
        remedy: "give an amount above zero and at most that",
        rule: "GRIF" art "21",
        says: "What is advanced, credited or collected is at most what is owed.",
            "融资、贷记或收款不得超过未付余额。",
    }
    RECEIVABLE_DISPUTED = "receivable.disputed" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "{receivable} is disputed, and its cover suspended",
        remedy: "settle the dispute first",
        rule: "GRIF" art "27",
        says: "A dispute suspends the cover.",
            "争议期间暂停担保责任。",
    }
    RECEIVABLE_NO_DISPUTE = "receivable.no_dispute" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} did not dispute {receivable}",
        remedy: "let whoever gave notice settle it",
        rule: "GRIF" art "27",
        says: "Whoever gave notice of a dispute says that it is settled.",
            "争议由提出人声明解决。",
    }
    RECEIVABLE_NOT_COVERED = "receivable.not_covered" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "nothing of {receivable} is covered",
        remedy: "claim it from the debtor",
        rule: "GRIF" art "24",
        says: "Only what was approved is paid under guarantee.",
            "仅核准部分享受担保付款。",
    }
    RECEIVABLE_COVER_NOT_DUE = "receivable.cover_not_due" {
        phase: Execution, retryable: true, actor: Author,
        message: "what is covered of {receivable} is not paid before {from}",
        remedy: "wait until that day",
        rule: "GRIF" art "24",
        says: "The import factor pays from the ninetieth day after the due date on.",
            "进口保理商自到期日后第九十日起担保付款。",
    }
    RECEIVABLE_REASSIGNED = "receivable.not_reassigned" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "{receivable} is not given back now: nobody proposed it, or the export factor may still answer",
        remedy: "propose it first, and wait for consent or thirty days",
        rule: "GRIF" art "15",
        says: "A receivable is given back by consent, or after thirty days of silence.",
            "反转让须经同意，或沉默满三十日。",
    }
    RECEIVABLE_NO_OFFER = "receivable.no_offer" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "no offer of {receivable} stands for {party}",
        remedy: "ask its owner for an offer",
        rule: "GRIF" art "12",
        says: "A receivable is taken as it is offered, while the offer stands.",
            "应收账款按要约在有效期内受让。",
    }

    // Risk participation.
    AGREEMENT_UNKNOWN = "participation.agreement_unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no master agreement {agreement} is on this ledger",
        remedy: "check the identifier; an agreement is written proposer/number",
    }
    AGREEMENT_EXISTS = "participation.agreement_exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{agreement} was offered before",
        remedy: "give the new agreement a number of its own",
    }
    AGREEMENT_TO_ONESELF = "participation.agreement_to_oneself" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} would agree with itself",
        remedy: "name another party",
        rule: "Participation" art "1",
        says: "A master agreement is between two parties.",
            "主协议由两方签订。",
    }
    AGREEMENT_DAYS = "participation.agreement_days" {
        phase: Execution, retryable: false, actor: Author,
        message: "payment within {payment} and turnover within {turnover} banking days are out of bounds; from 1 to {payment_limit} and {turnover_limit} are taken",
        remedy: "correct the days",
        rule: "Participation" art "5, 7",
        says: "A master agreement says within how many banking days a demand is paid and a recovery is turned over.",
            "主协议须载明索付后付款及回收款项转付的银行工作日期限。",
    }
    AGREEMENT_NOT_OFFERED_TO = "participation.agreement_not_offered_to" {
        phase: Execution, retryable: false, actor: Author,
        message: "{agreement} is not offered to {party}",
        remedy: "let the party to whom it is offered submit it",
        rule: "Participation" art "1",
        says: "A master agreement is in force when both parties have signed it.",
            "主协议经双方签署后生效。",
    }
    AGREEMENT_NOT_PARTY = "participation.agreement_not_party" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not a party of {agreement}",
        remedy: "let one of its two parties submit it",
        rule: "Participation" art "1",
        says: "A participation is agreed between the two parties of a master agreement.",
            "风险参与由主协议的双方约定。",
    }
    AGREEMENT_NOT_IN_FORCE = "participation.agreement_not_in_force" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "{agreement} is not in force",
        remedy: "let both parties sign an agreement first",
        rule: "Participation" art "1",
        says: "A participation is agreed under a master agreement in force.",
            "风险参与须在有效的主协议下约定。",
    }
    UNDERLYING_UNKNOWN = "participation.underlying_unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no transaction {underlying} is registered on this ledger",
        remedy: "check the identifier; a transaction is written seller/reference",
    }
    UNDERLYING_EXISTS = "participation.underlying_exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{underlying} is already registered",
        remedy: "give the new transaction a reference of its own",
        rule: "Participation" art "3",
        says: "A transaction has one table of shares, so it is registered once.",
            "一笔基础交易只有一份参与比例表，只登记一次。",
    }
    UNDERLYING_AMOUNT = "participation.underlying_amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "{amount} cannot be shared",
        remedy: "give an amount above zero that fits 64 bits in minor units",
    }
    UNDERLYING_REPAID = "participation.underlying_repaid" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{underlying} is repaid",
        remedy: "nothing is left to do",
        rule: "Participation" art "3",
        says: "What is shared is at risk still.",
            "只有尚存风险的交易可以分担。",
    }
    UNDERLYING_DEFAULTED = "participation.underlying_defaulted" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "the default on {underlying} is stated already",
        remedy: "nothing is left to do",
        rule: "Participation" art "5",
        says: "A default is stated once.",
            "债务人违约只陈述一次。",
    }
    UNDERLYING_CHANGE_INVALID = "participation.underlying_change_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{underlying} matures on {maturity}, and is not extended to an earlier day",
        remedy: "give a later day",
    }
    UNDERLYING_NO_CONSENT = "participation.no_consent" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "{participant} has not agreed to this change by {participation}",
        remedy: "ask each participant, withdraw offers that stand, and wait for consent",
        rule: "Participation" art "8",
        says: "The seller extends, waives and amends material terms only with the consent of each participant.",
            "卖方展期、豁免或修改重大条款，须经每一参与方同意。",
    }
    SHARES_EXCEEDED = "participation.shares_exceeded" {
        phase: Execution, retryable: false, actor: Author,
        message: "the shares of {underlying} would exceed the whole; {left} is left",
        remedy: "offer no more than is left",
        rule: "Participation" art "3",
        says: "The shares of a transaction never exceed the whole.",
            "同一交易的参与比例合计不得超过百分之一百。",
    }
    SHARES_CROWDED = "participation.shares_crowded" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "{underlying} has {limit} shares already, the most that fit",
        remedy: "wait until shares end",
    }
    PARTICIPATION_UNKNOWN = "participation.unknown" {
        phase: Execution, retryable: true, actor: Caller,
        message: "no participation {participation} is on this ledger",
        remedy: "check the identifier; a participation is written seller/number",
    }
    PARTICIPATION_EXISTS = "participation.exists" {
        phase: Execution, retryable: false, actor: Author,
        message: "{participation} was offered before",
        remedy: "give the new participation a number of its own",
    }
    PARTICIPATION_NOT_SELLER = "participation.not_seller" {
        phase: Execution, retryable: false, actor: Author,
        message: "only the seller {required} may do this, not {party}",
        remedy: "let the seller submit it",
        rule: "Participation" art "8",
        says: "The seller keeps control of the transaction and of what it sells of its risk.",
            "基础交易及其风险的出让由卖方掌控。",
    }
    PARTICIPATION_NOT_PARTICIPANT = "participation.not_participant" {
        phase: Execution, retryable: false, actor: Author,
        message: "{participation} is not taken by {party}",
        remedy: "let the participant submit it",
        rule: "Participation" art "2",
        says: "A share is taken, and paid, by the participant to whom it is offered.",
            "参与份额由受要约的参与方接受并付款。",
    }
    PARTICIPATION_NOT_PARTY = "participation.not_party" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is neither the seller nor the participant of {participation}",
        remedy: "let one of them submit it",
        rule: "Participation" art "9",
        says: "What changes a participation is agreed by its parties.",
            "风险参与的变更由其当事方约定。",
    }
    PARTICIPATION_OFFER_EXPIRY = "participation.offer_expiry" {
        phase: Execution, retryable: false, actor: Author,
        message: "it cannot stand until {expires_at}: it ends after now and within {limit} days",
        remedy: "give an earlier or a later time",
        rule: "Participation" art "2",
        says: "What is offered is offered until a time within bounds.",
            "要约须在限度之内的时间到期。",
    }
    PARTICIPATION_OFFER_EXPIRED = "participation.offer_expired" {
        phase: Execution, retryable: false, actor: Counterparty,
        message: "what was offered of {offer} expired at {expired}",
        remedy: "ask for another offer",
        rule: "Participation" art "2",
        says: "An offer is accepted while it stands.",
            "要约须在有效期内接受。",
    }
    PARTICIPATION_ACCOUNT = "participation.account" {
        phase: Execution, retryable: false, actor: Author,
        message: "{account} is not an account of {party} in {currency}",
        remedy: "name an account of its own in the currency of the transaction",
        rule: "Participation" art "2",
        says: "Each party names its own account in the currency of the transaction.",
            "各方指定其自身的、与交易同币种的账户。",
    }
    PARTICIPATION_FEE = "participation.fee" {
        phase: Execution, retryable: false, actor: Author,
        message: "a fee of {fee} with a cap of {cap} cannot stand",
        remedy: "give a fee of zero or above, and a cap above zero in the currency of the transaction",
        rule: "Participation" art "6",
        says: "A fee is zero or above, and a cap is an amount in the currency of the transaction.",
            "费率不得为负；上限金额须为正且与交易同币种。",
    }
    PARTICIPATION_REPRESENTATIONS = "participation.representations" {
        phase: Execution, retryable: false, actor: Author,
        message: "the seller does not represent that nothing is sanctioned, or lists a representation twice",
        remedy: "give the representations ascending, that on sanctions first",
        rule: "Participation" art "2",
        says: "A seller represents that to its knowledge neither the obligor nor the transaction is sanctioned.",
            "卖方声明：据其所知，债务人及交易均不受制裁。",
    }
    PARTICIPATION_NOTHING_AT_RISK = "participation.nothing_at_risk" {
        phase: Execution, retryable: false, actor: Author,
        message: "{participation} comes to nothing of {underlying}",
        remedy: "take a larger share, or of a transaction that is not repaid",
        rule: "Participation" art "3",
        says: "A share comes to at least one minor unit of what is at risk.",
            "参与份额至少为风险金额的一个最小货币单位。",
    }
    PARTICIPATION_STATE = "participation.state" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{participation} is not {required}",
        remedy: "see what it has come to",
        rule: "Participation" art "2",
        says: "Each step follows the one before.",
            "各步骤须依次进行。",
    }
    PARTICIPATION_NOT_DUE = "participation.not_due" {
        phase: Execution, retryable: true, actor: Author,
        message: "{participation} is paid from {settlement} on",
        remedy: "wait until the settlement date",
        rule: "Participation" art "4",
        says: "A funded participant pays on the settlement date.",
            "融资性参与方于结算日付款。",
    }
    PARTICIPATION_NO_DEFAULT = "participation.no_default" {
        phase: Execution, retryable: false, actor: Author,
        message: "no default of the obligor of {underlying} is stated",
        remedy: "state the default first",
        rule: "Participation" art "5",
        says: "An unfunded participant pays only after the obligor defaulted.",
            "非融资性参与方仅在债务人违约后付款。",
    }
    PARTICIPATION_EXPIRED = "participation.expired" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{participation} expired on {expiry}",
        remedy: "nothing can be demanded any more",
        rule: "Participation" art "5",
        says: "A demand is made before the participation expires.",
            "索付须在风险参与到期之前提出。",
    }
    PARTICIPATION_NOT_EXPIRED = "participation.not_expired" {
        phase: Execution, retryable: true, actor: Author,
        message: "{participation} does not expire before the end of {expiry}",
        remedy: "wait until then, or agree to end it",
        rule: "Participation" art "5",
        says: "Cover lasts until it expires, is used, or both parties end it.",
            "风险参与在到期、已付款或双方终止之前持续有效。",
    }
    RECOVERY_AMOUNT = "participation.recovery_amount" {
        phase: Execution, retryable: false, actor: Author,
        message: "{amount} cannot be recovered of {underlying}, of which {left} is at risk",
        remedy: "report an amount above zero, and no more than is at risk",
        rule: "Participation" art "7",
        says: "What is recovered was at risk.",
            "回收金额不得超过尚存的风险金额。",
    }
    PARTICIPATION_NOTHING_OWED = "participation.nothing_owed" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "nothing is to be paid on {participation} now",
        remedy: "wait until something is recovered or has accrued",
        rule: "Participation" art "6, 7",
        says: "The seller pays what was recovered for the participant, and what has accrued.",
            "卖方支付为参与方回收的款项及已计提的费用。",
    }
    PARTICIPATION_CHANGE_INVALID = "participation.change_invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{participation} cannot be changed so: {reason}",
        remedy: "ask for what fits what it has come to",
        rule: "Participation" art "9",
        says: "A participation is changed in a way that fits what it has come to.",
            "风险参与的变更须与其所处状态相符。",
    }
    PARTICIPATION_CHANGE_NONE = "participation.change_none" {
        phase: Execution, retryable: true, actor: Counterparty,
        message: "nothing is asked about {participation}",
        remedy: "let the other party ask first",
        rule: "Participation" art "9",
        says: "A change is agreed by one party when the other has asked for it.",
            "变更由一方提出、另一方同意。",
    }
    PARTICIPATION_CHANGE_OWN = "participation.change_own" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} asked for the change of {participation} itself",
        remedy: "let the other party answer",
        rule: "Participation" art "9",
        says: "Nobody agrees to what it asked for itself.",
            "提出变更的一方不得自行同意。",
    }

    // Supervision and limits.
    NOT_SUPERVISOR = "supervision.not_supervisor" {
        phase: Execution, retryable: false, actor: Author,
        message: "{party} is not the supervisor that the genesis names",
        remedy: "let the supervisor submit it",
        rule: "Supervision" art "1",
        says: "The supervisor that the network names orders, and nobody else.",
            "冻结与解除冻结只能由网络指定的监管者作出。",
    }
    FREEZE_UNTIL = "supervision.until" {
        phase: Execution, retryable: false, actor: Author,
        message: "the order on {subject} would end before it begins",
        remedy: "give a later time, or none",
        rule: "Supervision" art "2",
        says: "An order that has a last time stands for some time.",
            "冻结令载明截止时间的，该时间须晚于作出之时。",
    }
    ALREADY_FROZEN = "supervision.already_frozen" {
        phase: Execution, retryable: false, actor: Author,
        message: "{subject} is frozen by the order {order}",
        remedy: "release that order first",
        rule: "Supervision" art "5",
        says: "An order stands until it ends or another releases it; none takes its place in silence.",
            "冻结令在届满或解除之前持续有效，不得被另一命令默示取代。",
    }
    NOT_FROZEN = "supervision.not_frozen" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{subject} is not frozen",
        remedy: "nothing is left to release",
        rule: "Supervision" art "5",
        says: "What is released is frozen.",
            "只有处于冻结中的标的可以解除冻结。",
    }
    SETTLEMENT_FROZEN = "supervision.frozen" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "{subject} is frozen by the supervisor's order {order} under {legal_basis}, so it does not settle",
        remedy: "ask the supervisor; contracts stand, and it settles when the order is released",
        rule: "Supervision" art "3",
        says: "While an order stands, nothing of its subject settles; its contracts stand.",
            "冻结令有效期间，其标的不得结算；相关合同不受影响。",
    }
    SETTLEMENT_HELD = "supervision.settlement_held" {
        phase: Execution, retryable: true, actor: Nobody,
        message: "the settlement is held",
        remedy: "try later, or ask the supervisor",
        rule: "Supervision" art "3, 4",
        says: "Where an order may not be disclosed, a refusal says only that settlement is held.",
            "冻结令不得披露的，拒绝理由仅说明结算暂停。",
    }
    LIMIT_INVALID = "limit.invalid" {
        phase: Execution, retryable: false, actor: Author,
        message: "{limit} is no limit in {currency}",
        remedy: "give an amount in that currency, zero or above",
    }
    LIMIT_EXCEEDED = "limit.exceeded" {
        phase: Execution, retryable: false, actor: Author,
        message: "{creditor} would be exposed to {debtor} by {used}, and set itself a limit of {limit}",
        remedy: "raise the limit, or take less",
        rule: "Limits" art "1",
        says: "A bank takes no exposure by its own act beyond the limit that it set itself.",
            "银行自身行为形成的敞口不得超过其自行设定的限额。",
    }
    POSITION_NEGATIVE = "position.negative" {
        phase: Execution, retryable: false, actor: Nobody,
        message: "{debtor} is liable to {creditor} for {left}, of which {amount} cannot end",
        remedy: "report it: a transition ended more than came into being",
    }
}
