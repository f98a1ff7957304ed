import { arisen, awaited, inputError } from './border.cjs';
import * as native from './native.cjs';

/** How long to wait. What was submitted is not taken back when the wait ends. */
export interface WaitOptions {
  /** After so many milliseconds the wait ends with a {@link DeadlineError}; by default 30,000. */
  readonly deadlineMs?: number | undefined;
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The longest that Node's timers can wait, 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** As {@link waited}, for work that is as long as a ledger: without a deadline where nobody gives one. */
export function wholly<T>(work: () => Promise<T>, wait?: WaitOptions): Promise<T> {
  return waited(work, { deadlineMs: wait?.deadlineMs ?? Number.POSITIVE_INFINITY, signal: wait?.signal });
}

/** The same wait once some of its time has gone by. */
export function remaining(wait: WaitOptions): () => WaitOptions {
  const started = performance.now();
  return () => {
    const whole = wait.deadlineMs ?? native.defaultDeadlineMs();
    return { ...wait, deadlineMs: Math.max(0, whole - (performance.now() - started)) };
  };
}

/**
 * Calls and waits for the answer, the deadline or the signal, whichever is first. At the deadline the answer is what
 * `late` knows, if it knows something.
 */
export async function waited<T>(
  work: () => Promise<T>,
  { deadlineMs, signal }: WaitOptions = {},
  late?: (milliseconds: number) => T | null,
): Promise<T> {
  const milliseconds = deadlineMs ?? native.defaultDeadlineMs();
  if (typeof milliseconds !== 'number' || !(milliseconds >= 0)) {
    throw inputError('deadlineMs', 'it is no number of milliseconds from 0');
  }
  signal?.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const end = new Promise<T>((resolve, reject) => {
    const expire = () => {
      try {
        const known = late?.(milliseconds) ?? null;
        if (known === null) {
          reject(arisen('deadline.exceeded', { milliseconds: String(milliseconds) }));
        } else {
          resolve(known);
        }
      } catch (error) {
        reject(error);
      }
    };
    timer = setTimeout(expire, Math.min(milliseconds, MAX_TIMER_MS));
    abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([awaited(work), end]);
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) {
      signal?.removeEventListener('abort', abort);
    }
  }
}
