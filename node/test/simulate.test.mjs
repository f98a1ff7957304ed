// A network of banks in the process: what it survives, and that a seed replays it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { DeadlineError, Ledger, LedgerError, SimulatedNetwork, ValidatorError, verifyAnswer } from 'allonge';
import { simulate } from 'allonge/testing';

import { directory, ISSUING_ACCOUNT, open, TOP } from './support.mjs';

const banks = ['SYNBCNBJXXX', 'SYNADEFFXXX'];
const openAccount = { type: 'open_account', account: ISSUING_ACCOUNT };
const key = (number) => number.toString(16).padStart(32, '0');

test('a ledger in a directory is on no network', async (t) => {
  const { ledger } = await open(t);
  assert.equal(ledger.network, null);
});

test('the options are those of the ledger', async (t) => {
  const calendar = await (await simulate(t)).calendar('CN');
  const ledger = await simulate(t, {
    banks,
    validators: 1,
    seed: 2n ** 64n - 1n,
    name: 'of one',
    start: new Date('2026-03-02T01:00:00Z'),
    operator: 'SYNTGB2LXXX',
    currencies: ['USD'],
    calendars: [calendar],
  });
  assert.ok(ledger.network instanceof SimulatedNetwork);
  assert.equal(ledger.network.validators, 1);
  const { name, clock, height, time } = await ledger.status();
  assert.deepEqual([name, clock, height, time], ['of one', 'manual', 0, '2026-03-02T01:00:00.000Z']);
  const parties = (await ledger.parties()).items.map(({ id }) => id);
  assert.deepEqual(new Set(parties), new Set([...banks, 'SYNTGB2LXXX']));
  assert.deepEqual(await ledger.calendar('CN'), calendar);
  assert.equal(await ledger.calendar('DE'), null);
});

test('what was committed survives a crash and is at every validator', async (t) => {
  const ledger = await simulate(t, { banks });
  const { network } = ledger;
  await network.crash(3);
  await assert.rejects(network.at(3).status(), ValidatorError);
  const outcome = (await ledger.session(banks[0]).submit(openAccount)).committed();
  await network.restart(3);
  await network.runFor(5_000);
  for (let validator = 0; validator < network.validators; validator += 1) {
    const copy = network.at(validator);
    assert.deepEqual(await copy.account(ISSUING_ACCOUNT), await ledger.account(ISSUING_ACCOUNT));
    const receipt = await copy.receipt(outcome.transaction);
    assert.equal(receipt.verify(ledger.trust).transaction, outcome.transaction);
  }
});

test('a partition settles nothing, and the same key is answered once it is healed', async (t) => {
  const ledger = await simulate(t, { banks });
  const { network } = ledger;
  const session = ledger.session(banks[0]);
  await network.partition([[0, 1], [2, 3]]);
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 1);
  const unknown = await session.submit(openAccount, { key: key(1) });
  assert.equal(unknown.kind, 'unknown');
  assert.throws(() => unknown.committed(), DeadlineError);
  clearInterval(ticking);
  assert.ok(ticks > 0, 'the event loop goes on while virtual time goes by');
  for (const validator of [0, 1, 2, 3]) {
    assert.equal(await network.at(validator).account(ISSUING_ACCOUNT), null);
  }
  await network.link();
  const { transaction } = (await unknown.resolve()).committed();
  assert.equal((await session.submit(openAccount, { key: key(1) })).committed().transaction, transaction);
  assert.notEqual(await ledger.account(ISSUING_ACCOUNT), null);
});

/** A story with chance in it. */
async function run(ledger, number) {
  const { network } = ledger;
  await network.link({ latencyMs: 20, jitterMs: 10, lostPerMille: 50 });
  await network.skew(1, -300);
  (await ledger.session(banks[0]).submit(openAccount, { key: key(number) })).committed();
  await network.crash(2);
  await ledger.advanceTo('2026-04-24T06:00:00Z');
  await network.restart(2);
  await network.runFor(3_000);
  return network.fingerprint();
}

test('the same calls on the same seed give the same fingerprint', async (t) => {
  const first = await run(await simulate(t, { banks, seed: 7 }), 1);
  assert.equal(await run(await simulate(t, { banks, seed: 7n }), 1), first);
  assert.notEqual(await run(await simulate(t, { banks, seed: 8 }), 1), first);
  assert.notEqual(await run(await simulate(t, { banks, seed: 7 }), 2), first);
});

