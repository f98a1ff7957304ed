package allonge

import java.nio.file.Path
import java.time.Instant
import java.time.LocalDate
import kotlin.time.Duration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext
import allonge.raw.ConnectOptions as RawConnectOptions
import allonge.raw.Ledger as RawLedger
import allonge.raw.OpenOptions as RawOpenOptions
import allonge.raw.SimulateOptions as RawSimulateOptions

/**
 * An open ledger.
 *
 * ```
 * Ledger.open(Path("ledger")).use { ledger ->
 *     val bank = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
 *     val opened = bank.submit(OpenAccount("SYNBCNBJXXX/USD/settlement")).committed()
 *     opened.receipt.verify(ledger.trust)
 * }
 * ```
 *
 * Calls that touch the disk suspend, and run beside the caller's thread.
 */
public class Ledger internal constructor(private val raw: RawLedger) : AutoCloseable {
    /** The simulated network that this ledger lives on; null for one in a directory. */
    public val network: SimulatedNetwork? by lazy { calling { raw.network() }?.let(::SimulatedNetwork) }

    /** The genesis, to verify receipts against. */
    public val trust: Trust by lazy { Trust(calling { raw.trust() }) }

    /** Where the ledger stands. */
    public suspend fun status(): Status = json.decodeFromString(aside { raw.status() })

    /**
     * Who certifies the next block, and the roster that is to follow, if one is approved. The keys are on the ledger;
     * where the validators listen is not.
     */
    public suspend fun validators(): Validators = json.decodeFromString(aside { raw.validators() })

    /** The session of the party that holds the offices, with the key kept in this directory. */
    public suspend fun operator(): Session = Session(aside { raw.operator() })

    /**
     * The session of a party: with its own signer, or with the key kept in this directory. Several signers, at most
     * 16, sign together: each transaction carries the signatures of all.
     *
     * @throws SigningKeyException `key.file_missing`; [InputException] for too many signers.
     */
    public suspend fun session(party: PartyId, vararg signers: Signer): Session =
        Session(aside { if (signers.isEmpty()) raw.session(party) else raw.sessionOf(party, signers.map { it.raw }) })

    /** Admits a party with a fresh key kept in this directory, and opens its session. */
    public suspend fun admit(party: PartyId, name: String): Session = Session(aside { raw.admit(party, name) })

    /**
     * Moves a manual clock forward, in a block of its own.
     *
     * @throws ClockException `clock.not_manual`, `clock.backwards`.
     */
    public suspend fun advanceTo(time: Instant, deadline: Duration = defaultDeadline): Status =
        json.decodeFromString(within(deadline) { raw.advanceTo(time.toString()) })

    /**
     * Submits a transaction that was signed before, by [Session.prepare], and waits for the outcome. What was
     * submitted already is answered with its first outcome. Cancelling does not take the submission back.
     *
     * @throws DeadlineException when the deadline passed before it was handed over.
     */
    public suspend fun submit(signed: ByteArray, deadline: Duration = defaultDeadline): Outcome =
        submitted(deadline) { raw.start(signed) }

    /** Hands over a transaction that was signed before, without waiting. */
    public suspend fun start(signed: ByteArray): Submission = Submission(calling { raw.start(signed) })

    /** What was submitted from this directory and is not settled, also before a restart: the outbox. */
    public suspend fun pending(): List<Outcome.Unknown> =
        aside { raw.pending() }.map(::outcomeOf).filterIsInstance<Outcome.Unknown>()

    /**
     * What became of the transaction that used a party's idempotency key, for ever, whoever submitted it:
     * [Outcome.Unknown] while it is in the outbox, or in a block whose result is not certified yet. Null when the key
     * was not used: [proveAnswer] proves that.
     */
    public suspend fun outcome(party: PartyId, key: String): Outcome? =
        aside { raw.outcome(party, key) }?.let(::outcomeOf)

    /**
     * The receipt of a transaction.
     *
     * @throws TransactionException `transaction.unknown`.
     */
    public suspend fun receipt(transaction: Hash): Receipt = Receipt(aside { raw.receipt(transaction) })

    /** A letter of credit; with [height] as it stood after that block. */
    public suspend fun credit(id: CreditId, height: Long? = null): LetterOfCredit? = one("credit", id, height)

    /** A presentation under a letter of credit; with [height] as it stood after that block. */
    public suspend fun presentation(id: PresentationId, height: Long? = null): Presentation? = one("presentation", id, height)

    /** A claim; with [height] as it stood after that block. */
    public suspend fun claim(id: ClaimId, height: Long? = null): Claim? = one("claim", id, height)

