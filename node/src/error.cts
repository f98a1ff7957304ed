// What all errors have in common. Their classes, one for every family of codes, are generated: errors.cts.

import type { Receipt } from './receipt.cjs';
import type { Detail, ErrorRecord, FinFault, MappingProblem } from './records.cjs';

/** The particulars of an error, by name. */
export type ErrorDetails = Readonly<Record<string, string>>;

/** What marks an error of this package, whatever else it is. */
const MARK = Symbol.for('allonge.error');

interface Particulars {
  /** Stable and dotted: `letter_of_credit.presentation_late`. */
  readonly code: string;
  /** Whether the same call can succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** What to do. */
  readonly remedy: string;
  /** When it happens: `input`, `admission`, `execution`, `proof`, `storage` or `process`. */
  readonly phase: string;
  /** Who must act: `caller`, `author`, `counterparty`, `registrar`, … or `nobody`. */
  readonly actor: string;
  /** The rule that says so: `UCP 600`. */
  readonly rule: string | undefined;
  /** The article of that rule: `14(b)`. */
  readonly article: string | undefined;
  /** Which operation of the transaction it was, from 0. */
  readonly operation: number | undefined;
  /** The particulars of this case. */
  readonly details: ErrorDetails;
  /** The proof of the refusal, where the ledger recorded it. */
  readonly receipt: Receipt | undefined;
}

/** Every error of this package. Its subclasses are one for every family of codes. */
export class AllongeError extends Error implements Particulars {
  declare readonly code: string;
  declare readonly retryable: boolean;
  declare readonly remedy: string;
  declare readonly phase: string;
  declare readonly actor: string;
  declare readonly rule: string | undefined;
  declare readonly article: string | undefined;
  declare readonly operation: number | undefined;
  declare readonly details: ErrorDetails;
  declare readonly receipt: Receipt | undefined;

  /** Made by this package, from what the native half says. */
  constructor(record: ErrorRecord, receipt?: Receipt) {
    super(record.message);
    fill(this, new.target.name, record, receipt);
  }

  /** An `InputError` is a `TypeError` and an `AllongeError`, which one chain of prototypes cannot say. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== AllongeError) {
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
    return typeof value === 'object' && value !== null && MARK in value;
  }
}

/** An error that JavaScript itself would call a `TypeError`. */
export class AllongeTypeError extends TypeError implements Particulars {
  declare readonly code: string;
  declare readonly retryable: boolean;
  declare readonly remedy: string;
  declare readonly phase: string;
  declare readonly actor: string;
  declare readonly rule: string | undefined;
  declare readonly article: string | undefined;
  declare readonly operation: number | undefined;
  declare readonly details: ErrorDetails;
  declare readonly receipt: Receipt | undefined;

  /** Made by this package, from what the native half says. */
  constructor(record: ErrorRecord, receipt?: Receipt) {
    super(record.message);
    fill(this, new.target.name, record, receipt);
  }
}

/** An error that lists everything wrong with a message, each with its place and remedy. */
export class ErrorWithFaults extends AllongeError {
  /** What breaks the format. */
  readonly faults: readonly FinFault[];
  /** What kept a message of correct format from being mapped. */
  readonly problems: readonly MappingProblem[];

  /** Made by this package, from what the native half says. */
  constructor(record: ErrorRecord, receipt?: Receipt) {
    super(record, receipt);
    this.faults = record.faults ?? [];
    this.problems = record.problems ?? [];
  }
}

function fill(error: Error, name: string, record: ErrorRecord, receipt: Receipt | undefined): void {
  Object.defineProperty(error, 'name', { value: name, configurable: true });
  Object.defineProperty(error, MARK, { value: true });
  const { code, retryable, remedy, phase, actor, rule, article, operation } = record;
  const particulars = { code, retryable, remedy, phase, actor, rule, article, operation, receipt };
  Object.assign(error, { ...present(particulars), details: named(record.details) });
}

/** What is absent is not printed either. */
function present(particulars: object): object {
  return Object.fromEntries(Object.entries(particulars).filter(([, value]) => value !== undefined && value !== null));
}

function named(details: readonly Detail[]): ErrorDetails {
  return Object.fromEntries(details.map(({ name, value }) => [name, value]));
}
