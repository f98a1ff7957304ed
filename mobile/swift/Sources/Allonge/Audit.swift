import AllongeRaw
import Foundation

/// Proves what an account was, or that it was not open, from a file of `Ledger.proveAccount` and the genesis.
///
/// Throws `AllongeError.receipt`: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
public func verifyAccount(_ bytes: Data, trust: Trust, account: AccountId) throws -> ProvenAccount {
    try fromJson(try calling { try AllongeRaw.verifyAccount(bytes: bytes, trust: trust.raw, account: account) })
}

/// Proves which transaction used a party's idempotency key, or that none with this `validUntil` did, and with `settled`
/// that none ever will, from a file of `Ledger.proveAnswer` and the genesis.
///
/// Throws `AllongeError.receipt`: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
public func verifyAnswer(
    _ bytes: Data, trust: Trust, party: PartyId, key: String, validUntil: Timestamp
) throws -> ProvenAnswer {
    try fromJson(
        try calling {
            try AllongeRaw.verifyAnswer(
                bytes: bytes, trust: trust.raw, party: party, key: key, validUntil: validUntil.description)
        })
}

/// Proves that a newer block continues the history of an older one, from a file of `Ledger.proveHistory` and the
/// genesis. With a checkpoint, the older block must be the one that was kept. Keep the newer one for the next time.
///
/// Throws `AllongeError.history` when another block than the one that was kept stands at its height, `.receipt`.
public func verifyHistory(_ bytes: Data, trust: Trust, checkpoint: Checkpoint? = nil) throws -> ProvenHistory {
    let kept = try checkpoint.map { try toJson($0) }
    return try fromJson(
        try calling { try AllongeRaw.verifyHistory(bytes: bytes, trust: trust.raw, checkpointJson: kept) })
}

/// Executes a backup, or the `blocks.log` of a ledger, again from its genesis: every signature, certificate, header,
/// result and state root. With `trust` it must be the ledger of that genesis.
///
/// Throws `AllongeError.replay` with the first height that does not hold, `.receipt`, `.store`.
public func replay(_ path: String, trust: Trust? = nil) async throws -> ReplayRecord {
    let genesis = trust?.raw
    return try fromJson(try await aside { try AllongeRaw.replay(path: path, trust: genesis) })
}

/// Makes a ledger in a directory of a backup that holds: it is executed again first, as by `replay`. Keys are not in a
/// backup: put the directory `keys` of the old ledger into the new one, then open it.
///
/// Throws what `replay` throws, and `AllongeError.store` when the directory holds a ledger.
public func restore(_ backup: String, to directory: String, trust: Trust? = nil) async throws -> ReplayRecord {
    let genesis = trust?.raw
    return try fromJson(
        try await aside { try AllongeRaw.restore(backup: backup, directory: directory, trust: genesis) })
}
