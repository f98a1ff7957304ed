import AllongeRaw
import Foundation

/// One self-contained file that proves a transaction and its result from nothing but the genesis.
public struct Receipt: Sendable, Equatable {
    let raw: AllongeRaw.Receipt

    init(raw: AllongeRaw.Receipt) { self.raw = raw }

    /// Reads a receipt. What it says is proved only by `verify`.
    ///
    /// Throws `AllongeError.receipt`: `receipt.malformed`, `receipt.version`.
    public init(_ bytes: Data) throws {
        raw = try calling { try AllongeRaw.Receipt.fromBytes(bytes: bytes) }
    }

    /// The bytes of the file.
    public var bytes: Data { raw.toBytes() }

    /// Proves the transaction and its result, with no node and no network, and says what they were.
    ///
    /// Throws `AllongeError.receipt` when it proves nothing: `receipt.wrong_network`, `receipt.invalid`.
    public func verify(_ trust: Trust) throws -> VerifiedReceipt {
        try fromJson(try calling { try raw.verify(trust: trust.raw) })
    }

    public static func == (one: Receipt, other: Receipt) -> Bool { one.bytes == other.bytes }
}

/// A genesis to verify receipts against.
public struct Trust: Sendable {
    let raw: AllongeRaw.Trust

    init(raw: AllongeRaw.Trust) { self.raw = raw }

    /// Trusts the genesis of a file, `genesis.json`. Throws `AllongeError.input`.
    public init(json: String) throws {
        raw = try calling { try AllongeRaw.Trust.fromJson(json: json) }
    }

    /// The network's id: pin this.
    public var network: Hash { raw.network() }

    /// The genesis as a file for people, which `init(json:)` reads.
    public var json: String { raw.toJson() }

    /// The genesis.
    public func genesis() throws -> Genesis { try fromJson(json) }
}
