import { awaited } from './border.cjs';
import type * as native from './native.cjs';
import type { LogEntry } from './records.cjs';
import { fromWire } from './wire.cjs';

/** So many entries cross at once: a crossing costs more than an entry. */
const BATCH = 256;

/** The log from a cursor on: `for await (const entry of ledger.subscribe())`. */
export class Subscription implements AsyncIterable<LogEntry, void, undefined> {
  readonly #native: native.Subscription;
  readonly #signal: AbortSignal | undefined;

  private constructor(subscription: native.Subscription, signal: AbortSignal | undefined) {
    this.#native = subscription;
    this.#signal = signal;
  }

  /** @internal */
  static of(subscription: native.Subscription, signal: AbortSignal | undefined): Subscription {
    return new Subscription(subscription, signal);
  }

  /** One entry at a time, pulled in batches; breaking off is safe, an entry's cursor continues behind it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<LogEntry, void, undefined> {
    for await (const batch of this.batches()) {
      yield* batch;
    }
  }

  /**
   * All entries that are there, at most `max` (1 to 1,000), then the next.
   *
   * Errors: `store.*`, and the signal's reason.
   */
  async *batches(max: number = BATCH): AsyncGenerator<LogEntry[], void, undefined> {
    const cancel = () => this.#native.cancel();
    this.#signal?.addEventListener('abort', cancel);
    try {
      for (;;) {
        this.#signal?.throwIfAborted();
        const batch = fromWire<LogEntry[]>(await awaited(() => this.#native.nextBatch(max)));
        this.#signal?.throwIfAborted();
        if (batch.length === 0) {
          return;
        }
        yield batch;
      }
    } finally {
      this.#signal?.removeEventListener('abort', cancel);
    }
  }
}
