// What compiles of a test on a simulated network, and what must not.

import type { TestContext } from 'node:test';

import { Ledger, type SimulatedNetwork } from 'allonge';
import { simulate } from 'allonge/testing';

/** `t` is the context of `node:test`. */
export async function simulated(t: TestContext): Promise<string | undefined> {
  const ledger = await simulate(t, { banks: ['SYNBCNBJXXX'], seed: 7n, validators: 4, deadlineMs: 1_000 });
  const network: SimulatedNetwork | null = ledger.network;
  await network?.link({ latencyMs: 5, lostPerMille: 10 });
  await network?.partition([[0, 1, 2], [3]]);
  const other: Ledger | undefined = network?.at(1);
  console.log(await other?.status());
  // @ts-expect-error the clock of a simulated network is manual
  await Ledger.simulate({ clock: 'system' });
  return network?.fingerprint();
}
