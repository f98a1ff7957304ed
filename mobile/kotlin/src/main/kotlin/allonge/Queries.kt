package allonge

import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable

/** A part of a list. All pages of a list are as of the same height, whatever comes in meanwhile. */
@Serializable
public data class Page<T>(
    /** The items. There can be fewer than asked for, or none, before the end. */
    val items: List<T>,
    /** Pass it, with the same filters, for the next page; null at the end of the list. */
    val cursor: String? = null,
    /** As of which height. */
    val height: Long,
)

/** A kind of record. */
public class RecordKind<T> private constructor(internal val name: String, internal val serializer: KSerializer<T>) {
    public companion object {
        /** Letters of credit. */
        public val CREDIT: RecordKind<LetterOfCredit> = RecordKind("credit", LetterOfCredit.serializer())

        /** Presentations. */
        public val PRESENTATION: RecordKind<Presentation> = RecordKind("presentation", Presentation.serializer())

        /** Claims. */
        public val CLAIM: RecordKind<Claim> = RecordKind("claim", Claim.serializer())

        /** Accounts. */
        public val ACCOUNT: RecordKind<Account> = RecordKind("account", Account.serializer())

        /** Holds. */
        public val HOLD: RecordKind<Hold> = RecordKind("hold", Hold.serializer())

        /** Policies, by party. */
        public val POLICY: RecordKind<Policy> = RecordKind("policy", Policy.serializer())

        /** Proposals. */
        public val PROPOSAL: RecordKind<Proposal> = RecordKind("proposal", Proposal.serializer())

        /** Reversals, by the transaction reversed. */
        public val REVERSAL: RecordKind<Reversal> = RecordKind("reversal", Reversal.serializer())

        /** Parties. */
        public val PARTY: RecordKind<Party> = RecordKind("party", Party.serializer())

        /** Calendars. */
        public val CALENDAR: RecordKind<Calendar> = RecordKind("calendar", Calendar.serializer())
    }
}

/** What a file of [Ledger.prove] proves. */
@Serializable
public data class ProvenRecord<T>(
    /** The record as it was; null when there was none with this id. */
    val record: T? = null,
    /** After the block of this height. */
    val height: Long,
    /** The time of that block. */
    val time: Timestamp,
)

/**
 * Proves what a record was, or that there was none with this id, from a file of [Ledger.prove] and the genesis.
 *
 * @throws ReceiptException `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
public fun <T> verifyRecord(bytes: ByteArray, trust: Trust, kind: RecordKind<T>, id: String): ProvenRecord<T> {
    val proven = calling { allonge.raw.verifyRecord(bytes, trust.raw, kind.name, id) }
    return json.decodeFromString(ProvenRecord.serializer(kind.serializer), proven)
}
