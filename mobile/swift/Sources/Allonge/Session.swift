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
    /// An outcome is a fact that stands in the ledger, or `.unknown` once the deadline has passed: the submission goes
    /// on, and the handle resolves it. An error means that it was refused before it came into a block. Cancelling does
    /// not take the submission back.
    ///
    /// - Parameters:
    ///   - key: an idempotency key, 32 hexadecimal digits or a UUID: repeats with it are answered with the first
    ///     outcome. By default a fresh one.
    ///   - validFor: for how long the transaction may enter a block, at most 7 days.
    ///   - deadline: how long to wait. When it passes before it was handed over, `AllongeError.deadline` is thrown.
    ///   - traceparent: the trace that it is part of, as W3C Trace Context writes it: the logs of the validators that it
    ///     is handed over to say it with what becomes of it.
    public func submit(
        _ operations: Operation..., key: String? = nil, validFor: Duration? = nil, deadline: Duration = defaultDeadline,
        traceparent: String? = nil
    ) async throws -> Outcome {
        let text = try toJson(operations)
        let validForMs = validFor.map { $0.components.seconds * 1_000 }
        return try await submitted(deadline) {
            try await raw.start(
                operationsJson: text, key: key, validForMs: validForMs, traceparent: traceparent)
        }
    }

    /// Signs operations and hands them over, without waiting: each stage of the submission can be awaited. Once this
    /// returns it is in the outbox of a connected ledger, on disk, and nothing but its time ends it.
    public func start(
        _ operations: Operation..., key: String? = nil, validFor: Duration? = nil, traceparent: String? = nil
    ) async throws -> Submission {
        let text = try toJson(operations)
        let validForMs = validFor.map { $0.components.seconds * 1_000 }
        return Submission(
            raw: try await whole {
                try await raw.start(
                    operationsJson: text, key: key, validForMs: validForMs, traceparent: traceparent)
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

    /// What submitting these operations at a later time would come to, with the state of today: what would happen or why
    /// it would be refused, by which rules. Nothing is recorded.
    ///
    /// Throws `AllongeError.clock` for a time before the newest block.
    public func whatIf(_ operations: Operation..., at: Timestamp) async throws -> Preview {
        let text = try toJson(operations)
        let time = at.description
        return try fromJson(try await aside { try raw.whatIf(operationsJson: text, at: time) })
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
