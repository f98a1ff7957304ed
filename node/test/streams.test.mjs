// The log as a stream.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { open } from './support.mjs';

async function openAccounts(ledger, count, from = 0) {
  const operator = ledger.operator();
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  await Promise.all(
    numbers.map((number) => operator.submit({ type: 'open_account', account: `operator/USD/a${number}` })),
  );
}

test('a stream gives what happened, then what happens, and ends with the ledger', async (t) => {
  const { ledger } = await open(t);
  await openAccounts(ledger, 300);
  const seen = [];
  const following = (async () => {
    for await (const entry of ledger.subscribe()) {
      seen.push(entry);
      if (seen.length === 300) {
        openAccounts(ledger, 10, 300).then(() => ledger.close());
      }
    }
  })();
  await following;
  assert.equal(seen.length, 310);
  const accounts = seen.map(({ operations }) => operations[0].account);
  assert.deepEqual(accounts, Array.from({ length: 310 }, (_, number) => `operator/USD/a${number}`));
  assert.ok(seen.every(({ committed, events }) => committed && events[0].event.type === 'account_opened'));
});

test('a cursor continues behind its entry', async (t) => {
  const { ledger } = await open(t);
  await openAccounts(ledger, 5);
  const cursors = [];
  for await (const { cursor } of ledger.subscribe()) {
    cursors.push(cursor);
    if (cursors.length === 5) break;
  }
  const rest = [];
  for await (const { cursor } of ledger.subscribe({ after: cursors[2] })) {
    rest.push(cursor);
    if (rest.length === 2) break;
  }
  assert.deepEqual(rest, cursors.slice(3));
  assert.throws(() => ledger.subscribe({ after: 'nonsense' }), { code: 'input.invalid' });
});

test('a signal ends the wait for the next entry', async (t) => {
  const { ledger } = await open(t);
  const stop = new AbortController();
  const entries = ledger.subscribe({ signal: stop.signal })[Symbol.asyncIterator]();
  const next = entries.next();
  stop.abort(new Error('enough'));
  await assert.rejects(next, /enough/);
});

test('batches are bounded', async (t) => {
  const { ledger } = await open(t);
  await openAccounts(ledger, 10);
  for await (const batch of ledger.subscribe().batches(3)) {
    assert.equal(batch.length, 3);
    break;
  }
});
