package allonge

import java.time.Instant
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.withTimeoutOrNull
import allonge.raw.Session as RawSession

/** A party acting on a ledger, with its signer, or several that sign together. */
public class Session internal constructor(private val raw: RawSession) : AutoCloseable {
    /** Who acts. */
    public val party: PartyId get() = calling { raw.party() }

    /** The key that signs; of several, the first that was given. */
    public val publicKey: PublicKey get() = calling { raw.publicKey() }

    /** All keys that sign, in the order in which they were given. */
    public val publicKeys: List<PublicKey> get() = calling { raw.publicKeys() }

    /**
     * Submits operations that take effect together or not at all, and waits for the outcome.
     *
     * An outcome is a fact that stands in the ledger, or [Outcome.Unknown] once the deadline has passed: the
     * submission goes on, and the handle resolves it. An exception means that it was refused before it came into a
     * block. Cancelling does not take the submission back.
     *
     * @param key an idempotency key, 32 hexadecimal digits or a UUID: repeats with it are answered with the
     *   first outcome. By default a fresh one.
     * @param validFor for how long the transaction may enter a block, at most 7 days.
     * @param deadline how long to wait.
     * @param traceparent the trace that it is part of, as W3C Trace Context writes it: the logs of the validators that
     *   it is handed over to say it with what becomes of it.
     * @throws DeadlineException when the deadline passed before it was handed over.
     */
    public suspend fun submit(
        operations: List<Operation>,
        key: String? = null,
        validFor: Duration? = null,
        deadline: Duration = defaultDeadline,
        traceparent: String? = null,
    ): Outcome {
        val text = json.encodeToString(operations)
        return submitted(deadline) { raw.start(text, key, validFor?.inWholeMilliseconds, traceparent) }
    }

    /** As the other, for one list of arguments. */
    public suspend fun submit(vararg operations: Operation): Outcome = submit(operations.toList())

    /**
     * Signs operations and hands them over, without waiting: each stage of the submission can be awaited. Once this
     * returns it is in the outbox of a connected ledger, on disk, and nothing but its time ends it.
     */
    public suspend fun start(
        operations: List<Operation>,
        key: String? = null,
        validFor: Duration? = null,
        traceparent: String? = null,
    ): Submission {
        val text = json.encodeToString(operations)
        return Submission(calling { raw.start(text, key, validFor?.inWholeMilliseconds, traceparent) })
    }

    /** As the other, for one list of arguments. */
    public suspend fun start(vararg operations: Operation): Submission = start(operations.toList())

    /**
     * What submitting these operations now would come to: what would happen or why it would be refused, and the state
     * root. Nothing is recorded, and the key is not used up.
     */
    public suspend fun preview(
        operations: List<Operation>,
        key: String? = null,
        validFor: Duration? = null,
    ): Preview {
        val text = json.encodeToString(operations)
        return json.decodeFromString(aside { raw.preview(text, key, validFor?.inWholeMilliseconds) })
    }

    /** As the other, for one list of arguments. */
    public suspend fun preview(vararg operations: Operation): Preview = preview(operations.toList())

    /**
     * What submitting these operations at a later time would come to, with the state of today: what would happen or why it
     * would be refused, by which rules. Nothing is recorded.
     *
     * @throws ClockException `clock.backwards` for a time before the newest block.
     */
    public suspend fun whatIf(operations: List<Operation>, at: Instant): Preview {
        val text = json.encodeToString(operations)
        return json.decodeFromString(aside { raw.whatIf(text, at.toString()) })
    }

    /** As the other, for one list of arguments. */
    public suspend fun whatIf(vararg operations: Operation, at: Instant): Preview = whatIf(operations.toList(), at)

    /**
     * The signed transaction, for [Ledger.submit] to submit later, by whomever: until it expires, and once.
     *
     * @throws TransactionException when the operations make no transaction.
     */
    public suspend fun prepare(
        operations: List<Operation>,
        key: String? = null,
        validFor: Duration? = null,
    ): ByteArray {
        val text = json.encodeToString(operations)
        return aside { raw.prepare(text, key, validFor?.inWholeMilliseconds) }
    }

    /** As the other, for one list of arguments. */
    public suspend fun prepare(vararg operations: Operation): ByteArray = prepare(operations.toList())

    /**
     * Adds this session's signatures to a transaction of the same party that [prepare] made elsewhere: for another to
     * sign, or for [Ledger.submit]. A key that has signed already counts once. Whoever signs answers for it:
     * [Evidence.fromCanonicalBytes] of `signed_transaction` says what it does.
     *
     * @throws TransactionException when it is not of this party or network, or malformed; [SignatureException] when a
     * signature that it carries does not hold.
     */
    public suspend fun cosign(signed: ByteArray): ByteArray = aside { raw.cosign(signed) }

    /** Releases the handle; what was submitted stands. */
    override fun close(): Unit = raw.close()
}

/** How long a call waits where nobody says otherwise. */
public val defaultDeadline: Duration by lazy { allonge.raw.defaultDeadlineMs().toLong().milliseconds }

/** Waits for the raw layer, but not longer. */
internal suspend fun <T : Any> within(deadline: Duration, call: suspend () -> T): T =
    withTimeoutOrNull(deadline) { calling { call() } }
        ?: throw Errors.get("deadline.exceeded").exception("milliseconds" to "${deadline.inWholeMilliseconds}")
