/**
 * What tests of applications need beside {@link Ledger.simulate}: `import { simulate } from 'allonge/testing'`.
 *
 * @packageDocumentation
 */

import { Ledger, type SimulateOptions } from './ledger.cjs';

/** What is used of a test of `node:test`; its `TestContext` is one. */
export interface TestContext {
  /** What is to be done when the test has ended. */
  after(done: () => Promise<void>): void;
  /** Tells whoever reads the results. */
  diagnostic(message: string): void;
  /** Whether the test passed, from Node 20.12 on. */
  readonly passed?: boolean;
}

/**
 * A simulated network that ends with the test. When the test failed, its diagnostics say which seed leads there again;
 * before Node 20.12, which does not say whether it failed, always.
 *
 * Errors: as of {@link Ledger.simulate}.
 */
export async function simulate(t: TestContext, options: SimulateOptions = {}): Promise<Ledger> {
  const { seed = 0, ...rest } = options;
  const ledger = await Ledger.simulate({ seed, ...rest });
  t.after(async () => {
    if (t.passed !== true) {
      t.diagnostic(`simulated from the seed ${seed}`);
    }
    await ledger.close();
  });
  return ledger;
}
