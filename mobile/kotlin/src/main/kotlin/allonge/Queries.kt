package allonge

import kotlinx.serialization.Serializable

/** A part of a list. All pages of a list are as of the same height, whatever comes in meanwhile. */
@Serializable
public data class Page<T>(
    /** The items. There can be fewer than asked for, or none, before the end. */
    val items: List<T>,
    /** Pass it, with the same filters, for the next page; null at the end of the list. */
    val cursor: String? = null,
    /** As of which height. */
    val height: Long,
)

/** What a file of [Ledger.prove] proves. */
@Serializable
public data class ProvenRecord<T>(
    /** The record as it was; null when there was none with this id. */
    val record: T? = null,
    /** After the block of this height. */
    val height: Long,
    /** The time of that block. */
    val time: Timestamp,
)

/**
 * Proves what a record was, or that there was none with this id, from a file of [Ledger.prove] and the genesis.
 *
 * @throws ReceiptException `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
public fun <T> verifyRecord(bytes: ByteArray, trust: Trust, kind: RecordKind<T>, id: String): ProvenRecord<T> {
    val proven = calling { allonge.raw.verifyRecord(bytes, trust.raw, kind.name, id) }
    return json.decodeFromString(ProvenRecord.serializer(kind.serializer), proven)
}
