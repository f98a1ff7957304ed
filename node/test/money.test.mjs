// Money is exact: decimal strings or bigint minor units, never a number.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AllongeError, InputError, Ledger, money, Receipt, Signer } from 'allonge';

import { open } from './support.mjs';

function isRefused(where) {
  return (error) => {
    assert.ok(error instanceof TypeError && error instanceof InputError && error instanceof AllongeError);
    assert.deepEqual([error.name, error.code], ['InputError', 'input.invalid']);
    assert.equal(error.details.where, where);
    return true;
  };
}

test('a number is no amount', async (t) => {
  for (const amount of [0.1, 100, Number.NaN, null, undefined, {}]) {
    assert.throws(() => money(amount, 'USD'), isRefused('amount'));
  }
  const operator = (await open(t)).ledger.operator();
  const transfer = (amount) => ({
    type: 'transfer',
    from: 'operator/USD/issue',
    to: 'operator/USD/cash',
    amount,
    reference: '',
  });
  const usd = (amount) => operator.submit(transfer({ amount, currency: 'USD' }));
  await assert.rejects(usd(100.5), isRefused('operation.amount.amount'));
  await assert.rejects(usd(100), isRefused('operation.amount.amount'));
  await assert.rejects(usd(10000n), isRefused('operation.amount.amount'));
  await assert.rejects(
    operator.submit([transfer({ minorUnits: 10000, currency: 'USD' })]),
    isRefused('operations[0].amount.minorUnits'),
  );
  await assert.rejects(usd('1e3'), { code: 'input.invalid' });
  await assert.rejects(usd('0.001'), { code: 'input.invalid' });
  await assert.rejects(operator.submit(transfer(100)), { code: 'input.invalid' });
});

test('large amounts come back to the last digit', async (t) => {
  const { ledger } = await open(t);
  const operator = ledger.operator();
  const amount = '123456789012345678.99';
  for (const account of ['operator/USD/issue', 'operator/USD/cash']) {
    (await operator.submit({ type: 'open_account', account })).committed();
  }
  const move = (amount) =>
    operator.submit({ type: 'transfer', from: 'operator/USD/issue', to: 'operator/USD/cash', amount, reference: '' });
  (await move(money(amount, 'USD'))).committed();
  assert.deepEqual((await ledger.account('operator/USD/cash')).balance, { amount, currency: 'USD' });
  (await move(money(1n, 'USD'))).committed();
  assert.equal((await ledger.account('operator/USD/cash')).balance.amount, '123456789012345679.00');
});

test('what JSON cannot carry exactly is refused with its place', async (t) => {
  const operator = (await open(t)).ledger.operator();
  const circle = { type: 'open_account' };
  circle.account = circle;
  await assert.rejects(operator.submit(circle), { code: 'input.invalid' });
  await assert.rejects(
    operator.submit({ type: 'open_account', account: () => 1 }),
    isRefused('operation.account'),
  );
  await assert.rejects(operator.submit({ type: 'issue_cheque' }), { code: 'input.invalid' });
  await assert.rejects(operator.submit(undefined), { code: 'input.invalid' });
  await assert.rejects(operator.submit([]), { code: 'transaction.operations' });
});

test('a handle of another kind is refused', async (t) => {
  const { ledger } = await open(t);
  assert.throws(() => ledger.session('SYNBCNBJXXX', 'no signer'), isRefused('argument'));
  assert.throws(() => ledger.session(12), isRefused('argument'));
  assert.throws(() => Signer.fromSeed('00'), isRefused('argument'));
  assert.throws(() => Signer.fromSeed(new Uint8Array(31)), isRefused('seed'));
  assert.throws(() => Receipt.fromBytes(undefined), isRefused('argument'));
  await assert.rejects(Ledger.open('x', { clock: 'sundial' }), { code: 'input.invalid' });
  await assert.rejects(Ledger.open('x', { port: 1 }), { code: 'input.invalid' });
});
