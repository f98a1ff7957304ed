import AllongeRaw
import Foundation

/// An Ed25519 key in this process's memory, wiped with its last copy.
public struct Signer: Sendable {
    let raw: AllongeRaw.Signer

    /// Makes a new key.
    public static func generate() throws -> Signer {
        Signer(raw: try calling { try AllongeRaw.Signer.generate() })
    }

    /// Takes the 32-byte private key of RFC 8032.
    public static func fromSeed(_ seed: Data) throws -> Signer {
        Signer(raw: try calling { try AllongeRaw.Signer.fromSeed(seed: seed) })
    }

    /// The public half of the key.
    public var publicKey: PublicKey { raw.publicKey() }
}
