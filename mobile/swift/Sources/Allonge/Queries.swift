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

/// A kind of record: `.credit`, `.claim` and so on.
public struct RecordKind<T: Decodable & Sendable>: Sendable {
    let name: String
}

extension RecordKind where T == LetterOfCredit {
    /// Letters of credit.
    public static var credit: RecordKind { RecordKind(name: "credit") }
}

extension RecordKind where T == Presentation {
    /// Presentations.
    public static var presentation: RecordKind { RecordKind(name: "presentation") }
}

extension RecordKind where T == Claim {
    /// Claims.
    public static var claim: RecordKind { RecordKind(name: "claim") }
}

extension RecordKind where T == Account {
    /// Accounts.
    public static var account: RecordKind { RecordKind(name: "account") }
}

extension RecordKind where T == Hold {
    /// Holds.
    public static var hold: RecordKind { RecordKind(name: "hold") }
}

extension RecordKind where T == Policy {
    /// Policies, by party.
    public static var policy: RecordKind { RecordKind(name: "policy") }
}

extension RecordKind where T == Proposal {
    /// Proposals.
    public static var proposal: RecordKind { RecordKind(name: "proposal") }
}

extension RecordKind where T == Reversal {
    /// Reversals, by the transaction reversed.
    public static var reversal: RecordKind { RecordKind(name: "reversal") }
}

extension RecordKind where T == Party {
    /// Parties.
    public static var party: RecordKind { RecordKind(name: "party") }
}

extension RecordKind where T == Calendar {
    /// Calendars.
    public static var calendar: RecordKind { RecordKind(name: "calendar") }
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