    /** An account. */
    public suspend fun account(id: AccountId): Account? = one("account", id, null)

    /** A hold; with [height] as it stood after that block. */
    public suspend fun hold(id: HoldId, height: Long? = null): Hold? = one("hold", id, height)

    /** A party's policy, none if it never set one; with [height] as it stood after that block. */
    public suspend fun policy(party: PartyId, height: Long? = null): Policy? = one("policy", party, height)

    /** A proposal of a party; with [height] as it stood after that block. */
    public suspend fun proposal(id: ProposalId, height: Long? = null): Proposal? = one("proposal", id, height)

    /** That a transaction was reversed, and by which, none if it was not; with [height] as it stood after that block. */
    public suspend fun reversal(transaction: Hash, height: Long? = null): Reversal? =
        one("reversal", transaction, height)

    /** A party; with [height] as it stood after that block. */
    public suspend fun party(id: PartyId, height: Long? = null): Party? = one("party", id, height)

    /** A published calendar, its newest version; with [height] as it stood after that block. */
    public suspend fun calendar(id: CalendarId, height: Long? = null): Calendar? = one("calendar", id, height)

    /**
     * A record of a kind by its id; with [height] as it stood after that block. An account is not kept by height: its
     * balance is.
     *
     * @throws InputException `input.invalid`; [BlockException] `block.unknown`.
     */
    public suspend fun <T> record(kind: RecordKind<T>, id: String, height: Long? = null): T? =
        aside { raw.record(kind.name, id, height?.let(::whole)) }?.let { json.decodeFromString(kind.serializer, it) }

    /**
     * Records of a kind of trade: those that name a party in whatever part, of a status, that belong to another record:
     * the quotes for a claim, the presentations under a credit. In the first order of their kind: a credit by its expiry,
     * a claim by its due date, others by when they came into being.
     *
     * With [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most)
     * and the cursor of the next one.
     *
     * @throws InputException `input.invalid`; [QueryException] `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun <T> records(
        kind: RecordKind<T>,
        party: PartyId? = null,
        status: String? = null,
        of: Pair<RecordKind<*>, String>? = null,
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<T> {
        val belongsTo = of?.let { (kind, id) -> RecordReference(kind.name, id) }
        val query = RecordQuery(party, status, belongsTo, height, cursor, limit?.toLong())
        val page = aside { raw.records(kind.name, json.encodeToString(query)) }
        return json.decodeFromString(Page.serializer(kind.serializer), page)
    }

    /**
     * What a party may do next with an instrument, by when, and which article says so: nothing where it may do nothing, or
     * where there is no such record. It is a hint: what an operation carries can still be refused, and [Session.preview]
     * says by which rule.
     *
     * @throws InputException `input.invalid`.
     */
    public suspend fun nextSteps(kind: RecordKind<*>, id: String, party: PartyId): List<NextStep> =
        json.decodeFromString(aside { raw.nextSteps(kind.name, id, party) })

    /**
     * Why a transaction of one of the newest 128 blocks came out as it did: it is executed once more over the state that
     * it found, and every rule of trade that is asked is listed, with its article and what it asks in English and in
     * Chinese. After one that is violated none is asked. Nothing is recorded.
     *
     * @throws TransactionException `transaction.unknown`; [ProofException] `proof.too_old` for blocks before those, or
     *   before the ledger was opened; [BlockException] `block.pruned`.
     */
    public suspend fun explain(transaction: Hash): Explanation =
        json.decodeFromString(aside { raw.explain(transaction) })

    /**
     * What an account held: now, by what was recorded up to [height], or without what counts after [valueDate].
     *
     * @throws AccountException `account.unknown`; [BlockException] `block.unknown`.
     */
    public suspend fun balance(account: AccountId, height: Long? = null, valueDate: LocalDate? = null): Balance =
        json.decodeFromString(aside { raw.balance(account, height?.let(::whole), valueDate?.toString()) })

    /**
     * At most [limit] bookings of an account with numbers above [after], in their order.
     *
     * @throws AccountException `account.unknown`; [StatementException] `statement.invalid`.
     */
    public suspend fun entries(account: AccountId, after: Long = 0, limit: Int = PAGE): List<AccountEntry> =
        json.decodeFromString(aside { raw.entries(account, whole(after), limit.toUInt()) })

    /**
     * What was booked to an account in blocks of these dates, by UTC, both included.
     *
     * @throws AccountException `account.unknown`; [StatementException].
     */
    public suspend fun statement(account: AccountId, first: LocalDate, last: LocalDate): Statement =
        json.decodeFromString(aside { raw.statement(account, first.toString(), last.toString()) })

