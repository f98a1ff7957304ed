import Foundation
import XCTest

@testable import Allonge

/// Lists by party, status and date, as of now and of any height; and records and absences proven.
final class QueriesTests: XCTestCase {
    private let credit = "SYNBCNBJXXX/BJ26LC000127"

    func testCreditsAreFoundByPartyStatusAndDateAsOfEveryHeight() async throws {
        try await withCredit { ledger in
            let kept = try await ledger.credit(self.credit)
            let advised = try await ledger.credits(party: "SYNADEFFXXX", status: .advised)
            XCTAssertEqual(advised.items, [try XCTUnwrap(kept)])
            XCTAssertNil(advised.cursor)
            let early = try await ledger.credits(expiresUntil: "2026-03-03").items
            XCTAssertEqual(early, [])
            let owed = try await ledger.claims(holder: "SYNADEFFXXX", status: .outstanding).items
            XCTAssertEqual(owed, [])

            let height = try await ledger.status().height
            let issued = try await ledger.credit(self.credit, height: height - 1)
            let then = try await ledger.credits(status: .issued, height: height - 1)
            XCTAssertEqual(then.items, [try XCTUnwrap(issued)])
            XCTAssertEqual(then.height, height - 1)
            let before = try await ledger.credit(self.credit, height: 0)
            XCTAssertNil(before)

            let submitted = try await ledger.transactions(party: "SYNBCNBJXXX").items
            XCTAssertEqual(submitted.map(\.author), ["SYNBCNBJXXX"])
        }
    }

    func testAListGoesOnAsItBegan() async throws {
        try await withCredit { ledger in
            let all = try await ledger.parties().items
            let first = try await ledger.parties(limit: 1)
            _ = try await ledger.admit("a-newcomer", name: "A newcomer")
            let rest = try await ledger.parties(cursor: first.cursor)
            XCTAssertEqual(first.items + rest.items, all)
            let now = try await ledger.parties().items
            XCTAssertEqual(now.count, all.count + 1)
            do {
                _ = try await ledger.credits(cursor: first.cursor)
                XCTFail("a cursor is good for its own list alone")
            } catch let error as AllongeError {
                XCTAssertEqual(error.code, "query.cursor_invalid")
            }
        }
    }

    func testARecordIsProvenAndSoIsItsAbsence() async throws {
        try await withCredit { ledger in
            let file = try await ledger.prove(.credit, self.credit)
            let proven = try verifyRecord(file, trust: ledger.trust, kind: .credit, id: self.credit)
            let kept = try await ledger.credit(self.credit)
            XCTAssertEqual(proven.record, kept)
            let none = try await ledger.prove(.claim, self.credit + "/1")
            XCTAssertNil(try verifyRecord(none, trust: ledger.trust, kind: .claim, id: self.credit + "/1").record)
            XCTAssertThrowsError(
                try verifyRecord(none, trust: ledger.trust, kind: .claim, id: self.credit + "/2")
            ) { error in
                XCTAssertEqual((error as? AllongeError)?.code, "receipt.invalid")
            }
        }
    }

    func testARecordIsReadAndListedByItsKind() async throws {
        try await withCredit { ledger in
            let found = try await ledger.record(.credit, self.credit)
            let kept = try await ledger.credit(self.credit)
            XCTAssertEqual(try XCTUnwrap(found), try XCTUnwrap(kept))
            let listed = try await ledger.records(.credit, party: "SYNADEFFXXX", status: "advised").items
            XCTAssertEqual(listed.map(\.id), [self.credit])
            let under = try await ledger.records(
                .presentation, of: RecordReference(kind: "credit", id: self.credit))
            XCTAssertEqual(under.items.count, 0)
            let trade = try await ledger.record(.trade, "SYNADEFFXXX/T-1")
            XCTAssertNil(trade)
        }
    }

    func testARefusalIsExplainedInTwoLanguagesAndWhatIsTriedLaterIsNotRecorded() async throws {
        try await withCredit { ledger in
            let steps = try await ledger.nextSteps(.credit, self.credit, party: "SYNADEFFXXX")
            XCTAssertFalse(steps.map(\.operation).contains("advise_credit"))

            let advising = try await ledger.session("SYNADEFFXXX")
            let advise = Operation.trade(.adviseCredit(credit: self.credit, authenticity: .verified))
            let before = try await ledger.status().height
            let time = try await ledger.status().time
            let preview = try await advising.whatIf(advise, at: time)
            XCTAssertFalse(preview.committed)
            let after = try await ledger.status().height
            XCTAssertEqual(after, before)

            guard case let .rejected(refused) = try await advising.submit(advise) else {
                return XCTFail("a credit is advised once")
            }
            let explanation = try await ledger.explain(refused.transaction)
            let broken = try XCTUnwrap(explanation.findings.last)
            XCTAssertFalse(broken.satisfied)
            XCTAssertEqual(broken.code, refused.error.code)
            XCTAssertNotNil(broken.says)
            XCTAssertNotNil(broken.saysZh)
        }
    }

    private func withCredit(_ tell: (Ledger) async throws -> Void) async throws {
        try await withLedger { ledger in
            let issuing = try await ledger.admit("SYNBCNBJXXX", name: "Synthetic Bank of China")
            let advising = try await ledger.admit("SYNADEFFXXX", name: "Synthetische Bank AG")
            let mapped = try Fin.letterOfCredit(try Fin.parse(try Data(contentsOf: Repository.fin("mt700_usance.fin"))))
            let issue = TradeOperation.issueCredit(number: mapped.number, terms: mapped.terms)
            _ = try await issuing.submit(.trade(issue)).committed()
            let advise = TradeOperation.adviseCredit(credit: self.credit, authenticity: .verified)
            _ = try await advising.submit(.trade(advise)).committed()
            try await tell(ledger)
        }
    }
}
