import type * as native from './native.cjs';
import { type Outcome, Submission, submitted } from './outcome.cjs';
import type { Operation, PartyId, Preview, PublicKey, Timestamp } from './records.cjs';
import { type WaitOptions, waited } from './wait.cjs';
import { fromWire } from './wire.cjs';
import { timestamp, toJson } from './written.cjs';

/** How a transaction is submitted. */
export interface SubmitOptions extends WaitOptions {
  /** Repeats with the same key, 32 hexadecimal digits or a UUID, get the first outcome; by default a fresh one. */
  readonly key?: string | undefined;
  /** For how long after the newest block it may enter one, at most 7 days; by default 1 day. */
  readonly validForMs?: number | undefined;
  /**
   * The trace that the submission is part of, as W3C Trace Context writes it: the logs of the validators that it is
   * handed over to say it with what becomes of it. What is only previewed or prepared is part of none.
   */
  readonly traceparent?: string | undefined;
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
   * An outcome is a fact that stands in the ledger, or {@link Unknown} once the deadline has passed: the submission goes
   * on, and the handle resolves it. An error means that it was refused before it came into a block. A signal ends the
   * wait with its reason, and takes nothing back.
   *
   * Errors: `input.invalid`, `transaction.*`, `signature.*`, `party.unknown`, `store.*`, `submission.refused`,
   * `ledger.closed`; `deadline.exceeded` when the deadline passed before it was handed over.
   */
  async submit(operations: Operation | readonly Operation[], options: SubmitOptions = {}): Promise<Outcome> {
    const { key, validForMs, traceparent, ...wait } = options;
    const json = written(operations);
    return submitted((place) => this.#native.submit(json, key, validForMs, traceparent, place), wait);
  }

  /**
   * Signs operations and hands them over, without waiting: each stage of the submission can be awaited. Once this is
   * done it is in the outbox of a connected ledger, on disk, and nothing but its time ends it.
   *
   * Errors: `input.invalid`, `transaction.*`, `signer.failed`, `file.io`, `ledger.closed`, `ledger.busy`.
   */
  async start(operations: Operation | readonly Operation[], options: SubmitOptions = {}): Promise<Submission> {
    const { key, validForMs, traceparent, ...wait } = options;
    const json = written(operations);
    return Submission.of(await waited(() => this.#native.start(json, key, validForMs, traceparent), wait));
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
   * What submitting these operations at a later time would come to, with the state of today: what would happen or why it
   * would be refused, by which rules. Nothing is recorded.
   *
   * Errors: as of {@link Session.submit}; `clock.backwards` for a time before the newest block.
   */
  async whatIf(
    operations: Operation | readonly Operation[],
    at: Date | Timestamp,
    wait: WaitOptions = {},
  ): Promise<Preview> {
    const json = written(operations);
    const time = timestamp(at);
    return fromWire(await waited(() => this.#native.whatIf(json, time), wait));
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