    /**
     * A statement as CSV (RFC 4180): the opening balance, a line for each booking, the closing balance. Amounts are
     * plain decimal numbers, times are UTC. It throws what [statement] throws.
     */
    public suspend fun statementCsv(account: AccountId, first: LocalDate, last: LocalDate): String =
        aside { raw.statementCsv(account, first.toString(), last.toString()) }

    /**
     * One file that proves what an account is now, or that it is not open, from nothing but the genesis:
     * [verifyAccount] checks it. With a [height], what it was then: at one of the newest 256 since the ledger was
     * opened.
     *
     * @throws BlockException `block.unknown` before the first block; [ProofException] `proof.too_old`.
     */
    public suspend fun proveAccount(account: AccountId, height: Long? = null): ByteArray =
        aside { raw.proveAccount(account, height?.let(::whole)) }

    /**
     * One file that proves which transaction used a party's idempotency key, or that none with this [validUntil] did:
     * [verifyAnswer] checks it. Whoever prepared a transaction reads its `valid_until` from its bytes; once block time
     * has passed it, a file that says so proves that the transaction never takes effect.
     *
     * @throws BlockException `block.unknown` before the first block.
     */
    public suspend fun proveAnswer(party: PartyId, key: String, validUntil: Instant): ByteArray =
        aside { raw.proveAnswer(party, key, validUntil.toString()) }

    /**
     * The newest block, to be kept.
     *
     * @throws BlockException `block.unknown` before the first.
     */
    public suspend fun checkpoint(): Checkpoint = json.decodeFromString(aside { raw.checkpoint() })

    /**
     * One file that proves that a newer block, by default the newest, continues the history of an older one:
     * [verifyHistory] checks it, with a [Checkpoint] that was kept. It takes time in proportion to the newer height;
     * the ledger goes on meanwhile.
     *
     * @throws BlockException `block.unknown`.
     */
    public suspend fun proveHistory(older: Long, newer: Long? = null): ByteArray =
        aside { raw.proveHistory(whole(older), newer?.let(::whole)) }

    /** The headers above a height with their certificates, for [LightClient.follow]: at most [limit], and 4,096. */
    public suspend fun headers(after: Long = 0, limit: Int? = null): ByteArray =
        aside { raw.headers(whole(after), limit?.let { whole(it.toLong()).toUInt() }) }

    /**
     * One file that proves what a record is after the newest block, or that there is none with this id, from nothing
     * but the genesis: [verifyRecord] checks it. Nothing proves that a list is complete.
     *
     * @throws BlockException `block.unknown` before the first block.
     */
    public suspend fun prove(kind: RecordKind<*>, id: String): ByteArray = aside { raw.prove(kind.name, id) }

    /**
     * Writes everything committed so far to a file that is not there yet. The ledger goes on meanwhile. The file has
     * no keys: they are kept in the ledger's directory alone. [replay] checks it, [restore] makes a ledger of it.
     *
     * @throws StoreException `store.exists`, `store.io`.
     */
    public suspend fun backup(path: Path): BackupRecord = json.decodeFromString(aside { raw.backup(path.toString()) })

