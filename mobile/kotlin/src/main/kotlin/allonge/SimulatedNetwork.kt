package allonge

import kotlin.time.Duration
import allonge.raw.LinkOptions as RawLinkOptions
import allonge.raw.SimulatedNetwork as RawSimulatedNetwork

/**
 * The validators of a simulated network and the links between them, for a test to break. They are numbered from 0; times
 * are virtual. [Ledger.network] has it.
 */
public class SimulatedNetwork internal constructor(private val raw: RawSimulatedNetwork) {
    /** How many validators there are. */
    public val validators: Int by lazy { calling { raw.validators() }.toInt() }

    /**
     * The ledger as another validator has it: submits to that one, and reads its copy. To close it is to end the
     * network.
     *
     * @throws SimulationException `simulation.invalid`.
     */
    public fun at(validator: Int): Ledger = Ledger(calling { raw.at(count(validator)) })

    /**
     * A validator loses power: it forgets everything that was not on its disk. Until it restarts, its ledger says
     * `validator.down`.
     *
     * @throws SimulationException `simulation.invalid`; [LedgerException] `ledger.closed`.
     */
    public suspend fun crash(validator: Int): Unit = aside { raw.crash(count(validator)) }

    /**
     * Starts a validator that crashed.
     *
     * @throws SimulationException `simulation.invalid`; [StoreException] `store.*`; [LedgerException] `ledger.closed`.
     */
    public suspend fun restart(validator: Int): Unit = aside { raw.restart(count(validator)) }

    /**
     * Only validators of one group hear of each other; whoever is in none hears of nobody. [link] brings all together
     * again.
     *
     * @throws SimulationException `simulation.invalid`; [LedgerException] `ledger.closed`.
     */
    public suspend fun partition(vararg groups: List<Int>): Unit =
        aside { raw.partition(groups.map { group -> group.map(::count) }) }

    /**
     * Links all validators, in this way.
     *
     * @throws SimulationException `simulation.invalid`; [LedgerException] `ledger.closed`.
     */
    public suspend fun link(options: LinkOptions = LinkOptions()): Unit = aside { raw.link(options.raw()) }

    /**
     * Sets the clock of a validator by so much before those of the others, or behind them.
     *
     * @throws SimulationException `simulation.invalid`; [LedgerException] `ledger.closed`.
     */
    public suspend fun skew(validator: Int, by: Duration): Unit =
        aside { raw.skew(count(validator), by.inWholeMilliseconds) }

    /**
     * Has a validator lie from now on; with [Lie.NONE] it tells the truth again. It starts anew, unless it is down.
     * Whoever reads or submits at one that serves wrong bytes or proofs is told of it, by the code `validator.lied`.
     *
     * @throws SimulationException `simulation.invalid`; [StoreException] `store.*`; [LedgerException] `ledger.closed`.
     */
    public suspend fun lie(validator: Int, how: Lie): Unit = aside { raw.lie(count(validator), how.code) }

    /**
     * Lets virtual time go by.
     *
     * @throws LedgerException `ledger.closed`.
     */
    public suspend fun runFor(time: Duration): Unit = aside { raw.runFor(whole(time.inWholeMilliseconds)) }

    /**
     * A fingerprint of everything that has happened: the same calls on the same seed give the same. The same calls have
     * the same idempotency keys: give [Session.submit] a `key`.
     *
     * @throws LedgerException `ledger.closed`.
     */
    public suspend fun fingerprint(): String = aside { raw.fingerprint() }
}

/** How a validator lies. */
public enum class Lie(
    internal val code: String,
) {
    /** Bytes of what it sends are not those that it should send: to other validators, and to whoever reads there. */
    WRONG_BYTES("wrong_bytes"),

    /** It proposes blocks and serves proofs that say what is not so. */
    WRONG_PROOF("wrong_proof"),

    /** It signs two blocks where there is to be one, and shows each half of the others another history. */
    EQUIVOCATION("equivocation"),

    /** It tells the truth. */
    NONE("none"),
}

/** How messages travel between validators; what is absent is as the core chooses. */
public data class LinkOptions(
    /** How long a message takes. */
    val latency: Duration? = null,
    /** By how much that varies. */
    val jitter: Duration? = null,
    /** Of a thousand messages so many are lost. */
    val lostPerMille: Int? = null,
) {
    internal fun raw(): RawLinkOptions =
        RawLinkOptions(
            latencyMs = latency?.let { whole(it.inWholeMilliseconds) },
            jitterMs = jitter?.let { whole(it.inWholeMilliseconds) },
            lostPerMille = lostPerMille?.let(::count),
        )
}
