import { inputError } from './border.cjs';
import type { Currency } from './records.cjs';

/**
 * An exact amount of money. Results carry a decimal string; an operation may carry either form.
 *
 * A JavaScript `number` is no amount: it is a compile error, and an {@link InputError} at run time.
 */
export type Money = {
  /** The currency, by its ISO 4217 code. */
  readonly currency: Currency;
} & (
  | {
      /** A decimal number as text: `'100.00'`. */
      readonly amount: string;
      readonly minorUnits?: never;
    }
  | {
      /** Cents, fils or yen: `10000n` is USD 100.00. */
      readonly minorUnits: bigint;
      readonly amount?: never;
    }
);

/**
 * An amount: `money('100.00', 'USD')` from a decimal string, `money(10000n, 'USD')` from minor units.
 *
 * Throws {@link InputError} for a `number`, which may have lost what it stands for.
 */
export function money(amount: string | bigint, currency: Currency): Money {
  switch (typeof amount) {
    case 'string':
      return { amount, currency };
    case 'bigint':
      return { minorUnits: amount, currency };
    default:
      throw inputError('amount', `a ${typeof amount} is no amount; give a decimal string or bigint minor units`);
  }
}
