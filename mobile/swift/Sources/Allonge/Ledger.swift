import AllongeRaw
import Foundation

/// An open ledger.
///
/// ```swift
/// let ledger = try await Ledger.open("ledger")
/// let bank = try await ledger.admit("SYNBCNBJXXX", name: "Synthetic Bank of China")
/// let opened = try await bank.submit(.ledger(.openAccount(account: "SYNBCNBJXXX/USD/settlement"))).committed()
/// let proved = try opened.receipt.verify(ledger.trust)
/// ```
public struct Ledger: Sendable {
    /// A page of bookings has at most this many.
    public static let maxPage: UInt32 = 1_000

    let raw: AllongeRaw.Ledger

    /// The genesis, to verify receipts against.
    public let trust: Trust

    /// Opens the ledger in a directory; where there is none, creates one with fresh keys.
    ///
    /// Throws `AllongeError.store`, `.key`, `.file`.
    public static func open(_ directory: String, options: OpenOptions = OpenOptions()) async throws -> Ledger {
        let given = try options.raw()
        return try await aside {
            let raw = try AllongeRaw.Ledger.open(directory: directory, options: given)
            return Ledger(raw: raw, trust: Trust(raw: raw.trust()))
        }
    }

    /// Opens a ledger on a network of validators: by the addresses of some of them, the genesis that everything is checked
    /// against, and a directory for the copy, the outbox and the keys.
    ///
    /// Blocks are followed with their certificates and executed here. What was submitted is kept until a certified block
    /// says what became of it, also over a restart.
    ///
    /// Throws `AllongeError.network`, `.store`, `.file`.
    public static func connect(
        _ urls: [String], trust: Trust, directory: String, options: ConnectOptions = ConnectOptions()
    ) async throws -> Ledger {
        let (genesis, files) = (trust.raw, try options.raw())
        return try await aside {
            let raw = try AllongeRaw.Ledger.connect(
                urls: urls, trust: genesis, directory: directory, options: files)
            return Ledger(raw: raw, trust: Trust(raw: raw.trust()))
        }
    }

    /// Where the ledger stands.
    public func status() async throws -> Status { try fromJson(try await aside { try raw.status() }) }

    /// Who certifies the next block, and the roster that is to follow, if one is approved. The keys are on the ledger;
    /// where the validators listen is not.
    public func validators() async throws -> Validators { try fromJson(try await aside { try raw.validators() }) }

    /// The session of the party that holds the offices, with the key kept in this directory.
    public func `operator`() async throws -> Session { Session(raw: try await aside { try raw.operator() }) }

    /// The session of a party: with its own signer, or with the key kept in this directory.
    public func session(_ party: PartyId, signer: Signer? = nil) async throws -> Session {
        Session(raw: try await aside {
            if let signer { try raw.sessionOf(party: party, signers: [signer.raw]) } else { try raw.session(party: party) }
        })
    }

    /// The session of a party whose signers, at most 16, sign together: each transaction carries the signatures of all.
    ///
    /// Throws `AllongeError.input`.
    public func session(_ party: PartyId, signers: [Signer]) async throws -> Session {
        let keys = signers.map(\.raw)
        return Session(raw: try await aside { try raw.sessionOf(party: party, signers: keys) })
    }

    /// Admits a party with a fresh key kept in this directory, and opens its session.
    public func admit(_ party: PartyId, name: String) async throws -> Session {
        Session(raw: try await aside { try raw.admit(party: party, name: name) })
    }

    /// Moves a manual clock forward, in a block of its own. Throws `AllongeError.clock`.
    @discardableResult
    public func advance(to time: Timestamp, deadline: Duration = defaultDeadline) async throws -> Status {
        try fromJson(try await within(deadline) { try await raw.advanceTo(time: time.description) })
    }

    /// Submits a transaction that was signed before, by `Session.prepare`, and waits for the outcome. What was submitted
    /// already is answered with its first outcome. Cancelling does not take the submission back.
    ///
    /// Throws as `Session.submit`.
    public func submit(_ signed: Data, deadline: Duration = defaultDeadline) async throws -> Outcome {
        try await submitted(deadline) { try await raw.start(transaction: signed) }
    }

    /// Hands over a transaction that was signed before, without waiting.
    public func start(_ signed: Data) async throws -> Submission {
        Submission(raw: try await whole { try await raw.start(transaction: signed) })
    }