    /**
     * Letters of credit: those whose terms identify a party, of a status, that expire on some dates or were issued at some times. By the date of expiry, or by the time of issue if only that is asked for.
     *
     * Dates and times include both ends; with [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun credits(
        party: PartyId? = null,
        status: CreditStatus? = null,
        expiresFrom: LocalDate? = null,
        expiresUntil: LocalDate? = null,
        issuedFrom: Instant? = null,
        issuedUntil: Instant? = null,
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<LetterOfCredit> {
        val query = CreditQuery(party, status, expiresFrom, expiresUntil, issuedFrom, issuedUntil, height, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.credits(json.encodeToString(query)) })
    }

    /**
     * Presentations: those under a letter of credit, of a presenter or issuing bank, of a status, presented at some times, or to be examined by some dates. By the time of presentation, or by the deadline if only that is asked for.
     *
     * Dates and times include both ends; with [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun presentations(
        credit: CreditId? = null,
        party: PartyId? = null,
        status: PresentationStatus? = null,
        presentedFrom: Instant? = null,
        presentedUntil: Instant? = null,
        deadlineFrom: LocalDate? = null,
        deadlineUntil: LocalDate? = null,
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<Presentation> {
        val query = PresentationQuery(credit, party, status, presentedFrom, presentedUntil, deadlineFrom, deadlineUntil, height, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.presentations(json.encodeToString(query)) })
    }

    /**
     * Claims: those that a party owes or is owed, of a status, due on some dates or created at some times. By due date, or by the time of creation if only that is asked for.
     *
     * Dates and times include both ends; with [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun claims(
        party: PartyId? = null,
        obligor: PartyId? = null,
        holder: PartyId? = null,
        status: ClaimStatus? = null,
        dueFrom: LocalDate? = null,
        dueUntil: LocalDate? = null,
        createdFrom: Instant? = null,
        createdUntil: Instant? = null,
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<Claim> {
        val query = ClaimQuery(party, obligor, holder, status, dueFrom, dueUntil, createdFrom, createdUntil, height, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.claims(json.encodeToString(query)) })
    }

    /**
     * Holds: those that concern a party, of a state, or that expire at some times. By expiry.
     *
     * Dates and times include both ends; with [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun holds(
        party: PartyId? = null,
        status: HoldState? = null,
        expiresFrom: Instant? = null,
        expiresUntil: Instant? = null,
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<Hold> {
        val query = HoldQuery(party, status, expiresFrom, expiresUntil, height, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.holds(json.encodeToString(query)) })
    }

    /**
     * Proposals: those of a party, of a status, that expire or were proposed at some times. By expiry, or by the time of proposal if only that is asked for.
     *
     * Dates and times include both ends; with [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun proposals(
        party: PartyId? = null,
        status: ProposalStatus? = null,
        expiresFrom: Instant? = null,
        expiresUntil: Instant? = null,
        proposedFrom: Instant? = null,
        proposedUntil: Instant? = null,
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<Proposal> {
        val query = ProposalQuery(party, status, expiresFrom, expiresUntil, proposedFrom, proposedUntil, height, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.proposals(json.encodeToString(query)) })
    }

    /**
     * Accounts: those of a party. By id, each page as of now: accounts are never closed, so that none is skipped or repeated.
     *
     * A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`.
     */
    public suspend fun accounts(
        party: PartyId? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<Account> {
        val query = AccountQuery(party, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.accounts(json.encodeToString(query)) })
    }

    /**
     * Parties: all of them. By id.
     *
     * Dates and times include both ends; with [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun parties(
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<Party> {
        val query = PartyQuery(height, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.parties(json.encodeToString(query)) })
    }

    /**
     * Transactions: those that a party submitted, or in blocks of some times; refused ones too. In the order of the ledger.
     *
     * Dates and times include both ends; with [height] they are as they stood after that block. A page has at most [limit] (100 unless said, 1,000 at most) and the cursor of the next one.
     *
     * @throws QueryException `query.*`; [BlockException] `block.unknown`.
     */
    public suspend fun transactions(
        party: PartyId? = null,
        timeFrom: Instant? = null,
        timeUntil: Instant? = null,
        height: Long? = null,
        cursor: String? = null,
        limit: Int? = null,
    ): Page<TransactionEntry> {
        val query = TransactionQuery(party, timeFrom, timeUntil, height, cursor, limit?.toLong())
        return json.decodeFromString(aside { raw.transactions(json.encodeToString(query)) })
    }

    /**
     * The log from behind a cursor on, and then what comes; it ends when the ledger is closed. Each entry
     * carries its cursor: keep the last, and a new flow continues behind it.
     *
     * Where this copy does not keep what comes next, it ends with `stream.pruned`: its details have the `height` whose
     * state has all of that, and the `cursor` after which to subscribe again.
     */
    public fun subscribe(after: String? = null): Flow<LogEntry> = flow {
        aside { raw.subscribe(after) }.use { subscription ->
            while (true) {
                val text = calling { subscription.nextBatch(BATCH) }
                val entries = json.decodeFromString<List<LogEntry>>(text)
                if (entries.isEmpty()) return@use
                entries.forEach { emit(it) }
            }
        }
    }

    /** Finishes what was submitted and releases the directory. Every later call says `ledger.closed`. */
    override fun close(): Unit = calling { raw.shutdown() }

    private suspend inline fun <reified T> one(kind: String, id: String, height: Long?): T? =
        aside { raw.record(kind, id, height?.let(::whole)) }?.let { json.decodeFromString(it) }

