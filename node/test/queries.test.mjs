// Lists by party, status and date, as of now and of any height; and the proof of a record, or of its absence.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { verifyRecord } from 'allonge';

import { accept, beginStory, CLAIM, CREDIT, ISSUING_ACCOUNT, present } from './support.mjs';

const code = (expected) => (error) => error.code === expected;
const ids = ({ items }) => items.map(({ id }) => id);

test('credits and claims are found by party, status and date', async (t) => {
  const { ledger, issuing, advising, done } = await beginStory(t);
  const [credit, ...others] = (await ledger.credits({ party: 'SYNADEFFXXX', status: 'advised' })).items;
  assert.deepEqual([credit, others], [await ledger.credit(CREDIT), []]);
  const { date } = credit.expiry;
  assert.deepEqual(ids(await ledger.credits({ expiresFrom: date, expiresUntil: date })), [CREDIT]);
  assert.deepEqual(ids(await ledger.credits({ status: 'issued' })), []);
  assert.deepEqual(ids(await ledger.credits({ issuedUntil: '2026-03-01T00:00:00Z' })), []);

  await ledger.advanceTo('2026-04-24T06:00:00Z');
  await done(advising, present());
  const examined = await ledger.presentations({ credit: CREDIT, status: 'examining', deadlineUntil: '2026-05-08' });
  assert.deepEqual(ids(examined), [`${CREDIT}/1`]);
  await done(issuing, accept);
  assert.deepEqual(ids(await ledger.claims({ obligor: 'SYNBCNBJXXX', dueFrom: '2026-07-20' })), [CLAIM]);
  assert.deepEqual(ids(await ledger.claims({ holder: 'SYNBCNBJXXX' })), []);
  assert.deepEqual(ids(await ledger.claims({ party: 'SYNBCNBJXXX', dueUntil: '2026-07-19' })), []);
  assert.deepEqual(ids(await ledger.accounts({ party: 'SYNBCNBJXXX' })), [ISSUING_ACCOUNT]);
});

test('a record is known as it stood at every height', async (t) => {
  const { ledger } = await beginStory(t);
  const { height } = await ledger.status();
  const issued = await ledger.credit(CREDIT, { height: height - 1 });
  assert.deepEqual([issued.state.type, await ledger.credit(CREDIT, { height: 0 })], ['issued', null]);
  const page = await ledger.credits({ status: 'issued', height: height - 1 });
  assert.deepEqual(page, { items: [issued], height: height - 1 });
  await assert.rejects(ledger.credit(CREDIT, { height: height + 1 }), code('block.unknown'));
});

test('a list goes on as it began', async (t) => {
  const { ledger } = await beginStory(t);
  const all = ids(await ledger.parties());
  const first = await ledger.parties({ limit: 1 });
  await ledger.admit('a-newcomer', 'A newcomer');
  const rest = await ledger.parties({ cursor: first.cursor });
  assert.deepEqual([...ids(first), ...ids(rest)], all);
  assert.deepEqual([rest.height, rest.cursor], [first.height, undefined]);
  assert.equal((await ledger.parties()).items.length, all.length + 1);
  await assert.rejects(ledger.credits({ cursor: first.cursor }), { name: 'QueryError', code: 'query.cursor_invalid' });
  await assert.rejects(ledger.credits({ limit: 1_001 }), code('query.limit_invalid'));
  await assert.rejects(ledger.credits({ status: 'lost' }), code('input.invalid'));
  await assert.rejects(ledger.credits({ colour: 'red' }), code('input.invalid'));
});

test('transactions are found by party and time', async (t) => {
  const { ledger, issuing, done } = await beginStory(t);
  await ledger.advanceTo('2026-03-03T01:00:00Z');
  const opened = await done(issuing, { type: 'open_account', account: 'SYNBCNBJXXX/USD/second' });
  const { items } = await ledger.transactions({ party: 'SYNBCNBJXXX', timeFrom: '2026-03-03T00:00:00Z' });
  const { transaction, height, index, author, committed } = items[0];
  assert.deepEqual(
    [items.length, transaction, height, index, author, committed],
    [1, opened.transaction, opened.height, 0, 'SYNBCNBJXXX', true],
  );
});

test('a record is proven, and so is its absence', async (t) => {
  const { ledger } = await beginStory(t);
  const { height, time } = await ledger.status();
  const proven = verifyRecord(await ledger.prove('credit', CREDIT), ledger.trust, 'credit', CREDIT);
  assert.deepEqual(proven, { record: await ledger.credit(CREDIT), height, time });
  const none = await ledger.prove('claim', CLAIM);
  assert.deepEqual(verifyRecord(none, ledger.trust, 'claim', CLAIM), { height, time });
  assert.throws(() => verifyRecord(none, ledger.trust, 'claim', `${CREDIT}/2`), code('receipt.invalid'));
  await assert.rejects(ledger.prove('cheque', '1'), code('input.invalid'));
});
