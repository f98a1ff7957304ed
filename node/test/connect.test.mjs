// A ledger on a network of validators, which run in this process.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { Ledger, NetworkError, Receipt, Trust } from 'allonge';

import { directory, TOP } from './support.mjs';

/** Four validators on this machine, as `allonge dev` says where they are. */
async function network(t) {
  const command = join(TOP, 'target/debug/allonge');
  const dev = spawn(command, ['dev', join(directory(t), 'network'), '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    const ended = new Promise((resolve) => dev.once('exit', resolve));
    dev.kill('SIGINT');
    assert.equal(await ended, 0);
  });
  let said = '';
  for await (const line of createInterface({ input: dev.stdout })) {
    said += line;
    if (line === '}') return JSON.parse(said);
  }
  throw new Error('the network did not start');
}

test('a network is opened by its addresses and its genesis', async (t) => {
  const { urls, genesis, operator } = await network(t);
  const trust = await Trust.load(genesis);
  const ledger = await Ledger.connect(urls.split(' '), trust, operator);
  assert.equal(ledger.network, null);
  const bank = await ledger.admit('SYNBCNBJXXX', 'Synthetic Bank of China');
  const open = { type: 'open_account', account: 'SYNBCNBJXXX/USD/settlement' };
  const key = '01'.repeat(16);
  const opened = (await bank.submit(open, { key })).committed();
  const file = join(directory(t), 'opened.receipt');
  await opened.receipt.save(file);
  await ledger.close();
  assert.equal((await Receipt.load(file)).verify(trust).transaction, opened.transaction);

  // The same call, in another process's place, is answered with the first result.
  const again = await Ledger.connect(urls.split(' '), trust, operator);
  const repeated = (await again.session('SYNBCNBJXXX').submit(open, { key })).committed();
  assert.equal(repeated.transaction, opened.transaction);
  assert.equal((await again.account(open.account)).id, open.account);
  await again.close();

  const nobody = Ledger.connect(['http://127.0.0.1:1'], trust, join(directory(t), 'state'));
  await assert.rejects(nobody, (error) => error instanceof NetworkError && error.code === 'network.unreachable');
});
