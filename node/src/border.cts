// Every call of the native half goes through here: errors come back as classes, made in JavaScript so that
// their stack has the caller.

import { AllongeError, type AllongeTypeError } from './error.cjs';
import { UnknownError } from './errors.cjs';
import { FAMILIES } from './families.cjs';
import * as native from './native.cjs';
import type { Receipt } from './receipt.cjs';
import type { ErrorRecord } from './records.cjs';
import { fromWire } from './wire.cjs';

/** Calls. */
export function call<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw typed(error);
  }
}

/** Calls and waits. */
export async function awaited<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw typed(error);
  }
}

/** The error of a record, in the class of its family. */
export function errorOf(record: ErrorRecord, receipt?: Receipt): AllongeError {
  const family = record.code.split('.', 1)[0] ?? '';
  const known = FAMILIES as Record<string, (new (record: ErrorRecord, receipt?: Receipt) => AllongeError) | undefined>;
  return new (known[family] ?? UnknownError)(record, receipt);
}

/** An error of the registry that arose in TypeScript. */
export function arisen(code: string, details: Record<string, string>): AllongeError {
  const list = Object.entries(details).map(([name, value]) => ({ name, value }));
  return errorOf(fromWire(native.errorRecord(code, JSON.stringify(list))));
}

/** A value that does not cross the border. */
export function inputError(where: string, reason: string): AllongeTypeError {
  return arisen('input.invalid', { where, reason });
}

/** The native half rejects with JSON; napi itself and panics with words. */
function typed(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AllongeError) {
    return error;
  }
  const made = madeOf(error);
  Error.captureStackTrace(made, typed);
  return made;
}

function madeOf(error: Error): AllongeError {
  if (error.message.startsWith('{"code":')) {
    return errorOf(fromWire(error.message));
  }
  const status = (error as { code?: unknown }).code;
  const isArgument = typeof status === 'string' && status !== 'GenericFailure';
  if (error instanceof TypeError || isArgument) {
    // An argument of another type than the declared one: StringExpected, InvalidArg, …
    return inputError('argument', error.message);
  }
  return arisen('internal.error', { reason: error.message });
}
