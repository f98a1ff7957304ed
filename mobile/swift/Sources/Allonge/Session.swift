import AllongeRaw

/// A party acting on a ledger.
public struct Session: Sendable {
    let raw: AllongeRaw.Session

    /// Who acts.
    public var party: PartyId { raw.party() }

    /// The key that signs.
    public var publicKey: PublicKey { raw.publicKey() }

    /// Submits operations that take effect together or not at all, and waits for the outcome.
    ///
    /// An outcome is a fact that stands in the ledger; an error means that nothing was recorded, or that nothing
    /// could be learned. Cancelling does not take the submission back.
    ///
    /// - Parameters:
    ///   - key: an idempotency key, 32 hexadecimal digits or a UUID: repeats with it are answered with the first
    ///     outcome. By default a fresh one.
    ///   - validFor: for how long the transaction may enter a block, at most 7 days.
    ///   - deadline: how long to wait; then `AllongeError.deadline` is thrown. Submit again with the same key.
    public func submit(
        _ operations: Operation..., key: String? = nil, validFor: Duration? = nil, deadline: Duration = defaultDeadline
    ) async throws -> Outcome {
        let text = try toJson(operations)
        let validForMs = validFor.map { $0.components.seconds * 1_000 }
        let outcome = try await within(deadline) {
            try await raw.submit(operationsJson: text, key: key, validForMs: validForMs)
        }
        return Outcome(try fromJson(outcome.recordJson), Receipt(raw: outcome.receipt))
    }
}

/// How long a call waits where nobody says otherwise.
public let defaultDeadline: Duration = .milliseconds(Int64(clamping: AllongeRaw.defaultDeadlineMs()))

/// What became of a submission: always a fact, with its proof.
public enum Outcome: Sendable {
    /// It took effect, for ever.
    case committed(Committed)
    /// The rules refused it; the refusal stands in the ledger, for ever.
    case rejected(Rejected)

    /// A transaction that took effect.
    public struct Committed: Sendable {
        /// The transaction's id.
        public let transaction: Hash
        /// The height of its block.
        public let height: UInt64
        /// The time of its block.
        public let time: Timestamp
        /// What happened, in order, each with the article that it follows.
        public let events: [EventRecord]
        /// Proof of all that.
        public let receipt: Receipt
    }

    /// A transaction that the rules refused.
    public struct Rejected: Sendable {
        /// The transaction's id.
        public let transaction: Hash
        /// The height of its block.
        public let height: UInt64
        /// The time of its block.
        public let time: Timestamp
        /// Why.
        public let error: AllongeError
        /// Proof of all that.
        public let receipt: Receipt
    }

    init(_ record: OutcomeRecord, _ receipt: Receipt) {
        if let error = record.error {
            self = .rejected(
                Rejected(
                    transaction: record.transaction, height: record.height, time: record.time,
                    error: AllongeError(error), receipt: receipt))
        } else {
            self = .committed(
                Committed(
                    transaction: record.transaction, height: record.height, time: record.time,
                    events: record.events, receipt: receipt))
        }
    }

    /// The transaction that took effect. Throws why it did not.
    public func committed() throws -> Committed {
        switch self {
        case let .committed(committed): return committed
        case let .rejected(rejected): throw rejected.error
        }
    }

    /// Proof of it, whichever way it went.
    public var receipt: Receipt {
        switch self {
        case let .committed(committed): committed.receipt
        case let .rejected(rejected): rejected.receipt
        }
    }
}
