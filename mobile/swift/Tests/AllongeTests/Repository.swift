import Foundation

/// The files that all languages share.
enum Repository {
    private static let top = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func fin(_ name: String) -> URL { top.appendingPathComponent("tests/vectors/fin/\(name)") }

    static func docs(_ name: String) throws -> String {
        try String(contentsOf: top.appendingPathComponent("docs/\(name)"), encoding: .utf8)
    }

    static func vectors(_ name: String) throws -> [String: Any] {
        let bytes = try Data(contentsOf: top.appendingPathComponent("tests/vectors/\(name)"))
        return try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
    }

    /// Every file of receipts.
    static func receipts() throws -> [[String: Any]] {
        let all = try FileManager.default.contentsOfDirectory(atPath: top.appendingPathComponent("tests/vectors").path)
        return try all.filter { $0.hasPrefix("receipts") && $0.hasSuffix(".json") }.sorted().map(vectors)
    }
}

func bytes(_ hexadecimal: Any?) -> Data {
    let digits = Array((hexadecimal as? String ?? "").utf8)
    let pairs = stride(from: 0, to: digits.count, by: 2).map { String(decoding: digits[$0..<$0 + 2], as: UTF8.self) }
    return Data(pairs.map { UInt8($0, radix: 16) ?? 0 })
}