    /// What was submitted from this directory and is not settled, also before a restart: the outbox.
    public func pending() async throws -> [Outcome.Unknown] {
        try await aside { try raw.pending() }.map(Outcome.init).compactMap { outcome in
            if case let .unknown(unknown) = outcome { unknown } else { nil }
        }
    }

    /// What became of the transaction that used a party's idempotency key, for ever, whoever submitted it: `.unknown`
    /// while it is in the outbox, or in a block whose result is not certified yet. None when the key was not used:
    /// `proveAnswer` proves that.
    public func outcome(_ party: PartyId, key: String) async throws -> Outcome? {
        try await aside { try raw.outcome(party: party, key: key) }.map(Outcome.init)
    }

    /// The receipt of a transaction. Throws `AllongeError.transaction`.
    public func receipt(_ transaction: Hash) async throws -> Receipt {
        Receipt(raw: try await aside { try raw.receipt(transaction: transaction) })
    }

    /// A letter of credit; with `height` as it stood after that block.
    public func credit(_ id: CreditId, height: UInt64? = nil) async throws -> LetterOfCredit? {
        try await one("credit", id, height)
    }

    /// A presentation under a letter of credit; with `height` as it stood after that block.
    public func presentation(_ id: PresentationId, height: UInt64? = nil) async throws -> Presentation? {
        try await one("presentation", id, height)
    }

    /// A claim; with `height` as it stood after that block.
    public func claim(_ id: ClaimId, height: UInt64? = nil) async throws -> Claim? {
        try await one("claim", id, height)
    }

    /// An account.
    public func account(_ id: AccountId) async throws -> Account? { try await one("account", id) }

    /// A hold; with `height` as it stood after that block.
    public func hold(_ id: HoldId, height: UInt64? = nil) async throws -> Hold? {
        try await one("hold", id, height)
    }

    /// A party's policy, none if it never set one; with `height` as it stood after that block.
    public func policy(_ party: PartyId, height: UInt64? = nil) async throws -> Policy? {
        try await one("policy", party, height)
    }

    /// That a transaction was reversed, and by which, nil if it was not; with `height` as it stood after that block.
    public func reversal(_ transaction: Hash, height: UInt64? = nil) async throws -> Reversal? {
        try await one("reversal", transaction, height)
    }

    /// A proposal of a party; with `height` as it stood after that block.
    public func proposal(_ id: ProposalId, height: UInt64? = nil) async throws -> Proposal? {
        try await one("proposal", id, height)
    }

    /// A party; with `height` as it stood after that block.
    public func party(_ id: PartyId, height: UInt64? = nil) async throws -> Party? {
        try await one("party", id, height)
    }

    /// A published calendar, its newest version; with `height` as it stood after that block.
    public func calendar(_ id: CalendarId, height: UInt64? = nil) async throws -> Calendar? {
        try await one("calendar", id, height)
    }

    /// A record of a kind by its id; with `height` as it stood after that block. An account is not kept by height: its
    /// balance is. Throws `AllongeError.input`, `.block`.
    public func record<T>(_ kind: RecordKind<T>, _ id: String, height: UInt64? = nil) async throws -> T? {
        try await one(kind.name, id, height)
    }

