package allonge

import java.nio.file.Path
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import allonge.raw.Receipt as RawReceipt

/** One self-contained file that proves a transaction and its result from nothing but the genesis. */
public class Receipt internal constructor(private val raw: RawReceipt) : AutoCloseable {
    /** The bytes of the file. */
    public fun toBytes(): ByteArray = calling { raw.toBytes() }

    /** Writes the receipt to a file. */
    public fun save(path: Path): Unit = path.writeBytes(toBytes())

    /**
     * Proves the transaction and its result, with no node and no network, and says what they were.
     *
     * @throws ReceiptException when it proves nothing: `receipt.wrong_network`, `receipt.invalid`.
     */
    public fun verify(trust: Trust): VerifiedReceipt =
        json.decodeFromString(calling { raw.verify(trust.raw) })

    /** Releases the memory of the core; the garbage collector does so too, later. */
    override fun close(): Unit = raw.close()

    override fun equals(other: Any?): Boolean = other is Receipt && toBytes().contentEquals(other.toBytes())

    override fun hashCode(): Int = toBytes().contentHashCode()

    public companion object {
        /**
         * Reads a receipt. What it says is proved only by [verify].
         *
         * @throws ReceiptException `receipt.malformed`, `receipt.version`.
         */
        public fun fromBytes(bytes: ByteArray): Receipt = Receipt(calling { RawReceipt.fromBytes(bytes) })

        /** Reads a receipt from a file. */
        public fun load(path: Path): Receipt = fromBytes(path.readBytes())
    }
}
