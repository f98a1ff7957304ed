import Foundation
import XCTest

@testable import Allonge

/// Several keys of one party, and proofs of history, of idempotency keys and of accounts at recent heights.
final class ProofsTests: XCTestCase {
    private let bank = "SYNBCNBJXXX"
    private let key = String(repeating: "7", count: 32)

    func testAnyTwoKeysOfThreeActTogetherAndOneKeyCountsOnce() async throws {
        try await withTwoOfThree { ledger in
            let together = try await ledger.session(self.bank, signers: [try self.signer(3), try self.signer(1)])
            XCTAssertEqual(together.publicKey, try self.signer(3).publicKey)
            XCTAssertEqual(together.publicKeys, [try self.signer(3).publicKey, try self.signer(1).publicKey])
            let receipt = try await together.submit(self.desk(1)).committed().receipt
            XCTAssertEqual(try receipt.verify(ledger.trust).keys, together.publicKeys.sorted())

            let twice = try await ledger.session(self.bank, signers: [try self.signer(1), try self.signer(1)])
            XCTAssertEqual(twice.publicKeys, [try self.signer(1).publicKey])
            await self.expect("policy.unsatisfied") { _ = try await twice.submit(self.desk(2)) }
            let many = try (0...16).map { try self.signer($0) }
            await self.expect("input.invalid") { _ = try await ledger.session(self.bank, signers: many) }
        }
    }

    func testWhatOneHandPreparedAnotherCosigns() async throws {
        try await withTwoOfThree { ledger in
            let prepared = try await ledger.session(self.bank, signer: try self.signer(1)).prepare(self.desk(1))
            await self.expect("policy.unsatisfied") { _ = try await ledger.submit(prepared) }
            let session = try await ledger.session(self.bank, signer: try self.signer(2))
            let cosigned = try await session.cosign(prepared)
            let again = try await session.cosign(cosigned)
            XCTAssertEqual(again, cosigned)
            let stranger = try await ledger.operator()
            await self.expect("transaction.wrong_author") { _ = try await stranger.cosign(prepared) }
            _ = try await ledger.submit(cosigned).committed()
        }
    }

    func testWhoeverKeptACheckpointIsToldThatHistoryGoesOnFromThere() async throws {
        try await withTwoOfThree { ledger in
            let kept = try await ledger.checkpoint()
            await self.expect("block.unknown") { _ = try await ledger.proveHistory(from: kept.height) }
            try await ledger.advance(to: "2026-03-04T08:00:00Z")
            let file = try await ledger.proveHistory(from: kept.height)
            let newest = try await ledger.checkpoint()
            let proven = try verifyHistory(file, trust: ledger.trust, checkpoint: kept)
            XCTAssertEqual(proven.older, kept)
            XCTAssertEqual(proven.newer, newest)
            var other = kept
            other.header = String(repeating: "00", count: 32)
            let forked = other
            await self.expect("history.forked") {
                _ = try verifyHistory(file, trust: ledger.trust, checkpoint: forked)
            }
        }
    }

    func testAKeyThatWasUsedIsProven() async throws {
        try await withTwoOfThree { ledger in
            let session = try await ledger.session(self.bank, signers: [try self.signer(1), try self.signer(2)])
            let prepared = try await session.prepare(self.desk(1), key: self.key)
            let text = try Evidence.fromCanonicalBytes("signed_transaction", bytes: prepared)
            let signed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let transaction = try XCTUnwrap(signed?["transaction"] as? [String: Any])
            let until: Timestamp = try self.read(transaction["valid_until"])
            let prove = {
                try verifyAnswer(
                    try await ledger.proveAnswer(self.bank, key: self.key, validUntil: until), trust: ledger.trust,
                    party: self.bank, key: self.key, validUntil: until)
            }
            let before = try await prove()
            XCTAssertNil(before.transaction)
            XCTAssertFalse(before.settled)
            let used = try await ledger.submit(prepared).committed()
            let after = try await prove()
            XCTAssertEqual(after.transaction, used.transaction)
            XCTAssertTrue(after.settled)
        }
    }

    func testFrozenFilesProveWhatTheySayAndBadOnesSayWhyNot() throws {
        let vectors = try Repository.vectors("proofs.json")
        let genesis = try JSONSerialization.data(withJSONObject: vectors["genesis"] ?? [:])
        let trust = try Trust(json: String(decoding: genesis, as: UTF8.self))
        XCTAssertEqual(trust.network, vectors["network"] as? String)
        try check(vectors, "accounts", as: ProvenAccount.self) { file, asked in
            try verifyAccount(file, trust: trust, account: asked["account"] as? String ?? "")
        }
        try check(vectors, "answers", as: ProvenAnswer.self) { file, asked in
            try verifyAnswer(
                file, trust: trust, party: asked["party"] as? String ?? "", key: asked["key"] as? String ?? "",
                validUntil: try read(asked["valid_until"]))
        }
        try check(vectors, "histories", as: ProvenHistory.self) { file, asked in
            let kept = asked["checkpoint"].flatMap { $0 is NSNull ? nil : $0 }
            return try verifyHistory(file, trust: trust, checkpoint: try kept.map { try self.read($0) })
        }
    }

    /// Every case of a section of the vectors.
    private func check<T: Decodable & Equatable>(
        _ vectors: [String: Any], _ section: String, as type: T.Type, _ verify: (Data, [String: Any]) throws -> T
    ) throws {
        let cases = try XCTUnwrap(vectors[section] as? [String: [[String: Any]]])
        XCTAssertGreaterThan(cases["good"]?.count ?? 0, 2)
        XCTAssertGreaterThan(cases["bad"]?.count ?? 0, 10)
        for case_ in cases["good"] ?? [] {
            XCTAssertEqual(try verify(bytes(case_["file"]), case_), try read(case_["proves"]), "\(case_["name"] ?? "")")
        }
        for case_ in cases["bad"] ?? [] {
            XCTAssertThrowsError(try verify(bytes(case_["file"]), case_), "\(case_["name"] ?? "")") { error in
                XCTAssertEqual((error as? AllongeError)?.code, case_["code"] as? String, "\(case_["name"] ?? "")")
            }
        }
    }

    private func read<T: Decodable>(_ value: Any?) throws -> T {
        let data = try JSONSerialization.data(withJSONObject: try XCTUnwrap(value), options: .fragmentsAllowed)
        return try JSONDecoder().decode(T.self, from: data)
    }

    private func signer(_ seed: UInt8) throws -> Signer { try Signer.fromSeed(Data(repeating: seed, count: 32)) }

    private func desk(_ number: Int) -> Allonge.Operation {
        .ledger(.openAccount(account: "\(bank)/USD/desk-\(number)"))
    }

    /// A bank with three more keys, of which any two must sign whatever it does.
    private func withTwoOfThree(_ tell: (Ledger) async throws -> Void) async throws {
        try await withLedger { ledger in
            let session = try await ledger.admit(self.bank, name: "Synthetic Bank of China")
            let keys = try (1...3).map { try self.signer($0).publicKey }
            let rule = PolicyRule(requires: [Requirement(signatures: 2)])
            _ = try await session.submit(
                .ledger(.addKey(party: self.bank, key: keys[0])), .ledger(.addKey(party: self.bank, key: keys[1])),
                .ledger(.addKey(party: self.bank, key: keys[2])), .ledger(.setPolicy(rules: [rule]))
            ).committed()
            try await tell(ledger)
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