    /// Records of a kind of trade: those that name a party in whatever part, of a status, that belong to another record:
    /// the quotes for a claim, the presentations under a credit. In the first order of their kind: a credit by its
    /// expiry, a claim by its due date, others by when they came into being.
    ///
    /// With `height` they are as they stood after that block. A page has at most `limit` (100 unless said, 1,000 at most)
    /// and the cursor of the next one.
    ///
    /// Throws `AllongeError.input`, `.query`, `.block`.
    public func records<T>(
        _ kind: RecordKind<T>, party: PartyId? = nil, status: String? = nil, of: RecordReference? = nil,
        height: UInt64? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<T> {
        let name = kind.name
        let query = try toJson(
            RecordQuery(party: party, status: status, of: of, height: height, cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.records(kind: name, query: query) })
    }

    /// What a party may do next with an instrument, by when, and which article says so: nothing where it may do nothing,
    /// or where there is no such record. It is a hint: what an operation carries can still be refused, and
    /// `Session.preview` says by which rule. Throws `AllongeError.input`.
    public func nextSteps<T>(_ kind: RecordKind<T>, _ id: String, party: PartyId) async throws -> [NextStep] {
        let name = kind.name
        return try fromJson(try await aside { try raw.nextSteps(kind: name, id: id, party: party) })
    }

    /// Why a transaction of one of the newest 128 blocks came out as it did: it is executed once more over the state that
    /// it found, and every rule of trade that is asked is listed, with its article and what it asks in English and in
    /// Chinese. After one that is violated none is asked. Nothing is recorded.
    ///
    /// Throws `AllongeError.transaction`; `.proof` for blocks before those, or before the ledger was opened; `.block`.
    public func explain(_ transaction: Hash) async throws -> Explanation {
        try fromJson(try await aside { try raw.explain(transaction: transaction) })
    }

    /// What an account held: now, by what was recorded up to a height, or without what counts after a value date.
    ///
    /// Throws `AllongeError.account`, `.block`.
    public func balance(
        _ account: AccountId, height: UInt64? = nil, valueDate: CivilDate? = nil
    ) async throws -> Balance {
        let date = valueDate?.description
        return try fromJson(
            try await aside { try raw.balance(account: account, height: height, valueDate: date) })
    }

    /// At most `limit` bookings of an account with numbers above `after`, in their order.
    ///
    /// Throws `AllongeError.account`, `.statement`.
    public func entries(
        _ account: AccountId, after: UInt64 = 0, limit: UInt32 = maxPage
    ) async throws -> [AccountEntry] {
        try fromJson(try await aside { try raw.entries(account: account, after: after, limit: limit) })
    }

    /// What was booked to an account in blocks of these dates, by UTC, both included.
    ///
    /// Throws `AllongeError.account`, `.statement`.
    public func statement(_ account: AccountId, first: CivilDate, last: CivilDate) async throws -> Statement {
        let (from, to) = (first.description, last.description)
        return try fromJson(try await aside { try raw.statement(account: account, first: from, last: to) })
    }

    /// A statement as CSV (RFC 4180): the opening balance, a line for each booking, the closing balance. Amounts are
    /// plain decimal numbers, times are UTC. Throws as `statement`.
    public func statementCsv(_ account: AccountId, first: CivilDate, last: CivilDate) async throws -> String {
        let (from, to) = (first.description, last.description)
        return try await aside { try raw.statementCsv(account: account, first: from, last: to) }
    }

    /// One file that proves what an account is now, or that it is not open, from nothing but the genesis:
    /// `verifyAccount` checks it. With a height, what it was then: at one of the newest 256 since the ledger was opened.
    ///
    /// Throws `AllongeError.block` before the first block, `.proof`.
    public func proveAccount(_ account: AccountId, height: UInt64? = nil) async throws -> Data {
        try await aside { try raw.proveAccount(account: account, height: height) }
    }

    /// One file that proves which transaction used a party's idempotency key, or that none with this `validUntil` did:
    /// `verifyAnswer` checks it. Whoever prepared a transaction reads its `valid_until` from its bytes; once block time
    /// has passed it, a file that says so proves that the transaction never takes effect.
    ///
    /// Throws `AllongeError.block` before the first block.
    public func proveAnswer(_ party: PartyId, key: String, validUntil: Timestamp) async throws -> Data {
        let time = validUntil.description
        return try await aside { try raw.proveAnswer(party: party, key: key, validUntil: time) }
    }

    /// The newest block, to be kept. Throws `AllongeError.block` before the first.
    public func checkpoint() async throws -> Checkpoint { try fromJson(try await aside { try raw.checkpoint() }) }

    /// One file that proves that a newer block, by default the newest, continues the history of an older one:
    /// `verifyHistory` checks it, with a checkpoint that was kept. It takes time in proportion to the newer height; the
    /// ledger goes on meanwhile. Throws `AllongeError.block`.
    public func proveHistory(from older: UInt64, to newer: UInt64? = nil) async throws -> Data {
        try await aside { try raw.proveHistory(older: older, newer: newer) }
    }

    /// The headers above a height with their certificates, for `LightClient.follow`: at most `limit`, and 4,096.
    public func headers(after: UInt64 = 0, limit: UInt32? = nil) async throws -> Data {
        try await aside { try raw.headers(after: after, limit: limit) }
    }

    /// One file that proves what a record is after the newest block, or that there is none with this id, from nothing
    /// but the genesis: `verifyRecord` checks it. Nothing proves that a list is complete. Throws `AllongeError.block`
    /// before the first block.
    public func prove<T>(_ kind: RecordKind<T>, _ id: String) async throws -> Data {
        let name = kind.name
        return try await aside { try raw.prove(kind: name, id: id) }
    }

    /// Writes everything committed so far to a file that is not there yet. The ledger goes on meanwhile. The file has
    /// no keys: they are kept in the ledger's directory alone. `replay` checks it, `restore` makes a ledger of it.
    ///
    /// Throws `AllongeError.store`.
    public func backup(_ path: String) async throws -> BackupRecord {
        try fromJson(try await aside { try raw.backup(path: path) })
    }

    /// Letters of credit: those whose terms identify a party, of a status, that expire on some dates or were issued
    /// at some times. By the date of expiry, or by the time of issue if only that is asked for.
    ///
    /// Dates and times include both ends; with `height` they are as they stood after that block. A page has at most
    /// `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`, `.block`.
    public func credits(
        party: PartyId? = nil, status: CreditStatus? = nil, expiresFrom: CivilDate? = nil,
        expiresUntil: CivilDate? = nil, issuedFrom: Timestamp? = nil, issuedUntil: Timestamp? = nil,
        height: UInt64? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<LetterOfCredit> {
        let query = try toJson(
            CreditQuery(
                party: party, status: status, expiresFrom: expiresFrom, expiresUntil: expiresUntil,
                issuedFrom: issuedFrom, issuedUntil: issuedUntil, height: height, cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.credits(query: query) })
    }

    /// Presentations: those under a letter of credit, of a presenter or issuing bank, of a status, presented at some
    /// times, or to be examined by some dates. By the time of presentation, or by the deadline if only that is asked
    /// for.
    ///
    /// Dates and times include both ends; with `height` they are as they stood after that block. A page has at most
    /// `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`, `.block`.
    public func presentations(
        credit: CreditId? = nil, party: PartyId? = nil, status: PresentationStatus? = nil,
        presentedFrom: Timestamp? = nil, presentedUntil: Timestamp? = nil, deadlineFrom: CivilDate? = nil,
        deadlineUntil: CivilDate? = nil, height: UInt64? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<Presentation> {
        let query = try toJson(
            PresentationQuery(
                credit: credit, party: party, status: status, presentedFrom: presentedFrom,
                presentedUntil: presentedUntil, deadlineFrom: deadlineFrom, deadlineUntil: deadlineUntil,
                height: height, cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.presentations(query: query) })
    }

    /// Claims: those that a party owes or is owed, of a status, due on some dates or created at some times. By due
    /// date, or by the time of creation if only that is asked for.
    ///
    /// Dates and times include both ends; with `height` they are as they stood after that block. A page has at most
    /// `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`, `.block`.
    public func claims(
        party: PartyId? = nil, obligor: PartyId? = nil, holder: PartyId? = nil, status: ClaimStatus? = nil,
        dueFrom: CivilDate? = nil, dueUntil: CivilDate? = nil, createdFrom: Timestamp? = nil,
        createdUntil: Timestamp? = nil, height: UInt64? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<Claim> {
        let query = try toJson(
            ClaimQuery(
                party: party, obligor: obligor, holder: holder, status: status, dueFrom: dueFrom,
                dueUntil: dueUntil, createdFrom: createdFrom, createdUntil: createdUntil, height: height,
                cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.claims(query: query) })
    }

    /// Holds: those that concern a party, of a state, or that expire at some times. By expiry.
    ///
    /// Dates and times include both ends; with `height` they are as they stood after that block. A page has at most
    /// `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`, `.block`.
    public func holds(
        party: PartyId? = nil, status: HoldState? = nil, expiresFrom: Timestamp? = nil,
        expiresUntil: Timestamp? = nil, height: UInt64? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<Hold> {
        let query = try toJson(
            HoldQuery(
                party: party, status: status, expiresFrom: expiresFrom, expiresUntil: expiresUntil, height: height,
                cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.holds(query: query) })
    }

    /// Proposals: those of a party, of a status, that expire or were proposed at some times. By expiry, or by the
    /// time of proposal if only that is asked for.
    ///
    /// Dates and times include both ends; with `height` they are as they stood after that block. A page has at most
    /// `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`, `.block`.
    public func proposals(
        party: PartyId? = nil, status: ProposalStatus? = nil, expiresFrom: Timestamp? = nil,
        expiresUntil: Timestamp? = nil, proposedFrom: Timestamp? = nil, proposedUntil: Timestamp? = nil,
        height: UInt64? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<Proposal> {
        let query = try toJson(
            ProposalQuery(
                party: party, status: status, expiresFrom: expiresFrom, expiresUntil: expiresUntil,
                proposedFrom: proposedFrom, proposedUntil: proposedUntil, height: height, cursor: cursor,
                limit: limit))
        return try fromJson(try await aside { try raw.proposals(query: query) })
    }

    /// Accounts: those of a party. By id, each page as of now: accounts are never closed, so that none is skipped or
    /// repeated.
    ///
    /// A page has at most `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`.
    public func accounts(
        party: PartyId? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<Account> {
        let query = try toJson(
            AccountQuery(
                party: party, cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.accounts(query: query) })
    }

    /// Parties: all of them. By id.
    ///
    /// Dates and times include both ends; with `height` they are as they stood after that block. A page has at most
    /// `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`, `.block`.
    public func parties(
        height: UInt64? = nil, cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<Party> {
        let query = try toJson(
            PartyQuery(
                height: height, cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.parties(query: query) })
    }

    /// Transactions: those that a party submitted, or in blocks of some times; refused ones too. In the order of the
    /// ledger.
    ///
    /// Dates and times include both ends; with `height` they are as they stood after that block. A page has at most
    /// `limit` (100 unless said, 1,000 at most) and the cursor of the next one.
    ///
    /// Throws `AllongeError.query`, `.block`.
    public func transactions(
        party: PartyId? = nil, timeFrom: Timestamp? = nil, timeUntil: Timestamp? = nil, height: UInt64? = nil,
        cursor: String? = nil, limit: Int64? = nil
    ) async throws -> Page<TransactionEntry> {
        let query = try toJson(
            TransactionQuery(
                party: party, timeFrom: timeFrom, timeUntil: timeUntil, height: height, cursor: cursor, limit: limit))
        return try fromJson(try await aside { try raw.transactions(query: query) })
    }

    /// The log from behind a cursor on, and then what comes; it ends when the ledger is closed. Each entry carries
    /// its cursor: keep the last, and a new subscription continues behind it.
    ///
    /// Where this copy does not keep what comes next, it ends with `stream.pruned`: its details have the `height` whose
    /// state has all of that, and the `cursor` after which to subscribe again.
    public func subscribe(after: String? = nil) async throws -> Log {
        Log(subscription: try await aside { try raw.subscribe(after: after) })
    }

    /// Finishes what was submitted and releases the directory. Every later call says `ledger.closed`.
    public func close() { raw.shutdown() }

    private func one<T: Decodable>(_ kind: String, _ id: String, _ height: UInt64? = nil) async throws -> T? {
        let found = try await aside { try raw.record(kind: kind, id: id, height: height) }
        return try found.map { try fromJson($0, as: T.self) }
    }
}

/// How a new ledger is to be; what is absent is as the core chooses. An existing one is as its genesis says.
public struct OpenOptions: Sendable {
    /// What people call the network.
    public var name: String?
    /// Where block time comes from.
    public var clock: Clock?
    /// The time before the first block.
    public var start: Timestamp?
    /// The party that holds every office.
    public var `operator`: PartyId?
    /// The currencies in which the operator issues money.
    public var currencies: [Currency]?
    /// The calendars published from the start.
    public var calendars: [Calendar]?

    public init(
        name: String? = nil, clock: Clock? = nil, start: Timestamp? = nil, operator: PartyId? = nil,
        currencies: [Currency]? = nil, calendars: [Calendar]? = nil
    ) {
        self.name = name
        self.clock = clock
        self.start = start
        self.operator = `operator`
        self.currencies = currencies
        self.calendars = calendars
    }

    func raw() throws -> AllongeRaw.OpenOptions {
        AllongeRaw.OpenOptions(
            name: name, clock: clock?.rawValue, start: start?.description, operator: self.operator,
            currencies: currencies, calendarsJson: try calendars.map { try toJson($0) })
    }
}

/// How the validators of a network are known, and this client to them. An address with `https` needs `roots`; with `http`
/// only validators of this machine are asked.
public struct ConnectOptions: Sendable {
    /// A file in PEM: the roots that the validators' certificates chain to.
    public var roots: String?
    /// A file in PEM: this client's certificate, where validators ask for one.
    public var certificate: String?
    /// A file in PEM: the certificate's private key.
    public var key: String?
    /// A block that was kept: a history without it is none, whoever certified that. The ledger is there once the copy has
    /// it.
    public var checkpoint: Checkpoint?

    public init(
        roots: String? = nil, certificate: String? = nil, key: String? = nil, checkpoint: Checkpoint? = nil
    ) {
        self.roots = roots
        self.certificate = certificate
        self.key = key
        self.checkpoint = checkpoint
    }

    func raw() throws -> AllongeRaw.ConnectOptions {
        AllongeRaw.ConnectOptions(
            roots: roots, certificate: certificate, key: key, checkpointJson: try checkpoint.map { try toJson($0) })
    }
}
