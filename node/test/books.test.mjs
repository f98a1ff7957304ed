// What an account held and what moved, before and after: previews, statements, proofs, backups and replays.

import assert from 'node:assert/strict';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Ledger, money, replay, restore, Trust, verifyAccount } from 'allonge';

import { directory, ISSUING_ACCOUNT as BANK, open } from './support.mjs';

const ISSUE = 'operator/USD/issue';
const key = '7'.repeat(32);
const usd = (amount) => money(amount, 'USD');
const code = (expected) => (error) => error.code === expected;

const transfer = (from, to, amount, reference) => ({ type: 'transfer', from, to, amount: usd(amount), reference });
const back = (amount, reference = 'back') => transfer(BANK, ISSUE, amount, reference);

/** On 2 March the bank gets 100.00, on 4 March 25.00 go back. */
async function books(t) {
  const { ledger, path } = await open(t);
  const operator = ledger.operator();
  const bank = await ledger.admit('SYNBCNBJXXX', 'Synthetic Bank of China');
  (await operator.submit({ type: 'open_account', account: ISSUE })).committed();
  (await bank.submit({ type: 'open_account', account: BANK })).committed();
  (await operator.submit(transfer(ISSUE, BANK, '100.00', 'first "money", issued'))).committed();
  await ledger.advanceTo('2026-03-04T08:00:00Z');
  (await bank.submit(back('25.00'))).committed();
  return { ledger, path, bank };
}

test('a statement opens, moves and closes', async (t) => {
  const { ledger } = await books(t);
  const statement = await ledger.statement(BANK, '2026-03-02', '2026-03-04');
  assert.deepEqual([statement.opening, statement.closing], [usd('0.00'), usd('75.00')]);
  const [first, second, ...others] = statement.entries;
  assert.deepEqual([first.entry, first.amount, first.balance], [1, usd('100.00'), usd('100.00')]);
  assert.deepEqual([second.amount, second.counterparty, second.valueDate], [usd('-25.00'), ISSUE, '2026-03-04']);
  assert.deepEqual(others, []);
  assert.deepEqual(await ledger.entries(BANK), [first, second]);
  assert.deepEqual(await ledger.entries(BANK, { after: 1, limit: 1 }), [second]);

  const lines = (await ledger.statementCsv(BANK, '2026-03-02', '2026-03-04')).split('\r\n');
  assert.equal(lines[1], 'opening,,2026-03-02,,,,,,0.00,USD,');
  assert.ok(lines[2].endsWith(`,2026-03-02,${ISSUE},"first ""money"", issued",100.00,100.00,USD,`), lines[2]);
  assert.ok(lines[3].endsWith(',back,-25.00,75.00,USD,'), lines[3]);
  assert.deepEqual(lines.slice(4), ['closing,,2026-03-04,,,,,,75.00,USD,', '']);

  await assert.rejects(ledger.statement('SYNBCNBJXXX/USD/none', '2026-03-02', '2026-03-04'), code('account.unknown'));
  await assert.rejects(ledger.statement(BANK, '2 March', '2026-03-04'), code('input.invalid'));
});

test('a reversal names what it reverses', async (t) => {
  const { ledger, bank } = await books(t);
  const [{ transaction }] = await ledger.entries(BANK, { after: 1 });
  const storno = { type: 'reverse_transaction', transaction, amounts: [usd('25.00')], reason: 'not owed' };
  const refused = await bank.submit(storno);
  assert.throws(() => refused.committed(), code('reversal.not_yours'));
  const committed = (await ledger.operator().submit(storno)).committed();
  const [moved, reversed] = committed.events.map(({ event }) => event);
  assert.equal(moved.reference, 'not owed');
  assert.deepEqual(reversed, { type: 'transaction_reversed', transaction, transfers: 1, reason: 'not owed' });
  assert.deepEqual(await ledger.reversal(transaction), { transaction, by: committed.transaction });
  assert.equal(await ledger.reversal(committed.transaction), null);

  const { closing, entries } = await ledger.statement(BANK, '2026-03-02', '2026-03-04');
  assert.deepEqual(closing, usd('100.00'));
  assert.deepEqual(
    entries.map(({ reverses }) => reverses),
    [undefined, undefined, transaction],
  );
  const lines = (await ledger.statementCsv(BANK, '2026-03-02', '2026-03-04')).split('\r\n');
  assert.ok(lines[4].endsWith(`,not owed,25.00,100.00,USD,${transaction}`), lines[4]);
});

