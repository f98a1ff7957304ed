package allonge

import allonge.raw.Signer as RawSigner

/** An Ed25519 key in this process's memory, wiped when it is closed. */
public class Signer private constructor(internal val raw: RawSigner) : AutoCloseable {
    /** The public half of the key. */
    public val publicKey: PublicKey get() = calling { raw.publicKey() }

    override fun close(): Unit = raw.close()

    public companion object {
        /** Makes a new key. */
        public fun generate(): Signer = Signer(calling { RawSigner.generate() })

        /** Takes the 32-byte private key of RFC 8032. */
        public fun fromSeed(seed: ByteArray): Signer = Signer(calling { RawSigner.fromSeed(seed) })
    }
}
