// Money that is reserved, and moved or let go later.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { money } from 'allonge';

import { beginStory, ISSUING_ACCOUNT, PRESENTING_ACCOUNT } from './support.mjs';

const HOLD = 'SYNBCNBJXXX/GOODS/7';
const usd = (amount) => money(amount, 'USD');

test('a hold is posted in part and the rest let go', async (t) => {
  const { ledger, issuing, advising, done } = await beginStory(t);
  await done(issuing, {
    type: 'hold_funds',
    hold: HOLD,
    from: ISSUING_ACCOUNT,
    to: PRESENTING_ACCOUNT,
    amount: usd('60.00'),
    expiresAt: '2026-04-01T00:00:00Z',
    reference: 'goods',
  });
  const open = await ledger.hold(HOLD);
  assert.deepEqual([open.poster, open.remaining, open.state], ['SYNADEFFXXX', usd('60.00'), 'open']);
  const { balance, held, side } = await ledger.account(ISSUING_ACCOUNT);
  assert.deepEqual([balance, held, side], [usd('2000000.00'), usd('60.00'), 'asset']);

  const { events } = await done(advising, { type: 'post_hold', hold: HOLD, amount: usd('25.00') });
  const { type, valueDate, fromEntry, fromBalance, toEntry, toBalance } = events[0].event;
  assert.deepEqual([type, valueDate, fromEntry, toEntry], ['transferred', '2026-03-02', 2, 1]);
  assert.deepEqual([fromBalance, toBalance], [usd('1999975.00'), usd('25.00')]);

  await done(advising, { type: 'void_hold', hold: HOLD });
  const [voided, ...others] = (await ledger.holds()).items;
  assert.deepEqual([voided.posted, voided.remaining, voided.state], [usd('25.00'), usd('0.00'), 'voided']);
  assert.deepEqual(others, []);
  assert.equal(await ledger.hold('SYNBCNBJXXX/GOODS/8'), null);
});
