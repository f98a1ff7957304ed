package allonge

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.TimeSource
import kotlinx.coroutines.withTimeoutOrNull
import allonge.raw.Outcome as RawOutcome
import allonge.raw.Submission as RawSubmission
import allonge.raw.Unknown as RawUnknown

/** What became of a submission: a fact with its proof, or the handle by which it becomes one. */
public sealed interface Outcome {
    /** The transaction's id. */
    public val transaction: Hash

    /** The receipt of what stands in a block. */
    public val receipt: Receipt?

    /**
     * The transaction that took effect.
     *
     * @throws AllongeException why it did not; [DeadlineException] while nothing is known.
     */
    public fun committed(): Committed

    /** It took effect, for ever. */
    public data class Committed(
        override val transaction: Hash,
        /** The height of its block. */
        val height: Long,
        /** The time of its block. */
        val time: Instant,
        /** What happened, in order, each with the article that it follows. */
        val events: List<EventRecord>,
        override val receipt: Receipt,
    ) : Outcome {
        override fun committed(): Committed = this
    }

    /** The rules refused it; the refusal stands in the ledger, for ever. */
    public data class Rejected(
        override val transaction: Hash,
        /** The height of its block. */
        val height: Long,
        /** The time of its block. */
        val time: Instant,
        /** Why. */
        val error: AllongeException,
        override val receipt: Receipt,
    ) : Outcome {
        override fun committed(): Nothing = throw error
    }

    /** Its time was over before it came into a block: it never takes effect. */
    public class Expired internal constructor(
        override val transaction: Hash,
        /** Who submitted it. */
        public val party: PartyId,
        /** Its idempotency key. */
        public val key: String,
        /** Until when it could have come into a block. */
        public val validUntil: Instant,
        /** The height of a block that is past that time, with all below it executed. */
        public val height: Long,
        /** The time of that block. */
        public val time: Instant,
        /** Proof of that: [verifyAnswer] checks it with [party], [key] and [validUntil]. */
        public val proof: ByteArray,
        /** `transaction.expired`. */
        public val error: AllongeException,
    ) : Outcome {
        override val receipt: Nothing? get() = null

        override fun committed(): Nothing = throw error
    }

    /**
     * It was handed over, and was not settled when the wait ended. It may still take effect, also when this is dropped.
     */
    public class Unknown internal constructor(
        override val transaction: Hash,
        /** Who submitted it. */
        public val party: PartyId,
        /** Its idempotency key. */
        public val key: String,
        /** Until when it can come into a block. */
        public val validUntil: Instant,
        /** `deadline.exceeded`. */
        public val error: AllongeException,
        private val raw: RawUnknown,
    ) : Outcome {
        override val receipt: Nothing? get() = null

        override fun committed(): Nothing = throw error

        /**
         * Waits on. It ends in one of the other outcomes, unless this deadline passes too. Cancelling does not take
         * the submission back.
         */
        public suspend fun resolve(deadline: Duration = defaultDeadline): Outcome =
            submitted(deadline) { raw.start() }
    }
}

/**
 * A transaction that was handed over: in the outbox of a connected ledger, on disk. It goes on whether or not somebody
 * waits: cancelling ends a wait and takes nothing back. Each stage can be awaited more than once, in any order.
 */
public class Submission internal constructor(private val raw: RawSubmission) : AutoCloseable {
    /** The transaction's id. */
    public val transaction: Hash get() = calling { raw.transaction() }

    /** Its idempotency key. */
    public val key: String get() = calling { raw.key() }

    /**
     * Waits until a validator took it to be ordered; an embedded ledger has it at once.
     *
     * @throws DeadlineException when the deadline passed; or why it was refused before it came into a block.
     */
    public suspend fun admitted(deadline: Duration = defaultDeadline): Unit = within(deadline) { raw.admitted() }

    /**
     * Waits until it, or the transaction that used its key first, is in a final block, and says where.
     *
     * @throws DeadlineException when the deadline passed; [TransactionException] when its time is over; or why it was
     *   refused before it came into a block.
     */
    public suspend fun ordered(deadline: Duration = defaultDeadline): Ordered =
        json.decodeFromString(within(deadline) { raw.ordered() })

    /** Waits until it is certified what it came to; at the deadline the outcome is [Outcome.Unknown]. */
    public suspend fun outcome(deadline: Duration = defaultDeadline): Outcome = raw.outcomeWithin(deadline, deadline)

    /** Releases the handle; what was submitted stands. */
    override fun close(): Unit = raw.close()
}

/** Hands something over and waits for what becomes of it. */
internal suspend fun submitted(deadline: Duration, handOver: suspend () -> RawSubmission): Outcome {
    val started = TimeSource.Monotonic.markNow()
    return within(deadline, handOver).use { it.outcomeWithin(deadline - started.elapsedNow(), deadline) }
}

private suspend fun RawSubmission.outcomeWithin(left: Duration, whole: Duration): Outcome =
    outcomeOf(
        withTimeoutOrNull(left) { calling { outcome() } }
            ?: calling { unknown(whole.inWholeMilliseconds.coerceAtLeast(0).toULong()) },
    )

internal fun outcomeOf(raw: RawOutcome): Outcome =
    when (raw) {
        is RawOutcome.Settled -> {
            val record = json.decodeFromString<OutcomeRecord>(raw.recordJson)
            val receipt = Receipt(raw.receipt)
            when (val error = record.error) {
                null -> Outcome.Committed(record.transaction, record.height, record.time, record.events, receipt)
                else -> Outcome.Rejected(record.transaction, record.height, record.time, exceptionOf(error), receipt)
            }
        }
        is RawOutcome.Expired ->
            json.decodeFromString<ExpiredRecord>(raw.recordJson).run {
                Outcome.Expired(transaction, party, key, validUntil, height, time, raw.proof, exceptionOf(error))
            }
        is RawOutcome.Unknown ->
            json.decodeFromString<UnknownRecord>(raw.recordJson).run {
                Outcome.Unknown(transaction, party, key, validUntil, exceptionOf(error), raw.handle)
            }
    }
