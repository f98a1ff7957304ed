import { call, errorOf } from './border.cjs';
import type { AllongeError } from './error.cjs';
import * as native from './native.cjs';
import { Receipt } from './receipt.cjs';
import type {
  ErrorRecord,
  EventRecord,
  ExpiredRecord,
  Hash,
  IdempotencyKey,
  Ordered,
  OutcomeRecord,
  PartyId,
  Timestamp,
  UnknownRecord,
} from './records.cjs';
import { remaining, type WaitOptions, waited } from './wait.cjs';
import { fromWire } from './wire.cjs';

/** What became of a submission: a fact with its proof, or the handle by which it becomes one. See its `kind`. */
export type Outcome = Committed | Rejected | Expired | Unknown;

/** A transaction that took effect, for ever. */
export class Committed {
  readonly kind = 'committed';
  /** The transaction's id. */
  readonly transaction: Hash;
  /** The height of its block. */
  readonly height: number;
  /** The time of its block. */
  readonly time: Timestamp;
  /** What happened, in order. */
  declare readonly events: readonly EventRecord[];
  /** Proof of all that. */
  readonly receipt: Receipt;

  /** Made by {@link Session.submit}. */
  constructor(record: OutcomeRecord, events: () => readonly EventRecord[], receipt: Receipt) {
    this.transaction = record.transaction;
    this.height = record.height;
    this.time = record.time;
    this.receipt = receipt;
    // A batch has thousands, which cross when somebody wants them.
    const get = () => {
      const value = events();
      Object.defineProperty(this, 'events', { value, enumerable: true });
      return value;
    };
    Object.defineProperty(this, 'events', { get, enumerable: true, configurable: true });
  }

  /** This. */
  committed(): Committed {
    return this;
  }
}

/** A transaction that the rules refused, for ever. */
export class Rejected {
  readonly kind = 'rejected';
  /** The transaction's id. */
  readonly transaction: Hash;
  /** The height of its block. */
  readonly height: number;
  /** The time of its block. */
  readonly time: Timestamp;
  /** Nothing happened. */
  readonly events: readonly EventRecord[] = [];
  /** Why, in the class of its family. */
  readonly error: AllongeError;
  /** Proof of all that. */
  readonly receipt: Receipt;

  /** Made by {@link Session.submit}. */
  constructor(record: OutcomeRecord, error: ErrorRecord, receipt: Receipt) {
    this.transaction = record.transaction;
    this.height = record.height;
    this.time = record.time;
    this.error = errorOf(error, receipt);
    this.receipt = receipt;
  }

  /** Throws {@link Rejected.error}, which has the receipt. */
  committed(): never {
    throw this.error;
  }
}

/** A transaction whose time was over before it came into a block: it never takes effect. */
export class Expired {
  readonly kind = 'expired';
  /** The transaction's id. */
  readonly transaction: Hash;
  /** Who submitted it. */
  readonly party: PartyId;
  /** Its idempotency key. */
  readonly key: IdempotencyKey;
  /** Until when it could have come into a block. */
  readonly validUntil: Timestamp;
  /** The height of a block that is past that time, with all below it executed. */
  readonly height: number;
  /** The time of that block. */
  readonly time: Timestamp;
  /** Nothing happened. */
  readonly events: readonly EventRecord[] = [];
  /** It stands in no block. */
  readonly receipt = undefined;
  /** `transaction.expired`. */
  readonly error: AllongeError;
  /** Proof of that: {@link verifyAnswer} checks it with `party`, `key` and `validUntil`. */
  readonly proof: Uint8Array;

  /** Made by {@link Session.submit}. */
  constructor(record: ExpiredRecord, proof: Uint8Array) {
    this.transaction = record.transaction;
    this.party = record.party;
    this.key = record.key;
    this.validUntil = record.validUntil;
    this.height = record.height;
    this.time = record.time;
    this.error = errorOf(record.error);
    this.proof = proof;
  }

  /** Throws {@link Expired.error}. */
  committed(): never {
    throw this.error;
  }
}

/**
 * A transaction that was handed over and was not settled when the wait ended. It may still take effect, also when
 * this is dropped.
 */
