import AllongeRaw

/// The log as a stream. Entries cross in batches.
public struct Log: AsyncSequence, Sendable {
    public typealias Element = LogEntry

    let subscription: AllongeRaw.Subscription

    public func makeAsyncIterator() -> Iterator { Iterator(subscription: subscription) }

    public struct Iterator: AsyncIteratorProtocol {
        let subscription: AllongeRaw.Subscription
        private var batch: ArraySlice<LogEntry> = []

        init(subscription: AllongeRaw.Subscription) { self.subscription = subscription }

        public mutating func next() async throws -> LogEntry? {
            if batch.isEmpty {
                let subscription = subscription
                let text = try await whole { try await subscription.nextBatch(max: 256) }
                batch = try fromJson(text, as: [LogEntry].self)[...]
            }
            return batch.popFirst()
        }
    }
}
