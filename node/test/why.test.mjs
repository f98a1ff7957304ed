// What a party may do next, why a transaction came out as it did, and what one would come to later.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { money } from 'allonge';

import { accept, beginStory, CLAIM, ISSUING_ACCOUNT, pay, present, PRESENTING_ACCOUNT } from './support.mjs';

const [SELLER, ISSUER] = ['SYNADEFFXXX', 'SYNBCNBJXXX'];
const TRADE = `${SELLER}/T-1`;
const confirm = { type: 'confirm_trade', trade: TRADE };
const code = (expected) => (error) => error.code === expected;

/** A trade that is agreed and not confirmed: the seller sells its claim to another bank. */
async function agreed(t) {
  const story = await beginStory(t);
  const { ledger, issuing, advising, done } = story;
  await ledger.advanceTo('2026-04-24T06:00:00Z');
  await done(advising, present());
  await done(issuing, accept);
  const buying = await ledger.admit('SYNGSGSGXXX', 'Synthetic Bank, Singapore');
  const account = 'SYNGSGSGXXX/USD/settlement';
  await done(buying, { type: 'open_account', account });
  const discount = {
    method: 'straight',
    rate: '0.03',
    dayCount: 'actual360',
    graceDays: 0,
    rounding: { factor: 'half_up', money: 'half_up', eachPeriod: false },
  };
  const terms = { discount, valueDate: '2026-04-29', calendar: 'TARGET' };
  const subject = { type: 'claim', claim: CLAIM };
  const validUntil = '2026-04-28T10:00:00Z';
  await done(buying, { type: 'quote_price', number: 'Q-1', subject, firm: { terms, account }, validUntil });
  const quote = 'SYNGSGSGXXX/Q-1';
  await done(advising, { type: 'accept_quote', number: 'T-1', quote, claim: CLAIM, account: PRESENTING_ACCOUNT });
  return { ...story, buying };
}

test('a trade is found by its seller, and what belongs to a credit by that', async (t) => {
  const { ledger } = await agreed(t);
  const { height } = await ledger.status();
  const trade = await ledger.record('trade', TRADE);
  assert.equal(trade.id, TRADE);
  assert.deepEqual(await ledger.records('trade', { party: SELLER }), { items: [trade], height });
  assert.equal(await ledger.record('trade', TRADE, { height: height - 1 }), null);
  const of = { kind: 'credit', id: CLAIM.slice(0, -2) };
  const { items } = await ledger.records('presentation', { of, status: 'accepted' });
  assert.deepEqual(items.map(({ id }) => id), [CLAIM]);
  assert.deepEqual((await ledger.records('trade', { party: ISSUER, limit: 1 })).items, []);
  await assert.rejects(ledger.records('trade', { status: 'lost' }), code('input.invalid'));
  await assert.rejects(ledger.record('cheque', '1'), code('input.invalid'));
});

test('the seller may confirm a trade, until when its article says', async (t) => {
  const { ledger } = await agreed(t);
  const steps = await ledger.nextSteps('trade', TRADE, SELLER);
  const step = steps.find(({ operation }) => operation === 'confirm_trade');
  assert.deepEqual(step.article, { rule: 'URF 800', article: '8' });
  assert.equal(step.until, '2026-04-28T15:00:00.000Z');
  assert.deepEqual(await ledger.nextSteps('trade', `${SELLER}/T-9`, SELLER), []);
});

test('a refusal is explained by its rule, its article and a sentence in two languages', async (t) => {
  const { ledger, advising, done } = await agreed(t);
  await done(advising, confirm);
  const refused = await advising.submit(confirm);
  const { committed, error, findings } = await ledger.explain(refused.transaction);
  assert.deepEqual([committed, error.code], [false, refused.error.code]);
  assert.deepEqual(findings.at(-1), {
    operation: 0,
    code: 'trade.confirmed',
    rule: 'URF 800',
    article: '8',
    says: 'A trade is confirmed once by each party.',
    saysZh: '交易由各方各确认一次。',
    satisfied: false,
  });
  assert.ok(findings.slice(0, -1).every(({ satisfied }) => satisfied));
  await assert.rejects(ledger.explain('0'.repeat(64)), code('transaction.unknown'));
});

test('a payment is tried at maturity, and nothing of it is recorded', async (t) => {
  const { ledger, issuing, advising, done } = await beginStory(t);
  await ledger.advanceTo('2026-04-24T06:00:00Z');
  await done(advising, present());
  await done(issuing, accept);
  const before = await ledger.status();
  const { committed, events } = await issuing.whatIf(pay(), '2026-07-20T02:00:00Z');
  assert.equal(committed, true);
  assert.ok(events.some(({ event }) => event.type === 'claim_paid'));
  assert.deepEqual(await ledger.status(), before);
  assert.equal((await ledger.record('claim', CLAIM)).state.type, 'outstanding');
  assert.deepEqual((await ledger.balance(ISSUING_ACCOUNT)).balance, money('2000000.00', 'USD'));
  await assert.rejects(issuing.whatIf(pay(), '2026-03-02T01:00:00Z'), code('clock.backwards'));
});
