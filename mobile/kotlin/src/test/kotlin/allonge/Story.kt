package allonge

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import java.time.LocalDate
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.deleteRecursively
import kotlin.io.path.div
import kotlin.io.path.readBytes
import kotlinx.coroutines.runBlocking

const val CREDIT = "SYNBCNBJXXX/BJ26LC000127"
const val PRESENTATION = "$CREDIT/1"
const val ISSUING_ACCOUNT = "SYNBCNBJXXX/USD/settlement"
const val PRESENTING_ACCOUNT = "SYNADEFFXXX/USD/settlement"

/** Two banks on a fresh ledger whose clock the test moves. */
class Story(val directory: Path, val ledger: Ledger, val issuing: Session, val advising: Session) {
    suspend fun fund() {
        val operator = ledger.operator()
        operator.submit(OpenAccount("operator/USD/issue")).committed()
        issuing.submit(OpenAccount(ISSUING_ACCOUNT)).committed()
        advising.submit(OpenAccount(PRESENTING_ACCOUNT)).committed()
        val funding = Transfer("operator/USD/issue", ISSUING_ACCOUNT, usd("2000000.00"), reference = "funding")
        operator.submit(funding).committed()
    }

    suspend fun issueAndAdvise(): List<Outcome.Committed> {
        val message = Fin.parse(Repository.fin("mt700_usance.fin").readBytes())
        val mapped = Fin.letterOfCredit(message)
        return listOf(
            issuing.submit(IssueCredit(mapped.number, mapped.terms)).committed(),
            advising.submit(AdviseCredit(CREDIT, Authenticity.VERIFIED)).committed(),
        )
    }

    suspend fun at(time: String): Status = ledger.advanceTo(Instant.parse(time))

    suspend fun present(amount: String = "1250000.00"): Outcome = advising.submit(presentation(amount))

    suspend fun presentation(amount: String): PresentDocuments {
        val invoice = documentDigest(Repository.documents / "commercial_invoice.txt")
        return PresentDocuments(
            credit = CREDIT,
            amount = usd(amount),
            account = PRESENTING_ACCOUNT,
            coveringReference = "COVER-0042",
            shipment = Shipment(LocalDate.of(2026, 4, 20), ShipmentEvidence.ON_BOARD_NOTATION),
            documents = listOf(
                Document("COMMERCIAL INVOICE", invoice.sha256, invoice.length, "text/plain", originals = 3, copies = 3),
            ),
        )
    }

    fun pay(to: AccountId = PRESENTING_ACCOUNT) = PayClaim(PRESENTATION, ISSUING_ACCOUNT, to, usd("1250000.00"))
}

fun usd(amount: String) = Money(amount, "USD")

/** On a simulated network of four validators. */
fun simulatedStory(tell: suspend Story.() -> Unit) = story(
    { Ledger.simulate(SimulateOptions(start = START)) },
    tell,
)

/** In a directory. */
fun story(tell: suspend Story.() -> Unit) = story(
    { Ledger.open(it / "ledger", OpenOptions(clock = Clock.MANUAL, start = START)) },
    tell,
)

private val START = Instant.parse("2026-03-02T01:00:00Z")

@OptIn(ExperimentalPathApi::class)
private fun story(open: suspend (Path) -> Ledger, tell: suspend Story.() -> Unit) {
    val directory = Files.createTempDirectory("allonge")
    try {
        runBlocking {
            open(directory).use { ledger ->
                val issuing = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
                val advising = ledger.admit("SYNADEFFXXX", "Synthetische Bank AG")
                Story(directory, ledger, issuing, advising).tell()
            }
        }
    } finally {
        directory.deleteRecursively()
    }
}

/** The refusal's code, and the article behind it. */
fun Outcome.refusal(): String = (this as Outcome.Rejected).error.run { "$code${article?.let { " $it" }.orEmpty()}" }
