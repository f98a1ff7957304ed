package allonge

import allonge.raw.Failure
import allonge.raw.InternalException as Panic

/**
 * An error of the toolkit: each family of codes has its own class.
 *
 * The code is stable; the message is for people.
 */
public open class AllongeException internal constructor(
    /** All that the toolkit says about it. */
    public val record: ErrorRecord,
) : RuntimeException(record.message) {
    /** Stable and dotted: `letter_of_credit.presentation_late`. */
    public val code: String get() = record.code

    /** Whether the same call can succeed later without a change by the caller. */
    public val retryable: Boolean get() = record.retryable

    /** What to do. */
    public val remedy: String get() = record.remedy

    /** The rule that says so: `UCP 600`. */
    public val rule: String? get() = record.rule

    /** The article of that rule: `14(b)`. */
    public val article: String? get() = record.article

    /** Which operation of the transaction it was, from 0. */
    public val operation: Int? get() = record.operation

    /** The particulars of this case, by name. */
    public val details: Map<String, String> get() = record.details.associate { it.name to it.value }

    /** Everything wrong with a FIN message. */
    public val faults: List<FinFault> get() = record.faults

    /** Every reason why a message does not become terms. */
    public val problems: List<MappingProblem> get() = record.problems

    override fun toString(): String = "${javaClass.name}: $message [$code]"
}

/** Calls the raw layer: what fails there becomes an exception of this package. */
internal inline fun <T> calling(call: () -> T): T =
    try {
        call()
    } catch (failure: Failure) {
        throw exceptionOf(failure)
    } catch (panic: Panic) {
        throw defect(panic)
    }

internal fun exceptionOf(failure: Failure): AllongeException {
    val refused = failure as Failure.Refused
    return exceptionOf(json.decodeFromString<ErrorRecord>(refused.reason))
}

/** A panic of the core is a defect of this software, and no end of the process. */
internal fun defect(panic: Exception): AllongeException =
    Errors.get("internal.error").exception("reason" to (panic.message ?: "unknown")).apply { initCause(panic) }
