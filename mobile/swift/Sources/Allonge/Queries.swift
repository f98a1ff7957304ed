import AllongeRaw
import Foundation

/// A part of a list. All pages of a list are as of the same height, whatever comes in meanwhile.
public struct Page<T: Decodable & Sendable>: Decodable, Sendable {
    /// The items. There can be fewer than asked for, or none, before the end.
    public var items: [T]
    /// Pass it, with the same filters, for the next page; nil at the end of the list.
    public var cursor: String?
    /// As of which height.
    public var height: UInt64
}

/// What a file of `Ledger.prove` proves.
public struct ProvenRecord<T: Decodable & Sendable>: Decodable, Sendable {
    /// The record as it was; nil when there was none with this id.
    public var record: T?
    /// After the block of this height.
    public var height: UInt64
    /// The time of that block.
    public var time: Timestamp
}

/// Proves what a record was, or that there was none with this id, from a file of `Ledger.prove` and the genesis.
///
/// Throws `AllongeError.receipt`: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
public func verifyRecord<T>(_ bytes: Data, trust: Trust, kind: RecordKind<T>, id: String) throws -> ProvenRecord<T> {
    try fromJson(
        try calling { try AllongeRaw.verifyRecord(bytes: bytes, trust: trust.raw, kind: kind.name, id: id) })
}
