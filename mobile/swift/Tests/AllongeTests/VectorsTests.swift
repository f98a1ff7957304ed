import Foundation
import XCTest

@testable import Allonge

final class VectorsTests: XCTestCase {
    func testEveryReceiptProvesWhatItProvesInEveryLanguage() throws {
        for file in try Repository.receipts() {
            var trusted = [String: Trust]()
            for genesis in file["genesis"] as? [[String: Any]] ?? [] {
                let json = try JSONSerialization.data(withJSONObject: genesis["json"] ?? [:])
                let trust = try Trust(json: String(decoding: json, as: UTF8.self))
                XCTAssertEqual(trust.network, genesis["network"] as? String)
                try assertGoesRound(Genesis.self, genesis["json"])
                trusted[genesis["name"] as? String ?? ""] = trust
            }
            let good = file["good"] as? [[String: Any]] ?? []
            XCTAssertFalse(good.isEmpty)
            for case_ in good {
                let trust = try XCTUnwrap(trusted[case_["genesis"] as? String ?? ""])
                let proved = try Receipt(bytes(case_["receipt"])).verify(trust)
                let proves = try XCTUnwrap(case_["proves"] as? [String: Any])
                XCTAssertEqual(proved.transaction, proves["id"] as? String)
                XCTAssertEqual(proved.stateRoot, proves["state_root"] as? String)
                for operation in proves["operations"] as? [Any] ?? [] {
                    try assertGoesRound(Operation.self, operation)
                }
            }
            for case_ in file["bad"] as? [[String: Any]] ?? [] {
                let trust = try XCTUnwrap(trusted[case_["genesis"] as? String ?? ""])
                XCTAssertThrowsError(try Receipt(bytes(case_["receipt"])).verify(trust)) { error in
                    XCTAssertEqual((error as? AllongeError)?.code, case_["code"] as? String)
                }
            }
        }
    }

    func testEveryReceiptOfTheLetterOfCreditProvesTheSameRecordInEveryLanguage() throws {
        let story = try Repository.vectors("trade.json")
        let genesis = try JSONSerialization.data(withJSONObject: story["genesis"] ?? [:])
        let trust = try Trust(json: String(decoding: genesis, as: UTF8.self))
        for case_ in story["good"] as? [[String: Any]] ?? [] {
            let proved = try Receipt(bytes(case_["receipt"])).verify(trust)
            let record = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(proved))
            XCTAssertEqual(comparable(record) as? NSDictionary, comparable(case_["proves"] ?? [:]) as? NSDictionary)
        }
        for case_ in story["bad"] as? [[String: Any]] ?? [] {
            XCTAssertThrowsError(try Receipt(bytes(case_["receipt"])).verify(trust)) { error in
                XCTAssertEqual((error as? AllongeError)?.code, case_["code"] as? String)
            }
        }
    }

    func testASeedHasTheSamePublicKeyAsEverywhere() throws {
        for key in try Repository.vectors("crypto.json")["keys"] as? [[String: Any]] ?? [] {
            XCTAssertEqual(try Signer.fromSeed(bytes(key["seed"])).publicKey, key["public_key"] as? String)
        }
    }

    func testOperationsAndEventsGoRoundAsTheCoreWritesThem() throws {
        let ledger = try Repository.vectors("ledger.json")
        for transaction in ledger["transactions"] as? [[String: Any]] ?? [] {
            for operation in transaction["operations"] as? [Any] ?? [] { try assertGoesRound(Operation.self, operation) }
        }
        for event in ledger["events"] as? [[String: Any]] ?? [] { try assertGoesRound(Event.self, event["json"]) }
    }

    func testEveryOperationEventAndRecordOfTradeGoesRoundAsTheCoreWritesIt() throws {
        let trade = try Repository.vectors("trade_records.json")
        func goRound<T: Codable>(_ section: String, _ type: T.Type) throws {
            let cases = try XCTUnwrap(trade[section] as? [[String: Any]])
            XCTAssertFalse(cases.isEmpty)
            for case_ in cases { try assertGoesRound(type, case_["json"]) }
        }
        try goRound("operations", Operation.self)
        try goRound("events", Event.self)
        try goRound("credits", LetterOfCredit.self)
        try goRound("presentations", Presentation.self)
        try goRound("claims", Claim.self)
    }

    func testADocumentHasTheHashThatSha256sumPrints() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let documents = try XCTUnwrap(try Repository.vectors("documents.json")["documents"] as? [[String: Any]])
        XCTAssertFalse(documents.isEmpty)
        for document in documents {
            let length = try XCTUnwrap(document["length"] as? Int)
            let byte = try XCTUnwrap(document["byte"] as? Int)
            // Zeros need no room on the disk.
            let content = byte == 0 ? Data() : Data(repeating: UInt8(byte), count: length)
            XCTAssertTrue(FileManager.default.createFile(atPath: path, contents: content))
            let file = try XCTUnwrap(FileHandle(forUpdatingAtPath: path))
            try file.truncate(atOffset: UInt64(length))
            try file.close()
            let digest = try await documentDigest(path)
            XCTAssertEqual(digest.sha256, document["sha256"] as? String)
            XCTAssertEqual(digest.length, UInt64(length))
        }
    }

    func testAReceiptWithAnyByteFlippedIsRefused() async throws {
        try await withLedger { ledger in
            let bank = try await ledger.admit("SYNBCNBJXXX", name: "Synthetic Bank of China")
            let opened = try await bank.submit(.ledger(.openAccount(account: "SYNBCNBJXXX/USD/settlement")))
            let whole = try XCTUnwrap(opened.receipt).bytes
            for place in whole.indices {
                var flipped = whole
                flipped[place] ^= 1
                XCTAssertThrowsError(try Receipt(flipped).verify(ledger.trust)) { error in
                    guard case AllongeError.receipt = error else { return XCTFail("\(error)") }
                }
            }
        }
    }

    private func assertGoesRound<T: Codable>(_ type: T.Type, _ json: Any?) throws {
        let given = try XCTUnwrap(json)
        let value = try JSONDecoder().decode(type, from: try JSONSerialization.data(withJSONObject: given))
        let written = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(value))
        XCTAssertEqual(comparable(written) as? NSDictionary, comparable(given) as? NSDictionary)
    }

    /// `Decimal` knows no trailing zeros: 1234.50 is 1234.5. What is empty may be left out.
    private func comparable(_ json: Any) -> Any {
        switch json {
        case let object as [String: Any]:
            return object.reduce(into: [String: Any]()) { result, member in
                let amount = member.key == "amount" ? (member.value as? String).flatMap { Decimal(string: $0) } : nil
                let value = amount.map { "\($0)" } ?? comparable(member.value)
                let isEmpty = (value as? NSArray)?.count == 0 || (value as? NSDictionary)?.count == 0
                result[member.key] = isEmpty ? nil : value
            } as NSDictionary
        case let list as [Any]: return list.map(comparable) as NSArray
        default: return json
        }
    }
}
