import AllongeRaw
import Foundation

/// SWIFT messages in FIN form.
public enum Fin {
    /// Reads a FIN message. Throws `AllongeError.fin`, whose record lists every fault.
    public static func parse(_ bytes: Data) throws -> FinRecord {
        try fromJson(try calling { try AllongeRaw.parseFin(bytes: bytes) })
    }

    /// Writes a FIN message: an unedited record gives back the original bytes, an edited one the canonical form.
    public static func format(_ record: FinRecord) throws -> Data {
        let text = try toJson(record)
        return try calling { try AllongeRaw.formatFin(recordJson: text) }
    }

    /// Turns an MT700 into the terms of a letter of credit, with a report of what became of every field.
    /// Throws `AllongeError.fin`, whose record lists every reason why it is none.
    public static func letterOfCredit(
        _ record: FinRecord, options: MappingOptions = MappingOptions()
    ) throws -> MappedCredit {
        let (text, given) = (try toJson(record), try toJson(options))
        return try fromJson(
            try calling { try AllongeRaw.letterOfCreditFromFin(recordJson: text, optionsJson: given) })
    }
}

/// Hashes a file as it streams by, in constant memory, whatever its size. Throws `AllongeError.file`.
public func documentDigest(_ path: String) async throws -> DocumentDigest {
    try fromJson(try await aside { try AllongeRaw.documentDigest(path: path) })
}
