// What the package costs beside its bare parts: size, `require`, verifying a receipt. Prints JSON.
//
// Measures what is in dist; build it before with `npm run build:figures`, which has the hook that times the core.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Ledger, Receipt } from 'allonge';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const native = createRequire(import.meta.url)('../dist/native.cjs');

console.log(JSON.stringify({ addonBytes: addonBytes(), ...requireCost(), ...(await verifyCost()) }, null, 2));

function addonBytes() {
  const addon = readdirSync(dist).find((name) => name.endsWith('.node'));
  return statSync(join(dist, addon)).size;
}

/** The fastest of many, in turns, so that a busy machine disturbs both alike. */
function requireCost() {
  let bare = Number.POSITIVE_INFINITY;
  let withPackage = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 25; turn += 1) {
    bare = Math.min(bare, milliseconds(['-e', '0']));
    withPackage = Math.min(withPackage, milliseconds(['-e', `require(${JSON.stringify(join(dist, 'index.cjs'))})`]));
  }
  const cost = withPackage - bare;
  return { bareNodeMs: round(bare), requireMs: round(cost), requireShare: round(cost / bare) };
}

function milliseconds(arguments_) {
  const before = process.hrtime.bigint();
  spawnSync(process.execPath, arguments_, { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - before) / 1e6;
}

async function verifyCost() {
  const directory = mkdtempSync(join(tmpdir(), 'allonge-'));
  try {
    const ledger = await Ledger.open(directory);
    const outcome = await ledger.operator().submit({ type: 'open_account', account: 'operator/USD/issue' });
    const bytes = outcome.receipt.toBytes();
    const trust = ledger.trust;
    const TURNS = 500;
    let here = Number.POSITIVE_INFINITY;
    let inRust = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 10; round += 1) {
      const before = process.hrtime.bigint();
      for (let turn = 0; turn < TURNS; turn += 1) {
        Receipt.fromBytes(bytes).verify(trust);
      }
      here = Math.min(here, Number(process.hrtime.bigint() - before) / 1e3 / TURNS);
      inRust = Math.min(inRust, native.verifyNanoseconds(bytes, trust.toJson(), TURNS) / 1e3);
    }
    await ledger.close();
    return { verifyUs: round(here), verifyInRustUs: round(inRust), verifyOverheadUs: round(here - inRust) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function round(value) {
  return Math.round(value * 100) / 100;
}
