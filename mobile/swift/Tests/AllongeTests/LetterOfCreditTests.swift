import Foundation
import XCTest

@testable import Allonge

/// One letter of credit, from a SWIFT MT700 to its payment.
final class LetterOfCreditTests: XCTestCase {
    private let credit = "SYNBCNBJXXX/BJ26LC000127"
    private let presentation = "SYNBCNBJXXX/BJ26LC000127/1"
    private let issuingAccount = "SYNBCNBJXXX/USD/settlement"
    private let presentingAccount = "SYNADEFFXXX/USD/settlement"

    func testACreditFromAnMT700IsPresentedAcceptedPaidAndClosedAndEveryStepHasItsReceipt() async throws {
        try await withLedger { ledger in
            let issuing = try await ledger.admit("SYNBCNBJXXX", name: "Synthetic Bank of China")
            let advising = try await ledger.admit("SYNADEFFXXX", name: "Synthetische Bank AG")
            let bank = try await ledger.operator()
            _ = try await bank.submit(.ledger(.openAccount(account: "operator/USD/issue"))).committed()
            _ = try await issuing.submit(.ledger(.openAccount(account: self.issuingAccount))).committed()
            _ = try await advising.submit(.ledger(.openAccount(account: self.presentingAccount))).committed()
            let funding = LedgerOperation.transfer(
                from: "operator/USD/issue", to: self.issuingAccount, amount: try Money("2000000.00", "USD"),
                reference: "funding")
            _ = try await bank.submit(.ledger(funding)).committed()

            let mapped = try Fin.letterOfCredit(try Fin.parse(try Data(contentsOf: Repository.fin("mt700_usance.fin"))))
            var steps = [Outcome.Committed]()
            func done(_ session: Session, _ operation: TradeOperation) async throws {
                steps.append(try await session.submit(.trade(operation)).committed())
            }
            try await done(issuing, .issueCredit(number: mapped.number, terms: mapped.terms))
            try await done(advising, .adviseCredit(credit: self.credit, authenticity: .verified))
            try await ledger.advance(to: "2026-04-24T06:00:00Z")
            let over = try await advising.submit(.trade(try self.presenting("1312500.01")))
            XCTAssertThrowsError(try over.committed()) { error in
                XCTAssertEqual((error as? AllongeError)?.code, "letter_of_credit.overdrawn")
                XCTAssertEqual((error as? AllongeError)?.article, "18(b), 30")
            }
            try await done(advising, try self.presenting("1250000.00"))
            try await ledger.advance(to: "2026-04-30T08:00:00Z")
            try await done(issuing, .acceptPresentation(presentation: self.presentation))
            try await ledger.advance(to: "2026-07-20T01:30:00Z")
            let owed = try Money("1250000.00", "USD")
            try await done(
                issuing,
                .payClaim(
                    claim: self.presentation, from: self.issuingAccount, to: self.presentingAccount, amount: owed))
            try await done(issuing, .closeCredit(credit: self.credit))

            for step in steps {
                let proved = try step.receipt.verify(ledger.trust)
                XCTAssertEqual(proved.transaction, step.transaction)
                XCTAssertEqual(proved.events, step.events)
                let kept = try await ledger.receipt(step.transaction)
                XCTAssertEqual(kept, step.receipt)
            }
            let balance = try await ledger.account(self.presentingAccount)?.balance
            XCTAssertEqual(balance, owed)
            var entries = [LogEntry]()
            for try await entry in try await ledger.subscribe() {
                entries.append(entry)
                if entries.count == 6 { break }
            }
            XCTAssertEqual(entries.first?.author, "operator")
        }
    }

    private func presenting(_ amount: String) throws -> TradeOperation {
        .presentDocuments(
            credit: credit, amount: try Money(amount, "USD"), account: presentingAccount,
            coveringReference: "COVER-0042", shipment: Shipment(date: "2026-04-20", evidence: .onBoardNotation),
            documents: [
                Document(
                    title: "COMMERCIAL INVOICE",
                    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", length: 3,
                    mediaType: "application/pdf", originals: 3, copies: 3)
            ])
    }
}

func withLedger(_ body: (Ledger) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: directory) }
    let options = OpenOptions(clock: .manual, start: "2026-03-02T01:00:00Z")
    let ledger = try await Ledger.open(directory.path, options: options)
    defer { ledger.close() }
    try await body(ledger)
}
