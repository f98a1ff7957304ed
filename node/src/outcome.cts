import { call, errorOf } from './border.cjs';
import type { AllongeError } from './error.cjs';
import type * as native from './native.cjs';
import { Receipt } from './receipt.cjs';
import type { ErrorRecord, EventRecord, Hash, OutcomeRecord, Timestamp } from './records.cjs';
import { fromWire } from './wire.cjs';

/** What became of a submission: a fact that stands in the ledger, with its proof. */
export type Outcome = Committed | Rejected;

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

/** @internal */
export function outcomeOf(outcome: native.Outcome): Outcome {
  const record = fromWire<OutcomeRecord>(outcome.record());
  const receipt = Receipt.of(outcome.receipt());
  const events = () => fromWire<EventRecord[]>(call(() => outcome.events()));
  return record.error == null ? new Committed(record, events, receipt) : new Rejected(record, record.error, receipt);
}
