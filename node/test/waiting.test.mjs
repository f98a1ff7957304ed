// A wait ends by the answer, the deadline or the signal.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DeadlineError } from 'allonge';

import { native, open, waits } from './support.mjs';

test('what answers late ends at the deadline', async () => {
  await assert.rejects(waits.waited(() => native.late(300), { deadlineMs: 20 }), (error) => {
    assert.ok(error instanceof DeadlineError);
    assert.deepEqual([error.code, error.retryable, error.details.milliseconds], ['deadline.exceeded', false, '20']);
    return true;
  });
});

test('a signal ends the wait with its reason', async () => {
  const stop = new AbortController();
  const wait = waits.waited(() => native.late(300), { signal: stop.signal });
  stop.abort(new Error('changed my mind'));
  await assert.rejects(wait, /changed my mind/);
  await assert.rejects(waits.waited(() => native.late(300), { signal: stop.signal }), /changed my mind/);
});

test('a deadline that is none is refused', async (t) => {
  const { ledger } = await open(t);
  const submit = (deadlineMs) =>
    ledger.operator().submit({ type: 'open_account', account: 'operator/USD/issue' }, { deadlineMs });
  for (const deadlineMs of [-1, Number.NaN, '10']) {
    await assert.rejects(submit(deadlineMs), { code: 'input.invalid' });
  }
  assert.equal((await submit(Number.POSITIVE_INFINITY)).kind, 'committed');
});

test('submissions keep the order of their calls', async (t) => {
  const { ledger } = await open(t);
  const operator = ledger.operator();
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, number) => operator.submit({ type: 'open_account', account: `operator/USD/a${number}` })),
  );
  const order = [];
  for await (const { transaction } of ledger.subscribe()) {
    order.push(transaction);
    if (order.length === outcomes.length) break;
  }
  assert.deepEqual(order, outcomes.map(({ transaction }) => transaction));
});

test('the error of a rejected promise has its caller on the stack', async (t) => {
  const { ledger } = await open(t);
  async function askedHere() {
    return await ledger.credit('no credit');
  }
  await assert.rejects(askedHere(), (error) => {
    assert.match(error.stack, /askedHere/);
    return true;
  });
});
