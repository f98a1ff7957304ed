import AllongeRaw
import Foundation

/// Follows the headers of a network by their certificates alone, over every change of its validators.
///
/// It needs no copy of the ledger. Headers come as bytes, from `Ledger.headers` of whoever has one, and nothing is
/// believed that the validators in office have not certified.
public final class LightClient: Sendable {
    private let raw: AllongeRaw.LightClient

    /// Begins at the genesis. Throws `AllongeError.genesis`.
    public init(trust: Trust) throws {
        raw = try calling { try AllongeRaw.LightClient(trust: trust.raw) }
    }

    /// Goes on from where one stood, as `toBytes` says it. Whoever gives these bytes is trusted: keep them where nobody
    /// else writes. Throws `AllongeError.headers`, `.receipt`.
    public init(bytes: Data, trust: Trust) throws {
        raw = try calling { try AllongeRaw.LightClient.fromBytes(bytes: bytes, trust: trust.raw) }
    }

    /// Where it stands, to be kept.
    public func toBytes() -> Data { raw.toBytes() }

    /// Follows headers from the next height on, up to the last that is certified; answers the newest block that is
    /// final. When one does not hold it stays where it was. Throws `AllongeError.headers`.
    public func follow(_ headers: Data) throws -> Checkpoint {
        try fromJson(try calling { try raw.follow(headers: headers) })
    }

    /// The newest block that it knows to be final; at height 0 the genesis.
    public func checkpoint() throws -> Checkpoint { try fromJson(raw.checkpoint()) }
}
