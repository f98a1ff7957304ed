package allonge

import java.nio.file.Path
import java.time.Instant

/**
 * Proves what an account was, or that it was not open, from a file of [Ledger.proveAccount] and the genesis.
 *
 * @throws ReceiptException `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
public fun verifyAccount(bytes: ByteArray, trust: Trust, account: AccountId): ProvenAccount =
    json.decodeFromString(calling { allonge.raw.verifyAccount(bytes, trust.raw, account) })

/**
 * Proves which transaction used a party's idempotency key, or that none with this [validUntil] did, and with `settled`
 * that none ever will, from a file of [Ledger.proveAnswer] and the genesis.
 *
 * @throws ReceiptException `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
public fun verifyAnswer(
    bytes: ByteArray,
    trust: Trust,
    party: PartyId,
    key: String,
    validUntil: Instant,
): ProvenAnswer =
    json.decodeFromString(calling { allonge.raw.verifyAnswer(bytes, trust.raw, party, key, validUntil.toString()) })

/**
 * Proves that a newer block continues the history of an older one, from a file of [Ledger.proveHistory] and the
 * genesis. With a [checkpoint], the older block must be the one that was kept. Keep the newer one for the next time.
 *
 * @throws HistoryException `history.forked` when another block than the one that was kept stands at its height;
 * [ReceiptException] `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
public fun verifyHistory(bytes: ByteArray, trust: Trust, checkpoint: Checkpoint? = null): ProvenHistory {
    val kept = checkpoint?.let { json.encodeToString(it) }
    return json.decodeFromString(calling { allonge.raw.verifyHistory(bytes, trust.raw, kept) })
}

/**
 * Executes a backup, or the `blocks.log` of a ledger, again from its genesis: every signature, certificate, header,
 * result and state root. With [trust] it must be the ledger of that genesis.
 *
 * @throws ReplayException with the first height that does not hold; [ReceiptException] `receipt.wrong_network`;
 * [StoreException] `store.io`.
 */
public suspend fun replay(path: Path, trust: Trust? = null): ReplayRecord =
    json.decodeFromString(aside { allonge.raw.replay(path.toString(), trust?.raw) })

/**
 * Makes a ledger in a directory of a backup that holds: it is executed again first, as by [replay]. Keys are not in a
 * backup: put the directory `keys` of the old ledger into the new one, then open it.
 *
 * @throws StoreException `store.exists` when the directory holds a ledger, and what [replay] throws.
 */
public suspend fun restore(backup: Path, directory: Path, trust: Trust? = null): ReplayRecord =
    json.decodeFromString(aside { allonge.raw.restore(backup.toString(), directory.toString(), trust?.raw) })
