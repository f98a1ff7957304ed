// Every wrong step is refused, with its code and the article that says so.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { AllongeError, ClaimError, FinError, fin, LetterOfCreditError, PresentationError, Rejected, Signer } from 'allonge';

import { accept, beginStory, closeCredit, PRESENTATION, pay, present, vectorPath } from './support.mjs';

async function refused(session, operation, Family, code, article) {
  const outcome = await session.submit(operation);
  assert.ok(outcome instanceof Rejected, `${operation.type} was not refused`);
  assert.throws(
    () => outcome.committed(),
    (error) => {
      assert.ok(error instanceof Family && error instanceof AllongeError && error instanceof Error);
      assert.equal(error.name, Family.name);
      assert.deepEqual([error.code, error.article], [code, article]);
      assert.equal(error.rule, 'UCP 600');
      assert.equal(error.operation, 0);
      assert.equal(error.receipt, outcome.receipt);
      assert.ok(error.remedy.length > 0);
      return true;
    },
  );
}

test('drawing too much, examining as the wrong party, paying too early or to somebody else', async (t) => {
  const { ledger, issuing, advising, done } = await beginStory(t);
  await ledger.advanceTo('2026-04-24T06:00:00Z');
  await refused(advising, present('1312500.01'), LetterOfCreditError, 'letter_of_credit.overdrawn', '18(b), 30');
  await done(advising, present());
  await refused(advising, accept, PresentationError, 'presentation.not_examining_bank', '14(a)');
  await ledger.advanceTo('2026-04-30T08:00:00Z');
  await done(issuing, accept);
  await ledger.advanceTo('2026-07-19T08:00:00Z');
  await refused(issuing, pay(), ClaimError, 'claim.not_due', '7(a)');
  await ledger.advanceTo('2026-07-20T01:30:00Z');
  await refused(issuing, pay('operator/USD/issue'), ClaimError, 'claim.not_holder', '7(a)');
  await refused(issuing, closeCredit, LetterOfCreditError, 'letter_of_credit.closing_too_early', '10(a)');
  await done(issuing, pay());
  await refused(issuing, pay(), ClaimError, 'claim.paid', '7(a)');
});

test('deciding after the fifth banking day, when refusal is precluded', async (t) => {
  const { ledger, issuing, advising, done } = await beginStory(t);
  await ledger.advanceTo('2026-04-24T06:00:00Z');
  await done(advising, present());
  await ledger.advanceTo('2026-05-06T09:00:00.001Z');
  const refuse = {
    type: 'refuse_presentation',
    presentation: PRESENTATION,
    discrepancies: ['LATE SHIPMENT'],
    disposal: 'hold',
  };
  await refused(issuing, refuse, PresentationError, 'presentation.refusal_precluded', '16(d), 16(f)');
  const late = (await issuing.submit(accept)).error;
  assert.equal(late.code, 'letter_of_credit.examination_over');
  await done(advising, { type: 'invoke_preclusion', presentation: PRESENTATION });
});

test('presenting after expiry', async (t) => {
  const { ledger, advising } = await beginStory(t);
  await ledger.advanceTo('2026-06-30T09:00:00.001Z');
  await refused(advising, present(), LetterOfCreditError, 'letter_of_credit.expired', '6(d)(i), 29(a), 33');
});

test('a repeated key is answered with the first outcome', async (t) => {
  const { ledger, advising } = await beginStory(t);
  await ledger.advanceTo('2026-04-24T06:00:00Z');
  const key = '7f3e2a10-5b64-4c8d-9e21-0a6b3c5d7e98';
  const first = await advising.submit(present(), { key });
  const again = await advising.submit(present(), { key });
  assert.equal(again.transaction, first.transaction);
  assert.deepEqual(again.receipt.toBytes(), first.receipt.toBytes());
  assert.equal((await ledger.credit('SYNBCNBJXXX/BJ26LC000127')).presentations, 1);
});

test('a signature by an unknown key, and by a revoked one, records nothing', async (t) => {
  const { ledger, issuing, done } = await beginStory(t);
  const signer = Signer.fromSeed(new Uint8Array(32).fill(9));
  const stranger = ledger.session('SYNBCNBJXXX', signer);
  assert.equal(stranger.publicKey, signer.publicKey);
  const open = { type: 'open_account', account: 'SYNBCNBJXXX/EUR/settlement' };
  await assert.rejects(stranger.submit(open), { name: 'SignatureError', code: 'signature.unknown_key' });

  await done(issuing, { type: 'add_key', party: 'SYNBCNBJXXX', key: signer.publicKey });
  await done(stranger, open);
  await done(issuing, { type: 'revoke_key', party: 'SYNBCNBJXXX', key: signer.publicKey });
  await ledger.advanceTo('2026-03-02T02:00:00Z');
  await assert.rejects(stranger.submit(open), { name: 'SignatureError', code: 'signature.revoked_key' });
});

test('a message lists all its faults', () => {
  const text = readFileSync(vectorPath('fin/mt700_faults.fin'));
  assert.throws(
    () => fin.parse(text),
    (error) => {
      assert.ok(error instanceof FinError);
      assert.equal(error.code, 'message.fin_invalid');
      assert.equal(error.faults.length, Number(error.details.count));
      assert.ok(error.faults.some(({ tag, line, remedy }) => tag === '58a' && line > 1 && remedy.length > 0));
      return true;
    },
  );
});

test('a message that was parsed and not edited comes back byte for byte', () => {
  const text = readFileSync(vectorPath('fin/mt700_usance.fin'));
  assert.deepEqual(Buffer.from(fin.format(fin.parse(text))), text);
  assert.deepEqual(Buffer.from(fin.format(fin.parse(text.toString('latin1')))), text);
});

test('a message that does not become terms lists all its problems', () => {
  const text = readFileSync(vectorPath('fin/mt700_usance.fin'), 'latin1');
  const vague = fin.parse(text.replace('AT 90 DAYS AFTER DATE OF SHIPMENT', 'SOME TIME AFTER SHIPMENT'));
  assert.throws(
    () => fin.letterOfCredit(vague),
    (error) => {
      assert.ok(error instanceof FinError);
      assert.equal(error.code, 'message.not_representable');
      assert.ok(error.problems.length > 0 && error.faults.length === 0);
      return true;
    },
  );
  assert.throws(() => fin.letterOfCredit(vague, { tenor: 90 }), { code: 'input.invalid' });
});

test('a session without a key says whose key is missing', async (t) => {
  const { ledger } = await beginStory(t);
  assert.throws(() => ledger.session('SYNHDEHHXXX'), { name: 'SigningKeyError', code: 'key.file_missing' });
});
