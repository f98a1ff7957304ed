package allonge

import java.time.Instant
import allonge.raw.Outcome as RawOutcome

/** What became of a submission: always a fact, with its proof. */
public sealed interface Outcome {
    /** The transaction's id. */
    public val transaction: Hash

    /** The height of its block. */
    public val height: Long

    /** The time of its block. */
    public val time: Instant

    /** Proof of all that. */
    public val receipt: Receipt

    /**
     * The transaction that took effect.
     *
     * @throws AllongeException why it did not.
     */
    public fun committed(): Committed

    /** It took effect, for ever. */
    public data class Committed(
        override val transaction: Hash,
        override val height: Long,
        override val time: Instant,
        /** What happened, in order, each with the article that it follows. */
        val events: List<EventRecord>,
        override val receipt: Receipt,
    ) : Outcome {
        override fun committed(): Committed = this
    }

    /** The rules refused it; the refusal stands in the ledger, for ever. */
    public data class Rejected(
        override val transaction: Hash,
        override val height: Long,
        override val time: Instant,
        /** Why. */
        val error: AllongeException,
        override val receipt: Receipt,
    ) : Outcome {
        override fun committed(): Nothing = throw error
    }
}

internal fun outcomeOf(raw: RawOutcome): Outcome {
    val record = json.decodeFromString<OutcomeRecord>(raw.recordJson)
    val receipt = Receipt(raw.receipt)
    return when (val error = record.error) {
        null -> Outcome.Committed(record.transaction, record.height, record.time, record.events, receipt)
        else -> Outcome.Rejected(record.transaction, record.height, record.time, exceptionOf(error), receipt)
    }
}
