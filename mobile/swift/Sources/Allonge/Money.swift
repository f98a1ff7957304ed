import Foundation

/// An exact amount of a currency.
///
/// It is made from a plain decimal text, or from a `Decimal` by `Decimal.money`; never from a `Double`: that does
/// not compile. The ledger refuses more decimals than the currency has.
public struct Money: Codable, Hashable, Sendable, CustomStringConvertible {
    /// How much.
    public let amount: Decimal
    /// The ISO 4217 code.
    public let currency: Currency

    /// Reads a plain decimal: `try Money("1234.50", "USD")`.
    ///
    /// Throws `AllongeError.input` for any other text, and for more than 38 digits, which `Decimal` cannot hold.
    public init(_ amount: String, _ currency: Currency) throws {
        guard let exact = Money.decimal(amount) else {
            throw AllongeError.make("input.invalid", [
                ("where", "amount"), ("reason", "“\(amount)” is no plain decimal of at most 38 digits"),
            ])
        }
        self.init(exactly: exact, currency)
    }

    /// Not public: the literal 0.1 would be a `Decimal` here, by way of a binary float.
    init(exactly amount: Decimal, _ currency: Currency) {
        self.amount = amount
        self.currency = currency
    }

    @available(*, unavailable, message: "a binary float is no exact amount: write it as a string")
    public init(_ amount: Double, _ currency: Currency) {
        fatalError("a binary float is no exact amount")
    }

    public var description: String { "\(currency) \(amount)" }

    private enum CodingKeys: String, CodingKey {
        case amount
        case currency
    }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        let text = try box.decode(String.self, forKey: .amount)
        guard let exact = Money.decimal(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .amount, in: box, debugDescription: "“\(text)” is no plain decimal of at most 38 digits")
        }
        self.init(exactly: exact, try box.decode(Currency.self, forKey: .currency))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: CodingKeys.self)
        try box.encode("\(amount)", forKey: .amount)
        try box.encode(currency, forKey: .currency)
    }

    /// `Decimal(string:)` alone would stop at the first letter and round the 39th digit.
    private static func decimal(_ text: String) -> Decimal? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let plain = parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) } }
        let significant = digits.filter { $0 != "." }.drop { $0 == "0" }
        guard plain, significant.count <= 38 else { return nil }
        return Decimal(string: text, locale: Locale(identifier: "en_US_POSIX"))
    }
}

extension Decimal {
    /// This much of a currency.
    public func money(_ currency: Currency) -> Money { Money(exactly: self, currency) }
}
