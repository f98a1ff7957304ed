import { errorOf } from './border.cjs';
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
  readonly events: readonly EventRecord[];
  /** Proof of all that. */
  readonly receipt: Receipt;

  /** Made by {@link Session.submit}. */
  constructor(record: OutcomeRecord, receipt: Receipt) {
    this.transaction = record.transaction;
    this.height = record.height;
    this.time = record.time;
    this.events = record.events;
    this.receipt = receipt;
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
  return record.error == null ? new Committed(record, receipt) : new Rejected(record, record.error, receipt);
}
