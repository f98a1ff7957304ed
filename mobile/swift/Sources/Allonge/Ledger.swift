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
    /// A page of a listing has at most this many records.
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

    /// Where the ledger stands.
    public func status() async throws -> Status { try fromJson(try await aside { try raw.status() }) }

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
        try Outcome(try await within(deadline) { try await raw.submit(transaction: signed) })
    }

    /// The receipt of a transaction. Throws `AllongeError.transaction`.
    public func receipt(_ transaction: Hash) async throws -> Receipt {
        Receipt(raw: try await aside { try raw.receipt(transaction: transaction) })
    }

    /// A letter of credit.
    public func credit(_ id: CreditId) async throws -> LetterOfCredit? { try await one { try raw.credit(id: id) } }

    /// A presentation under a letter of credit.
    public func presentation(_ id: PresentationId) async throws -> Presentation? {
        try await one { try raw.presentation(id: id) }
    }

    /// A claim.
    public func claim(_ id: ClaimId) async throws -> Claim? { try await one { try raw.claim(id: id) } }

    /// An account.
    public func account(_ id: AccountId) async throws -> Account? { try await one { try raw.account(id: id) } }

    /// A hold.
    public func hold(_ id: HoldId) async throws -> Hold? { try await one { try raw.hold(id: id) } }

    /// A party's policy; none if it never set one.
    public func policy(_ party: PartyId) async throws -> Policy? { try await one { try raw.policy(party: party) } }

    /// A proposal of a party.
    public func proposal(_ id: ProposalId) async throws -> Proposal? {
        try await one { try raw.proposal(id: id) }
    }

    /// That a transaction was reversed, and by which; `nil` if it was not.
    public func reversal(_ transaction: Hash) async throws -> Reversal? {
        try await one { try raw.reversal(transaction: transaction) }
    }

    /// A party.
    public func party(_ id: PartyId) async throws -> Party? { try await one { try raw.party(id: id) } }

    /// A published calendar, its newest version.
    public func calendar(_ id: CalendarId) async throws -> Calendar? { try await one { try raw.calendar(id: id) } }

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

    /// Writes everything committed so far to a file that is not there yet. The ledger goes on meanwhile. The file has
    /// no keys: they are kept in the ledger's directory alone. `replay` checks it, `restore` makes a ledger of it.
    ///
    /// Throws `AllongeError.store`.
    public func backup(_ path: String) async throws -> BackupRecord {
        try fromJson(try await aside { try raw.backup(path: path) })
    }

    /// At most `limit` letters of credit, by id, after the one given.
    public func credits(after: CreditId? = nil, limit: UInt32 = maxPage) async throws -> [LetterOfCredit] {
        try fromJson(try await aside { try raw.credits(after: after, limit: limit) })
    }

    /// At most `limit` claims, by id, after the one given.
    public func claims(after: ClaimId? = nil, limit: UInt32 = maxPage) async throws -> [Claim] {
        try fromJson(try await aside { try raw.claims(after: after, limit: limit) })
    }

    /// At most `limit` accounts, by id, after the one given.
    public func accounts(after: AccountId? = nil, limit: UInt32 = maxPage) async throws -> [Account] {
        try fromJson(try await aside { try raw.accounts(after: after, limit: limit) })
    }

    /// At most `limit` holds, by id, after the one given.
    public func holds(after: HoldId? = nil, limit: UInt32 = maxPage) async throws -> [Hold] {
        try fromJson(try await aside { try raw.holds(after: after, limit: limit) })
    }

    /// At most `limit` proposals, by id, after the one given.
    public func proposals(after: ProposalId? = nil, limit: UInt32 = maxPage) async throws -> [Proposal] {
        try fromJson(try await aside { try raw.proposals(after: after, limit: limit) })
    }

    /// At most `limit` parties, by id, after the one given.
    public func parties(after: PartyId? = nil, limit: UInt32 = maxPage) async throws -> [Party] {
        try fromJson(try await aside { try raw.parties(after: after, limit: limit) })
    }

    /// The log from behind a cursor on, and then what comes; it ends when the ledger is closed. Each entry carries
    /// its cursor: keep the last, and a new subscription continues behind it.
    public func subscribe(after: String? = nil) async throws -> Log {
        Log(subscription: try await aside { try raw.subscribe(after: after) })
    }

    /// Finishes what was submitted and releases the directory. Every later call says `ledger.closed`.
    public func close() { raw.shutdown() }

    private func one<T: Decodable>(_ read: @escaping @Sendable () throws -> String?) async throws -> T? {
        try (try await aside(read)).map { try fromJson($0, as: T.self) }
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
