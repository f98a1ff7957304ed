import { inputError } from './border.cjs';
import { toWire, Unwritable } from './wire.cjs';

/** Writes a record, a list of records or options as JSON. Throws {@link InputError}. */
export function toJson(value: unknown, what: string): string {
  try {
    return toWire(value, what);
  } catch (error) {
    throw error instanceof Unwritable ? inputError(error.where, error.reason) : error;
  }
}
