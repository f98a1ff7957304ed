// One letter of credit, from a SWIFT MT700 to its payment.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Committed, documentDigest, Receipt, ReceiptError, Trust } from 'allonge';

import {
  accept,
  beginStory,
  CLAIM,
  CREDIT,
  closeCredit,
  ISSUING_ACCOUNT,
  open,
  openSimulated,
  PRESENTATION,
  PRESENTING_ACCOUNT,
  pay,
  present,
} from './support.mjs';

test('a credit from an MT700 is presented, accepted, paid and closed', async (t) => {
  const { ledger, path } = await fromMessageToPayment(t, open);
  const trust = await Trust.load(join(path, 'genesis.json'));
  assert.equal(trust.toJson(), ledger.trust.toJson());
});

test('the same on a network of four validators', async (t) => {
  await fromMessageToPayment(t, openSimulated);
});

async function fromMessageToPayment(t, opening) {
  const { ledger, path, issuing, advising, done } = await beginStory(t, opening);
  const credit = await ledger.credit(CREDIT);
  assert.equal(credit.state.type, 'advised');
  assert.equal(credit.terms.content.expiry.date, '2026-06-30');

  await ledger.advanceTo(new Date('2026-04-24T06:00:00Z'));
  const presented = await done(advising, present());
  assert.equal(presented.events[0].event.type, 'documents_presented');
  assert.equal((await ledger.presentation(PRESENTATION)).state.type, 'examining');

  await ledger.advanceTo('2026-04-30T08:00:00Z');
  const accepted = await done(issuing, accept);
  assert.deepEqual(
    accepted.events.map(({ event }) => event.type),
    ['presentation_accepted', 'claim_created'],
  );
  const claim = await ledger.claim(CLAIM);
  assert.equal(claim.holderOfRecord, 'SYNADEFFXXX');
  assert.deepEqual(claim.amount, { amount: '1250000.00', currency: 'USD' });

  // 90 days after shipment on 20 April is Sunday 19 July; the next banking day is Monday.
  await ledger.advanceTo('2026-07-20T01:30:00Z');
  const paid = await done(issuing, pay());
  assert.ok(paid instanceof Committed);
  await done(issuing, closeCredit);
  assert.equal((await ledger.credit(CREDIT)).state.type, 'closed');

  const balance = async (account) => (await ledger.account(account)).balance.amount;
  assert.equal(await balance(ISSUING_ACCOUNT), '750000.00');
  assert.equal(await balance(PRESENTING_ACCOUNT), '1250000.00');
  assert.equal(await balance('operator/USD/issue'), '-2000000.00');

  const file = join(path, 'paid.receipt');
  await paid.receipt.save(file);
  const { trust } = ledger;
  await ledger.close();
  const proven = (await Receipt.load(file)).verify(trust);
  assert.equal(proven.transaction, paid.transaction);
  assert.equal(proven.network, trust.network);
  assert.equal(proven.operations[0].type, 'pay_claim');
  const claimPaid = proven.events.find(({ event }) => event.type === 'claim_paid');
  assert.equal(claimPaid.event.holderOfRecord, 'SYNADEFFXXX');
  assert.equal(claimPaid.rule, 'UCP 600');

  const bytes = paid.receipt.toBytes();
  bytes[bytes.length >> 1] ^= 1;
  assert.throws(() => Receipt.fromBytes(bytes).verify(trust), ReceiptError);
  return { ledger, path };
}

test('a document is anchored by its digest', async (t) => {
  const { path } = await beginStory(t);
  const file = join(path, 'invoice.pdf');
  writeFileSync(file, 'abc');
  assert.deepEqual(await documentDigest(file), {
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    length: 3,
  });
  await assert.rejects(documentDigest(join(path, 'none')), { name: 'FileError', code: 'file.io', retryable: true });
});

test('records are found by their ids, or not', async (t) => {
  const { ledger } = await beginStory(t);
  assert.equal(await ledger.claim(CLAIM), null);
  assert.equal((await ledger.calendar('CN')).id, 'CN');
  assert.equal((await ledger.party('SYNADEFFXXX')).name, 'Synthetische Bank AG');
});
