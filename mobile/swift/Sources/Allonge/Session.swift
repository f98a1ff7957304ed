import AllongeRaw
import Foundation

/// A party acting on a ledger, with its signer, or several that sign together.
public struct Session: Sendable {
    let raw: AllongeRaw.Session

    /// Who acts.
    public var party: PartyId { raw.party() }

    /// The key that signs; of several, the first that was given.
    public var publicKey: PublicKey { raw.publicKey() }

    /// All keys that sign, in the order in which they were given.
    public var publicKeys: [PublicKey] { raw.publicKeys() }

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
        return try Outcome(
            try await within(deadline) {
                try await raw.submit(operationsJson: text, key: key, validForMs: validForMs)
            })
    }

    /// What submitting these operations now would come to: what would happen or why it would be refused, and the state
    /// root. Nothing is recorded, and the key is not used up.
    public func preview(
        _ operations: Operation..., key: String? = nil, validFor: Duration? = nil
    ) async throws -> Preview {
        let text = try toJson(operations)
        let validForMs = validFor.map { $0.components.seconds * 1_000 }
        return try fromJson(
            try await aside { try raw.preview(operationsJson: text, key: key, validForMs: validForMs) })
    }

    /// The signed transaction, for `Ledger.submit` to submit later, by whomever: until it expires, and once.
    ///
    /// Throws `AllongeError.transaction` when the operations make no transaction.
    public func prepare(
        _ operations: Operation..., key: String? = nil, validFor: Duration? = nil
    ) async throws -> Data {
        let text = try toJson(operations)
        let validForMs = validFor.map { $0.components.seconds * 1_000 }
        return try await aside { try raw.prepare(operationsJson: text, key: key, validForMs: validForMs) }
    }

    /// Adds this session's signatures to a transaction of the same party that `prepare` made elsewhere: for another to
    /// sign, or for `Ledger.submit`. A key that has signed already counts once. Whoever signs answers for it:
    /// `Evidence.fromCanonicalBytes` of `signed_transaction` says what it does.
    ///
    /// Throws `AllongeError.transaction`, `.signature`.
    public func cosign(_ signed: Data) async throws -> Data {
        try await aside { try raw.cosign(transaction: signed) }
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

    init(_ raw: AllongeRaw.Outcome) throws {
        let record: OutcomeRecord = try fromJson(raw.recordJson)
        let receipt = Receipt(raw: raw.receipt)
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
