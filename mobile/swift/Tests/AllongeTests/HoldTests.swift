import Foundation
import XCTest

@testable import Allonge

final class HoldTests: XCTestCase {
    private let payer = "SYNBCNBJXXX/USD/settlement"
    private let payee = "SYNADEFFXXX/USD/settlement"
    private let issue = "operator/USD/issue"
    private let id = "SYNBCNBJXXX/GOODS-7"

    func testAHoldIsPostedInPartAndTheRestLetGo() async throws {
        try await withParties { ledger, issuing, advising in
            let placed = try await issuing.submit(.ledger(try self.holding("60.00"))).committed()
            guard case .ledger(.holdPlaced) = placed.events.first?.event else { return XCTFail("\(placed.events)") }
            let open = try await ledger.hold(self.id)
            XCTAssertEqual(open?.poster, "SYNADEFFXXX")
            XCTAssertEqual(open?.remaining, try Money("60.00", "USD"))
            XCTAssertEqual(open?.state, .open)
            let account = try await ledger.account(self.payer)
            XCTAssertEqual(account?.balance, try Money("100.00", "USD"))
            XCTAssertEqual(account?.held, try Money("60.00", "USD"))
            XCTAssertEqual(account?.side, .asset)

            _ = try await advising.submit(.ledger(.postHold(hold: self.id, amount: try Money("25.00", "USD")))).committed()
            _ = try await advising.submit(.ledger(.voidHold(hold: self.id))).committed()
            let voided = try await ledger.holds().items
            XCTAssertEqual(voided.count, 1)
            XCTAssertEqual(voided.first?.posted, try Money("25.00", "USD"))
            XCTAssertEqual(voided.first?.remaining, try Money("0.00", "USD"))
            XCTAssertEqual(voided.first?.state, .voided)
            let none = try await ledger.hold("SYNBCNBJXXX/GOODS-8")
            XCTAssertNil(none)
        }
    }

    func testAProposalThatIsSignedEnoughIsCarriedOutAtOnce() async throws {
        try await withParties { ledger, issuing, advising in
            let before = try await ledger.policy("SYNBCNBJXXX")
            XCTAssertNil(before)
            _ = try await issuing.submit(.ledger(.setPolicy(rules: []))).committed()
            let after = try await ledger.policy("SYNBCNBJXXX")
            XCTAssertEqual(after?.rules, [])
            let proposal = "SYNBCNBJXXX/P-1"
            _ = try await issuing.submit(.proposal(.propose(
                proposal: proposal, operations: [.ledger(try self.holding("60.00"))], expiresAt: "2026-03-04T00:00:00Z"))).committed()
            let kept = try await ledger.proposal(proposal)
            let all = try await ledger.proposals().items
            XCTAssertEqual(all, [try XCTUnwrap(kept)])
            let held = try await ledger.account(self.payer)?.held
            XCTAssertEqual(held, try Money("60.00", "USD"))
        }
    }

    private func holding(_ amount: String) throws -> LedgerOperation {
        .holdFunds(
            hold: id, from: payer, to: payee, amount: try Money(amount, "USD"), expiresAt: "2026-04-01T00:00:00Z",
            reference: "goods")
    }

    private func withParties(_ tell: (Ledger, Session, Session) async throws -> Void) async throws {
        try await withLedger { ledger in
            let bank = try await ledger.operator()
            let issuing = try await ledger.admit("SYNBCNBJXXX", name: "Synthetic Bank of China")
            let advising = try await ledger.admit("SYNADEFFXXX", name: "Synthetische Bank AG")
            _ = try await bank.submit(.ledger(.openAccount(account: self.issue))).committed()
            _ = try await issuing.submit(.ledger(.openAccount(account: self.payer))).committed()
            _ = try await advising.submit(.ledger(.openAccount(account: self.payee))).committed()
            let funding = LedgerOperation.transfer(
                from: self.issue, to: self.payer, amount: try Money("100.00", "USD"), reference: "funding")
            _ = try await bank.submit(.ledger(funding)).committed()
            try await tell(ledger, issuing, advising)
        }
    }
}