    public companion object {
        /** A page of bookings has at most this many records. */
        private const val PAGE = 1_000

        /** Entries cross in batches of at most this many. */
        private const val BATCH = 256u

        /**
         * Opens the ledger in a directory; where there is none, creates one with fresh keys.
         *
         * @throws StoreException `store.*`.
         */
        public suspend fun open(directory: Path, options: OpenOptions = OpenOptions()): Ledger =
            Ledger(aside { RawLedger.open(directory.toString(), options.raw()) })

        /**
         * Opens a ledger on a network of validators: by the addresses of some of them, the genesis that everything is
         * checked against, and a directory for the copy, the outbox and the keys.
         *
         * Blocks are followed with their certificates and executed here. What was submitted is kept until a certified
         * block says what became of it, also over a restart.
         *
         * @throws NetworkException `network.unreachable`, `network.wrong`, `network.insecure`; [HistoryException]
         * `history.forked`; [ReceiptException] `receipt.wrong_network`; [StoreException] `store.*`.
         */
        public suspend fun connect(
            urls: List<String>,
            trust: Trust,
            directory: Path,
            options: ConnectOptions = ConnectOptions(),
        ): Ledger = Ledger(aside { RawLedger.connect(urls, trust.raw, directory.toString(), options.raw()) })

        /**
         * A network of banks in the process, for tests: real consensus on virtual time, from a seed. The ledger is at
         * the first validator. Virtual time stands still while nothing is asked for, and nothing is kept.
         *
         * @throws SimulationException `simulation.invalid`; [GenesisException] `genesis.invalid`;
         * [UnsupportedHereException] `unsupported_here` where the engine is not built in, as on phones.
         */
        public suspend fun simulate(options: SimulateOptions = SimulateOptions()): Ledger =
            Ledger(aside { RawLedger.simulate(options.raw()) })
    }
}

/** How a new ledger is to be; what is absent is as the core chooses. An existing one is as its genesis says. */
public data class OpenOptions(
    /** What people call the network. */
    val name: String? = null,
    /** Where block time comes from. */
    val clock: Clock? = null,
    /** The time before the first block. */
    val start: Instant? = null,
    /** The party that holds every office. */
    val operator: PartyId? = null,
    /** The currencies in which the operator issues money. */
    val currencies: List<Currency>? = null,
    /** The calendars published from the start. */
    val calendars: List<Calendar>? = null,
) {
    internal fun raw(): RawOpenOptions =
        RawOpenOptions(
            name = name,
            clock = clock?.name?.lowercase(),
            start = start?.toString(),
            operator = operator,
            currencies = currencies,
            calendarsJson = calendars?.let { json.encodeToString(it) },
        )
}

/**
 * How the validators of a network are known, and this client to them. An address with `https` needs [roots]; with `http`
 * only validators of this machine are asked.
 */
public data class ConnectOptions(
    /** A file in PEM: the roots that the validators' certificates chain to. */
    val roots: Path? = null,
    /** A file in PEM: this client's certificate, where validators ask for one. */
    val certificate: Path? = null,
    /** A file in PEM: the certificate's private key. */
    val key: Path? = null,
    /**
     * A block that was kept: a history without it is none, whoever certified that. The ledger is there once the copy has
     * it.
     */
    val checkpoint: Checkpoint? = null,
) {
    internal fun raw(): RawConnectOptions = RawConnectOptions(
        roots?.toString(),
        certificate?.toString(),
        key?.toString(),
        checkpoint?.let { json.encodeToString(it) },
    )
}

/** How a simulated network is to be; what is absent is as the core chooses. Its clock is manual. */
public data class SimulateOptions(
    /** The banks that are admitted from the start; their keys, and the operator's, follow from the seed. */
    val banks: List<PartyId>? = null,
    /** How many validators order and execute, 1 to 20. */
    val validators: Int? = null,
    /** Decides over everything that is chance; not below zero. */
    val seed: Long? = null,
    /** What people call the network. */
    val name: String? = null,
    /** The time before the first block. */
    val start: Instant? = null,
    /** The party that holds every office. */
    val operator: PartyId? = null,
    /** The currencies in which the operator issues money. */
    val currencies: List<Currency>? = null,
    /** The calendars published from the start. */
    val calendars: List<Calendar>? = null,
) {
    internal fun raw(): RawSimulateOptions =
        RawSimulateOptions(
            banks = banks,
            validators = validators?.let(::count),
            seed = seed?.let(::whole),
            ledger = OpenOptions(name, null, start, operator, currencies, calendars).raw(),
        )
}

/** A height, a time or the number of a booking, which is never below zero. */
internal fun whole(number: Long): ULong {
    require(number >= 0) { "$number is below zero" }
    return number.toULong()
}

/** A number of which there are few, and never below zero. */
internal fun count(number: Int): UInt = whole(number.toLong()).toUInt()

/** Calls the raw layer on a thread that may wait for the disk. */
internal suspend fun <T> aside(call: suspend () -> T): T = withContext(Dispatchers.IO) { calling { call() } }