export class Unknown {
  readonly kind = 'unknown';
  /** The transaction's id. */
  readonly transaction: Hash;
  /** Who submitted it. */
  readonly party: PartyId;
  /** Its idempotency key. */
  readonly key: IdempotencyKey;
  /** Until when it can come into a block. */
  readonly validUntil: Timestamp;
  /** Nothing is known. */
  readonly events: readonly EventRecord[] = [];
  /** It stands in no block that is certified. */
  readonly receipt = undefined;
  /** `deadline.exceeded`. */
  readonly error: AllongeError;
  readonly #native: native.Outcome;

  /** Made by {@link Session.submit} and {@link Ledger.pending}. */
  private constructor(record: UnknownRecord, outcome: native.Outcome) {
    this.transaction = record.transaction;
    this.party = record.party;
    this.key = record.key;
    this.validUntil = record.validUntil;
    this.error = errorOf(record.error);
    this.#native = outcome;
  }

  /** @internal */
  static of(record: UnknownRecord, outcome: native.Outcome): Unknown {
    return new Unknown(record, outcome);
  }

  /**
   * Waits on. It ends in one of the other outcomes, unless this deadline passes too. A signal ends the wait and takes
   * nothing back.
   *
   * Errors: as of {@link Session.submit}.
   */
  async resolve(wait: WaitOptions = {}): Promise<Outcome> {
    const left = remaining(wait);
    const submission = Submission.of(await waited(() => this.#native.start(), wait));
    return submission.outcome(left());
  }

  /** Throws {@link Unknown.error}. */
  committed(): never {
    throw this.error;
  }
}

/**
 * A transaction that was handed over: in the outbox of a connected ledger, on disk. It goes on whether or not somebody
 * waits: a signal ends a wait and takes nothing back. Each stage can be awaited more than once, in any order.
 */
export class Submission {
  readonly #native: native.Submission;

  private constructor(submission: native.Submission) {
    this.#native = submission;
  }

  /** @internal */
  static of(submission: native.Submission): Submission {
    return new Submission(submission);
  }

  /** The transaction's id. */
  get transaction(): Hash {
    return this.#native.transaction;
  }

  /** Its idempotency key. */
  get key(): IdempotencyKey {
    return this.#native.key;
  }

  /**
   * Waits until a validator took it to be ordered; an embedded ledger has it at once.
   *
   * Errors: `deadline.exceeded`; why it was refused before it came into a block.
   */
  async admitted(wait?: WaitOptions): Promise<void> {
    await waited(() => this.#native.admitted(), wait);
  }

  /**
   * Waits until it, or the transaction that used its key first, is in a final block, and says where.
   *
   * Errors: `deadline.exceeded`, `transaction.expired`; why it was refused before it came into a block.
   */
  async ordered(wait?: WaitOptions): Promise<Ordered> {
    return fromWire(await waited(() => this.#native.ordered(), wait));
  }

  /**
   * Waits until it is certified what it came to; at the deadline the outcome is {@link Unknown}.
   *
   * Errors: as of {@link Session.submit}.
   */
  async outcome(wait?: WaitOptions): Promise<Outcome> {
    return outcomeOf(
      await waited(
        () => this.#native.outcome(),
        wait,
        (milliseconds) => this.#native.unknown(milliseconds),
      ),
    );
  }
}

/** @internal Hands something over and waits for what becomes of it. */
export async function submitted(
  handOver: (place: native.HandOver) => Promise<native.Outcome>,
  wait: WaitOptions = {},
): Promise<Outcome> {
  const place = new native.HandOver();
  const late = (milliseconds: number) => place.unknown(milliseconds);
  return outcomeOf(await waited(() => handOver(place), wait, late));
}

/** @internal */
export function outcomeOf(outcome: native.Outcome): Outcome {
  switch (outcome.kind) {
    case 'unknown':
      return Unknown.of(fromWire(outcome.record()), outcome);
    case 'expired':
      return new Expired(fromWire(outcome.record()), outcome.proof());
  }
  const record = fromWire<OutcomeRecord>(outcome.record());
  const receipt = Receipt.of(outcome.receipt());
  const events = () => fromWire<EventRecord[]>(call(() => outcome.events()));
  return record.error == null ? new Committed(record, events, receipt) : new Rejected(record, record.error, receipt);
}
