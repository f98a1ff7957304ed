import { inputError } from './border.cjs';
import type { Timestamp } from './records.cjs';
import { toWire, Unwritable } from './wire.cjs';

/** Writes a record, a list of records or options as JSON. Throws {@link InputError}. */
export function toJson(value: unknown, what: string): string {
  try {
    return toWire(value, what);
  } catch (error) {
    throw error instanceof Unwritable ? inputError(error.where, error.reason) : error;
  }
}

/** An instant as the core reads it. */
export function timestamp(time: Date | Timestamp): Timestamp {
  return time instanceof Date ? time.toISOString() : time;
}
