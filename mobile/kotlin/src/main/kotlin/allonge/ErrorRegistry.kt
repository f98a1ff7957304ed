package allonge

import kotlinx.serialization.Serializable

/** The registry of all errors, as the core has it. */
public object Errors {
    /** Every error, by code. */
    public val all: List<ErrorEntry> by lazy { json.decodeFromString<List<ErrorEntry>>(allonge.raw.errors()) }

    private val byCode: Map<String, ErrorEntry> by lazy { all.associateBy { it.code } }

    /** The error of a code. */
    public fun find(code: String): ErrorEntry? = byCode[code]

    internal fun get(code: String): ErrorEntry = byCode.getValue(code)
}

/** One kind of error. */
@Serializable
public data class ErrorEntry(
    /** Stable and dotted: `letter_of_credit.presentation_late`. */
    val code: String,
    /** When it happens: `input`, `admission`, `execution`, `proof`, `storage` or `process`. */
    val phase: String,
    /** Whether the same call can succeed later without a change by the caller. */
    val retryable: Boolean,
    /** Who must act. */
    val actor: String,
    /** What went wrong, with `{name}` where a detail of that name goes. */
    val message: String,
    /** What to do. */
    val remedy: String,
    /** The rule that says so. */
    val rule: String? = null,
    /** The article of that rule. */
    val article: String? = null,
    /** What that rule asks; nothing where the error is no rule. */
    val says: Says? = null,
) {
    /** The exception of this kind, for what happens on this side of the border. */
    internal fun exception(vararg details: Pair<String, String>): AllongeException =
        exceptionOf(
            ErrorRecord(
                code = code,
                message = details.fold(message) { text, (name, value) -> text.replace("{$name}", value) },
                remedy = remedy,
                phase = phase,
                retryable = retryable,
                actor = actor,
                rule = rule,
                article = article,
                details = details.map { (name, value) -> Detail(name, value) },
                faults = emptyList(),
                problems = emptyList(),
            ),
        )
}

/** What a rule asks, in one sentence. */
@Serializable
public data class Says(
    /** In English. */
    val en: String,
    /** In Chinese. */
    val zh: String,
)
