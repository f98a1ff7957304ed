// Pages of lists, and what is proven of records.

import type { RecordKind, RecordKinds, Timestamp } from './records.cjs';

/** A part of a list. All pages of a list are as of the same height, whatever comes in meanwhile. */
export interface Page<T> {
  /** The items. There can be fewer than asked for, or none, before the end. */
  readonly items: readonly T[];
  /** Pass it, with the same filters, for the next page; absent at the end of the list. */
  readonly cursor?: string;
  /** As of which height. */
  readonly height: number;
}

/** What a file of {@link Ledger.prove} proves. */
export interface ProvenRecord<K extends RecordKind> {
  /** The record as it was; absent when there was none with this id. */
  readonly record?: RecordKinds[K];
  /** After the block of this height. */
  readonly height: number;
  /** The time of that block. */
  readonly time: Timestamp;
}
