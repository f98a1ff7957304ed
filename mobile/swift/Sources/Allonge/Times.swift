import Foundation

/// An instant, as RFC 3339 writes it: `2026-03-02T01:00:00.000Z`. Exact to the millisecond.
public struct Timestamp: Codable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The text.
    public let description: String

    /// The instant of a text; the core refuses what is none.
    public init(_ text: String) { description = text }

    public init(stringLiteral text: String) { self.init(text) }

    /// The instant of a date, to the millisecond.
    public init(_ date: Date) {
        self.init(date.formatted(Timestamp.style))
    }

    /// The instant as Foundation has it.
    public var date: Date? {
        (try? Timestamp.style.parse(description)) ?? (try? Date.ISO8601FormatStyle().parse(description))
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(description)
    }
}

/// A day of the calendar: `2026-06-30`. It has no time and no zone.
public struct CivilDate: Codable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The text.
    public let description: String

    /// The day of a text; the core refuses what is none.
    public init(_ text: String) { description = text }

    public init(stringLiteral text: String) { self.init(text) }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(description)
    }
}