test('what is read at a liar is no value but the lie', async (t) => {
  const ledger = await simulate(t, { banks });
  const { network } = ledger;
  const lied = { name: 'ValidatorError', code: 'validator.lied' };
  for (const lie of ['wrong_bytes', 'wrong_proof']) {
    await network.lie(3, lie);
    await assert.rejects(network.at(3).account(ISSUING_ACCOUNT), lied);
    await assert.rejects(network.at(3).session(banks[0]).submit(openAccount, { key: key(1) }), lied);
  }
  (await ledger.session(banks[0]).submit(openAccount, { key: key(1) })).committed();
  await network.lie(3, 'equivocation');
  await network.lie(3, 'none');
  await network.runFor(5_000);
  assert.deepEqual(await network.at(3).account(ISSUING_ACCOUNT), await ledger.account(ISSUING_ACCOUNT));
});

test('what is no network is refused', async (t) => {
  const { network } = await simulate(t);
  const invalid = { code: 'simulation.invalid' };
  await assert.rejects(Ledger.simulate({ validators: 0 }), invalid);
  await assert.rejects(Ledger.simulate({ validators: 21 }), invalid);
  assert.throws(() => network.at(4), invalid);
  await assert.rejects(network.crash(4), invalid);
  await assert.rejects(network.restart(0), invalid);
  await assert.rejects(network.partition([[0], [0]]), invalid);
  await assert.rejects(network.link({ lostPerMille: 1_001 }), invalid);
  await assert.rejects(network.lie(4, 'none'), invalid);
  await assert.rejects(network.lie(3, 'half_truth'), invalid);
  for (const wrong of [{ seed: 1.5 }, { seed: -1 }, { seed: 2n ** 64n }, { validators: 1.5 }, { clock: 'system' }]) {
    await assert.rejects(Ledger.simulate(wrong), { code: 'input.invalid' }, String(Object.entries(wrong)));
  }
  await assert.rejects(network.crash(-1), { code: 'input.invalid' });
  await assert.rejects(network.link({ lost: 1 }), { code: 'input.invalid' });
});

test('what a simulated ledger cannot do says so', async (t) => {
  const ledger = await simulate(t, { banks });
  (await ledger.session(banks[0]).submit(openAccount, { key: key(1) })).committed();
  await assert.rejects(ledger.backup(join(directory(t), 'backup')), { code: 'unsupported_here' });
});

test('what a key was used for is proven by any validator, and that another was not', async (t) => {
  const ledger = await simulate(t, { banks });
  const { transaction } = (await ledger.session(banks[0]).submit(openAccount, { key: key(1) })).committed();
  await ledger.network.runFor(5_000);
  const until = new Date(Date.parse((await ledger.status()).time) + 86_400_000);
  const prove = async (number) => {
    const file = await ledger.network.at(2).proveAnswer(banks[0], key(number), until);
    return verifyAnswer(file, ledger.trust, banks[0], key(number), until);
  };
  const [used, unused] = [await prove(1), await prove(2)];
  assert.deepEqual([used.transaction, used.settled], [transaction, true]);
  assert.deepEqual([unused.transaction, unused.settled], [undefined, false]);
});

test('a network ends for all validators', async (t) => {
  const ledger = await simulate(t);
  const { network } = ledger;
  await network.at(2).close();
  await assert.rejects(ledger.status(), LedgerError);
  await assert.rejects(network.runFor(1), LedgerError);
});

test('a test that fails tells its seed, and its network ends', async (t) => {
  const folder = directory(t);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(TOP, 'node'), join(folder, 'node_modules/allonge'));
  const source = `
    import assert from 'node:assert/strict';
    import { test } from 'node:test';
    import { simulate } from 'allonge/testing';
    let kept;
    test('fails', async (t) => {
      kept = await simulate(t, { seed: 42 });
      assert.equal(kept.network.validators, 5);
    });
    test('passes', async (t) => {
      const ledger = await simulate(t, { seed: 43 });
      assert.equal(ledger.network.validators, 4);
      await assert.rejects(kept.status(), { code: 'ledger.closed' });
    });
  `;
  writeFileSync(join(folder, 'application.test.mjs'), source);
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const told = await new Promise((resolve) => {
    const command = ['--test', '--test-reporter=tap', 'application.test.mjs'];
    execFile(process.execPath, command, { cwd: folder, env }, (_, stdout) => resolve(stdout));
  });
  assert.match(told, /^not ok 1 - fails$/m);
  assert.match(told, /^ok 2 - passes$/m);
  assert.match(told, /seed 42/);
  assert.doesNotMatch(told, /seed 43/);
});
