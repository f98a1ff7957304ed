import Foundation
import XCTest

@testable import Allonge

final class ErrorsTests: XCTestCase {
    func testEveryCodeIsDocumentedAndHasACaseOfItsFamily() throws {
        let reference = try Repository.docs("errors.md")
        XCTAssertFalse(ErrorEntry.all.isEmpty)
        for entry in ErrorEntry.all {
            XCTAssertTrue(reference.contains("`\(entry.code)`"), entry.code)
            let error = AllongeError.make(entry.code, [])
            if case .other = error { XCTFail(entry.code) }
            XCTAssertEqual(error.retryable, entry.retryable)
            XCTAssertEqual(error.remedy, entry.remedy)
        }
    }

    func testAnErrorSaysWhereTheMistakeIs() async throws {
        try await withLedger { ledger in
            let bank = try await ledger.operator()
            do {
                _ = try await bank.submit(.ledger(.openAccount(account: "nonsense")))
                XCTFail("nonsense was taken")
            } catch let AllongeError.input(record) {
                XCTAssertTrue(record.message.hasPrefix("operations[0]"), record.message)
            }
        }
    }

    func testAllFaultsOfAMessageAreListedAtOnce() throws {
        let bytes = try Data(contentsOf: Repository.fin("mt700_faults.fin"))
        XCTAssertThrowsError(try Fin.parse(bytes)) { error in
            guard case let AllongeError.fin(record) = error else { return XCTFail("\(error)") }
            XCTAssertGreaterThan(record.faults.count, 1)
        }
        let message = try Data(contentsOf: Repository.fin("mt700_usance.fin"))
        XCTAssertEqual(try Fin.format(try Fin.parse(message)), message)
    }

    func testAmountsAreExact() throws {
        for valid in (try Repository.vectors("finance.json")["money"] as? [String: Any])?["valid"] as? [[String: Any]] ?? [] {
            let amount = valid["amount"] as? String ?? ""
            guard amount.filter(\.isNumber).count <= 38 else { continue }
            let money = try Money(amount, valid["currency"] as? String ?? "")
            XCTAssertEqual(try fromJson(try toJson(money), as: Money.self), money)
        }
        for text in ["1e5", "+1", "1.", ".5", "", "1,5", "170141183460469231731687303715884105727"] {
            XCTAssertThrowsError(try Money(text, "USD"), text)
        }
        XCTAssertThrowsError(try fromJson(#"{"amount":0.1,"currency":"USD"}"#, as: Money.self))
    }
}
