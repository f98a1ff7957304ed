import AllongeRaw
import Foundation

/// Calls the raw layer: what fails there becomes an error of this package.
func calling<T>(_ call: () throws -> T) throws -> T {
    do {
        return try call()
    } catch {
        throw translated(error)
    }
}

/// Calls the raw layer on a thread that may wait for the disk.
func aside<T: Sendable>(_ call: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try calling(call) })
        }
    }
}

/// Waits for the raw layer for as long as it takes.
func whole<T>(_ call: () async throws -> T) async throws -> T {
    do {
        return try await call()
    } catch {
        throw translated(error)
    }
}

/// Waits for the raw layer, but not longer than the deadline, nor after this task was cancelled.
func within<T: Sendable>(_ deadline: Duration, _ call: @escaping @Sendable () async throws -> T) async throws -> T {
    let (answers, continuation) = AsyncThrowingStream<T, any Error>.makeStream()
    Task {
        do {
            continuation.yield(try await call())
            continuation.finish()
        } catch {
            continuation.finish(throwing: translated(error))
        }
    }
    let timer = Task {
        try await Task.sleep(for: deadline)
        let milliseconds = deadline.components.seconds * 1_000
        continuation.finish(throwing: AllongeError.make("deadline.exceeded", [("milliseconds", "\(milliseconds)")]))
    }
    defer { timer.cancel() }
    for try await answer in answers { return answer }
    throw CancellationError()
}

/// The error of this package for one of the raw layer. A panic of the core is a defect, and no end of the process.
private func translated(_ error: any Error) -> any Error {
    switch error {
    case let AllongeRaw.Failure.Refused(reason):
        do { return AllongeError(try fromJson(reason, as: ErrorRecord.self)) } catch { return error }
    case is AllongeError, is CancellationError: return error
    default: return AllongeError.make("internal.error", [("reason", error.localizedDescription)])
    }
}

func fromJson<T: Decodable>(_ text: String, as type: T.Type = T.self) throws -> T {
    try JSONDecoder().decode(type, from: Data(text.utf8))
}

func toJson(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
}

func unknownVariant(_ tag: String, of union: String, at path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(.init(codingPath: path, debugDescription: "\(union) has no variant “\(tag)”"))
}
