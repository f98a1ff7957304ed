import AllongeRaw
import Foundation

/// One kind of error, as the registry of the core has it.
public struct ErrorEntry: Codable, Hashable, Sendable {
    /// Stable and dotted: `letter_of_credit.presentation_late`.
    public let code: String
    /// When it happens: `input`, `admission`, `execution`, `proof`, `storage` or `process`.
    public let phase: String
    /// Whether the same call can succeed later without a change by the caller.
    public let retryable: Bool
    /// Who must act.
    public let actor: String
    /// What went wrong, with `{name}` where a detail of that name goes.
    public let message: String
    /// What to do.
    public let remedy: String
    /// The rule that says so.
    public let rule: String?
    /// The article of that rule.
    public let article: String?
    /// What that rule asks; nothing where the error is no rule.
    public let says: Says?

    /// What a rule asks, in one sentence.
    public struct Says: Codable, Hashable, Sendable {
        /// In English.
        public let en: String
        /// In Chinese.
        public let zh: String
    }

    /// Every error, by code.
    public static let all: [ErrorEntry] = (try? fromJson(AllongeRaw.errors(), as: [ErrorEntry].self)) ?? []
}

extension AllongeError {
    /// Stable and dotted: `letter_of_credit.presentation_late`.
    public var code: String { record.code }

    /// Whether the same call can succeed later without a change by the caller.
    public var retryable: Bool { record.retryable }

    /// What to do.
    public var remedy: String { record.remedy }

    /// The article of the rule that says so: `14(b)`.
    public var article: String? { record.article }

    /// An error of the registry, for what happens on this side of the border.
    static func make(_ code: String, _ details: [(String, String)]) -> AllongeError {
        let entry = ErrorEntry.all.first { $0.code == code }
        let message = details.reduce(entry?.message ?? code) { text, detail in
            text.replacingOccurrences(of: "{\(detail.0)}", with: detail.1)
        }
        return AllongeError(
            ErrorRecord(
                code: code, message: message, remedy: entry?.remedy ?? "", phase: entry?.phase ?? "",
                retryable: entry?.retryable ?? false, actor: entry?.actor ?? "", rule: entry?.rule,
                article: entry?.article, details: details.map { Detail(name: $0.0, value: $0.1) },
                faults: [], problems: []))
    }
}

extension AllongeError: LocalizedError {
    public var errorDescription: String? { "\(record.message) [\(code)]" }
}
