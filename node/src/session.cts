import type * as native from './native.cjs';
import { type Outcome, outcomeOf } from './outcome.cjs';
import type { Operation, PartyId, Preview, PublicKey } from './records.cjs';
import { type WaitOptions, waited } from './wait.cjs';
import { fromWire } from './wire.cjs';
import { toJson } from './written.cjs';

/** How a transaction is submitted. */
export interface SubmitOptions extends WaitOptions {
  /** Repeats with the same key, 32 hexadecimal digits or a UUID, get the first outcome; by default a fresh one. */
  readonly key?: string | undefined;
  /** For how long after the newest block it may enter one, at most 7 days; by default 1 day. */
  readonly validForMs?: number | undefined;
}

/** A party acting on a ledger, with its signer, or several that sign together. */
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

  /** The key that signs; of several, the first that was given. */
  get publicKey(): PublicKey {
    return this.#native.publicKey;
  }

  /** All keys that sign, in the order in which they were given. */
  get publicKeys(): PublicKey[] {
    return this.#native.publicKeys;
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
    const json = written(operations);
    return outcomeOf(await waited(() => this.#native.submit(json, key, validForMs), wait));
  }

  /**
   * What submitting these operations now would come to: what would happen or why it would be refused, and the state
   * root. Nothing is recorded, and the key is not used up.
   *
   * Errors: as of {@link Session.submit}.
   */
  async preview(operations: Operation | readonly Operation[], options: SubmitOptions = {}): Promise<Preview> {
    const { key, validForMs, ...wait } = options;
    const json = written(operations);
    return fromWire(await waited(() => this.#native.preview(json, key, validForMs), wait));
  }

  /**
   * The signed transaction, for {@link Ledger.submit} to submit later, by whomever: until it expires, and once.
   *
   * Errors: `input.invalid`, `transaction.*`, `signer.failed`.
   */
  async prepare(operations: Operation | readonly Operation[], options: SubmitOptions = {}): Promise<Uint8Array> {
    const { key, validForMs, ...wait } = options;
    const json = written(operations);
    return waited(() => this.#native.prepare(json, key, validForMs), wait);
  }

  /**
   * Adds this session's signatures to a transaction of the same party that {@link Session.prepare} made elsewhere: for
   * another to sign, or for {@link Ledger.submit}. A key that has signed already counts once. Whoever signs answers for
   * it: {@link evidence.fromCanonicalBytes} of `signed_transaction` says what it does.
   *
   * Errors: `transaction.*`, `signature.invalid`, `signer.failed`.
   */
  async cosign(signed: Uint8Array, wait?: WaitOptions): Promise<Uint8Array> {
    return waited(() => this.#native.cosign(signed), wait);
  }
}

function written(operations: Operation | readonly Operation[]): string {
  return toJson(operations, Array.isArray(operations) ? 'operations' : 'operation');
}
