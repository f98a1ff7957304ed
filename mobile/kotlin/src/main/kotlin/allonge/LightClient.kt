package allonge

import allonge.raw.LightClient as RawLightClient

/**
 * Follows the headers of a network by their certificates alone, over every change of its validators.
 *
 * It needs no copy of the ledger. Headers come as bytes, from [Ledger.headers] of whoever has one, and nothing is
 * believed that the validators in office have not certified.
 */
public class LightClient private constructor(private val raw: RawLightClient) : AutoCloseable {
    /**
     * Begins at the genesis.
     *
     * @throws GenesisException `genesis.invalid`.
     */
    public constructor(trust: Trust) : this(calling { RawLightClient(trust.raw) })

    /** The newest block that it knows to be final; at height 0 the genesis. */
    public val checkpoint: Checkpoint get() = json.decodeFromString(calling { raw.checkpoint() })

    /**
     * Follows headers from the next height on, up to the last that is certified; answers the newest block that is final.
     * When one does not hold it stays where it was.
     *
     * @throws HeadersException `headers.invalid`.
     */
    public fun follow(headers: ByteArray): Checkpoint = json.decodeFromString(calling { raw.follow(headers) })

    /** Where it stands, to be kept. */
    public fun toBytes(): ByteArray = calling { raw.toBytes() }

    /** Releases the memory of the core; the garbage collector does so too, later. */
    override fun close(): Unit = raw.close()

    public companion object {
        /**
         * Goes on from where one stood, as [toBytes] says it. Whoever gives these bytes is trusted: keep them where nobody
         * else writes.
         *
         * @throws HeadersException `headers.invalid`; [ReceiptException] `receipt.wrong_network`.
         */
        public fun fromBytes(bytes: ByteArray, trust: Trust): LightClient =
            LightClient(calling { RawLightClient.fromBytes(bytes, trust.raw) })
    }
}
