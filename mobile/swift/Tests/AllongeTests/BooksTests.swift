import Foundation
import XCTest

@testable import Allonge

/// What an account held and what moved, before and after: previews, statements, proofs, backups and replays.
final class BooksTests: XCTestCase {
    private let bank = "SYNBCNBJXXX/USD/settlement"
    private let issue = "operator/USD/issue"
    private let key = String(repeating: "7", count: 32)

    func testAStatementOpensMovesAndCloses() async throws {
        try await withBooks { ledger, _ in
            let statement = try await ledger.statement(self.bank, first: "2026-03-02", last: "2026-03-04")
            XCTAssertEqual(statement.opening, try Money("0.00", "USD"))
            XCTAssertEqual(statement.closing, try Money("75.00", "USD"))
            XCTAssertEqual(
                statement.entries.map(\.amount), [try Money("100.00", "USD"), try Money("-25.00", "USD")])
            let second = try await ledger.entries(self.bank, after: 1, limit: 1)
            XCTAssertEqual(second, [statement.entries[1]])
            let csv = try await ledger.statementCsv(self.bank, first: "2026-03-02", last: "2026-03-04")
            XCTAssertTrue(csv.hasSuffix("\r\nclosing,,2026-03-04,,,,,,75.00,USD,\r\n"), csv)
        }
    }

    func testAReversalNamesWhatItReverses() async throws {
        try await withBooks { ledger, _ in
            let back = try await ledger.entries(self.bank, after: 1)[0]
            let storno = LedgerOperation.reverseTransaction(
                transaction: back.transaction, amounts: [try Money("25.00", "USD")], reason: "not owed")
            let committed = try await ledger.operator().submit(.ledger(storno)).committed()
            let reversal = try await ledger.reversal(back.transaction)
            XCTAssertEqual(reversal?.by, committed.transaction)
            let none = try await ledger.reversal(committed.transaction)
            XCTAssertNil(none)
            let statement = try await ledger.statement(self.bank, first: "2026-03-02", last: "2026-03-04")
            XCTAssertEqual(statement.closing, try Money("100.00", "USD"))
            XCTAssertEqual(statement.entries.map(\.reverses), [nil, nil, back.transaction])
        }
    }

    func testABalanceIsAsOfAHeightAndOfAValueDate() async throws {
        try await withBooks { ledger, _ in
            let now = try await ledger.balance(self.bank)
            XCTAssertEqual(now.balance, try Money("75.00", "USD"))
            let before = try await ledger.balance(self.bank, height: now.height - 1).balance
            XCTAssertEqual(before, try Money("100.00", "USD"))
            let byValue = try await ledger.balance(self.bank, valueDate: "2026-03-03").balance
            XCTAssertEqual(byValue, try Money("100.00", "USD"))
            await self.expect("block.unknown") { _ = try await ledger.balance(self.bank, height: now.height + 1) }
        }
    }

    func testAPreviewIsWhatTheCommitIs() async throws {
        try await withBooks { ledger, session in
            let refused = try await session.preview(try self.back("75.01"), key: self.key)
            XCTAssertEqual(refused.error?.code, "account.insufficient_funds")
            let foreseen = try await session.preview(try self.back("75.00"), key: self.key)
            let committed = try await session.submit(try self.back("75.00"), key: self.key).committed()
            XCTAssertEqual(foreseen.events, committed.events)
            XCTAssertEqual(foreseen.height, committed.height)
            let root = try await ledger.status().stateRoot
            XCTAssertEqual(foreseen.stateRoot, root)
        }
    }

    func testAnAccountIsProvenOffline() async throws {
        try await withBooks { ledger, _ in
            let trust = try Trust(json: ledger.trust.json)
            var file = try await ledger.proveAccount(self.bank)
            let account = try await ledger.account(self.bank)
            XCTAssertEqual(try verifyAccount(file, trust: trust, account: self.bank).account, account)
            file[file.startIndex + file.count / 2] ^= 1
            let flipped = file
            await self.expect("receipt.invalid") { _ = try verifyAccount(flipped, trust: trust, account: self.bank) }
        }
    }

    func testAPreparedTransactionIsSubmittedLaterAndOnce() async throws {
        try await withBooks { ledger, session in
            let signed = try await session.prepare(try self.back("1.00"))
            let first = try await ledger.submit(signed).committed()
            let again = try await ledger.submit(signed).committed()
            XCTAssertEqual(first.receipt, again.receipt)
            await self.expect("transaction.malformed") { _ = try await ledger.submit(Data(signed.dropFirst())) }
        }
    }

    func testABackupIsReplayedAndRestoredToTheSameRoot() async throws {
        try await withBooks { ledger, _ in
            let files = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: files) }
            let (file, new) = (files.appendingPathComponent("backup").path, files.appendingPathComponent("new").path)
            let status = try await ledger.status()
            let backup = try await ledger.backup(file)
            XCTAssertEqual(backup.height, status.height)
            await self.expect("store.exists") { _ = try await ledger.backup(file) }
            let replayed = try await replay(file, trust: ledger.trust)
            XCTAssertEqual(replayed.stateRoot, status.stateRoot)
            let restored = try await restore(file, to: new)
            XCTAssertEqual(restored, replayed)
            await self.expect("store.exists") { _ = try await restore(file, to: new) }
        }
    }

    private func back(_ amount: String) throws -> Allonge.Operation {
        .ledger(.transfer(from: bank, to: issue, amount: try Money(amount, "USD"), reference: "back"))
    }

    /// On 2 March the bank gets 100.00, on 4 March 25.00 go back.
    private func withBooks(_ tell: (Ledger, Session) async throws -> Void) async throws {
        try await withLedger { ledger in
            let bank = try await ledger.operator()
            let session = try await ledger.admit("SYNBCNBJXXX", name: "Synthetic Bank of China")
            _ = try await bank.submit(.ledger(.openAccount(account: self.issue))).committed()
            _ = try await session.submit(.ledger(.openAccount(account: self.bank))).committed()
            let funding = LedgerOperation.transfer(
                from: self.issue, to: self.bank, amount: try Money("100.00", "USD"), reference: "first")
            _ = try await bank.submit(.ledger(funding)).committed()
            try await ledger.advance(to: "2026-03-04T08:00:00Z")
            _ = try await session.submit(try self.back("25.00")).committed()
            try await tell(ledger, session)
        }
    }

    private func expect(_ code: String, _ call: () async throws -> Void) async {
        do {
            try await call()
            XCTFail("\(code) was expected")
        } catch {
            XCTAssertEqual((error as? AllongeError)?.code, code)
        }
    }
}
