import { call } from './border.cjs';
import * as native from './native.cjs';
import { fromWire } from './wire.cjs';

/** One kind of error: its row in the registry. */
export interface ErrorEntry {
  /** Stable and dotted: `letter_of_credit.presentation_late`. */
  readonly code: string;
  /** When it happens: `input`, `admission`, `execution`, `proof`, `storage` or `process`. */
  readonly phase: string;
  /** Whether the same call can succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** Who must act. */
  readonly actor: string;
  /** What went wrong, with `{name}` where a detail of that name goes. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** The rule that says so. */
  readonly rule: string | null;
  /** The article of that rule. */
  readonly article: string | null;
  /** What that rule asks, in a sentence in English and in Chinese; absent where the error is no rule. */
  readonly says?: { readonly en: string; readonly zh: string };
}

/** The whole registry: every error that there is, by code. */
export function errors(): ErrorEntry[] {
  return fromWire(call(() => native.errors()));
}
