package allonge

import allonge.raw.StateRecord as RawStateRecord

/**
 * Evidence, piece by piece: what an auditor checks who has bytes, hashes and proofs rather than a receipt.
 *
 * Pure functions, with no ledger, no file and no network. `docs/format.md` says what the bytes are, and lists the
 * kinds. Records and ids are JSON.
 */
public object Evidence {
    /**
     * The canonical bytes of a record: what is hashed and signed. What only a ledger writes is read and never made
     * here: `event`, `result`, `header`, `answer`, `bucket`, `rules_schedule`, `proposal`.
     *
     * @throws InputException `input.invalid`, which says where and why; [TransactionException] for transactions.
     */
    public fun canonicalBytes(kind: String, record: String): ByteArray =
        calling { allonge.raw.canonicalBytes(kind, record) }

    /**
     * The record that canonical bytes say. Bytes that say it in another way are refused.
     *
     * @throws EvidenceException `evidence.malformed`; [TransactionException] for transactions; [InputException] for
     * the kind.
     */
    public fun fromCanonicalBytes(kind: String, bytes: ByteArray): String =
        calling { allonge.raw.fromCanonicalBytes(kind, bytes) }

    /**
     * The key under which the state has the record of this kind and id: `null` for the authorities and the schedule of
     * the rules, a list of party and idempotency key for an answer, the hours since 1970 for a bucket.
     *
     * @throws InputException `input.invalid`.
     */
    public fun stateKey(kind: String, id: String): ByteArray = calling { allonge.raw.stateKey(kind, id) }

    /**
     * The hash of bytes for one purpose, which the tag says: the id of a transaction is that of its body for
     * `allonge/transaction/1`.
     *
     * @throws InputException `input.invalid` for a tag of more than 255 bytes.
     */
    public fun taggedHash(tag: String, bytes: ByteArray): Hash = calling { allonge.raw.taggedHash(tag, bytes) }

    /**
     * The Merkle root of a list (RFC 6962, section 2.1).
     *
     * What stands in a header is mostly a list root: the hash tagged `allonge/list/1` of the number of items, four
     * bytes, the lowest first, and this root.
     */
    public fun merkleRoot(items: List<ByteArray>): Hash = calling { allonge.raw.merkleRoot(items) }

    /**
     * Checks that an item stands at [index], from 0, of the list of [size] items with this Merkle root. The path has
     * the neighbouring subtrees, from the item up.
     *
     * @throws EvidenceException `evidence.invalid`.
     */
    public fun verifyInclusion(root: Hash, item: ByteArray, index: UInt, size: UInt, path: List<Hash>): Unit =
        calling { allonge.raw.verifyInclusion(root, item, index, size, path) }

    /**
     * The root of the state that has these records, each a key with its value. Of equal keys the last counts.
     *
     * @throws InputException `input.invalid` for more records than a tree holds.
     */
    public fun stateRoot(records: List<Pair<ByteArray, ByteArray>>): Hash =
        calling { allonge.raw.stateRoot(records.map { (key, value) -> RawStateRecord(key, value) }) }

    /**
     * Checks that the state with this root has the value under the key; with null, that it has nothing there.
     *
     * @throws EvidenceException `evidence.malformed`, `evidence.invalid`.
     */
    public fun verifyStateProof(root: Hash, key: ByteArray, value: ByteArray?, proof: ByteArray): Unit =
        calling { allonge.raw.verifyStateProof(root, key, value, proof) }

    /**
     * Checks that a key may be registered: that it is canonical and of the prime-order subgroup.
     *
     * @throws SigningKeyException `key.refused`.
     */
    public fun vetKey(key: PublicKey): Unit = calling { allonge.raw.vetKey(key) }

    /**
     * Checks a signature of a message, as the ledger does: by ZIP-215. It says nothing of a key that [vetKey]
     * refuses.
     *
     * @throws EvidenceException `evidence.invalid`.
     */
    public fun verifySignature(key: PublicKey, message: ByteArray, signature: String): Unit =
        calling { allonge.raw.verifySignature(key, message, signature) }

    /**
     * Checks that a quorum of the validators of a network made the header with this digest final. The roster stands
     * in the genesis.
     *
     * @throws EvidenceException `evidence.malformed`, `evidence.invalid`; [InputException] for the roster.
     */
    public fun verifyCertificate(network: Hash, roster: Roster, header: Hash, certificate: ByteArray): Unit =
        calling { allonge.raw.verifyCertificate(network, json.encodeToString(roster), header, certificate) }
}
