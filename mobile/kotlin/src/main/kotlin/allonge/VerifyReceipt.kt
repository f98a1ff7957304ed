package allonge

import java.nio.file.NoSuchFileException
import kotlin.io.path.Path
import kotlin.system.exitProcess

/** `VerifyReceipt RECEIPT GENESIS`: says in one line what a receipt proves; exits with 1 when it proves nothing. */
public object VerifyReceipt {
    @JvmStatic
    public fun main(arguments: Array<String>) {
        if (arguments.size != 2) fail(2, "usage: VerifyReceipt RECEIPT GENESIS")
        val (receipt, genesis) = arguments
        try {
            println(line(Receipt.load(Path(receipt)).verify(Trust.load(Path(genesis)))))
        } catch (error: AllongeException) {
            fail(1, "${error.code}: ${error.message}")
        } catch (error: NoSuchFileException) {
            fail(2, "no such file: ${error.message}")
        }
    }

    private fun line(proved: VerifiedReceipt): String {
        val result = proved.error?.code ?: proved.events.joinToString { typeOf(it.event) }
        return "valid: ${proved.author} at height ${proved.height}: $result"
    }

    private fun fail(code: Int, reason: String): Nothing {
        System.err.println(reason)
        exitProcess(code)
    }
}
