// Several keys of one party, and proofs of history, of idempotency keys and of accounts at recent heights.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  evidence,
  HistoryError,
  Ledger,
  PolicyError,
  Signer,
  Trust,
  verifyAccount,
  verifyAnswer,
  verifyHistory,
} from 'allonge';

import { open, vector, wire } from './support.mjs';

const BANK = 'SYNBCNBJXXX';
const KEY = '7'.repeat(32);
const HOUR_MS = 3_600_000;

const signer = (seed) => Signer.fromSeed(Buffer.alloc(32, seed));
const desk = (number) => ({ type: 'open_account', account: `${BANK}/USD/desk-${number}` });
const code = (expected) => (error) => error.code === expected;
/** As records show it. */
const record = (value) => wire.fromWire(JSON.stringify(value));

/** A bank with three more keys, of which any two must sign whatever it does. */
async function twoOfThree(t) {
  const { ledger, path } = await open(t);
  const bank = await ledger.admit(BANK, 'Synthetic Bank of China');
  const add = (seed) => ({ type: 'add_key', party: BANK, key: signer(seed).publicKey });
  const rules = [{ requires: [{ signatures: 2 }] }];
  (await bank.submit([add(1), add(2), add(3), { type: 'set_policy', rules }])).committed();
  return { ledger, path, bank };
}

test('any two keys of three act together, and one key counts once', async (t) => {
  const { ledger } = await twoOfThree(t);
  const together = ledger.session(BANK, signer(3), signer(1));
  assert.equal(together.publicKey, signer(3).publicKey);
  assert.deepEqual(together.publicKeys, [signer(3).publicKey, signer(1).publicKey]);
  const { receipt } = (await together.submit(desk(1))).committed();
  assert.deepEqual(receipt.verify(ledger.trust).keys, [...together.publicKeys].sort());

  const twice = ledger.session(BANK, signer(1), signer(1));
  assert.deepEqual(twice.publicKeys, [signer(1).publicKey]);
  await assert.rejects(twice.submit(desk(2)), PolicyError);
  const many = Array.from({ length: 17 }, (_, seed) => signer(seed));
  assert.throws(() => ledger.session(BANK, ...many), code('input.invalid'));
});

test('what one hand prepared another cosigns after the ledger was opened again', async (t) => {
  const { ledger, path } = await twoOfThree(t);
  const prepared = await ledger.session(BANK, signer(1)).prepare(desk(1));
  await assert.rejects(ledger.submit(prepared), PolicyError);
  await assert.rejects(ledger.operator().cosign(prepared), code('transaction.wrong_author'));
  await ledger.close();

  const again = await Ledger.open(path);
  t.after(() => again.close());
  const session = again.session(BANK, signer(2));
  const cosigned = await session.cosign(prepared);
  const { approvals } = evidence.fromCanonicalBytes('signed_transaction', cosigned);
  assert.deepEqual(
    approvals.map(({ key }) => key),
    [1, 2].map((seed) => signer(seed).publicKey).sort(),
  );
  assert.deepEqual(Buffer.from(await session.cosign(cosigned)), Buffer.from(cosigned));
  await assert.rejects(session.cosign(prepared.subarray(1)), code('transaction.malformed'));
  (await again.submit(cosigned)).committed();
});

test('whoever kept a checkpoint is told that history goes on from there', async (t) => {
  const { ledger } = await twoOfThree(t);
  const kept = await ledger.checkpoint();
  await assert.rejects(ledger.proveHistory(kept.height), code('block.unknown'));
  await ledger.advanceTo('2026-03-03T01:00:00Z');
  const file = await ledger.proveHistory(kept.height);
  assert.deepEqual(verifyHistory(file, ledger.trust, kept), { older: kept, newer: await ledger.checkpoint() });
  const other = { ...kept, header: '00'.repeat(32) };
  assert.throws(
    () => verifyHistory(file, ledger.trust, other),
    (error) => error instanceof HistoryError && error.code === 'history.forked',
  );
  assert.equal(verifyHistory(await ledger.proveHistory(1, 2), ledger.trust).newer.height, 2);
  await assert.rejects(ledger.proveHistory(1.5), code('input.invalid'));
});

test('a transaction that was never taken never will be', async (t) => {
  const { ledger } = await open(t);
  const bank = await ledger.admit(BANK, 'Synthetic Bank of China');
  const prepared = await bank.prepare(desk(1), { key: KEY, validForMs: HOUR_MS });
  const until = evidence.fromCanonicalBytes('signed_transaction', prepared).transaction.validUntil;
  const prove = async (until) =>
    verifyAnswer(await ledger.proveAnswer(BANK, KEY, until), ledger.trust, BANK, KEY, until);
  assert.equal((await prove(until)).settled, false);
  await ledger.advanceTo(new Date(Date.parse(until) + 1));
  const { height, time } = await ledger.status();
  assert.deepEqual(await prove(until), { settled: true, height, time });
  const expired = await ledger.submit(prepared);
  assert.deepEqual([expired.kind, expired.party, expired.key, expired.validUntil], ['expired', BANK, KEY, until]);
  const never = verifyAnswer(expired.proof, ledger.trust, BANK, KEY, expired.validUntil);
  assert.deepEqual(never, { settled: true, height, time });
  assert.throws(() => expired.committed(), code('transaction.expired'));

  const later = new Date(Date.parse(time) + HOUR_MS);
  const used = (await bank.submit(desk(1), { key: KEY, validForMs: HOUR_MS })).committed();
  assert.equal((await prove(later)).transaction, used.transaction);
  const file = await ledger.proveAnswer(BANK, KEY, later);
  assert.throws(() => verifyAnswer(file, ledger.trust, 'operator', KEY, later), code('receipt.invalid'));
});

test('proofs.json: files prove what they say, bad ones say why not', () => {
  const { genesis, network, accounts, answers, histories } = vector('proofs.json');
  const trust = Trust.fromJson(JSON.stringify(genesis));
  assert.equal(trust.network, network);
  const kinds = [
    [accounts, (file, { account }) => verifyAccount(file, trust, account)],
    [answers, (file, { party, key, valid_until: until }) => verifyAnswer(file, trust, party, key, until)],
    [histories, (file, { checkpoint }) => verifyHistory(file, trust, checkpoint)],
  ];
  for (const [{ good, bad }, verify] of kinds) {
    assert.ok(good.length >= 3 && bad.length > 10);
    for (const { name, file, proves, ...asked } of good) {
      assert.deepEqual(verify(Buffer.from(file, 'hex'), asked), record(proves), name);
    }
    for (const { name, file, code, ...asked } of bad) {
      assert.throws(() => verify(Buffer.from(file, 'hex'), asked), { code }, name);
    }
  }
});
