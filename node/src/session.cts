import type * as native from './native.cjs';
import { type Outcome, outcomeOf } from './outcome.cjs';
import type { Operation, PartyId, PublicKey } from './records.cjs';
import { type WaitOptions, waited } from './wait.cjs';
import { toJson } from './written.cjs';

/** How a transaction is submitted. */
export interface SubmitOptions extends WaitOptions {
  /** Repeats with the same key, 32 hexadecimal digits or a UUID, get the first outcome; by default a fresh one. */
  readonly key?: string | undefined;
  /** For how long after the newest block it may enter one, at most 7 days; by default 1 day. */
  readonly validForMs?: number | undefined;
}

/** A party acting on a ledger, with its signer. */
export class Session {
  readonly #native: native.Session;

  private constructor(session: native.Session) {
    this.#native = session;
  }

  /** @internal */
  static of(session: native.Session): Session {
    return new Session(session);
  }

  /** Who acts. */
  get party(): PartyId {
    return this.#native.party;
  }

  /** The key that signs. */
  get publicKey(): PublicKey {
    return this.#native.publicKey;
  }

  /**
   * Submits operations that take effect together or not at all, and waits for the outcome.
   *
   * An outcome is a fact that stands in the ledger; an error means that nothing was recorded, or nothing
   * could be learned.
   *
   * Errors: `input.invalid`, `transaction.*`, `signature.*`, `party.unknown`, `store.*`, `deadline.exceeded`,
   * `ledger.closed`.
   */
  async submit(operations: Operation | readonly Operation[], options: SubmitOptions = {}): Promise<Outcome> {
    const { key, validForMs, ...wait } = options;
    const json = toJson(operations, Array.isArray(operations) ? 'operations' : 'operation');
    return outcomeOf(await waited(() => this.#native.submit(json, key, validForMs), wait));
  }
}
