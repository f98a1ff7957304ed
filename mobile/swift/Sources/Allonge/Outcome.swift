import AllongeRaw
import Foundation

/// What became of a submission: a fact with its proof, or the handle by which it becomes one.
public enum Outcome: Sendable {
    /// It took effect, for ever.
    case committed(Committed)
    /// The rules refused it; the refusal stands in the ledger, for ever.
    case rejected(Rejected)
    /// Its time was over before it came into a block: it never takes effect.
    case expired(Expired)
    /// Nothing is known yet: it was handed over, and the wait ended before it was settled.
    case unknown(Unknown)

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

    /// A transaction that never takes effect.
    public struct Expired: Sendable {
        /// The transaction's id.
        public let transaction: Hash
        /// Who submitted it.
        public let party: PartyId
        /// Its idempotency key.
        public let key: String
        /// Until when it could have come into a block.
        public let validUntil: Timestamp
        /// The height of a block that is past that time, with all below it executed.
        public let height: UInt64
        /// The time of that block.
        public let time: Timestamp
        /// Proof of that: `verifyAnswer` checks it with `party`, `key` and `validUntil`.
        public let proof: Data
        /// `transaction.expired`.
        public let error: AllongeError
    }

    /// A transaction of which nothing is known yet. It may still take effect, also when this is dropped.
    public struct Unknown: Sendable {
        /// The transaction's id.
        public let transaction: Hash
        /// Who submitted it.
        public let party: PartyId
        /// Its idempotency key.
        public let key: String
        /// Until when it can come into a block.
        public let validUntil: Timestamp
        /// `deadline.exceeded`.
        public let error: AllongeError
        let raw: AllongeRaw.Unknown

        /// Waits on. It ends in one of the other outcomes, unless this deadline passes too. Cancelling does not take
        /// the submission back.
        public func resolve(deadline: Duration = defaultDeadline) async throws -> Outcome {
            try await submitted(deadline) { try await raw.start() }
        }
    }

    init(_ raw: AllongeRaw.Outcome) throws {
        switch raw {
        case let .settled(recordJson, receipt):
            let record: OutcomeRecord = try fromJson(recordJson)
            self = Self(record, Receipt(raw: receipt))
        case let .expired(recordJson, proof):
            let record: ExpiredRecord = try fromJson(recordJson)
            self = .expired(
                Expired(
                    transaction: record.transaction, party: record.party, key: record.key,
                    validUntil: record.validUntil, height: record.height, time: record.time, proof: proof,
                    error: AllongeError(record.error)))
        case let .unknown(recordJson, handle):
            let record: UnknownRecord = try fromJson(recordJson)
            self = .unknown(
                Unknown(
                    transaction: record.transaction, party: record.party, key: record.key,
                    validUntil: record.validUntil, error: AllongeError(record.error), raw: handle))
        }
    }

    private init(_ record: OutcomeRecord, _ receipt: Receipt) {
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

    /// The transaction that took effect. Throws why it did not, or `AllongeError.deadline` while nothing is known.
    public func committed() throws -> Committed {
        switch self {
        case let .committed(committed): return committed
        case let .rejected(rejected): throw rejected.error
        case let .expired(expired): throw expired.error
        case let .unknown(unknown): throw unknown.error
        }
    }

    /// The receipt of what stands in a block, whichever way it went.
    public var receipt: Receipt? {
        switch self {
        case let .committed(committed): committed.receipt
        case let .rejected(rejected): rejected.receipt
        case .expired, .unknown: nil
        }
    }
}

/// A transaction that was handed over: in the outbox of a connected ledger, on disk.
///
/// It goes on whether or not somebody waits: cancelling ends a wait and takes nothing back. Each stage can be awaited
/// more than once, in any order.
public struct Submission: Sendable {
    let raw: AllongeRaw.Submission

    /// The transaction's id.
    public var transaction: Hash { raw.transaction() }

    /// Its idempotency key.
    public var key: String { raw.key() }

    /// Waits until a validator took it to be ordered; an embedded ledger has it at once.
    ///
    /// Throws `AllongeError.deadline`, or why it was refused before it came into a block.
    public func admitted(deadline: Duration = defaultDeadline) async throws {
        try await within(deadline) { try await raw.admitted() }
    }

    /// Waits until it, or the transaction that used its key first, is in a final block, and says where.
    ///
    /// Throws `AllongeError.deadline`, `.transaction` when its time is over, or why it was refused.
    public func ordered(deadline: Duration = defaultDeadline) async throws -> Ordered {
        try fromJson(try await within(deadline) { try await raw.ordered() })
    }

    /// Waits until it is certified what it came to; at the deadline the outcome is `.unknown`.
    public func outcome(deadline: Duration = defaultDeadline) async throws -> Outcome {
        do {
            return try Outcome(try await within(deadline) { try await raw.outcome() })
        } catch AllongeError.deadline {
            let parts = deadline.components
            let milliseconds = UInt64(clamping: parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000)
            return try Outcome(try calling { try raw.unknown(waitedMs: milliseconds) })
        }
    }
}

/// Hands something over and waits for what becomes of it.
func submitted(
    _ deadline: Duration, _ handOver: @escaping @Sendable () async throws -> AllongeRaw.Submission
) async throws -> Outcome {
    let started = ContinuousClock.now
    let submission = Submission(raw: try await within(deadline, handOver))
    return try await submission.outcome(deadline: max(.zero, deadline - (ContinuousClock.now - started)))
}
