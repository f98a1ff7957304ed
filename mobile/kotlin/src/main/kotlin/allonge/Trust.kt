package allonge

import java.nio.file.Path
import kotlin.io.path.readText
import allonge.raw.Trust as RawTrust

/** A genesis to verify receipts against. */
public class Trust internal constructor(internal val raw: RawTrust) : AutoCloseable {
    /** The network's id: pin this. */
    public val network: Hash get() = calling { raw.network() }

    /** The genesis as a file for people, which [fromJson] reads. */
    public fun toJson(): String = calling { raw.toJson() }

    /** The genesis. */
    public fun genesis(): Genesis = json.decodeFromString(toJson())

    /** Releases the memory of the core; the garbage collector does so too, later. */
    override fun close(): Unit = raw.close()

    public companion object {
        /**
         * Trusts the genesis of a file, `genesis.json`.
         *
         * @throws InputException `input.invalid`.
         */
        public fun fromJson(json: String): Trust = Trust(calling { RawTrust.fromJson(json) })

        /** Trusts the genesis of a file. */
        public fun load(path: Path): Trust = fromJson(path.readText())
    }
}