test('a balance is as of a height and of a value date', async (t) => {
  const { ledger } = await books(t);
  const now = await ledger.balance(BANK);
  assert.deepEqual([now.balance, now.entries, now.height], [usd('75.00'), 2, (await ledger.status()).height]);
  assert.deepEqual((await ledger.balance(BANK, { height: now.height - 1 })).balance, usd('100.00'));
  assert.deepEqual((await ledger.balance(BANK, { valueDate: '2026-03-03' })).balance, usd('100.00'));
  await assert.rejects(ledger.balance(BANK, { height: now.height + 1 }), code('block.unknown'));
  await assert.rejects(ledger.balance(BANK, { height: 1.5 }), code('input.invalid'));
  await assert.rejects(ledger.balance(BANK, { height: -1 }), code('input.invalid'));
});

test('a preview is what the commit is', async (t) => {
  const { ledger, bank } = await books(t);
  const { height } = await ledger.status();
  const refused = await bank.preview(back('75.01'), { key });
  assert.deepEqual([refused.committed, refused.error.code], [false, 'account.insufficient_funds']);
  const foreseen = await bank.preview([back('75.00')], { key });
  assert.equal((await ledger.status()).height, height);

  const committed = (await bank.submit(back('75.00'), { key })).committed();
  assert.deepEqual([foreseen.committed, foreseen.height], [true, committed.height]);
  assert.deepEqual(foreseen.events, committed.events);
  assert.equal(foreseen.stateRoot, (await ledger.status()).stateRoot);
});

test('an account is proven offline', async (t) => {
  const { ledger } = await books(t);
  const trust = Trust.fromJson(ledger.trust.toJson());
  const file = await ledger.proveAccount(BANK);
  const proven = verifyAccount(file, trust, BANK);
  assert.deepEqual([proven.account, proven.height], [await ledger.account(BANK), (await ledger.status()).height]);
  file[file.length >> 1] ^= 1;
  assert.throws(() => verifyAccount(file, trust, BANK), code('receipt.invalid'));
});

test('a prepared transaction is submitted later, and once', async (t) => {
  const { ledger, bank } = await books(t);
  const signed = await bank.prepare(back('1.00', 'late'));
  const { height } = await ledger.status();
  const first = (await ledger.submit(signed)).committed();
  const again = (await ledger.submit(signed)).committed();
  assert.equal(first.height, height + 1);
  assert.deepEqual(again.receipt.toBytes(), first.receipt.toBytes());
  await assert.rejects(ledger.submit(signed.subarray(1)), code('transaction.malformed'));
});

test('a backup is replayed and restored to the same root', async (t) => {
  const { ledger, path, bank } = await books(t);
  const files = directory(t);
  const [file, restored] = [join(files, 'backup'), join(files, 'new')];
  const backup = await ledger.backup(file);
  const status = await ledger.status();
  assert.deepEqual(backup, { network: status.network, height: status.height, bytes: statSync(file).size });
  await assert.rejects(ledger.backup(file), code('store.exists'));
  (await bank.submit(back('1.00', 'not in it'))).committed();

  const replayed = await replay(file, ledger.trust);
  assert.deepEqual([replayed.height, replayed.stateRoot], [status.height, status.stateRoot]);
  const { ledger: elsewhere } = await open(t);
  await assert.rejects(replay(file, elsewhere.trust), code('receipt.wrong_network'));
  const damaged = readFileSync(file);
  damaged[damaged.length >> 1] ^= 1;
  writeFileSync(join(files, 'damaged'), damaged);
  await assert.rejects(replay(join(files, 'damaged')), code('replay.bad_block'));
  await assert.rejects(replay(file, undefined, { signal: AbortSignal.abort() }), { name: 'AbortError' });

  assert.deepEqual(await restore(file, restored), replayed);
  await assert.rejects(restore(file, restored), code('store.exists'));
  await ledger.close();
  renameSync(join(path, 'keys'), join(restored, 'keys'));
  const anew = await Ledger.open(restored);
  t.after(() => anew.close());
  assert.equal((await anew.status()).stateRoot, status.stateRoot);
  (await anew.session('SYNBCNBJXXX').submit(back('1.00', 'life goes on'))).committed();
});

test('events cross when somebody wants them, and belong to the outcome', async (t) => {
  const { bank } = await books(t);
  const outcome = (await bank.submit([back('3.00'), back('4.00')])).committed();
  assert.deepEqual(
    Object.keys(outcome).sort(),
    ['events', 'height', 'kind', 'receipt', 'time', 'transaction'],
  );
  assert.equal(JSON.parse(JSON.stringify(outcome)).events.length, 2);
  assert.equal(outcome.events, outcome.events);
  assert.deepEqual(outcome.events.map(({ event }) => event.type), ['transferred', 'transferred']);
});
